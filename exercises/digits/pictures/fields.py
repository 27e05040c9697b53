"""The receptive field twice: as a formula's box, and as the gradient that was measured."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import torch
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from torch import Tensor, nn

from ...showing.style import COLOURS, HEAT, new_figure, pixel_axes

if TYPE_CHECKING:  # not while running: a slip in the student's file must not take all pictures away
    from ..receptive_field import Layer


def measured_gradient(layers: Sequence[Layer], size: int) -> Tensor:
    """Gradient of the middle output of square convolutions with respect to a (size, size) image.

    All weights are 1 / kernel_size**2: what is reached cannot cancel out.
    """
    image = torch.zeros(1, 1, size, size, requires_grad=True)
    with torch.enable_grad():
        x: Tensor = image
        for layer in layers:
            weight = torch.full((1, 1, layer.kernel_size, layer.kernel_size), 1 / layer.kernel_size**2)
            x = nn.functional.conv2d(x, weight, None, layer.stride, layer.padding, layer.dilation)
        (gradient,) = torch.autograd.grad(x[0, 0, x.shape[2] // 2, x.shape[3] // 2], image)
    return gradient[0, 0]


def receptive_field_picture(gradient: Tensor, field: int) -> Figure:
    """The box of a formula over a heat map of how strongly each input pixel moves the middle output.

    Args:
        gradient: (height, width), absolute gradient of one output with respect to the input.
        field:    side of the box in pixels.  It is centred on the pixels that have a gradient.
    """
    figure, axis = new_figure(size=(5.2, 4.2))
    heat = gradient.detach().abs()
    heat = heat / heat.max().clamp_min(1e-30)
    picture = axis.imshow(heat.sqrt().numpy(), cmap=HEAT, vmin=0, vmax=1)
    rows, columns = heat.nonzero(as_tuple=True)
    if len(rows):
        middle_row = (float(rows.min()) + float(rows.max())) / 2
        middle_column = (float(columns.min()) + float(columns.max())) / 2
    else:
        middle_row, middle_column = (heat.shape[0] - 1) / 2, (heat.shape[1] - 1) / 2
    corner = (middle_column - field / 2, middle_row - field / 2)
    label = f"formula: {field} x {field}"
    axis.add_patch(Rectangle(corner, field, field, fill=False, edgecolor=COLOURS[1], linewidth=2.5, label=label))
    sides = [int(places.max() - places.min()) + 1 if len(places) else 0 for places in (rows, columns)]
    span, reached = f"{sides[0]} x {sides[1]}", f"{len(rows)} of these {sides[0] * sides[1]} have one"
    axis.set_title(f"measured: the pixels with a gradient span {span}\n({reached})", fontsize=9)
    axis.legend(loc="upper right", fontsize=8)
    pixel_axes(axis)
    figure.colorbar(picture, ax=axis, label="square root of |gradient|, largest = 1")
    corner_words = f", in a corner {float(heat[rows.min(), columns.min()]):.2g}" if len(rows) else ""
    figure.alt = (
        f"The box of the formula, {field} x {field} pixels, over the measured gradient: the pixels with a "
        f"gradient span {span} ({reached}); the largest is 1{corner_words}."
    )
    return figure
