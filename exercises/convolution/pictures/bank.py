"""The filters of a front end as rows of a picture, sorted by where they let through."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from matplotlib.figure import Figure
from torch import Tensor

from ...showing.style import COLOURS, HEAT, new_figure
from ...showing.telling import each, spaced

FLOOR_DB = -40
POINTS = 4096  # of the transform, more than a filter has taps


def gains(filters: Tensor) -> Tensor:
    """Gains from 0 to half the sample rate, each filter's largest 1: (filters, taps) -> (filters, POINTS // 2 + 1)."""
    found = torch.fft.rfft(filters.detach().double(), POINTS).abs()
    return found / found.amax(dim=1, keepdim=True).clamp_min(1e-12)


def centres(filters: Tensor) -> Tensor:
    """The middle of the frequencies that each filter lets through, in fractions of the sample rate: (filters,)."""
    power = gains(filters).square()
    return (power * torch.linspace(0, 0.5, power.shape[1], dtype=torch.float64)).sum(dim=1) / power.sum(dim=1)


def widths(filters: Tensor) -> Tensor:
    """How wide the peak of each filter is at half its height, in fractions of the sample rate: (filters,)."""
    found = []
    for gain in gains(filters):
        peak, low = int(gain.argmax()), (gain < 0.5).nonzero()[:, 0]
        below, above = low[low < peak], low[low > peak]
        left = int(below[-1]) if len(below) else 0
        right = int(above[0]) if len(above) else len(gain) - 1
        found.append((right - left) / POINTS)
    return torch.tensor(found)


def bank_picture(banks: Mapping[str, Tensor], edges: Tensor, sample_rate: int) -> Figure:
    """Which frequencies each filter lets through, the filters sorted from low to high, with the bands of the design.

    Args:
        banks: (filters, taps) by title.
        edges: (filters + 1,) in Hz: band i begins at edge i, and ends at edge i + 1.
    """
    figure, axes = new_figure(1, len(banks), size=(0.8 + 2.6 * len(banks), 4.4), squeeze=False, sharey=True)
    for axis, (name, filters) in zip(axes[0], banks.items(), strict=True):
        order = centres(filters).argsort()
        decibels = 20 * torch.log10(gains(filters)[order].clamp_min(1e-6))
        extent = (0.0, sample_rate / 2000, -0.5, len(filters) - 0.5)
        picture = axis.imshow(
            decibels.numpy(), cmap=HEAT, vmin=FLOOR_DB, vmax=0, origin="lower", aspect="auto", extent=extent
        )
        rows = torch.arange(len(filters)).numpy()
        for side in (edges[:-1] / 1000, edges[1:] / 1000):
            axis.vlines(side.numpy(), rows - 0.5, rows + 0.5, color=COLOURS[1], linewidth=1.0)
        axis.set_title(name, fontsize=9)
        axis.set_xlabel("frequency (kHz)")
    axes[0, 0].set_ylabel("filter, sorted (orange: bands of the design)")
    figure.colorbar(picture, ax=axes, label="gain (dB of its largest)", pad=0.01)
    told = {}
    for name, filters in banks.items():
        order = centres(filters).argsort()
        some = [int(order[k]) for k in spaced(len(filters), most=5)]
        middle, wide = sample_rate * centres(filters)[some], sample_rate * widths(filters)[some]
        told[name] = ", ".join(f"{float(a):.0f} Hz ({float(b):.0f} wide)" for a, b in zip(middle, wide, strict=True))
    figure.alt = (
        f"Filters sorted by where they let through, {len(edges) - 1} bands from {float(edges[0]):.0f} to "
        f"{float(edges[-1]):.0f} Hz; "
        f"middle and width at half the height of some from the lowest to the highest: {each(told)}."
    )
    return figure


def width_picture(filters: Tensor, edges: Tensor, sample_rate: int) -> Figure:
    """How wide each filter is, and how wide its band was meant to be.

    Args:
        filters: (filters, taps), in the order of the bands.
        edges:   (filters + 1,) in Hz.
    """
    figure, axis = new_figure(size=(7, 2.9))
    asked = edges[1:] - edges[:-1]
    axis.plot(asked.numpy(), "s--", color=COLOURS[0], markersize=4, label="the band, edge to edge")
    axis.plot(
        (sample_rate * widths(filters)).numpy(),
        "o-",
        color=COLOURS[1],
        markersize=4,
        label="the filter, at half its height",
    )
    axis.set_xlabel("filter (0 = lowest)")
    axis.set_ylabel("width (Hz)")
    axis.set_ylim(bottom=0)
    axis.legend(fontsize=8)
    found = sample_rate * widths(filters)
    told = {
        f"filter {k}": f"band {float(asked[k]):.0f} Hz, filter {float(found[k]):.0f} Hz"
        for k in spaced(len(found), most=9)
    }
    figure.alt = f"How wide each filter is at half its height, and how wide its band was meant to be: {each(told)}."
    return figure


def score_bars(scores: Mapping[str, float], guessing: float = 0.1) -> Figure:
    """Shares of words heard rightly, in percent, with the line of a guess."""
    figure, axis = new_figure(size=(7, 0.55 * len(scores) + 1.2))
    percent = [100 * value for value in scores.values()]
    bars = axis.barh(list(scores), percent, color=COLOURS[0])
    axis.bar_label(bars, labels=[f"{value:.0f} %" for value in percent], padding=4)
    axis.axvline(100 * guessing, color="black", linestyle=":", label="guessing")
    axis.set_xlim(0, 110)
    axis.set_xlabel("words of unknown speakers heard rightly (%)")
    axis.set_ylabel("filters")
    axis.invert_yaxis()
    axis.legend(fontsize=8, loc="lower right")
    told = each({name: f"{value:.0f} %" for name, value in zip(scores, percent, strict=True)})
    figure.alt = f"Words of unknown speakers heard rightly, as bars: {told}. Guessing is {100 * guessing:.0f} %."
    return figure
