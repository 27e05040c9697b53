"""Draw your own digit: with a text of dots and hashes, or by clicking the squares of a grid.

Neither needs more than ipywidgets, so both work in JupyterLab, in Colab and on paper.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch
import torch.nn.functional as F
from matplotlib.figure import Figure
from torch import Tensor

from ...showing.sliders import with_alt
from ...showing.style import is_static
from ...showing.telling import texts_of
from .compare import prediction_bars

ROWS, COLUMNS = 14, 10
SIZE, BOX = 28, 20  # pixels: the image, and the box that the digit is fitted into


def image_from_text(text: str) -> Tensor:
    """A drawing in characters -> (1, 28, 28), fitted and centred as the digits of the data are.

    Args:
        text: lines of equal meaning: "#" is ink, every other character is paper.

    Raises:
        ValueError: there is no ink.
    """
    return _image(ink_of(text))


def ink_of(text: str) -> Tensor:
    """A drawing in characters -> ink on a coarse grid (rows, columns), 1 where "#" stands."""
    lines = [line for line in text.splitlines() if line.strip()]
    width = max((len(line) for line in lines), default=0)
    return torch.tensor([[float(c == "#") for c in line.ljust(width)] for line in lines])


def draw_digit(classify: Callable[[Tensor], Tensor], text: str) -> Any:
    """Show a drawing and what a network reads in it; with widgets, squares can be clicked to change it.

    Before the network sees it, the drawing is fitted into 20 x 20 pixels and centred, as the digits of MNIST are.

    Args:
        classify: images (1, 1, 28, 28) -> logits (1, 10).
        text:     the drawing to begin with: up to 14 lines of up to 10 characters, "#" is ink.
    """
    if is_static():
        return _answer(classify, image_from_text(text))

    def answer(ink: Tensor) -> list[Figure]:
        from IPython.display import display

        figure = _answer(classify, _image(ink))
        display(figure)
        return [figure]

    return sheet_of_squares(text, answer)


def _answer(classify: Callable[[Tensor], Tensor], image: Tensor) -> Figure:
    probabilities = classify(image[None])[0].softmax(dim=0)
    best = int(probabilities.argmax())
    name = f"the network reads {best} ({100 * float(probabilities[best]):.0f} %)"
    return prediction_bars(image, {name: probabilities})


def _image(ink: Tensor) -> Tensor:
    """Ink on a coarse grid (rows, columns) -> (1, 28, 28): cut out, scaled to 20 pixels, softened, centred by mass."""
    if ink.numel() == 0 or not bool(ink.any()):
        raise ValueError("the drawing has no ink: use # for the pen")
    rows, columns = ink.nonzero(as_tuple=True)
    ink = ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    scale = BOX / max(ink.shape)
    height, width = (max(2, round(side * scale)) for side in ink.shape)
    glyph = F.interpolate(ink[None, None], size=(height, width), mode="bilinear", align_corners=False)
    glyph = F.avg_pool2d(F.pad(glyph, (1, 1, 1, 1)), 3, stride=1, padding=1) * 1.4
    canvas = torch.zeros(3 * SIZE, 3 * SIZE)
    row_mass, column_mass = glyph[0, 0].sum(dim=1), glyph[0, 0].sum(dim=0)
    middle_row = float((row_mass * torch.arange(len(row_mass))).sum() / row_mass.sum())
    middle_column = float((column_mass * torch.arange(len(column_mass))).sum() / column_mass.sum())
    top, left = round(1.5 * SIZE - 0.5 - middle_row), round(1.5 * SIZE - 0.5 - middle_column)
    canvas[top : top + glyph.shape[2], left : left + glyph.shape[3]] = glyph[0, 0]
    return canvas[SIZE : 2 * SIZE, SIZE : 2 * SIZE].clamp(0, 1)[None]


def sheet_of_squares(text: str, answer: Callable[[Tensor], Iterable[object]]) -> Any:
    """A sheet whose squares can be clicked, and beside it what is said of it, whose text `.alt` gives.

    Args:
        text:   the drawing to begin with: up to 14 lines of up to 10 characters, "#" is ink.
        answer: shows what is said of some ink (14, 10), and returns it: pictures, for their texts.
    """
    import ipywidgets

    ink = torch.zeros(ROWS, COLUMNS)
    lines = [line for line in text.splitlines() if line.strip()]
    for row, line in enumerate(lines[:ROWS]):
        for column, character in enumerate(line[:COLUMNS]):
            ink[row, column] = float(character == "#")
    result = ipywidgets.Output()
    squares: list[Any] = []
    said = ""

    def redraw() -> None:
        nonlocal said
        result.clear_output(wait=True)
        with result:
            if bool(ink.any()):
                said = texts_of(answer(ink))
            else:
                said = "Click some squares."
                print(said)

    def paint(row: int, column: int) -> None:
        square = squares[row * COLUMNS + column]
        square.style.button_color = "black" if ink[row, column] else "white"
        square.tooltip = f"row {row + 1}, column {column + 1}: {'ink' if ink[row, column] else 'paper'}"

    def click(row: int, column: int) -> None:
        ink[row, column] = 1 - ink[row, column]
        paint(row, column)
        redraw()

    def clear(_: object) -> None:
        ink.zero_()
        for k in range(ROWS * COLUMNS):
            paint(*divmod(k, COLUMNS))
        redraw()

    layout = ipywidgets.Layout(width="20px", height="20px", margin="0", padding="0", border="1px solid #bbb")
    for k in range(ROWS * COLUMNS):
        button = ipywidgets.Button(layout=layout)
        place = divmod(k, COLUMNS)
        button.on_click(lambda _, place=place: click(*place))
        squares.append(button)
        paint(*place)
    empty = ipywidgets.Button(description="new sheet", layout=ipywidgets.Layout(width="200px"))
    empty.on_click(clear)
    sheet = ipywidgets.GridBox(squares, layout=ipywidgets.Layout(grid_template_columns=f"repeat({COLUMNS}, 20px)"))
    redraw()
    side = ipywidgets.VBox([sheet, empty], layout=ipywidgets.Layout(flex="0 0 auto"))
    # in a narrow window the picture comes below the sheet
    return with_alt(ipywidgets.HBox, lambda _: said)([side, result], layout=ipywidgets.Layout(flex_flow="row wrap"))
