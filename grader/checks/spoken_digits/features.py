"""Hidden checks of task 1: values against the reference on sounds that nobody knows, and the extra task."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from exercises.checking import Expect, check
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
    points=1.5,
    idea="The natural logarithm of torchaudio's mel spectrogram and 1e-6",
    needs=["features.log_mel_shape"],
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
    needs=["features.stamp_shape"],
)
def stamp_values(student: Any, solution: Any, expect: Expect) -> None:
    """Both ways to place 64 points on a line count: from end to end, or in the middle of 64 equal parts."""
    clips = ((3200, 8000, 1), (5103, 8000, 1), (8400, 8000, 1), (12000, 16000, 1), (4000, 8000, 1e-4))
    for seed, (time, sample_rate, loudness) in enumerate(clips):
        x = loudness * sounds(solution, 1, time, seed)[0]
        found = expect.tensor(student.features.stamp(x.clone(), sample_rate))
        expect.shape(found, (64, 32))
        accepted = [_stamp(solution, x, sample_rate, ends) for ends in (False, True)]
        nearest = min(accepted, key=lambda one: float((one - found.detach()).abs().nan_to_num(9.0).max()))
        expect.close(
            found,
            nearest,
            atol=5e-3,  # of 1; the logarithm's rounding divided by its range
            case=f"{time} samples at {sample_rate} Hz" + (", hardly to be heard" if loudness < 1 else ""),
            hint="In which order: minimum, stretching, maximum? The minimum over which axis? Windows of 25 ms?",
        )


def _stamp(solution: Any, waveform: Tensor, sample_rate: int, align_corners: bool) -> Tensor:
    """The stamp for either reading of "linear interpolation"."""
    n_fft, hop_length = round(0.025 * sample_rate), round(0.010 * sample_rate)
    features = solution.features.log_mel(waveform[None], sample_rate, n_fft, hop_length, 32)
    features = features - features.amin(dim=1, keepdim=True)
    features = F.interpolate(features, size=64, mode="linear", align_corners=align_corners)[0].T
    return features / features.max()


@check(
    "features.stamp_loudness",
    points=0.25,
    idea="A louder word has the same stamp",
    needs=["features.stamp_shape"],
)
def stamp_does_not_depend_on_loudness(student: Any, solution: Any, expect: Expect) -> None:
    """For a clip without silence: what is added to the logarithm then goes with each frame's minimum."""
    x = 0.5 * private(solution, 6000).float()
    expect.close(
        student.features.stamp(4 * x, 8000),
        expect.tensor(student.features.stamp(x.clone(), 8000)).detach(),
        atol=2e-2,  # 1e-6 is little, but not nothing, beside the energy of the weakest band
        what="the same stamp for a clip four times as loud",
        case="noise",
        hint="What does a factor become in a logarithm, and where does it go when each frame loses its minimum?",
    )


@check("features.input_kept", points=0.25, idea="The waveform itself stays as it is")
def waveform_is_left_alone(student: Any, solution: Any, expect: Expect) -> None:
    """Each function twice on the same tensor, in one request: a change of it in place would show."""
    x = sounds(solution, 1, 4000)
    for name, arguments in (("log_mel", (x, 8000, 200, 80, 24)), ("stamp", (x[0], 8000))):
        before, after = student.training.input_before_and_after(getattr(student.features, name), *arguments)
        expect.close(after, before, atol=0.0, what="the waveform as it was", case=name, hint="Is += used on it?")


@check(
    "features.context_windows",
    points=0.5,
    extra=True,
    idea="Windows of neighbouring frames, with the ends repeated",
    needs=["features.context_shape"],
)
def context_window_values(student: Any, solution: Any, expect: Expect) -> None:
    for width, frames in ((15, 33), (7, 4), (3, 1)):
        features = private(solution, 3, 40, frames, seed=width)
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
    features = private(solution, 3, 40, 9)
    student.features.context_windows(features.clone(), 3)  # an answer that refuses everything is none
    for width in (2, 14):
        expect.raises(
            partial(student.features.context_windows, features.clone(), width),
            "ValueError",
            case=f"width={width}",
            hint="Which frame stands in the middle of an even window?",
        )
