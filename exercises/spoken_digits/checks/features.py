"""Public checks of task 1."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor

from exercises.checking import Expect, awkward, check

from .inputs import require_inputs_kept


def tone(frequency: float, time: int, sample_rate: int) -> Tensor:
    """A sine wave as a batch of two, (2, time) float32."""
    return (
        torch.sin(2 * math.pi * frequency / sample_rate * torch.arange(time, dtype=torch.float64)).float().repeat(2, 1)
    )


def mel(frequency: float) -> float:
    """Hertz on the mel scale that torchaudio uses by default: 2595 log10(1 + f / 700) (O'Shaughnessy 1987)."""
    return 2595 * math.log10(1 + frequency / 700)


@check("features.log_mel_shape", points=0.5, idea="A spectrogram has a row for each band and a column for each window")
def spectrogram_has_bands_and_frames(student: Any, solution: Any, expect: Expect) -> None:
    for batch, time, n_fft, hop_length, n_mels in (
        (2, 1234, 200, 80, 32),
        (3, 800, 256, 100, 20),
        (1, 999, 400, 160, 40),
        (1, 640, 200, 80, 1),
    ):
        found = student.features.log_mel(awkward(batch, time, dtype=torch.float32), 8000, n_fft, hop_length, n_mels)
        expect.shape(
            found,
            (batch, n_mels, 1 + time // hop_length),
            case=f"{time} samples, n_fft={n_fft}, hop_length={hop_length}, n_mels={n_mels}",
            hint="Centred windows start half a window before the clip. Is any argument left at its default?",
        )


@check("features.log_mel_silence", points=0.25, idea="Silence has the logarithm of 1e-6 everywhere")
def silence_is_the_floor(student: Any, solution: Any, expect: Expect) -> None:
    found = student.features.log_mel(torch.zeros(2, 800), 8000, 200, 80, 16)
    expected = torch.full((2, 16, 11), math.log(1e-6))
    expect.close(
        found,
        expected,
        atol=1e-4,  # float32, around -13.8
        what=f"{math.log(1e-6):.4f} everywhere",
        case="two clips of zeros",
        hint="Which logarithm is asked for, and where is the small number added?",
    )


@check("features.log_mel_tone", points=0.5, idea="A tone lights the band that it lies in")
def tone_lights_its_band(student: Any, solution: Any, expect: Expect) -> None:
    sample_rate, n_mels = 16000, 30
    for frequency in (440.0, 1500.0, 4000.0):
        found = student.features.log_mel(tone(frequency, 8000, sample_rate), sample_rate, 1024, 256, n_mels)
        found = expect.tensor(found, case=f"a tone of {frequency:.0f} Hz")
        expect.shape(found, (2, n_mels, 32), case=f"a tone of {frequency:.0f} Hz")
        band = int(found[0].detach().float().mean(dim=1).argmax())
        due = mel(frequency) / mel(sample_rate / 2) * (n_mels + 1) - 1  # the bands' centres lie equally far apart
        expect.that(
            abs(band - due) <= 1.5,
            expected=f"most energy around band {due:.1f} of {n_mels}",
            got=f"a tone of {frequency:.0f} Hz: in band {band}",
            hint="Does the transform know the sample rate? Are the axes (batch, mel, time)?",
        )


@check("features.input_kept", points=0.25, idea="The spectrogram leaves the waveform as it is")
def waveform_is_left_alone(student: Any, solution: Any, expect: Expect) -> None:
    x = awkward(2, 1200, dtype=torch.float32) * 0.1
    require_inputs_kept(student, expect, ("waveform",), student.features.log_mel, x, 8000, 200, 80, 24)


@check("features.stamp_shape", points=0.25, idea="Every word becomes an image of 64 frames and 32 bands, from 0 to 1")
def stamp_has_one_size(student: Any, solution: Any, expect: Expect) -> None:
    for time, sample_rate in ((1500, 8000), (5000, 8000), (9000, 8000), (16000, 16000)):
        case = f"{time} samples at {sample_rate} Hz"
        found = student.features.stamp(awkward(time, dtype=torch.float32) * 0.1, sample_rate)
        expect.shape(found, (64, 32), case=case, hint="(time, mel): which axis comes first?")
        low, high = float(found.detach().min()), float(found.detach().max())
        expect.that(
            low >= 0 and abs(high - 1) < 1e-5,
            expected="values from 0 to 1, the largest of them 1",
            got=f"{case}: from {low:.3g} to {high:.3g}",
            hint="What is taken from each frame, and when is the maximum taken?",
        )


@check("features.stamp_silence", points=0.25, idea="The stamp of silence is zeros")
def silence_gives_zeros(student: Any, solution: Any, expect: Expect) -> None:
    found = student.features.stamp(torch.zeros(4000), 8000)
    expect.shape(found, (64, 32), case="a clip of zeros", hint="(time, mel): which axis comes first?")
    expect.close(
        found,
        torch.zeros(64, 32),
        atol=1e-5,
        what="zeros",
        case="a clip of zeros",
        hint="What is 0 divided by 0?"
        if bool(expect.tensor(found).isnan().any())
        else "What is the minimum of silence?",
    )


@check("features.stamp_kept", points=0.25, idea="The stamp leaves the waveform as it is")
def stamp_leaves_the_waveform(student: Any, solution: Any, expect: Expect) -> None:
    x = awkward(1200, dtype=torch.float32) * 0.1
    before, after = student.training.inputs_before_and_after(student.features.log_mel, x[None], 8000, 200, 80, 32)
    if not torch.equal(before[0], after[0]):  # what log_mel does to its waveform is the business of features.input_kept
        student.features.stamp(x, 8000)
        return
    require_inputs_kept(student, expect, ("waveform",), student.features.stamp, x, 8000)


@check("features.stamp_loudness", points=0.25, idea="A louder word has the same stamp")
def stamp_does_not_depend_on_loudness(student: Any, solution: Any, expect: Expect) -> None:
    """For a clip without silence: what is added to the logarithm then goes with each frame's minimum."""
    x = 0.5 * awkward(6000, seed=3, dtype=torch.float32)
    soft, loud = (expect.tensor(student.features.stamp(factor * x, 8000)).detach() for factor in (1, 4))
    if not _adds_a_number(student, x):
        return
    expect.close(
        loud,
        soft,
        atol=2e-2,  # 1e-6 is little, but not nothing, beside the energy of the weakest band
        what="the same stamp for a clip four times as loud",
        case="noise",
        hint="What does a factor become in a logarithm, and where does it go when each frame loses its minimum?",
    )


def _adds_a_number(student: Any, waveform: Tensor) -> bool:
    """Whether a factor adds one number to all of log_mel; where it does not, log_mel's own checks say so."""
    soft, loud = (student.features.log_mel(factor * waveform[None], 8000, 200, 80, 32) for factor in (1, 4))
    return isinstance(soft, Tensor) and isinstance(loud, Tensor) and float((loud - soft).detach().std()) < 1e-2


@check("features.context_shape", points=0.25, extra=True, idea="Every frame gets a window with itself in the middle")
def context_windows_have_a_middle(student: Any, solution: Any, expect: Expect) -> None:
    features = awkward(3, 40, 21, dtype=torch.float32)
    for width in (15, 5, 1):
        found = student.features.context_windows(features.clone(), width)
        hint = "Which axis counts the windows? What stands beyond the first and the last frame?"
        expect.shape(found, (21, 3, 40, width), case=f"width={width}", hint=hint)
        middle = expect.tensor(found)[..., width // 2].detach()
        expect.close(middle, features.permute(2, 0, 1), atol=0.0, what="frame t itself", case="middles", hint=hint)
