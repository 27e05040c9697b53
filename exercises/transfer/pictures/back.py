"""A single activation on its way back to the image, layer by layer."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from torch import Tensor

from ...showing.style import HEAT, new_figure
from ...showing.telling import each


def way_back(stamp: Tensor, maps: Mapping[str, Tensor], box: tuple[int, int, int, int] | None = None) -> Figure:
    """The stamp, and beside it what there is on the way back: of many channels their sum.

    All pictures are as large, though a map deep in the network has fewer pixels.

    Args:
        stamp: (1, time, mel).
        maps:  for each place on the way, (1, channels, rows, columns).
        box:   (top, left, bottom, right) of what the activation can see, drawn on the stamp.
    """
    time, mel = stamp.shape[-2:]
    figure, axes = new_figure(1, 1 + len(maps), size=(2.2 * (1 + len(maps)), 2.4), sharey=True)
    extent = (-0.5, time - 0.5, -0.5, mel - 0.5)
    looks = {"origin": "lower", "aspect": "auto", "extent": extent}
    axes[0].imshow(stamp.detach().reshape(time, mel).T.numpy(), cmap=HEAT, **looks)
    axes[0].set_title("the stamp", fontsize=9)
    if box is not None:
        top, left, bottom, right = box
        corner = (top - 0.5, left - 0.5)
        axes[0].add_patch(Rectangle(corner, bottom - top, right - left, fill=False, edgecolor="white", linewidth=1.5))
    for axis, (name, one) in zip(axes[1:], maps.items(), strict=True):
        image = one.detach().sum(dim=(0, 1))
        largest = max(float(image.abs().max()), torch.finfo(image.dtype).tiny)
        axis.imshow(image.T.numpy(), cmap="PuOr_r", vmin=-largest, vmax=largest, **looks)
        axis.set_title(f"{name}: {one.shape[1]}x{one.shape[2]}x{one.shape[3]}", fontsize=9)
    for axis in axes:
        axis.set_xlabel("time (pixels)")
    told = {}
    for name, one in maps.items():
        sizes = one.detach().abs().sum(dim=(0, 1))
        when, which = (
            sizes.sum(dim=axis).argmax() * full / sizes.shape[1 - axis] for axis, full in ((1, time), (0, mel))
        )
        told[name] = (
            f"{int(sizes.count_nonzero())} of {sizes.numel()} places are not zero, "
            f"most of it at time {float(when):.0f} and band {float(which):.0f}"
        )
        if box is not None and sizes.shape == (time, mel):
            seen = sizes[max(box[0], 0) : box[2], max(box[1], 0) : box[3]]
            told[name] += f"; of the box's {seen.numel()} pixels {100 * float((seen != 0).double().mean()):.0f} %"
    figure.alt = f"A stamp, and what is led back from one activation to each layer: {each(told)}."
    axes[0].set_ylabel("mel band")
    axes[0].set_xlim(extent[:2])
    axes[0].set_ylim(extent[2:])
    return figure
