"""Hidden checks of task 1: values against the reference on sounds that nobody knows, and the extra task."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from exercises.checking import Expect, StudentError, check
from grader.checks.private import private

SETTINGS = ((8000, 200, 80, 32), (16000, 400, 160, 40), (8000, 256, 64, 20), (22050, 512, 200, 64))


def sounds(solution: Any, batch: int, time: int, seed: int = 0) -> Tensor:
    """Noise whose loudness comes and goes, with a tone in it: (batch, time) float32."""
    noise = private(solution, batch, time, seed=seed)
    place = torch.linspace(0, 1, time, dtype=torch.float64)
    shape = private(solution, batch, 4, seed=seed + 100)
    loud = 0.2 + torch.sin(5 * shape[:, :1] * place + shape[:, 1:2]) ** 2
    tone = torch.sin(2 * math.pi * (200 + 300 * shape[:, 2:3].abs()) * place * time / 8000)
    return (0.1 * loud * (noise + 2 * tone)).float()


@check(
    "features.log_mel",
    points=1.25,
    idea="The natural logarithm of torchaudio's mel spectrogram and 1e-6",
)
def log_mel_values(student: Any, solution: Any, expect: Expect) -> None:
    for seed, (sample_rate, n_fft, hop_length, n_mels) in enumerate(SETTINGS):
        loudness = 2e-3 if seed == 2 else 1.0  # so quiet that the energy in a band is of the size of 1e-6
        x = loudness * sounds(solution, 3, 3001 + 500 * seed, seed)
        expect.close(
            student.features.log_mel(x.clone(), sample_rate, n_fft, hop_length, n_mels),
            solution.features.log_mel(x, sample_rate, n_fft, hop_length, n_mels),
            # float32: where little energy is left, rounding of the Fourier transform shows in the logarithm
            atol=2e-2,
            case=f"sample_rate={sample_rate}, n_fft={n_fft}, hop_length={hop_length}, n_mels={n_mels}",
            hint="Power or amplitude? Natural logarithm? The sum with 1e-6 before it? Every argument handed on?",
        )


@check(
    "features.stamp",
    points=1.25,
    idea="Each frame less its own minimum, stretched to 64 frames, divided by the maximum",
)
def stamp_values(student: Any, solution: Any, expect: Expect) -> None:
    """The stamp's own steps: a spectrogram is right here if log_mel, the student's or the reference's, gives it.

    Both ways to place 64 points on a line count: from end to end, or in the middle of 64 equal parts.
    """
    clips = ((3200, 8000, 1), (5103, 8000, 1), (8400, 8000, 1), (12000, 16000, 1), (4000, 8000, 1e-4))
    for seed, (time, sample_rate, loudness) in enumerate(clips):
        x = loudness * sounds(solution, 1, time, seed)[0]
        found = expect.tensor(student.features.stamp(x.clone(), sample_rate))
        expect.shape(found, (64, 32))
        accepted = [
            _stretched(spectrogram, ends)
            for spectrogram in _spectrograms(student, solution, x, sample_rate)
            for ends in (False, True)
        ]
        nearest = min(accepted, key=lambda one: float((one - found.detach()).abs().nan_to_num(9.0).max()))
        expect.close(
            found,
            nearest,
            atol=5e-3,  # of 1; the logarithm's rounding divided by its range
            case=f"{time} samples at {sample_rate} Hz" + (", hardly to be heard" if loudness < 1 else ""),
            hint="In which order: minimum, stretching, maximum? The minimum over which axis? Windows of 25 ms?",
        )


def _spectrograms(student: Any, solution: Any, waveform: Tensor, sample_rate: int) -> list[Tensor]:
    """What a stamp may begin with: the reference's log_mel, and the student's where it has the right shape.

    A mistake in log_mel costs the points of log_mel.  A stamp may also work without it.
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
    points=0.5,
    extra=True,
    idea="Windows of neighbouring frames, with the ends repeated",
)
def context_window_values(student: Any, solution: Any, expect: Expect) -> None:
    for width, frames in ((15, 33), (7, 4), (3, 1)):
        features = private(solution, 3, 40, frames, seed=width).float()
        index = (torch.arange(frames)[:, None] + torch.arange(width) - width // 2).clamp(0, frames - 1)
        expect.close(
            student.features.context_windows(features.clone(), width),
            features[:, :, index].permute(2, 0, 1, 3),
            atol=0.0,  # values are copied, never computed
            case=f"width={width}, {frames} frames",
            hint="Which frame does the window's first place hold at t = 0?",
        )


@check("features.context_even", points=0.25, extra=True, idea="An even width raises ValueError")
def even_width_raises(student: Any, solution: Any, expect: Expect) -> None:
    features = private(solution, 3, 40, 9).float()
    student.features.context_windows(features.clone(), 3)  # an answer that refuses everything is none
    for width in (2, 14):
        expect.raises(
            partial(student.features.context_windows, features.clone(), width),
            "ValueError",
            case=f"width={width}",
            hint="Which frame stands in the middle of an even window?",
        )
