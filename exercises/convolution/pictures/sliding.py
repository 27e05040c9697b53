"""A filter slides along a signal, one place at a time: turned round (convolution), and as it is (cross-correlation)."""

from __future__ import annotations

from typing import Any

import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

from ...showing.sliders import with_sliders
from ...showing.style import COLOURS, new_figure
from ...showing.telling import each
from ...showing.telling import row as in_row


def sliding_picture(x: Tensor, taps: Tensor, place: int) -> Figure:
    """The signal with the filter below it, and all outputs with the one that is just computed; both ways.

    Args:
        x:     (time,) few samples.
        taps:  (taps,) fewer.
        place: index of the output, 0 to time + taps - 2.
    """
    figure, axes = new_figure(3, 2, size=(8, 5.4), sharex=True, sharey="row", height_ratios=[1, 1, 1.1])
    numbers = torch.arange(len(taps))
    ways = {
        "convolution: taps[0] lies on the newest sample": (taps.flip(0), numbers.flip(0)),
        "cross-correlation: taps[0] lies on the oldest sample": (taps, numbers),
    }
    for column, (title, (laid, order)) in enumerate(ways.items()):
        top, middle, bottom = axes[:, column]
        first = place - len(taps) + 1
        below = torch.arange(first, place + 1)
        top.axvspan(first - 0.4, place + 0.4, color=COLOURS[1], alpha=0.15)
        _stems(top, torch.arange(len(x)), x, COLOURS[0])
        top.set_title(title, fontsize=9)
        _stems(middle, below, laid, COLOURS[1])
        for k, number in zip(below.tolist(), order.tolist(), strict=True):
            middle.annotate(f"[{number}]", (k, 0), (0, -12), textcoords="offset points", ha="center", fontsize=9)
        outputs = slid(x, laid)
        _stems(bottom, torch.arange(len(outputs)), outputs, COLOURS[0])
        bottom.plot(place, float(outputs[place]), "o", color=COLOURS[1], markersize=9)
        value = float(outputs[place])
        bottom.annotate(
            f"{value:g}", (place, value), (-7, 5), textcoords="offset points", ha="right", fontsize=9, color=COLOURS[1]
        )
        bottom.set_xlabel("place")
    for row, name in zip(axes, ("signal", "filter, [index]", "output"), strict=True):
        for axis in row:
            axis.set_ylabel(name)
    axes[0, 0].set_xlim(-len(taps) - 0.2, len(x) + len(taps) - 0.8)
    told = {title.split(":")[0]: in_row(slid(x, laid).tolist(), "g") for title, (laid, _) in ways.items()}
    figure.alt = (
        f"The signal {in_row(x.tolist(), 'g')}, below it the taps {in_row(taps.tolist(), 'g')}, laid over places "
        f"{first} to {place}; all outputs, of which number {place} is marked: {each(told)}."
    )
    return figure


def slid(x: Tensor, laid: Tensor) -> Tensor:
    """All sums of products, the filter laid on the signal as it is: (time + taps - 1,)."""
    padded = torch.nn.functional.pad(x, (len(laid) - 1, len(laid) - 1))
    return padded.unfold(0, len(laid), 1) @ laid


def _stems(axis: Axes, places: Tensor, values: Tensor, colour: str) -> None:
    axis.axhline(0, color="black", linewidth=0.6)
    axis.vlines(places.numpy(), 0, values.numpy(), color=colour, linewidth=2)
    axis.plot(places.numpy(), values.numpy(), "o", color=colour, markersize=4)
    axis.margins(y=0.25)


def sliding(x: Tensor, taps: Tensor, place: int = 4) -> Any:
    """`sliding_picture` with a slider for the place."""
    last = len(x) + len(taps) - 2
    return with_sliders(lambda place: (sliding_picture(x, taps, place),), place=(place, 0, last, 1))
