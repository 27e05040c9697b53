"""Large kernels made of small ones: what a stack of them sees, and how many weights it has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
import torch.nn.functional as F
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from torch import Tensor

from ...showing.style import COLOURS, new_figure
from ...showing.telling import each

Stack = Sequence[tuple[int, int]]  # (height, width) of kernels, one behind the other


def ways(stack: Stack) -> Tensor:
    """On how many ways each input reaches the output in the middle: (height, width) of what the stack sees."""
    height = 1 + sum(one[0] - 1 for one in stack)
    width = 1 + sum(one[1] - 1 for one in stack)
    found = torch.ones(1, 1, 1, 1)
    for high, wide in stack:
        found = F.conv_transpose2d(found, torch.ones(1, 1, high, wide))
    return found.reshape(height, width)


def weights(stack: Stack) -> int:
    """Weights of the stack for each pair of an input and an output channel, with as many channels everywhere."""
    return sum(high * wide for high, wide in stack)


def kernel_row(stacks: Mapping[str, Stack]) -> Figure:
    """What stacks of kernels see: each input's square says on how many ways it reaches the output in the middle.

    The orange box is the last kernel: what the output sees of the maps before it.
    """
    figure, axes = new_figure(1, len(stacks), size=(0.3 + 2.35 * len(stacks), 2.9), squeeze=False)
    for axis, (name, stack) in zip(axes[0], stacks.items(), strict=True):
        seen = ways(stack)
        height, width = seen.shape
        axis.imshow(seen.numpy(), cmap="Greys", vmin=0, vmax=3 * float(seen.max()))
        for row in range(height):
            for column in range(width):
                axis.text(column, row, f"{seen[row, column]:.0f}", ha="center", va="center", fontsize=7)
        high, wide = stack[-1]
        corner = (width / 2 - wide / 2 - 0.5, height / 2 - high / 2 - 0.5)
        axis.add_patch(Rectangle(corner, wide, high, edgecolor=COLOURS[1], linewidth=2.5, fill=False))
        axis.set_xticks([])
        axis.set_yticks([])
        axis.set_title(f"{name}\nsees {height}x{width}, {weights(stack)} weights", fontsize=9)
        axis.set_xlabel("input (ways to the output)", fontsize=8)
    told = {}
    for name, stack in stacks.items():
        seen = ways(stack)
        height, width = seen.shape
        center, rim = (f"{float(seen[place]):.0f}" for place in ((height // 2, width // 2), (0, 0)))
        told[name] = (
            f"sees {height}x{width}, {weights(stack)} weights, the middle on {center} ways and a corner on {rim}"
        )
    figure.alt = f"What stacks of kernels see: {each(told)}."
    return figure
