"""What all pictures share: colours, a figure that is shown once, and the question whether widgets can be used."""

from __future__ import annotations

import os
from importlib.util import find_spec
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

# Okabe & Ito's colours, told apart by colour-blind readers; line styles and hatches tell them apart in a grey print.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
LINES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 3)))
MARKERS = ("o", "s", "^", "D", "v", "P")
HATCHES = ("", "//", "..", "xx", "\\\\", "++")
HEAT = "cividis"
INK = "gray_r"  # 0 is white paper, 1 is black ink


def new_figure(
    rows: int = 1, columns: int = 1, size: tuple[float, float] = (6.4, 3.4), **options: Any
) -> tuple[Figure, Any]:
    """A figure and its axes (an array for more than one), `size` in inches.

    Pyplot forgets the figure at once: a notebook then shows it where a cell returns it, and not a second time.
    """
    figure, axes = plt.subplots(rows, columns, figsize=size, layout="constrained", **options)
    plt.close(figure)
    return figure, axes


def show_image(axes: Axes, image: Tensor, title: str = "", **options: Any) -> None:
    """Draw one image (height, width) or (1, height, width), 0 = paper and 1 = ink, without ticks."""
    image = image.detach().reshape(image.shape[-2:])
    looks: dict[str, Any] = {"cmap": INK, "vmin": 0, "vmax": 1}
    axes.imshow(image.numpy(), **looks | options)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_title(title, fontsize=9)


def pixel_axes(axes: Axes) -> None:
    """Name the axes of an image."""
    axes.set_xlabel("column (pixels)")
    axes.set_ylabel("row (pixels)")


def is_static() -> bool:
    """Whether pictures have to do without widgets: COURSE_STATIC=1 is set, or ipywidgets is missing."""
    return os.environ.get("COURSE_STATIC") == "1" or find_spec("ipywidgets") is None
