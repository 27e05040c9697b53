"""A 3x3 kernel slides over a digit: cross-correlation, seen one position at a time."""

from __future__ import annotations

from typing import Any

import torch.nn.functional as F
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from torch import Tensor, tensor

from ...showing.sliders import with_sliders
from ...showing.style import COLOURS, is_static, new_figure, pixel_axes, show_image
from ...showing.telling import row as in_row

KERNELS = {
    "blur": tensor([[1.0, 1, 1], [1, 1, 1], [1, 1, 1]]) / 9,
    "upright edges": tensor([[1.0, 0, -1], [2, 0, -2], [1, 0, -1]]),
    "level edges": tensor([[1.0, 2, 1], [0, 0, 0], [-1, -2, -1]]),
    "sharpen": tensor([[0.0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
    "shift": tensor([[0.0, 0, 0], [0, 0, 1], [0, 0, 0]]),
}


def kernel_picture(image: Tensor, kernel: Tensor, row: int, column: int, name: str = "kernel") -> Figure:
    """The image with the window, window times kernel, and the output with the position that was just computed.

    Args:
        image:       (height, width) or (1, height, width).
        kernel:      (3, 3).
        row, column: upper left corner of the window, 0 to height - 3 and width - 3.
    """
    image = image.reshape(image.shape[-2:])
    output = F.conv2d(image[None, None], kernel[None, None])[0, 0]
    window = image[row : row + 3, column : column + 3]
    strongest = float(output.abs().max()) or 1.0

    figure, (left, middle, right) = new_figure(1, 3, size=(8.2, 3.3))
    show_image(left, image, "the image and the window")
    left.add_patch(Rectangle((column - 0.5, row - 0.5), 3, 3, fill=False, edgecolor=COLOURS[1], linewidth=2.5))
    show_image(middle, window, f"{name}: ink x weight,\nsummed: {float(output[row, column]):.2f}")
    for r in range(3):
        for c in range(3):
            ink = float(window[r, c])
            text = f"{ink:.2f}\nx {float(kernel[r, c]):.2g}"
            middle.text(c, r, text, ha="center", va="center", color="white" if ink > 0.5 else "black", fontsize=9)
    show_image(right, output, "the output,\none number a position", cmap="PuOr", vmin=-strongest, vmax=strongest)
    right.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, edgecolor="black", linewidth=2))
    figure.colorbar(right.images[0], ax=right, shrink=0.8, label="weighted sum")
    for axis in (left, right):
        pixel_axes(axis)
    middle.set_xlabel("column of the window")
    middle.set_ylabel("row of the window")
    lowest, highest = (divmod(int(place), output.shape[1]) for place in (output.argmin(), output.argmax()))
    figure.alt = (
        f"A window of 3 x 3 at row {row}, column {column} of an image; its ink, row by row: "
        f"{in_row(window.flatten())}; "
        f"the weights of {name}: {in_row(kernel.flatten(), '.2g')}; the sum of the products: "
        f"{float(output[row, column]):.2f}. "
        f"The output goes from {float(output.min()):.2f} at row {lowest[0]}, column {lowest[1]} to "
        f"{float(output.max()):.2f} at "
        f"row {highest[0]}, column {highest[1]}; {100 * float((output == 0).float().mean()):.0f} % of it are 0."
    )
    return figure


def kernel_slider(image: Tensor, kernel: str = "upright edges", row: int = 8, column: int = 10) -> Any:
    """`kernel_picture` with a menu and two sliders; the picture alone, where there are no widgets."""

    def draw(kernel: str, row: int, column: int) -> tuple[Figure]:
        return (kernel_picture(image, KERNELS[kernel], row, column, kernel),)

    if is_static():
        return draw(kernel, row, column)[0]
    height, width = image.shape[-2:]
    first_of_menu = [kernel, *(name for name in KERNELS if name != kernel)]
    return with_sliders(draw, kernel=first_of_menu, row=(row, 0, height - 3, 1), column=(column, 0, width - 3, 1))
