"""Public checks of task 1."""

from __future__ import annotations

import cmath
import math
import torch

from exercises.checking import Expect, Reference, Student, check, draw


@check("spectra.wave", points=0.5, idea="A wave that turns k times has its whole spectrum at k")
def one_wave(student: Student, solution: Reference | None, expect: Expect) -> None:
    numbers = draw("wave")
    time, turns, phase = numbers.randint(7, 12), numbers.randint(1, 3), numbers.uniform(0.5, 1.0)
    wave = torch.tensor([cmath.exp(1j * (2 * math.pi * turns * n / time + phase)) for n in range(time)])
    due = torch.zeros(time, dtype=torch.complex64)
    due[turns] = time * cmath.exp(1j * phase)
    expect.close(
        student.spectra.spectrum(wave.to(torch.complex64)),
        due,
        atol=1e-4,  # sums of at most 12 products in float32
        case=f"a wave of {time} values that turns {turns} times",
        hint="Which sign has the exponent, and how often does exp(-2 pi i k n / time) turn?",
    )


@check("spectra.all_pass", points=0.5, idea="A filter that lets everything pass changes nothing")
def nothing_changes(student: Student, solution: Reference | None, expect: Expect) -> None:
    numbers = draw("all_pass")
    x = torch.tensor([float(numbers.randint(-9, 9)) for _ in range(numbers.randint(5, 9))])
    expect.close(
        student.spectra.respond(x, torch.ones(len(x), dtype=torch.complex64)),
        x,
        atol=1e-4,  # sums of at most 9 values below 10, there and back in float32
        what="the signal itself",
        hint="The way back is divided by the number of values.",
    )


@check("spectra.peak", points=0.5, idea="The peak of a cosine is at its frequency")
def cosine(student: Student, solution: Reference | None, expect: Expect) -> None:
    numbers = draw("peak")
    time, turns, phase = numbers.randint(11, 17), numbers.randint(2, 4), numbers.uniform(0.5, 1.0)
    x = torch.tensor([math.cos(2 * math.pi * turns * n / time + phase) for n in range(time)])
    expect.close(
        student.spectra.peak(x),
        (turns, time / 2 * cmath.exp(1j * phase)),
        atol=1e-4,
        case=f"the peak of a cosine that turns {turns} times in {time} values",
        hint="A real signal's spectrum is mirrored: which half is asked for?",
    )
