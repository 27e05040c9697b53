"""Narrower networks: how parameters and multiply-adds fall with the width, beside networks of full width."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from matplotlib.figure import Figure

from ...showing.sliders import with_sliders
from ...showing.style import COLOURS
from .costs import Cost, cost_picture

SIXTEENTHS = (2, 4, 6, 8, 10, 12, 14, 16)  # of the full width, where the line through narrow networks has its points


def width_picture(costs: Mapping[str, Cost], name: str, narrow: Mapping[float, Cost], width: float) -> Figure:
    """The picture of all costs, a line through one network's widths, and a ring round one of them.

    Args:
        costs:  of networks of full width.
        name:   of the network that is made narrower.
        narrow: what it costs by its width.
        width:  that has the ring: one of these.
    """
    figure = cost_picture(costs)
    axis = figure.axes[0]
    line = [(cost.parameters, cost.multiply_adds) for _, cost in sorted(narrow.items())]
    axis.plot(*zip(*line, strict=True), color=COLOURS[1], linewidth=1.2, marker=".", zorder=1)
    chosen = narrow[width]
    place = (chosen.parameters, chosen.multiply_adds)
    axis.plot(*place, marker="o", markersize=14, fillstyle="none", color=COLOURS[1], markeredgewidth=2)
    numbers = f"{chosen.parameters:,} parameters, {chosen.multiply_adds:,} multiply-adds"
    axis.set_title(f"{name}, width {Fraction(width)}: {numbers}", fontsize=9)
    figure.alt = f"{axis.get_title()}. {figure.alt}"
    return figure


def width_slider(cost_of: Callable[[str, float], Cost], names: Sequence[str], width: int = 8) -> Any:
    """A menu of networks, and a slider for the width in sixteenths.

    Args:
        cost_of: from a name and a width to what that network costs.
        names:   of the networks in the menu, which the picture shows.
        width:   in sixteenths, where the slider stands first.
    """
    cached = functools.cache(cost_of)

    def draw(network: str, sixteenths: int) -> tuple[Figure]:
        narrow = {number / 16: cached(network, number / 16) for number in {*SIXTEENTHS, sixteenths}}
        costs = {name: cached(name, 1.0) for name in names}
        return (width_picture(costs, network, narrow, sixteenths / 16),)

    return with_sliders(draw, network=list(names), sixteenths=(width, 2, 16, 1))
