"""The patches of the images that excite a filter most: what a first-layer kernel looks for."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from matplotlib.figure import Figure
from torch import Tensor, nn

from ...showing.style import new_figure, show_image
from ...showing.telling import extent
from ...showing.telling import row as in_row


def best_patches(conv: nn.Conv2d, images: Tensor, filters: int = 4, patches: int = 8) -> Figure:
    """Each row: the kernel of a filter, and the patches, from different images, to which it answers most.

    Args:
        conv:    a first layer, with one input channel.
        images:  (n, 1, height, width).
        filters: how many filters; those with the largest answer above their mean.
    """
    with torch.no_grad():
        answers = conv(images)  # (n, filters, rows, columns)
    chosen = (answers.amax(dim=(0, 2, 3)) - answers.mean(dim=(0, 2, 3))).argsort(descending=True)[:filters].tolist()
    figure, axes = new_figure(len(chosen), 1 + patches, size=(0.9 * (1 + patches), 1.05 * len(chosen)), squeeze=False)
    words = []
    for row, index in enumerate(chosen):
        kernel = conv.weight[index, 0].detach()
        strongest = float(kernel.abs().max()) or 1.0
        show_image(axes[row, 0], kernel, f"filter {index}", cmap="PuOr", vmin=-strongest, vmax=strongest)
        places = [divmod(int(place), kernel.shape[1]) for place in (kernel.argmax(), kernel.argmin())]
        peak, place = answers[:, index].flatten(start_dim=1).max(dim=1)
        for column, image in enumerate(peak.argsort(descending=True)[:patches].tolist(), start=1):
            patch = _patch(conv, images[image, 0], int(place[image]), answers.shape[-1])
            show_image(axes[row, column], patch, f"{float(peak[image]):.1f}")
        words.append(
            f"Filter {index}: weights {extent(kernel)}, the largest in row {places[0][0]}, column {places[0][1]} of "
            f"the kernel, "
            f"the smallest in row {places[1][0]}, column {places[1][1]}; its answers are "
            f"{in_row(peak.topk(min(patches, len(peak)))[0], '.1f')}."
        )
    figure.supxlabel("left: weights; right: patches and the filter's answer (ink x weight), largest first", fontsize=9)
    figure.alt = f"The filters that answer most, and the patches to which they do. {' '.join(words)}"
    return figure


def _patch(conv: nn.Conv2d, image: Tensor, place: int, columns: int) -> Tensor:
    """What the kernel saw at one output position: (kernel, kernel), with the zeros that were padded."""
    height, width = conv.kernel_size
    down, right = (int(p) for p in conv.padding)
    padded = F.pad(image, (right, right, down, down))
    top, left = place // columns * conv.stride[0], place % columns * conv.stride[1]
    return padded[top : top + height, left : left + width]
