"""Short windows know when, long ones know which frequency: a spectrogram with a slider."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from matplotlib.figure import Figure
from torch import Tensor

from ...showing.sliders import with_sliders
from ...showing.style import HEAT, new_figure
from ...showing.telling import each

FLOOR_DB = -60


def windows_picture(
    sound: Tensor, spectrogram: Callable[[Tensor, int, int], Tensor], n_ffts: Sequence[int], sample_rate: int
) -> Figure:
    """Spectrograms of one sound with windows of several lengths.

    Args:
        sound:       (time,).
        spectrogram: yours.
        n_ffts:      points of the windows.
    """
    figure, axes = new_figure(
        1, len(n_ffts), size=(0.9 + 3 * len(n_ffts), 3.1), squeeze=False, sharey=True, sharex=True
    )
    told = {}
    for axis, n_fft in zip(axes[0], n_ffts, strict=True):
        hop = max(1, min(n_fft // 4, 40))
        power = spectrogram(sound[None], n_fft, hop)[0].detach()
        decibels = 10 * torch.log10(power.clamp_min(1e-12) / power.max())
        middle = n_fft / 2 / sample_rate  # of the first window
        extent = (middle, middle + power.shape[1] * hop / sample_rate, 0.0, sample_rate / 2000)
        picture = axis.imshow(
            decibels.numpy(), cmap=HEAT, vmin=FLOOR_DB, vmax=0, origin="lower", aspect="auto", extent=extent
        )
        axis.set_title(
            f"{n_fft} points: {1000 * n_fft / sample_rate:.0f} ms, {2 * sample_rate / n_fft:.0f} Hz", fontsize=9
        )
        axis.set_xlabel("time (s)")
        low = decibels.clamp_min(FLOOR_DB)[: 1 + int(1500 * n_fft / sample_rate)]
        along = [float(low.std(dim=axis_, correction=0).mean()) for axis_ in (1, 0)]
        told[axis.get_title()] = f"{along[0]:.1f} and {along[1]:.1f} dB"
    axes[0, 0].set_xlim(0, len(sound) / sample_rate)
    axes[0, 0].set_ylabel("frequency (kHz)")
    figure.colorbar(picture, ax=axes, label="power (dB)", pad=0.01)
    figure.alt = (
        "Spectrograms of one sound with windows of several lengths; how much the power varies along the time and "
        "along the frequency, "
        f"standard deviation below 1,500 Hz: {each(told)}."
    )
    return figure


def window_slider(sound: Tensor, spectrogram: Callable[[Tensor, int, int], Tensor], sample_rate: int) -> Any:
    """One spectrogram with a slider for its window's length, 2 ** exponent points."""

    def draw(exponent: int) -> tuple[Figure]:
        return (windows_picture(sound, spectrogram, [2**exponent], sample_rate),)

    return with_sliders(draw, exponent=(7, 4, 11, 1))
