"""Trainings compared: their losses, and what they reached against depth, size and time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log

from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter

from ...showing.style import COLOURS, LINES, MARKERS, new_figure
from ...showing.telling import each, quarters
from ..training import Net, Outcome

Outcomes = Mapping[Net, Outcome]
TICKS = (10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000)  # parameters
SMOOTHED = 10  # steps over which a loss is averaged


def smoothed(losses: Sequence[float], steps: int = SMOOTHED) -> list[float]:
    """Means over `steps` losses, or as many as there are at the beginning."""
    windows = [losses[max(0, k + 1 - steps) : k + 1] for k in range(len(losses))]
    return [sum(window) / len(window) for window in windows]


def training_curves(outcomes: Outcomes) -> Figure:
    """Training losses, plain nets on the left and residual ones on the right, a line for each depth."""
    figure, axes = new_figure(1, 2, size=(8, 3.3), sharey=True)
    for axis, plain in zip(axes, (True, False), strict=True):
        for k, (net, outcome) in enumerate(_some(outcomes, plain).items()):
            axis.plot(smoothed(outcome.losses), color=COLOURS[k], linestyle=LINES[k], label=f"depth {net.depth}")
        axis.axhline(log(10), color="black", linestyle=":", linewidth=0.8, label="guessing: ln 10")
        axis.set_title("plain" if plain else "residual", fontsize=9)
        axis.set_xlabel("step of 64 images")
        axis.legend(fontsize=8)
    axes[0].set_ylabel(f"training loss, mean of {SMOOTHED} steps")
    axes[0].set_ylim(0, 3)
    told = {str(net): quarters(outcome.losses) for net, outcome in outcomes.items()}
    figure.alt = f"Training losses over the steps (guessing is 2.30): {each(told)}."
    return figure


def depth_picture(outcomes: Outcomes) -> Figure:
    """Errors on training and on test images against depth, plain and residual."""
    figure, axis = new_figure(size=(7, 3.3))
    for k, plain in enumerate((True, False)):
        some = _some(outcomes, plain)
        depths = [net.depth for net in some]
        for line, fill, name in (("-", "full", "train_accuracy"), ("--", "none", "test_accuracy")):
            axis.plot(
                depths,
                [100 - 100 * getattr(outcome, name) for outcome in some.values()],
                color=COLOURS[k],
                linestyle=line,
                marker=MARKERS[k],
                fillstyle=fill,
                label=f"{_kind(plain)}, {'training' if name == 'train_accuracy' else 'test'} images",
            )
    axis.axhline(90, color="black", linestyle=":", linewidth=0.8, label="guessing")
    axis.set_xlabel("depth (layers)")
    axis.set_ylabel("error (%)")
    axis.set_ylim(0, 100)
    axis.legend(fontsize=8)
    told = {
        str(net): f"training {100 - 100 * outcome.train_accuracy:.1f}, test {100 - 100 * outcome.test_accuracy:.1f}"
        for net, outcome in outcomes.items()
    }
    figure.alt = f"Errors in percent on training and on test images, against the depth: {each(told)}. Guessing is 90."
    return figure


def accuracy_by_size(outcomes: Outcomes) -> Figure:
    """Test accuracy against parameters (logarithmic): a line for each width of residual nets, points named by depth."""
    figure, axis = new_figure(size=(7, 3.3))
    for k, width in enumerate(sorted({net.width for net in outcomes})):
        some = {net: outcome for net, outcome in outcomes.items() if net.width == width and not net.plain}
        sizes = [outcome.parameters for outcome in some.values()]
        scores = [100 * outcome.test_accuracy for outcome in some.values()]
        name = f"width 1/{round(1 / width)}"
        axis.plot(sizes, scores, color=COLOURS[k], linestyle=LINES[k], marker=MARKERS[k], label=name)
        for net, size, score in zip(some, sizes, scores, strict=True):
            axis.annotate(f"depth {net.depth}", (size, score), (5, 5), textcoords="offset points", fontsize=8)
    axis.set_xscale("log")
    axis.set_xticks(TICKS, [f"{tick:,}" for tick in TICKS], minor=False)
    axis.xaxis.set_minor_formatter(NullFormatter())
    axis.set_xlim(min(TICKS), max(TICKS))
    axis.margins(0.15)
    axis.set_xlabel("parameters (logarithmic)")
    axis.set_ylabel("accuracy on test images (%)")
    axis.legend(fontsize=8, loc="lower left")
    told = {
        f"{net}": f"{outcome.parameters:,} parameters, {100 * outcome.test_accuracy:.1f} %"
        for net, outcome in outcomes.items()
        if not net.plain
    }
    figure.alt = f"Test accuracy of residual nets against their parameters: {each(told)}."
    return figure


def depth_time_results(outcomes: Outcomes) -> Figure:
    """Your own measurements in three pictures: seconds by depth, accuracy by depth, accuracy by seconds."""
    figure, axes = new_figure(1, 3, size=(8.2, 3.2))
    for k, plain in enumerate((True, False)):
        some = _some(outcomes, plain)
        depths = [net.depth for net in some]
        seconds = [outcome.seconds for outcome in some.values()]
        scores = [100 * outcome.test_accuracy for outcome in some.values()]
        look = {"color": COLOURS[k], "linestyle": LINES[k], "marker": MARKERS[k]}
        axes[0].plot(depths, seconds, label=_kind(plain), **look)
        axes[1].plot(depths, scores, **look)
        axes[2].plot(seconds, scores, **look)
    names = ("depth (layers)", "training time (s)"), ("depth (layers)", "test accuracy (%)")
    for axis, (x, y) in zip(axes, (*names, ("training time (s)", "test accuracy (%)")), strict=True):
        axis.set_xlabel(x)
        axis.set_ylabel(y)
        axis.set_ylim(bottom=0)
    figure.legend(loc="outside upper center", ncols=2, fontsize=9)
    told = {
        str(net): f"{outcome.seconds:.1f} s, {100 * outcome.test_accuracy:.1f} % of the test images"
        for net, outcome in outcomes.items()
    }
    figure.alt = f"Depth, training time and test accuracy, each against each: {each(told)}."
    return figure


def _some(outcomes: Outcomes, plain: bool) -> Outcomes:
    return {net: outcome for net, outcome in outcomes.items() if net.plain == plain}


def _kind(plain: bool) -> str:
    return "plain" if plain else "residual"
