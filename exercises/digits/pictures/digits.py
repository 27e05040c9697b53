"""Digits as they are: in a grid, and before and after something happened to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure
from torch import Tensor

from ...showing.style import new_figure, pixel_axes, show_image
from ...showing.telling import each, extent, one_line


def digit_grid(images: Tensor, captions: Sequence[object] | Tensor, columns: int = 10) -> Figure:
    """Images in rows, each under its caption.

    Args:
        images:   (n, 1, height, width), 0 = paper and 1 = ink.
        captions: n short texts or labels.
    """
    rows = -(-len(images) // columns)
    figure, axes = new_figure(rows, columns, size=(0.85 * columns, 1.05 * rows), squeeze=False)
    for axis in axes.flat:
        axis.set_axis_off()
    texts = captions.tolist() if isinstance(captions, Tensor) else captions
    for axis, image, text in zip(axes.flat, images, texts, strict=False):
        axis.set_axis_on()
        show_image(axis, image, str(text))
    figure.alt = f"{len(images)} images in rows of {columns}; above them stands: {'; '.join(map(one_line, texts))}."
    return figure


def side_by_side(images: Mapping[str, Tensor]) -> Figure:
    """Images (height, width) or (1, height, width) beside each other, each with its name, its size and pixel axes."""
    figure, axes = new_figure(1, len(images), size=(2.6 * len(images), 2.9), squeeze=False)
    for axis, (name, image) in zip(axes[0], images.items(), strict=True):
        height, width = image.shape[-2:]
        show_image(axis, image, f"{name}\n{height} x {width}")
        axis.set_xticks([0, width - 1])
        axis.set_yticks([0, height - 1])
        pixel_axes(axis)
    seen = {
        name: f"({' x '.join(map(str, image.shape[-2:]))} pixels): {extent(image)}" for name, image in images.items()
    }
    figure.alt = f"Images beside each other, 0 is paper and 1 is ink: {each(seen)}."
    return figure
