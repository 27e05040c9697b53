"""One word three times on the same time axis: waveform, spectrogram, mel-spectrogram."""

from __future__ import annotations

import torch
import torchaudio
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

from ...showing.style import COLOURS, HEAT, new_figure
from ...showing.telling import row

WINDOW, HOP, BANDS = 0.025, 0.010, 32  # seconds, seconds, mel bands


def three_views(waveform: Tensor, sample_rate: int, name: str = "") -> Figure:
    """Waveform, spectrogram and mel-spectrogram of one word, with one time axis.

    Args:
        waveform:    (time,).
        sample_rate: Hz.
        name:        what is said, for the title.
    """
    n_fft, hop = round(WINDOW * sample_rate), round(HOP * sample_rate)
    seconds = len(waveform) / sample_rate
    power = torchaudio.transforms.Spectrogram(n_fft=n_fft, hop_length=hop)(waveform)  # (frequencies, frames)
    bands = torchaudio.functional.melscale_fbanks(n_fft // 2 + 1, 0.0, sample_rate / 2, BANDS, sample_rate)

    figure, (top, middle, bottom) = new_figure(3, 1, size=(7.4, 6.4), sharex=True, height_ratios=[1, 1.6, 1.6])
    time = torch.arange(len(waveform)) / sample_rate
    top.plot(time.numpy(), waveform.numpy(), color=COLOURS[0], linewidth=0.6)
    top.set_ylabel("waveform")
    top.set_title(name, fontsize=9)
    _draw(figure, middle, decibels(power), (0.0, seconds, 0.0, sample_rate / 2000))
    middle.set_ylabel("frequency (kHz)")
    _draw(figure, bottom, decibels(bands.T @ power), (0.0, seconds, -0.5, BANDS - 0.5))
    bottom.set_ylabel("mel band (0 = lowest)")
    bottom.set_xlabel("time (s)")
    bottom.set_xlim(0, seconds)
    pieces = power.tensor_split(min(8, power.shape[1]), dim=1)
    peaks = [float(piece.mean(dim=1).argmax()) * sample_rate / n_fft for piece in pieces]
    shares = [100 * float(piece[len(piece) // 2 :].sum() / piece.sum().clamp_min(1e-12)) for piece in pieces]
    figure.alt = (
        f"{name or 'A word'} of {seconds:.2f} s as waveform, spectrogram and mel-spectrogram. In {len(pieces)} equal "
        f"parts of its time, "
        f"the strongest frequency is {row(peaks, '.0f')} Hz, and {row(shares, '.0f')} % of the power lie in the "
        f"upper half, above "
        f"{sample_rate / 4:.0f} Hz."
    )
    return figure


def decibels(power: Tensor) -> Tensor:
    """Powers relative to the largest, in dB, with a floor at -70."""
    return 10 * torch.log10(power.clamp_min(1e-12) / power.max().clamp_min(1e-12)).clamp_min(-7)


def _draw(figure: Figure, axis: Axes, values: Tensor, extent: tuple[float, float, float, float]) -> None:
    picture = axis.imshow(values.numpy(), cmap=HEAT, vmin=-70, vmax=0, origin="lower", aspect="auto", extent=extent)
    figure.colorbar(picture, ax=axis, label="power (dB)", pad=0.01)
