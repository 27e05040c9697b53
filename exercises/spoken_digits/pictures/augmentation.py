"""Words before and after an augmentation, as waveforms and as spectrograms."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import fill

import torch
from matplotlib.figure import Figure
from torch import Tensor

from ...showing.style import COLOURS, HEAT, new_figure
from ...showing.telling import each, extent

HOP = 0.010  # seconds from one frame to the next
WINDOW = 0.025  # seconds that a frame hears


def augmentation_picture(views: Mapping[str, tuple[Tensor, Tensor]], sample_rate: int) -> Figure:
    """Several versions of one word beside each other: above the waveform, below its log-mel spectrogram.

    Args:
        views:       for each name, the waveform (time,) and the spectrogram (n_mels, frames).
        sample_rate: Hz.
    """
    spectra = [spectrum for _, spectrum in views.values()]
    low, high = min(float(s.min()) for s in spectra), max(float(s.max()) for s in spectra)
    loudest = max(float(waveform.abs().max()) for waveform, _ in views.values()) or 1.0
    figure, axes = new_figure(
        2, len(views), size=(0.8 + 1.6 * len(views), 4.2), squeeze=False, sharey="row", height_ratios=[1, 1.5]
    )
    for (upper, lower), (name, (waveform, spectrum)) in zip(axes.T, views.items(), strict=True):
        seconds = [k / sample_rate for k in range(len(waveform))]
        upper.plot(seconds, waveform.numpy(), color=COLOURS[0], linewidth=0.6)
        upper.set_title(fill(name, width=16), fontsize=10)
        upper.set_ylim(-1.1 * loudest, 1.1 * loudest)
        upper.set_xlim(0, len(waveform) / sample_rate)
        extent = (0, spectrum.shape[1] * HOP, -0.5, len(spectrum) - 0.5)
        picture = lower.imshow(
            spectrum.detach().numpy(), cmap=HEAT, vmin=low, vmax=high, origin="lower", aspect="auto", extent=extent
        )
        for axis in (upper, lower):
            axis.set_xlabel("time (s)")
    axes[0, 0].set_ylabel("waveform")
    axes[1, 0].set_ylabel("mel band")
    figure.colorbar(picture, ax=axes[1], label="log power", pad=0.01)
    figure.alt = (
        "Versions of one word, waveform above and log-mel spectrogram below: "
        + each({name: _in_words(waveform, spectrum, sample_rate) for name, (waveform, spectrum) in views.items()})
        + "."
    )
    return figure


def _in_words(waveform: Tensor, spectrum: Tensor, sample_rate: int) -> str:
    """When a word begins, how loud it is, its log power, and what of it is silent or masked.

    What is masked is one number all along, and so is a frame whose window hears nothing but zeros.
    """
    loud = waveform.abs()
    begin = int((loud > 0.1 * loud.max()).nonzero()[0]) / sample_rate if float(loud.max()) > 0 else 0.0
    words = f"begins at {begin:.3f} s, loudest sample {float(loud.max()):.2f}, log power {extent(spectrum, '.1f')}"
    for name, axis in (("bands", 1), ("frames", 0)):
        level = spectrum.amax(dim=axis) == spectrum.amin(dim=axis)
        if bool(level.all()):
            continue
        silent = level & _silent(waveform, spectrum, sample_rate) if name == "frames" else torch.zeros_like(level)
        for what, found in (("silent", silent), ("masked", level & ~silent)):
            for first, last in _runs(found.nonzero()[:, 0].tolist()):
                words += f", {name} {first} to {last} {what}"
    return words


def _silent(waveform: Tensor, spectrum: Tensor, sample_rate: int) -> Tensor:
    """Which frames hear nothing but zeros, and have the least power: (frames,)."""
    hop, half = round(HOP * sample_rate), round(WINDOW / 2 * sample_rate)
    heard = [bool(waveform[max(0, t * hop - half) : t * hop + half].any()) for t in range(spectrum.shape[1])]
    return ~torch.tensor(heard) & (spectrum.amin(dim=0) == spectrum.min())


def _runs(places: list[int]) -> list[tuple[int, int]]:
    """Neighbouring places as first and last: [0, 1, 2, 7] -> [(0, 2), (7, 7)]."""
    runs: list[tuple[int, int]] = []
    for place in places:
        first = runs.pop()[0] if runs and runs[-1][1] == place - 1 else place
        runs.append((first, place))
    return runs
