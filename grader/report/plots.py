"""Pictures of a report: drawn to be read on paper, on a phone and at the far end of a lecture hall.

Colours are those of Okabe and Ito, which differ for every kind of colour vision; a hatch tells the same in print.
Each picture comes with a text that says what it shows.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from PIL import Image

BLUE, ORANGE, GREEN, SKY, GREY = "#0072B2", "#D55E00", "#009E73", "#56B4E9", "#BBBBBB"
STYLE = {
    "font.family": "DejaVu Sans",
    "font.size": 12,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "grid.color": "#DDDDDD",
    "hatch.linewidth": 0.8,
    "legend.frameon": False,
    "svg.hashsalt": "report",  # the same file from the same figures
}
WIDTH, DOTS = 5.0, 220  # inches, and dots an inch: sharp on a projector
COLOURS = 128


@dataclass(frozen=True)
class Plot:
    """A picture.

    Attributes:
        name: of its file, without ending.
        alt:  what it shows, in words and numbers.
    """

    name: str
    title: str
    alt: str
    png: bytes
    svg: bytes
    width: int
    height: int

    @property
    def base64(self) -> str:
        return base64.b64encode(self.png).decode()


def draw(name: str, title: str, alt: str, paint: Callable[[Axes], None], height: float = 3.0) -> Plot:
    """Draw a picture with `paint`; its title stands in the page and not in the picture."""
    with _style():
        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        FigureCanvasAgg(figure)
        paint(figure.add_subplot())
        png, svg = io.BytesIO(), io.BytesIO()
        figure.savefig(png, format="png", dpi=DOTS, metadata={"Software": None})
        figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": None, "Title": title, "Description": alt})
    size = (round(WIDTH * 96), round(height * 96))  # CSS pixels
    return Plot(name, title, alt, _with_palette(png), svg.getvalue(), *size)


def _with_palette(png: io.BytesIO) -> bytes:
    """The same picture in fewer bytes: it has a handful of colours, and their mixtures where edges are smoothed."""
    packed = io.BytesIO()
    few = Image.open(png).convert("RGB").quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(packed, "PNG", optimize=True)
    return packed.getvalue()


@contextmanager
def _style() -> Iterator[None]:
    style: Any = {**mpl.rcParamsDefault, **STYLE}  # whatever a matplotlibrc says
    style.pop("backend")  # not ours to choose
    with mpl.rc_context(style):
        yield


def moment(when: datetime) -> str:
    """A time in words: "2 February 2027, 23:59"."""
    return f"{when.day} {when:%B %Y, %H:%M}"


def legend_above(axis: Axes, columns: int = 2) -> None:
    """The legend over the picture, where it covers nothing and is never cut."""
    figure = axis.get_figure(root=True)
    assert figure is not None
    handles, labels = axis.get_legend_handles_labels()
    figure.legend(
        handles, labels, loc="outside upper left", ncols=columns, handlelength=1.6, columnspacing=1.2, borderpad=0
    )


def whole_numbers(axis: Axes) -> None:
    """Counts of submissions along y."""
    axis.yaxis.set_major_locator(MaxNLocator(6, integer=True, steps=[1, 2, 5, 10]))
    axis.set_ylim(bottom=0)
    axis.grid(visible=False, axis="x")
