"""Where a residual block has its norms and activations: the form of 2015, and that of 2016."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor, nn

from ...showing.style import COLOURS, new_figure
from ...showing.telling import each, extent
from .branches import BOX, FILLS

FORMS: Mapping[str, Sequence[str]] = {
    "2015: this assignment": ("3x3", "norm", "ReLU", "3x3", "norm", "+", "ReLU"),
    "2016: the assignment digits": ("norm", "ReLU", "3x3", "norm", "ReLU", "3x3", "+"),
}


def block_forms() -> Figure:
    """The two forms of a block beside each other, from left to right; what goes round the branch is drawn bold."""
    figure, axes = new_figure(len(FORMS), 1, size=(8, 3.4))
    for axis, (name, steps) in zip(axes, FORMS.items(), strict=True):
        _draw(axis, steps)
        axis.set_title(name, fontsize=9, loc="left")
    axes[-1].set_xlabel("from the block's input to its output", fontsize=8)
    told = {
        name: ", ".join("the sum with the input" if step == "+" else step for step in steps)
        for name, steps in FORMS.items()
    }
    figure.alt = (
        f"Two forms of a residual block, from its input to its output: {each(told)}. A bold line goes round the branch."
    )
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


class FormOf2016(nn.Module):
    """A residual block as `digits` has it, without biases: (batch, channels, height, width) -> the same shape."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norms = nn.ModuleList(nn.BatchNorm2d(channels) for _ in range(2))
        self.convolutions = nn.ModuleList(
            nn.Conv2d(channels, channels, kernel_size=3, padding=1, bias=False) for _ in range(2)
        )

    def forward(self, maps: Tensor) -> Tensor:
        added = maps
        for norm, convolution in zip(self.norms, self.convolutions, strict=True):
            added = convolution(norm(added).relu())
        return maps + added


def silenced(block: nn.Module) -> nn.Module:
    """The same block, whose norms give nothing but 0: what still passes goes round its branch."""
    with torch.no_grad():
        for part in block.modules():
            if isinstance(part, nn.BatchNorm2d):
                part.weight.zero_()
                part.bias.zero_()
    return block


def passed_through(blocks: Mapping[str, Sequence[nn.Module]], maps: Tensor) -> Figure:
    """The first map before all blocks and behind them, for each kind of block, on one scale of colours.

    Args:
        blocks: by title, one behind the other.
        maps:   (1, channels, height, width).
    """
    shown = {"what comes in": maps}
    with torch.no_grad():
        for name, several in blocks.items():
            shown[name] = nn.Sequential(*several).eval()(maps)
    figure, axes = new_figure(1, len(shown), size=(0.8 + 1.9 * len(shown), 2.5))
    largest = float(maps.abs().max())
    for axis, (name, found) in zip(axes, shown.items(), strict=True):
        picture = axis.imshow(found[0, 0].numpy(), cmap="PuOr", vmin=-largest, vmax=largest)
        axis.set_title(name, fontsize=9)
        axis.set_xticks([])
        axis.set_yticks([])
        axis.set_xlabel(f"{float(found[0, 0].min()):.1f} to {float(found[0, 0].max()):.1f}", fontsize=8)
    figure.colorbar(picture, ax=axes, label="value", shrink=0.8)
    told = {name: extent(found[0, 0], ".1f") for name, found in shown.items()}
    figure.alt = f"The first map before all blocks and behind them: {each(told)}."
    return figure
