"""VGG's table, drawn from the data that the networks are built of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from ...showing.style import COLOURS, HATCHES, new_figure
from ...showing.telling import each


def row_name(row: Sequence[Any]) -> str:
    """("conv", 3, 64) -> "conv3-64", as the paper has it; ("pool",) -> "maxpool"."""
    kind, *numbers = row
    if kind == "conv":
        return f"conv{numbers[0]}-{numbers[1]}"
    return {"pool": "maxpool", "lrn": "LRN"}.get(kind, str(kind))


def stages(rows: Sequence[Sequence[Any]]) -> list[list[Sequence[Any]]]:
    """Rows between one pooling and the next, without the pooling."""
    found: list[list[Sequence[Any]]] = [[]]
    for row in rows:
        if row[0] == "pool":
            found.append([])
        else:
            found[-1].append(row)
    return found if found[-1] else found[:-1]


def vgg_table(configurations: Mapping[str, Sequence[Sequence[Any]]]) -> Figure:
    """The paper's table 1: a column for each network, its stages at one height, with pooling between them."""
    columns = {name: stages(rows) for name, rows in configurations.items()}
    count = max(len(one) for one in columns.values())
    heights = [max(len(one[k]) if k < len(one) else 0 for one in columns.values()) for k in range(count)]
    figure, axis = new_figure(size=(1.25 * len(columns) + 0.8, 0.25 * (sum(heights) + count + 2) + 0.5))
    for column, (name, found) in enumerate(columns.items()):
        layers = sum(row[0] == "conv" for stage in found for row in stage) + 3
        axis.text(column + 0.5, -0.9, f"{name}\n{layers} layers", ha="center", va="center", fontsize=8)
        top = 0.0
        for stage, height in zip(found, heights, strict=False):
            for place, row in enumerate(stage):
                _cell(axis, column, top + place, row)
            top += height + 1
    top, side = 0.0, 224
    for height in heights:
        axis.text(
            len(columns) / 2,
            top + height + 0.5,
            f"maxpool: {side} -> {side // 2}",
            ha="center",
            va="center",
            fontsize=7,
        )
        top, side = top + height + 1, side // 2
    axis.set_xlim(0, len(columns))
    axis.set_ylim(top + 0.2, -1.8)
    axis.axis("off")
    axis.set_xlabel("configuration")
    told = {name: ", ".join(map(row_name, rows)) for name, rows in configurations.items()}
    figure.alt = f"VGG's table, a column for each network, from the image on: {each(told)}."
    return figure


def _cell(axis: Any, column: int, top: float, row: Sequence[Any]) -> None:
    look = 2 if row[0] != "conv" else 1 if row[1] == 1 else 0
    axis.add_patch(
        Rectangle(
            (column + 0.04, top + 0.05),
            0.92,
            0.9,
            facecolor=COLOURS[look],
            alpha=0.3,
            hatch=HATCHES[look],
            edgecolor="white",
        )
    )
    axis.text(column + 0.5, top + 0.5, row_name(row), ha="center", va="center", fontsize=7)
