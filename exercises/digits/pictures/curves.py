"""Curves: loss against images seen, accuracy against a shift or a size, gradients against depth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ...showing.style import COLOURS, LINES, MARKERS, new_figure
from ...showing.telling import averaged, each, quarters, row, spaced
from ..training import History

GUESSING = float(np.log(10))  # cross entropy of ten equal probabilities


def draw_losses(axis: Axes, losses: Sequence[float], name: str, colour: int = 0, batch_size: int = 1) -> None:
    """One loss curve: each step's batch faintly, and a running mean over the last tenth of them (15 at most)."""
    seen = batch_size * np.arange(1, len(losses) + 1)
    values = np.asarray(losses, dtype=float)
    sums = np.cumsum(np.insert(values, 0, 0))
    width = averaged(len(losses))
    first = np.maximum(np.arange(1, len(values) + 1) - width, 0)
    mean = (sums[1:] - sums[first]) / (np.arange(1, len(values) + 1) - first)
    pale, thick = (f"{name}: each step", f"{name}: mean of the last {width} steps") if width > 1 else (None, name)
    axis.plot(seen, values, color=COLOURS[colour], alpha=0.25, linewidth=1, label=pale)
    axis.plot(seen, mean, color=COLOURS[colour], linestyle=LINES[colour], linewidth=2, label=thick)


def loss_axes(axis: Axes, unit: str) -> None:
    """Name the axes of a loss curve and draw the line of a guess."""
    axis.axhline(GUESSING, color="black", linestyle=":", linewidth=1, label="guessing: ln 10 = 2.30")
    axis.set_xlabel(unit)
    axis.set_ylabel("cross entropy (nats)")
    axis.set_ylim(bottom=0)
    axis.legend(fontsize=8)


def loss_curves(histories: Mapping[str, History]) -> Figure:
    """The loss of several trainings over the images that they have seen."""
    figure, axis = new_figure()
    for k, (name, history) in enumerate(histories.items()):
        draw_losses(axis, history.losses, name, k, history.examples // history.steps)
    loss_axes(axis, "images seen")
    curves = each(
        {name: f"{quarters(history.losses)}, after {history.examples:,} images" for name, history in histories.items()}
    )
    figure.alt = f"Cross entropy over the images seen (guessing is 2.30): {curves}."
    return figure


def shift_curves(shifts: Sequence[int], accuracies: Mapping[str, Sequence[float]]) -> Figure:
    """Accuracy on images that were shifted, one curve for each network.

    Args:
        shifts:     pixels.
        accuracies: for each network, one accuracy (0 to 1) per shift.
    """
    figure, axis = new_figure()
    for k, (name, values) in enumerate(accuracies.items()):
        percent = [100 * value for value in values]
        axis.plot(shifts, percent, color=COLOURS[k], linestyle=LINES[k], marker=MARKERS[k], label=name)
    axis.axhline(10, color="black", linestyle=":", linewidth=1, label="guessing")
    axis.set_xlabel("shift to the right (pixels)")
    axis.set_ylabel("accuracy (%)")
    axis.set_xticks(list(shifts))
    axis.set_ylim(0, 102)
    axis.legend(fontsize=8)
    curves = each({name: row([100 * value for value in values], ".0f") for name, values in accuracies.items()})
    figure.alt = (
        f"Accuracy in percent on images shifted by {', '.join(map(str, shifts))} pixels: {curves}. Guessing is 10."
    )
    return figure


def gradient_curves(norms: Mapping[str, Sequence[float]]) -> Figure:
    """The size of the gradient that arrives at each block, one curve for each network, block 1 nearest to the input."""
    figure, axis = new_figure()
    for k, (name, values) in enumerate(norms.items()):
        blocks = range(1, len(values) + 1)
        axis.plot(blocks, values, color=COLOURS[k], linestyle=LINES[k], marker=MARKERS[k], markersize=4, label=name)
    axis.set_yscale("log")
    axis.xaxis.set_major_locator(MaxNLocator(integer=True))
    axis.set_xlabel("block (1 = nearest to the input)")
    axis.set_ylabel("gradient norm (last block = 1)")
    axis.legend(fontsize=8)
    places = spaced(max(map(len, norms.values()), default=0))
    curves = {name: row([values[k] for k in places if k < len(values)], ".2g") for name, values in norms.items()}
    blocks_named = ", ".join(str(k + 1) for k in places)
    figure.alt = (
        f"Gradient norms, the last block's is 1, at blocks {blocks_named}, of which 1 is nearest to the input: "
        f"{each(curves)}."
    )
    return figure


def size_curves(accuracies: Mapping[str, Mapping[int, float]], names: Mapping[str, Sequence[object]]) -> Figure:
    """Accuracy over the number of parameters, one curve for each kind of network.

    Args:
        accuracies: for each kind, number of parameters -> accuracy (0 to 1).
        names:      for each kind, what stands beside its points, in the same order.
    """
    figure, axis = new_figure()
    for k, (kind, found) in enumerate(accuracies.items()):
        percent = [100 * value for value in found.values()]
        axis.plot(list(found), percent, color=COLOURS[k], linestyle=LINES[k], marker=MARKERS[k], label=kind)
        for parameters, value, name in zip(found, percent, names[kind], strict=True):
            axis.annotate(str(name), (parameters, value), xytext=(4, -10), textcoords="offset points", fontsize=8)
    axis.axhline(10, color="black", linestyle=":", linewidth=1, label="guessing")
    axis.set_xscale("log")
    axis.set_xlabel("parameters (number, logarithmic)")
    axis.set_ylabel("accuracy (%)")
    axis.set_ylim(0, 102)
    axis.legend(fontsize=8)
    points = {
        kind: ", ".join(
            f"({name}) {size:,} parameters {100 * value:.1f} %"
            for (size, value), name in zip(found.items(), names[kind], strict=True)
        )
        for kind, found in accuracies.items()
    }
    figure.alt = f"Accuracy over the number of parameters: {each(points)}. Guessing is 10 %."
    return figure
