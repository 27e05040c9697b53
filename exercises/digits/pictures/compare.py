"""Bars: numbers of parameters, accuracies, and what a network answers for one image."""

from __future__ import annotations

from collections.abc import Mapping

from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator
from torch import Tensor

from ...showing.style import COLOURS, HATCHES, new_figure, show_image
from ...showing.telling import each


def parameter_bars(counts: Mapping[str, int]) -> Figure:
    """Numbers of parameters on a logarithmic axis, with a tick at each power of 10."""
    figure, axis = new_figure(size=(7, 0.6 * len(counts) + 1.1))
    bars = axis.barh(list(counts), list(counts.values()), color=COLOURS[0])
    axis.bar_label(bars, labels=[f"{count:,}" for count in counts.values()], padding=4)
    axis.set_xscale("log")
    axis.set_xlim(1, 1000 * max(counts.values()))
    axis.xaxis.set_major_locator(LogLocator(numticks=99))  # more than there are: none is left out
    axis.set_xlabel("parameters (number, logarithmic)")
    axis.set_ylabel("layer")
    axis.invert_yaxis()
    figure.alt = (
        f"Numbers of parameters as bars on a logarithmic axis: {each({k: f'{n:,}' for k, n in counts.items()})}."
    )
    return figure


def accuracy_bars(accuracies: Mapping[str, float], threshold: float | None = None, each_bar: str = "network") -> Figure:
    """Accuracies (0 to 1) in percent, with the line of a guess and, if given, of the accuracy that is asked for.

    Args:
        each_bar: what a bar stands for.
    """
    figure, axis = new_figure(size=(7, 0.6 * len(accuracies) + 1.4))
    percent = [100 * value for value in accuracies.values()]
    bars = axis.barh(list(accuracies), percent, color=COLOURS[0])
    axis.bar_label(bars, labels=[f"{value:.1f} %" for value in percent], padding=4)
    axis.axvline(10, color="black", linestyle=":", label="guessing")
    if threshold is not None:
        axis.axvline(100 * threshold, color=COLOURS[1], linestyle="--", label=f"full points: {100 * threshold:.0f} %")
    axis.set_xlim(0, 125)  # "100.0 %" has to fit, beside long names too
    axis.set_xticks(range(0, 101, 20))
    axis.set_xlabel("accuracy (%)")
    axis.set_ylabel(each_bar)
    axis.invert_yaxis()
    figure.legend(loc="outside upper center", ncols=2, fontsize=8, frameon=False)
    reached = each({name: f"{value:.1f} %" for name, value in zip(accuracies, percent, strict=True)})
    asked = "" if threshold is None else f", full points are given from {100 * threshold:.0f} %"
    figure.alt = f"Accuracies as bars: {reached}. Guessing is 10 %{asked}."
    return figure


def prediction_bars(image: Tensor, outputs: Mapping[str, Tensor]) -> Figure:
    """One image, and for each name ten probabilities (10,) that a network gives it."""
    size = (2.4 + 3 * len(outputs), 2.7)
    figure, axes = new_figure(1, 1 + len(outputs), size=size, width_ratios=[1] + [1.5] * len(outputs))
    show_image(axes[0], image, "the image")
    axes[0].set_xlabel("28 pixels")
    axes[0].set_ylabel("28 pixels")
    for k, (axis, (name, values)) in enumerate(zip(axes[1:], outputs.items(), strict=True)):
        axis.bar(range(10), values.detach().tolist(), color=COLOURS[k], hatch=HATCHES[k], edgecolor="white")
        axis.set_ylim(0, 1.05)
        axis.set_xticks(range(10))
        axis.set_xlabel("class (digit)")
        axis.set_ylabel("probability")
        axis.set_title(name, fontsize=9)
    told = {
        name: ", ".join(f"{k} with {float(p):.2f}" for k, p in enumerate(values) if p > 0.005)
        for name, values in outputs.items()
    }
    figure.alt = f"One image, and the probabilities of the classes, those below half a percent left out: {each(told)}."
    return figure
