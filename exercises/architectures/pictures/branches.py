"""An Inception module: four branches over the same maps, their outputs laid one behind the other."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import nn

from ...showing.style import COLOURS, new_figure
from .layers import Ran, layers_of

BOX = {"boxstyle": "round,pad=0.35", "linewidth": 0.8}
FILLS = ("#cfe3f1", "#f8dcc6", "#cdebdf")  # light, for black letters: 1x1, larger kernels, no weights


def branches_of(layers: Sequence[Ran], in_channels: int) -> list[list[Ran]]:
    """The convolutions of each branch, short branches and small kernels first; which follows which is told by channels.

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


def in_order(module: nn.Module, branches: list[list[Ran]]) -> list[list[Ran]]:
    """Branches as they are concatenated, that behind the pooling last: it has one convolution as the first one has.

    Which of the two is the first says the module: what it gives begins with that.
    """
    alone = [branch for branch in branches if len(branch) == 1]
    if len(alone) != 2:
        return branches
    with torch.no_grad():
        maps = torch.randn(1, alone[0][0].seen[0], 5, 5, generator=torch.Generator().manual_seed(0))
        given = module(maps)
        first, last = alone
        begins = last[0].layer(maps).relu()
    if begins.shape == given[:, : begins.shape[1]].shape and torch.allclose(
        begins, given[:, : begins.shape[1]], atol=1e-5
    ):
        first, last = last, first
    return [first, *(branch for branch in branches if len(branch) > 1), last]


def inception_picture(module: nn.Module, in_channels: int, side: int) -> Figure:
    """A module's branches with the sizes on the way, from hooks, and what is concatenated.

    Args:
        module: your Inception, with different numbers in its branches.
        side:   height of the maps that come in.
    """
    branches = in_order(module, branches_of(layers_of(module, (in_channels, side, side)), in_channels))
    figure, axis = new_figure(size=(8, 4.2))
    total = sum(branch[-1].channels for branch in branches)
    _box(axis, 1.5, 0, f"maps that come in: {in_channels} of {side}x{side}", FILLS[2])
    for place, branch in enumerate(branches):
        steps = [(f"{one.name}: {one.channels}", FILLS[one.kernel != (1, 1)]) for one in branch]
        if place == len(branches) - 1:
            steps.insert(0, ("max 3x3, stride 1", FILLS[2]))
        for height, (text, fill) in enumerate(steps, start=1 if len(steps) > 1 else 2):
            _box(axis, place, height, text, fill)
        bottom = 1 if len(steps) > 1 else 2
        _arrow(axis, (1.5 + 0.35 * (place - 1.5), 0.17), (place, bottom - 0.17))
        if len(steps) > 1:
            _arrow(axis, (place, 1.17), (place, 1.83))
        _arrow(axis, (place, 2.17), (1.5 + 0.5 * (place - 1.5), 2.83))
    parts = " + ".join(str(branch[-1].channels) for branch in branches)
    _box(axis, 1.5, 3, f"concatenated: {parts} = {total} of {side}x{side}", FILLS[2])
    axis.set_xlim(-0.6, 3.6)
    axis.set_ylim(-0.4, 3.4)
    axis.set_xticks([])
    axis.set_yticks([])
    axis.set_ylabel("from maps to maps")
    for edge in axis.spines.values():
        edge.set_visible(False)
    told = [", then ".join(f"{one.name} to {one.channels}" for one in branch) for branch in branches]
    told[-1] = f"max 3x3, then {told[-1]}"
    figure.alt = (
        f"{in_channels} maps of {side}x{side} go through {len(told)} branches: {'; '.join(told)}. Their outputs are "
        f"concatenated: "
        f"{parts} = {total} maps of {side}x{side}."
    )
    return figure


def _box(axis: Axes, x: float, y: float, text: str, fill: str) -> None:
    axis.text(x, y, text, ha="center", va="center", fontsize=9, bbox=BOX | {"facecolor": fill}, zorder=3)


def _arrow(axis: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    axis.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "color": COLOURS[0], "linewidth": 1.0})
