"""Where a residual block has its norms and activations: the form of 2015, and that of 2016."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor, nn

from ...showing.style import COLOURS, LINES, MARKERS, new_figure
from .branches import BOX, FILLS

FORMS: Mapping[str, Sequence[str]] = {
    "2015: this assignment": ("3x3", "norm", "ReLU", "3x3", "norm", "+", "ReLU"),
    "2016: `digits`": ("norm", "ReLU", "3x3", "norm", "ReLU", "3x3", "+"),
}


def block_forms() -> Figure:
    """The two forms of a block beside each other, from left to right; what goes round the branch is drawn bold."""
    figure, axes = new_figure(len(FORMS), 1, size=(8, 3.4))
    for axis, (name, steps) in zip(axes, FORMS.items(), strict=True):
        _draw(axis, steps)
        axis.set_title(name, fontsize=9, loc="left")
    axes[-1].set_xlabel("from the block's input to its output", fontsize=8)
    return figure


def _draw(axis: Axes, steps: Sequence[str]) -> None:
    total = steps.index("+") + 1
    axis.annotate("", (len(steps) + 1, 0), (0, 0), arrowprops={"arrowstyle": "-|>", "linewidth": 1.0})
    for place, step in enumerate(steps, start=1):
        fill = FILLS[0] if step == "3x3" else "white" if step == "+" else FILLS[1] if step == "ReLU" else FILLS[2]
        axis.text(place, 0, step, ha="center", va="center", fontsize=9, bbox=BOX | {"facecolor": fill}, zorder=3)
    axis.plot([0.3, 0.3, total, total], [0, 0.8, 0.8, 0.25], color=COLOURS[1], linewidth=3)
    axis.set_xlim(-0.1, len(steps) + 1.1)
    axis.set_ylim(-0.5, 1.1)
    axis.set_xticks([])
    axis.set_yticks([])
    axis.set_ylabel("block")
    for side in axis.spines.values():
        side.set_visible(False)


def silenced(block: nn.Module) -> nn.Module:
    """The same block, with every norm giving 0: what is left is what goes round its branch, and what follows the sum."""
    with torch.no_grad():
        for part in block.modules():
            if isinstance(part, nn.BatchNorm2d):
                part.weight.zero_()
                part.bias.zero_()
    return block


def spread_curves(curves: Mapping[str, Sequence[float]]) -> Figure:
    """How large what arrives after each block is, by name; block 0 is the input."""
    figure, axis = new_figure(size=(7.4, 3.0))
    for k, (name, values) in enumerate(curves.items()):
        axis.plot(
            range(len(values)), list(values), color=COLOURS[k], linestyle=LINES[k], marker=MARKERS[k], markersize=4, label=name
        )
    axis.set_yscale("log")
    axis.set_xlabel("after block (0: what came in)")
    axis.set_ylabel("standard deviation (log.)")
    axis.legend(fontsize=8)
    return figure


def spreads(blocks: Sequence[nn.Module], maps: Tensor) -> list[float]:
    """Standard deviation of the maps before the first block and after each."""
    found = [float(maps.std())]
    with torch.no_grad():
        for block in blocks:
            maps = block(maps)
            found.append(float(maps.std()))
    return found
