"""What all pictures share: colours, a figure with a text that is shown once, and whether widgets can be used."""

from __future__ import annotations

import base64
import io
import os
import sys
from collections.abc import Mapping
from html import escape
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


class Picture(Figure):
    """A figure with a text that says in a sentence what is to be seen, with its numbers, for whoever does not see it.

    JupyterLab, VS Code and Colab show an image with the text as its alternative, which screen readers read.  The
    notebook keeps the PNG by itself too: that, and the text, is what whoever marks is shown.

    Attributes:
        alt: the text; `print(figure.alt)` prints it.
    """

    alt: str = ""

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> tuple[Mapping[str, str], Any]:
        drawn = io.BytesIO()
        self.savefig(drawn, format="png", bbox_inches="tight", dpi="figure")
        encoded = base64.b64encode(drawn.getvalue()).decode()
        text = self.alt or "a picture"
        image = f'<img src="data:image/png;base64,{encoded}" alt="{escape(text)}">'
        return {"text/html": image, "image/png": encoded, "text/plain": text}, {"image/png": {"alt": text}}


def new_figure(
    rows: int = 1, columns: int = 1, size: tuple[float, float] = (6.4, 3.4), **options: Any
) -> tuple[Picture, Any]:
    """A picture and its axes (an array for more than one), `size` in inches; its `alt` is for the caller to write.

    Pyplot forgets the figure at once: a notebook then shows it where a cell returns it, and not a second time.
    """
    figure, axes = plt.subplots(rows, columns, figsize=size, layout="constrained", FigureClass=Picture, **options)
    plt.close(figure)
    assert isinstance(figure, Picture)
    _draw_once()
    return figure, axes


def _draw_once() -> None:
    """`%matplotlib inline` draws any figure as PNG; of a picture, that is in its bundle already."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is not None:
        shell.display_formatter.formatters["image/png"].for_type(Picture, lambda _: None)


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
