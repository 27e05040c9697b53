"""An Inception module: four branches over the same maps, their outputs laid one behind the other."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import nn

from ...showing.style import COLOURS, new_figure
from .layers import Ran, layers_of

BOX = {"boxstyle": "round,pad=0.35", "linewidth": 0.8}
FILLS = ("#cfe3f1", "#f8dcc6", "#cdebdf")  # light, for black letters: 1x1, larger kernels, no weights


def branches_of(layers: Sequence[Ran], in_channels: int) -> list[list[Ran]]:
    """The convolutions of each branch, the shortest branches first: which follows which is told by channels.

    Args:
        layers:      of one module, in any order.
        in_channels: of the module.
    """
    first = [one for one in layers if one.seen[0] == in_channels]
    rest = [one for one in layers if one not in first]
    found = []
    for begin in first:
        followers = [one for one in rest if one.seen[0] == begin.channels and one.kernel != (1, 1)]
        if followers:
            rest.remove(followers[0])
        found.append([begin, *followers[:1]])
    return sorted(found, key=lambda branch: branch[-1].kernel if len(branch) > 1 else (0,))


def inception_picture(module: nn.Module, in_channels: int, side: int) -> Figure:
    """A module's branches with the sizes on the way, from hooks, and what is concatenated.

    Args:
        module: your Inception, with different numbers in its branches.
        side:   height of the maps that come in.
    """
    branches = branches_of(layers_of(module, (in_channels, side, side)), in_channels)
    figure, axis = new_figure(size=(8, 4.2))
    total = sum(branch[-1].channels for branch in branches)
    _box(axis, 1.5, 0, f"maps that come in: {in_channels} of {side}x{side}", FILLS[2])
    pooled = len(branches) - 1  # what comes after pooling ends in 1x1 as the first branch does, and is drawn last
    order = [branches[0], *branches[2:], branches[1]] if len(branches) == 4 else branches
    for place, branch in enumerate(order):
        steps = [(f"{one.name}: {one.channels}", FILLS[one.kernel != (1, 1)]) for one in branch]
        if place == pooled:
            steps.insert(0, ("max 3x3, stride 1", FILLS[2]))
        for height, (text, fill) in enumerate(steps, start=1 if len(steps) > 1 else 2):
            _box(axis, place, height, text, fill)
        bottom = 1 if len(steps) > 1 else 2
        _arrow(axis, (1.5 + 0.35 * (place - 1.5), 0.17), (place, bottom - 0.17))
        if len(steps) > 1:
            _arrow(axis, (place, 1.17), (place, 1.83))
        _arrow(axis, (place, 2.17), (1.5 + 0.5 * (place - 1.5), 2.83))
    parts = " + ".join(str(branch[-1].channels) for branch in order)
    _box(axis, 1.5, 3, f"concatenated: {parts} = {total} of {side}x{side}", FILLS[2])
    axis.set_xlim(-0.6, 3.6)
    axis.set_ylim(-0.4, 3.4)
    axis.set_xticks([])
    axis.set_yticks([])
    axis.set_ylabel("from maps to maps")
    for edge in axis.spines.values():
        edge.set_visible(False)
    return figure


def _box(axis: Axes, x: float, y: float, text: str, fill: str) -> None:
    axis.text(x, y, text, ha="center", va="center", fontsize=9, bbox=BOX | {"facecolor": fill}, zorder=3)


def _arrow(axis: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    axis.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "color": COLOURS[0], "linewidth": 1.0})
