"""The mel bands: triangles that grow wider with the frequency, and what the ear gets through one of them."""

from __future__ import annotations

import torch
import torchaudio
from matplotlib.figure import Figure
from torch import Tensor

from ...showing.style import COLOURS, new_figure


def band_centres(n_mels: int, sample_rate: int) -> Tensor:
    """The peak of each triangle in Hz, (n_mels,): equally far apart on the mel scale 2595 log10(1 + f / 700)."""
    top = 2595 * torch.log10(torch.tensor(1 + sample_rate / 1400, dtype=torch.float64))
    mels = torch.linspace(0, 1, n_mels + 2, dtype=torch.float64)[1:-1] * top
    return 700 * (10 ** (mels / 2595) - 1)


def mel_triangles(n_mels: int, sample_rate: int, band: int | None = None) -> Figure:
    """The weights with which each band adds up the frequencies; one band can be picked out.

    Args:
        n_mels:      number of bands.
        sample_rate: Hz; the bands share the frequencies up to its half.
        band:        the one to pick out, from 0, the lowest.
    """
    frequencies = torch.linspace(0, sample_rate / 2, 1001)
    weights = torchaudio.functional.melscale_fbanks(1001, 0.0, sample_rate / 2, n_mels, sample_rate)  # (1001, n_mels)
    figure, axis = new_figure(size=(7.4, 2.6))
    for k in range(n_mels):
        chosen = k == band
        axis.plot(
            frequencies.numpy(),
            weights[:, k].numpy(),
            color=COLOURS[1] if chosen else COLOURS[0],
            linewidth=2.5 if chosen else 0.8,
            zorder=3 if chosen else 2,
            label=f"band {k}, around {float(band_centres(n_mels, sample_rate)[k]):.0f} Hz" if chosen else None,
        )
    axis.set_xlabel("frequency (Hz)")
    axis.set_ylabel("weight")
    axis.set_xlim(0, sample_rate / 2)
    axis.set_ylim(0, 1.05)
    if band is not None:
        figure.legend(loc="outside upper right", fontsize=8, frameon=False)
    centres = band_centres(n_mels, sample_rate)
    one = "" if band is None else f" Band {band} is picked out, around {float(centres[band]):.0f} Hz."
    figure.alt = (
        f"The weights of {n_mels} mel bands over the frequency: triangles that grow wider, around "
        f"{float(centres[0]):.0f} Hz, "
        f"{float(centres[n_mels // 2]):.0f} Hz in the middle and {float(centres[-1]):.0f} Hz for the last.{one}"
    )
    return figure


def band_of_sound(waveform: Tensor, sample_rate: int, n_mels: int, bands: range) -> Tensor:
    """What is left of a sound that passes through some neighbouring mel bands alone: (time,) -> (time,).

    Its spectrum is multiplied by the sum of their triangles.
    """
    size = len(waveform) // 2 + 1
    triangles = torchaudio.functional.melscale_fbanks(size, 0.0, sample_rate / 2, n_mels, sample_rate)
    weights = triangles[:, list(bands)].sum(dim=1)
    return torch.fft.irfft(torch.fft.rfft(waveform) * weights, n=len(waveform))
