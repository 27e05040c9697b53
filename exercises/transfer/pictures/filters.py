"""First filters before and after training, and what neurons of the visual cortex are likened to: Gabor's kernels.

A Gabor kernel is a wave under a bell: it answers to stripes of one direction and one width at one place. J. G. Daugman
(1985, J. Opt. Soc. Am. A 2) describes simple cells of the visual cortex by it.
"""

from __future__ import annotations

from math import pi

import torch
import torch.nn.functional as F
from matplotlib.figure import Figure
from torch import Tensor

from ...showing.style import new_figure

SIDE = 7
BELL = 2.2  # standard deviation, in pixels
DIRECTIONS, PHASES = 8, 8
WIDTHS = (6.0, 9.0, 14.0)  # pixels from one stripe to the next


def gabors() -> Tensor:
    """Gabor kernels of eight directions, three widths and eight phases: (192, SIDE, SIDE)."""
    rows, columns = torch.meshgrid(*2 * [torch.arange(SIDE) - SIDE // 2], indexing="ij")
    bell = torch.exp(-(rows**2 + columns**2) / (2 * BELL**2))
    kernels = []
    for direction in range(DIRECTIONS):
        angle = torch.tensor(pi * direction / DIRECTIONS)
        along = columns * angle.cos() + rows * angle.sin()
        for width in WIDTHS:
            for phase in range(PHASES):
                kernels.append(bell * torch.cos(2 * pi * along / width + 2 * pi * phase / PHASES))
    return torch.stack(kernels)


def likeness(filters: Tensor) -> tuple[Tensor, Tensor]:
    """The Gabor kernel that is most like each filter, by the correlation of their weights.

    filters: (n, SIDE, SIDE) -> correlations (n,), and those kernels (n, SIDE, SIDE).
    """
    kernels = gabors()
    best = (_unit(filters) @ _unit(kernels).T).max(dim=1)
    return best.values, kernels[best.indices]


def _unit(kernels: Tensor) -> Tensor:
    """As vectors of mean 0 and length 1: their products are correlations."""
    vectors = kernels.detach().flatten(start_dim=1)
    vectors = vectors - vectors.mean(dim=1, keepdim=True)
    return vectors / vectors.norm(dim=1, keepdim=True)


def neighbours(filters: Tensor) -> float:
    """How much alike neighbouring weights are: the mean of their correlation along both axes, 0 for random ones."""
    weights = filters.detach() - filters.detach().mean(dim=(1, 2), keepdim=True)
    along = [
        (weights[:, 1:] * weights[:, :-1]).mean(dim=(1, 2)),
        (weights[:, :, 1:] * weights[:, :, :-1]).mean(dim=(1, 2)),
    ]
    return float((sum(along) / 2 / weights.square().mean(dim=(1, 2))).mean())


def smooth_noise(count: int = 24, seed: int = 0) -> Tensor:
    """Filters that nothing was learnt by, (count, SIDE, SIDE): random numbers, each the mean of a square of 3x3."""
    random = torch.Generator().manual_seed(seed)
    return F.avg_pool2d(torch.randn(count, 1, SIDE + 2, SIDE + 2, generator=random), 3, stride=1)[:, 0]


def filters_picture(before: Tensor, after: Tensor, columns: int = 8) -> Figure:
    """Filters before and after training, and below them the Gabor kernels most like them now: the likest on the left.

    before, after: (n, SIDE, SIDE), rows are time and columns frequency, drawn with time to the right.
    """
    now, kernels = likeness(after)
    order = now.argsort(descending=True)[:columns]
    figure, axes = new_figure(3, columns, size=(1.05 * columns + 0.8, 3.6))
    rows = {"before": before[order], "after": after[order], "a Gabor\nkernel": kernels[order]}
    for (name, filters), row in zip(rows.items(), axes, strict=True):
        for axis, one in zip(row, filters.detach(), strict=True):
            largest = float(one.abs().max())
            axis.imshow(one.T.numpy(), cmap="PuOr_r", vmin=-largest, vmax=largest, origin="lower")
            axis.set_xticks([])
            axis.set_yticks([])
        row[0].set_ylabel(name, fontsize=9)
    for axis, k in zip(axes[2], order.tolist(), strict=True):
        axis.set_xlabel(f"alike: {now[k]:.2f}", fontsize=8)
    likest = ", ".join(f"{float(now[k]):.2f}" for k in order)
    figure.alt = (
        f"The {len(order)} filters of {len(after)} that are most like a Gabor kernel now: before training, like noise, "
        f"and after it, in smooth spots and stripes; below each that kernel, with correlations {likest}."
    )
    figure.supxlabel("in each: time to the right, frequency upwards; orange adds, purple takes away", fontsize=8)
    return figure
