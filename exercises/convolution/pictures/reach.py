"""Which inputs reach which outputs of a layer along time."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

from ...showing.style import COLOURS, new_figure
from ...showing.telling import each


def reached(layer: Callable[[Tensor], Tensor], time: int) -> Tensor:
    """Which inputs move which outputs: (outputs, time) of True and False.

    Each input alone is changed, and it is looked at which outputs follow.

    Args:
        layer: from (batch, 1, time) to (batch, 1, outputs).
    """
    with torch.no_grad():
        changed = layer(torch.eye(time)[:, None])[:, 0]
        return (changed - layer(torch.zeros(1, 1, time))[0, 0]).abs().T > 1e-9


def reach_row(layers: Mapping[str, Callable[[Tensor], Tensor]], time: int = 10, columns: int = 3) -> Figure:
    """For each layer a row of inputs, one of outputs, and lines between them; a lone output is drawn bold.

    Args:
        layers: by title, see `reached`.
        time:   number of inputs.
    """
    rows = -(-len(layers) // columns)
    figure, axes = new_figure(rows, columns, size=(3.1 * columns, 2.1 * rows), squeeze=False)
    for axis in axes.flat[len(layers) :]:
        axis.remove()
    for axis, (name, layer) in zip(axes.flat, layers.items(), strict=False):
        _draw(axis, reached(layer, time))
        axis.set_title(name, fontsize=9)
    figure.alt = (
        f"Which inputs reach which outputs: "
        f"{each({name: _seen(reached(layer, time)) for name, layer in layers.items()})}."
    )
    return figure


def _draw(axis: Axes, lines: Tensor) -> None:
    outputs, time = lines.shape
    places = _places(lines)
    middle = outputs // 2
    for output in range(outputs):
        bold = output == middle
        for source in lines[output].nonzero()[:, 0].tolist():
            colour, width = (COLOURS[1], 2.0) if bold else (COLOURS[0], 0.7)
            axis.plot([source, places[output]], [0, 1], color=colour, linewidth=width, zorder=2 if bold else 1)
    axis.plot(range(time), [0] * time, "o", color="black", markersize=5, zorder=3)
    axis.plot(places, [1] * outputs, "s", color="black", markersize=5, zorder=3)
    axis.set_yticks([0, 1], ["input", "output"], fontsize=8)
    axis.set_ylim(-0.25, 1.25)
    axis.set_xlim(-1.5, time + 0.5)
    axis.set_xlabel(f"{time} inputs, {outputs} outputs", fontsize=8)


def _seen(lines: Tensor) -> str:
    """What the output in the middle sees, and how many reach nobody."""
    outputs, time = lines.shape
    middle = outputs // 2
    inputs = ", ".join(map(str, lines[middle].nonzero()[:, 0].tolist())) or "none"
    lost = ", ".join(map(str, (~lines.any(dim=0)).nonzero()[:, 0].tolist()))
    words = f"{time} inputs, {outputs} outputs, output {middle} sees inputs {inputs}"
    return words + (f", inputs {lost} reach no output" if lost else "")


def _places(lines: Tensor) -> list[float]:
    """Where outputs are drawn: over the input of the same number where there are as many, else over what they see."""
    outputs, time = lines.shape
    if outputs == time:
        return [float(k) for k in range(time)]
    seen = [line.nonzero()[:, 0] for line in lines]
    return [float(one[0] + one[-1]) / 2 if len(one) else float(k) for k, one in enumerate(seen)]
