"""Hidden checks of task 1: values against the reference on sounds that nobody knows, and the extra task."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from exercises.checking import Expect, Reference, Student, StudentError, awkward, check, draw
from exercises.spoken_digits.checks import hints
from exercises.spoken_digits.checks.asked import about_stamp_shape
from exercises.spoken_digits.checks.features import TWO_SECONDS
from exercises.spoken_digits.checks.inputs import LONG, REPEATED, VIEWS
from exercises.spoken_digits.checks.judging import judge_stamp
from exercises.spoken_digits.checks.sounds import STAMP_RATES, named, settings

from .spectra import about_spectrogram


def sounds(batch: int, time: int, seed: int = 0) -> Tensor:
    """Noise whose loudness comes and goes, with a tone in it: (batch, time) float32."""
    noise = awkward(batch, time, seed=seed)
    place = torch.linspace(0, 1, time, dtype=torch.float64)
    shape = awkward(batch, 4, seed=seed + 100)
    loud = 0.2 + torch.sin(5 * shape[:, :1] * place + shape[:, 1:2]) ** 2
    tone = torch.sin(2 * math.pi * (200 + 300 * shape[:, 2:3].abs()) * place * time / 8000)
    return (0.1 * loud * (noise + 2 * tone)).float()


@check(
    "features.log_mel",
    points=1,
    hints=hints.LOG_MEL,
    idea="The natural logarithm of torchaudio's mel spectrogram and 1e-6",
    topic="log-mel spectrograms",
)
def log_mel_values(student: Student, solution: Reference, expect: Expect) -> None:
    """Of clips, of views of clips, and of clips so quiet that the energy in a band is of the size of 1e-6."""
    usual = ((8000, 200, 80, 32), (16000, 400, 160, 40))
    for seed, sizes in enumerate((*usual, settings("first"), settings("second"), settings("third"))):
        shortest, longest = (2500, 4500) if seed else (TWO_SECONDS, TWO_SECONDS + 2000)
        x = (2e-3 if seed in (1, 3) else 1.0) * sounds(3, draw(f"time {seed}").randint(shortest, longest), seed)
        log_mel, hint = student.features.log_mel, "Power or amplitude? Natural logarithm? Every argument handed on?"
        with expect.case(named(*sizes), hint=hint):
            view = (*VIEWS, VIEWS[0], REPEATED)[seed]
            x = x[:1].repeat(3, 1) if view == REPEATED else x  # then it lies in memory once
            found = student.training.of_view(log_mel, x, *sizes, view=view)
            # float32: where little energy is left, rounding of the Fourier transform shows in the logarithm
            due = solution.features.log_mel(x, *sizes)
            expect.close(found, due, atol=2e-2, hint=partial(about_spectrogram, found, x, sizes, hint))


@check(
    "features.stamp",
    points=1,
    hints=hints.STAMP,
    idea="Each frame less its own minimum, stretched to 64 frames, divided by the maximum",
    topic="stamps",
)
def stamp_values(student: Student, solution: Reference, expect: Expect) -> None:
    """The stamp's own steps: a spectrogram is right here if log_mel, the student's or the reference's, gives it.

    Both ways to place 64 points on a line count: from end to end, or in the middle of 64 equal parts.
    """
    random = draw("clips")
    rates = (8000, 8000, 16000, random.choice(STAMP_RATES), 8000)
    clips = [(random.randint(3000, 9000) * rate // 8000, rate) for rate in rates]
    clips[1] = (random.randint(TWO_SECONDS, TWO_SECONDS + 2000), rates[1])  # longer than anybody would cut

    def judge(stamp: Any) -> None:
        for seed, (time, sample_rate) in enumerate(clips):
            quiet = seed == len(clips) - 1
            x = (5e-5 if quiet else 1.0) * sounds(1, time, seed)[0]  # then the largest is below 1
            case = f"{time} samples at {sample_rate} Hz" + (", hardly to be heard" if quiet else "")
            hint = "In which order: minimum, stretching, maximum? The minimum over which axis? Windows of 25 ms?"
            with expect.case(case, hint=hint):
                view = VIEWS[1 + seed % 2]  # of a single axis
                found = expect.tensor(student.training.of_view(stamp, x, sample_rate, view=view))
                expect.shape(found, (64, 32), hint=about_stamp_shape(found))
                accepted = [
                    _stretched(spectrogram, ends)
                    for spectrogram in _spectrograms(student, solution, x, sample_rate)
                    for ends in (False, True)
                ]
                nearest = min(accepted, key=lambda one: float((one - found.detach()).abs().nan_to_num(9.0).max()))
                expect.close(found, nearest, atol=5e-3)  # of 1; the logarithm's rounding divided by its range

    judge_stamp(student, judge)


def _spectrograms(student: Student, solution: Reference, waveform: Tensor, sample_rate: int) -> list[Tensor]:
    """What a stamp may begin with: the reference's log_mel, and the student's where it has the right shape.

    A stamp may work without log_mel, and share a mistake with it: that costs the points of log_mel alone.
    """
    arguments = (round(0.025 * sample_rate), round(0.010 * sample_rate), 32)
    right = solution.features.log_mel(waveform[None], sample_rate, *arguments)
    try:
        own = student.features.log_mel(waveform[None].clone(), sample_rate, *arguments)
    except StudentError:
        return [right]
    if not isinstance(own, Tensor) or own.shape[:2] != right.shape[:2] or own.dim() != 3 or own.shape[2] < 2:
        return [right]
    return [right, own.detach().float()]


def _stretched(features: Tensor, align_corners: bool) -> Tensor:
    """The steps of the stamp after the first, for either reading of "linear interpolation"."""
    features = features - features.amin(dim=1, keepdim=True)
    features = F.interpolate(features, size=64, mode="linear", align_corners=align_corners)[0].T
    return features / features.max()


@check(
    "features.context_windows",
    points=0.25,
    extra=True,
    hints=hints.CONTEXT,
    idea="Windows of neighbouring frames, with the ends repeated",
    topic="context windows",
)
def context_window_values(student: Student, solution: Reference, expect: Expect) -> None:
    random = draw("windows")
    drawn = (2 * random.randint(10, 16) + 1, random.randint(LONG + 1, LONG + 16))  # beyond any fixed number
    for view, (width, frames) in zip((*VIEWS, VIEWS[0]), ((15, 33), (7, 4), (3, 1), drawn), strict=True):
        features = awkward(3, 40, frames, seed=width, dtype=torch.float32)
        index = (torch.arange(frames)[:, None] + torch.arange(width) - width // 2).clamp(0, frames - 1)
        with expect.case(
            f"width={width}, {frames} frames", hint="Which frame does the window's first place hold at t = 0?"
        ):
            expect.close(
                student.training.of_view(student.features.context_windows, features, width, view=view),
                features[:, :, index].permute(2, 0, 1, 3),
                atol=0.0,  # values are copied, never computed
            )
