"""Public checks of task 5."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from exercises.assignment import load_assignment
from exercises.checking import Expect, Reference, Student, awkward, check, draw, load_weights
from exercises.convolution.training import SEED, inputs, practice
from exercises.learning import accuracy, one_thread, require_numbers
from exercises.recording.taught import taught

from . import hints
from .design import band
from .judging import each_written, judge_alone, require, require_untouched
from .learning import TASK, WORDS, built_with, judge, lesson_of
from .signals import DOUBLE, SINGLE

KERNELS = (
    "Which window, periodic or not? Which of the two has the minus sign? How often does kernel k turn in n_fft points?"
)
FRAMES = "Where does each frame begin, and which is the last one that lies inside the signal? Is it power?"
STRAIGHT = "What is convolved with the kernels: the signal itself?"
BANDS = "Between which two edges does filter i lie, in which unit? Is there a window, and which dtype is due?"
SLIDES = "Which places does the convolution take? Is there a bias, or padding?"
USUAL = (24, 257, 40, 8000)  # a FrontEnd without arguments
SAMPLE = 40  # words with which the network is written down
LEARNT = "Is `filters.weight` the only parameter, and one that training may change?"


def kernels(n_fft: int) -> Tensor:
    """The kernels that are due."""
    turns = torch.outer(torch.arange(n_fft // 2 + 1, dtype=DOUBLE), torch.arange(n_fft, dtype=DOUBLE)) / n_fft
    window = 0.5 - 0.5 * torch.cos(2 * math.pi * torch.arange(n_fft, dtype=DOUBLE) / n_fft)
    spun = torch.polar(window.expand_as(turns).contiguous(), -2 * math.pi * turns)
    return torch.stack([spun.real, spun.imag])


def power(x: Tensor, n_fft: int, hop_length: int) -> Tensor:
    """The spectrogram that is due, in float64, by transforms of frames."""
    window = torch.hann_window(n_fft, dtype=DOUBLE)
    frames = x.double().unfold(-1, n_fft, hop_length) * window
    return torch.fft.rfft(frames).abs().square().transpose(1, 2)


def compare_kernels(student: Any, expect: Expect, most: int) -> None:
    """Kernels of drawn even sizes."""
    for n_fft in (2, 4, 2 * draw("n_fft").randint(3, most)):
        with expect.case(f"fourier_kernels({n_fft})", hint=KERNELS):
            require(expect, student.filterbank.fourier_kernels(n_fft), kernels(n_fft), DOUBLE)


@check(
    "filterbank.kernels",
    points=0.5,
    hints=hints.KERNELS,
    idea="A windowed cosine and a windowed minus sine for each frequency",
)
def cosines_and_sines(student: Student, solution: Reference | None, expect: Expect) -> None:
    compare_kernels(student, expect, 9)


def compare_spectrograms(student: Any, expect: Expect, most: int) -> None:
    """Drawn signals: a single frame, frames that leave samples out, one clip, samples behind the last frame."""
    random = draw("spectrograms")

    def judge(spectrogram: Any) -> None:
        for seed, (batch, time, n_fft, hop_length, dtype) in enumerate(sizes):
            x = awkward(batch, time, seed=seed, dtype=dtype)
            words = f"{dtype}".removeprefix("torch.")
            with expect.case(f"({batch}, {time}) {words}, n_fft={n_fft}, hop_length={hop_length}", hint=FRAMES):
                due = power(x, n_fft, hop_length)
                got = spectrogram(x.clone(), n_fft, hop_length)
                expect.shape(got, due.shape)
                require(expect, got, due, dtype)

    n_fft = 2 * random.randint(4, most)
    sizes = [
        (3, 5 * n_fft + random.randint(1, n_fft - 1), n_fft, random.randint(2, n_fft - 1), SINGLE),
        (2, n_fft, n_fft, 3, DOUBLE),
        (1, 4 * n_fft + 1, n_fft, n_fft + random.randint(1, 3), DOUBLE),
        (2, 9, 4, 1, SINGLE),
    ]
    judge_alone(student, "filterbank", "spectrogram", judge)


@check(
    "filterbank.spectrogram",
    points=0.45,
    hints=hints.SPECTROGRAM,
    idea="The power of both kernels' answers, for the frames inside",
)
def power_of_frames(student: Student, solution: Reference | None, expect: Expect) -> None:
    compare_spectrograms(student, expect, 9)


def require_no_transforms(student: Any, expect: Expect) -> None:
    """Require that `spectrogram` transforms nothing, beside its kernels."""
    alone = student.standins.Alone(student.filterbank.spectrogram, "filterbank", "spectrogram")
    with expect.case("spectrogram", hint=STRAIGHT):
        found = student.listening.transforms(alone, awkward(2, 20, dtype=SINGLE), 8, 4)
        expect.that(not found, expected="no Fourier transform of the signal", got=f"{len(found)} transforms")


@check(
    "filterbank.no_transforms",
    points=0.2,
    hints=hints.SPECTROGRAM,
    idea="The spectrogram is a convolution, and no Fourier transform of the signal",
)
def spectrogram_convolves(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_no_transforms(student, expect)


def edges(num_filters: int, sample_rate: int) -> list[float]:
    """The edges of the bands, as fractions of the sample rate: equally far apart on the mel scale."""
    low, high = (2595 * math.log10(1 + hertz / 700) for hertz in (100, 0.49 * sample_rate))
    steps = [low + (high - low) * i / num_filters for i in range(num_filters + 1)]
    return [700 * (10 ** (mel / 2595) - 1) / sample_rate for mel in steps]


def bank(num_filters: int, kernel_size: int, sample_rate: int) -> Tensor:
    """The filters that a FrontEnd begins with, (num_filters, 1, kernel_size)."""
    ends, window = edges(num_filters, sample_rate), torch.hann_window(kernel_size, periodic=False, dtype=DOUBLE)
    bands = [band(low, high, kernel_size, window) for low, high in pairwise(ends)]
    return torch.stack(bands)[:, None]


def fronts(most: int) -> list[tuple[int, int, int, int]]:
    """Drawn num_filters, kernel_size, stride and sample_rate."""
    random = draw("fronts")
    return [
        (random.randint(2, 5), 2 * random.randint(5, 9) + 1, random.randint(2, 4), 8000),
        (random.randint(6, most), 2 * random.randint(10, 40) + 1, random.randint(5, 9), random.choice((6000, 16000))),
    ]


def compare_starts(student: Any, expect: Expect, drawn: list[tuple[int, int, int, int]]) -> None:
    """Require the filters that these front ends begin with."""

    def judge(make: Any) -> None:
        for sizes in drawn:
            with expect.case(f"FrontEnd{sizes}", hint=BANDS):
                num_filters, kernel_size, _, sample_rate = sizes
                weight = make(*sizes).filters.weight
                expect.shape(weight, (num_filters, 1, kernel_size))
                require(expect, weight, bank(num_filters, kernel_size, sample_rate), SINGLE)

    judge_alone(student, "filterbank", "FrontEnd", judge)


@check(
    "filterbank.start",
    points=0.4,
    hints=hints.FRONT,
    idea="Each filter begins as the band-pass filter between its two edges",
)
def bands_at_first(student: Student, solution: Reference | None, expect: Expect) -> None:
    compare_starts(student, expect, fronts(9))


def front_due(x: Tensor, weight: Tensor, stride: int) -> Tensor:
    """What a front end gives with these filters."""
    square = F.conv1d(x[:, None], weight, stride=stride).square()
    return ((square[:, :, :-1] + square[:, :, 1:]) / 2 + 1e-6).log()


def compare_fronts(student: Any, expect: Expect, drawn: list[tuple[int, int, int, int]]) -> None:
    """Require the outputs with drawn filters, for lengths that the stride divides, and that it does not."""

    def judge(make: Any) -> None:
        for seed, sizes in enumerate(drawn):
            num_filters, kernel_size, stride, _ = sizes
            weight = awkward(num_filters, 1, kernel_size, seed=50 + seed, dtype=SINGLE)
            with expect.case(f"FrontEnd{sizes}", hint=SLIDES):
                net = make(*sizes)  # once: with plain loops this takes seconds
                load_weights(net, {"filters.weight": weight})
            for more in (2 * stride, 5 * stride + 1, 6 * stride - 1):
                x = awkward(2, kernel_size + more, seed=seed, dtype=SINGLE)
                with expect.case(f"FrontEnd{sizes} of {tuple(x.shape)}", hint=SLIDES):
                    got, due = net(x.clone()), front_due(x.double(), weight.double(), stride)
                    expect.shape(got, due.shape)
                    expect.close(got, due, atol=1e-2)  # float32: where little is left, it shows in the logarithm

    judge_alone(student, "filterbank", "FrontEnd", judge)


@check("filterbank.slides", points=0.3, hints=hints.FRONT, idea="The filters slide as a valid convolution without bias")
def filters_slide(student: Student, solution: Reference | None, expect: Expect) -> None:
    compare_fronts(student, expect, fronts(9))


def compare_front_gradients(student: Any, expect: Expect, drawn: list[tuple[int, int, int, int]]) -> None:
    """Require that the filters are all that is learnt, and that gradients reach them and the input."""

    def judge(make: Any) -> None:
        for seed, sizes in enumerate(drawn):
            num_filters, kernel_size, stride, _ = sizes
            weight = awkward(num_filters, 1, kernel_size, seed=seed, dtype=DOUBLE)
            x = awkward(2, kernel_size + 4 * stride, seed=50 + seed, dtype=DOUBLE)
            with expect.case(f"FrontEnd{sizes}", hint=LEARNT):
                net = make(*sizes)
                expect.equal(student.probe.parameter_shapes(net), {"filters.weight": (num_filters, 1, kernel_size)})
                load_weights(net, {"filters.weight": weight.float()})
            leaves = [one.float().double().requires_grad_() for one in (weight, x)]
            out = front_due(leaves[1], leaves[0], stride)
            (due,) = torch.autograd.grad(out.square().sum(), leaves[0], retain_graph=True)
            weights = awkward(*out.shape, seed=9, dtype=SINGLE)
            (due_input,) = torch.autograd.grad((out * weights.double()).sum(), leaves[1])
            with expect.case(f"gradients of FrontEnd{sizes}", hint=LEARNT):
                got = student.probe.parameter_gradients(net, x.float())["filters.weight"]
                got_input = student.probe.input_gradient(net, x.float(), weights)
                # float32, and a logarithm's slope where little is left
                for one, wanted in ((got, due), (got_input, due_input)):
                    expect.close(one, wanted, atol=5e-3 * float(wanted.abs().max()), what="what torch's layer has")

    judge_alone(student, "filterbank", "FrontEnd", judge)


@check("filterbank.gradient", points=0.2, hints=hints.FRONT_LEARNS, idea="Gradients reach the filters and the sound")
def filters_can_be_learnt(student: Student, solution: Reference | None, expect: Expect) -> None:
    compare_front_gradients(student, expect, fronts(9)[:1])


def _each(student: Any, judge: Callable[[str, Any, Tensor, tuple[int, ...]], None]) -> None:
    """Judge what is written."""
    x = awkward(2, 20, dtype=SINGLE)

    def one(name: str) -> None:
        alone = student.standins.Alone(getattr(student.filterbank, name), "filterbank", name)
        function, others = (alone(3, 5, 2, 8000), ()) if name == "FrontEnd" else (alone, (8, 4))
        function(x.clone(), *others)  # what stops tells its own checks
        judge(name, function, x, others)

    each_written(partial(one, name) for name in ("spectrogram", "FrontEnd"))


@check("filterbank.arguments_kept", points=0.1, hints=hints.INPUT_KEPT, idea="The sound stays as it is")
def sounds_stay(student: Student, solution: Reference | None, expect: Expect) -> None:
    _each(student, lambda name, function, x, others: require_untouched(student, expect, name, function, x, *others))


def words(name: str) -> str:
    """What a result of the training is a share of, in words behind the number."""
    return WORDS


def usual_bank() -> Tensor:
    """The filters that a FrontEnd() begins with."""
    num_filters, kernel_size, _, sample_rate = USUAL
    return bank(num_filters, kernel_size, sample_rate)


@check(
    "filterbank.practice",
    points=0,
    hints=hints.FRONT_LEARNS,
    idea="A network learns words by your filters, and your filters learn",
    needs=["filterbank.slides"],
    trains=True,
)
def words_are_learnt(student: Student, solution: Reference | None, expect: Expect) -> None:
    """The training of step 22 of the notebook, on the words that everybody has, with the threshold of grading."""
    rules, spoken = load_assignment("convolution").training[TASK], practice()
    with one_thread():
        learn, unknown = inputs(spoken.learn), inputs(spoken.unknown)
        lesson = lesson_of(learn, spoken.learn.labels, learn[:SAMPLE], rules, SEED)
        learned, doubt = taught(student, built_with(student, usual_bank()), lesson, [unknown])
    require_numbers(expect, learned.logits, learned.first_nan)
    found = {"words": accuracy(expect.tensor(learned.logits[0]), spoken.unknown.labels)}
    judge(expect, found, learned.more, rules.threshold["generated"], rules.chance_like, learned.steps, doubt)
