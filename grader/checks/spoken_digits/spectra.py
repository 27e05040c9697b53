"""Usual slips in a log-mel spectrogram, told by their numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import torch
import torchaudio
from torch import Tensor

from exercises.spoken_digits.checks.features import FLOOR

CLOSE = 5e-2  # of the logarithm, in nearly all places: rounding shows where hardly any energy is left
EXACT = 0.99
BEGIN_HZ = (10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 80.0, 100.0, 125.0, 130.0, 150.0, 200.0, 250.0, 300.0)
BEGINS = "These are the values of bands that begin above 0 Hz: which lowest frequency has torchaudio's own choice?"
ENDS = "These are the values of bands that end below half the sample rate: where do torchaudio's own bands end?"
OTHER_SCALE = "These are the values of another mel scale (Slaney's): which one does torchaudio take by itself?"
OTHER_NORM = "These are the values of bands that are divided by their widths (Slaney's norm): is that asked for?"
OTHER_WINDOW = "These are the values of another window: which one does torchaudio take by itself?"
NORMALISED = "These are the values of a spectrum that is divided by its window's energy: is that asked for?"
OTHER_ENDS = "These are the values with other ends: what stands beyond the clip in torchaudio's own centred windows?"
EMPHASISED = "These are the values of a clip whose high frequencies were emphasised first: is that asked for?"
AMPLITUDE = "These are the logarithms of amplitudes: of what is the logarithm asked for?"
SQUARED = "These are the logarithms of squared energies: the mel spectrogram is a power already."
COMMON = "These are logarithms to base 10: which one is asked for?"
DECIBELS = "These are decibels: which logarithm is asked for?"
SLIPS: tuple[tuple[str, Mapping[str, Any]], ...] = (
    *((BEGINS, {"f_min": begin}) for begin in BEGIN_HZ),
    *((ENDS, {"f_max": end}) for end in (3000.0, 3400.0, 3500.0, 3800.0, 4000.0, 7600.0, 8000.0)),
    (OTHER_SCALE, {"mel_scale": "slaney"}),
    (OTHER_NORM, {"norm": "slaney"}),
    (OTHER_NORM, {"norm": "slaney", "mel_scale": "slaney"}),
    (OTHER_WINDOW, {"window_fn": torch.hamming_window}),
    (OTHER_WINDOW, {"window_fn": torch.ones}),
    (NORMALISED, {"normalized": True}),
    (OTHER_ENDS, {"pad_mode": "constant"}),
    (OTHER_ENDS, {"pad_mode": "replicate"}),
    (AMPLITUDE, {"power": 1.0}),
)
LOGARITHMS: tuple[tuple[str, Callable[[Tensor], Tensor]], ...] = (
    (SQUARED, lambda energy: torch.log(energy**2 + FLOOR)),
    (COMMON, lambda energy: torch.log10(energy + FLOOR)),
    (DECIBELS, lambda energy: 10 * torch.log10(energy + FLOOR)),
)


def about_spectrogram(found: Any, waveform: Tensor, sizes: tuple[int, int, int, int], usual: str) -> str:
    """What to ask about a wrong log-mel spectrogram, (batch, n_mels, frames), of a waveform, (batch, time).

    Args:
        sizes: sample_rate, n_fft, hop_length, n_mels.
    """
    energy = _energy(waveform, sizes)
    if not isinstance(found, Tensor) or _same(found, torch.log(energy + FLOOR)):  # wrong in few places
        return usual
    for coefficient in (0.95, 0.97):
        emphasised = torchaudio.functional.preemphasis(waveform, coefficient)
        if _same(found, torch.log(_energy(emphasised, sizes) + FLOOR)):
            return EMPHASISED
    for question, changed in SLIPS:
        with suppress(RuntimeError, ValueError):  # a highest frequency above half of this sample rate, for one
            if _same(found, torch.log(_energy(waveform, sizes, **changed) + FLOOR)):
                return question
    return next((question for question, way in LOGARITHMS if _same(found, way(energy))), usual)


def _energy(waveform: Tensor, sizes: tuple[int, int, int, int], **changed: Any) -> Tensor:
    rate, n_fft, hop_length, n_mels = sizes
    mel = torchaudio.transforms.MelSpectrogram(rate, n_fft=n_fft, hop_length=hop_length, n_mels=n_mels, **changed)
    energy = mel.to(waveform.dtype)(waveform)
    assert isinstance(energy, Tensor)
    return energy


def _same(found: Tensor, other: Tensor) -> bool:
    if found.shape != other.shape:
        return False
    return float(((found.detach().double() - other.double()).abs() < CLOSE).double().mean()) > EXACT
