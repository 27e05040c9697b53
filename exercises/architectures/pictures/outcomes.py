"""Trainings compared: their losses, and what they reached against depth, size and time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure

from ...showing.style import COLOURS, LINES, MARKERS, new_figure
from ..training import Outcome

SMOOTHED = 10  # steps over which a loss is averaged


def smoothed(losses: Sequence[float], steps: int = SMOOTHED) -> list[float]:
    """Means over `steps` losses, or as many as there are at the beginning."""
    return [sum(losses[max(0, k - steps + 1) : k + 1]) / len(losses[max(0, k - steps + 1) : k + 1]) for k in range(len(losses))]


def training_curves(outcomes: Sequence[Outcome]) -> Figure:
    """Training losses, plain nets on the left and residual ones on the right, a line for each depth."""
    figure, axes = new_figure(1, 2, size=(8, 3.3), sharey=True)
    for axis, plain in zip(axes, (True, False), strict=True):
        for k, one in enumerate(outcome for outcome in outcomes if outcome.plain == plain):
            axis.plot(smoothed(one.losses), color=COLOURS[k], linestyle=LINES[k], label=f"depth {one.depth}")
        axis.axhline(2.303, color="black", linestyle=":", linewidth=0.8, label="guessing: ln 10")
        axis.set_title("plain" if plain else "residual", fontsize=9)
        axis.set_xlabel("step of 64 images")
        axis.legend(fontsize=8)
    axes[0].set_ylabel(f"training loss, mean of {SMOOTHED} steps")
    axes[0].set_ylim(0, 3)
    return figure


def depth_picture(outcomes: Sequence[Outcome]) -> Figure:
    """Accuracy on training and on test images against depth, plain and residual."""
    figure, axis = new_figure(size=(7, 3.3))
    for k, plain in enumerate((True, False)):
        some = [one for one in outcomes if one.plain == plain]
        for fill, images in (("full", "training"), ("none", "test")):
            axis.plot(
                [one.depth for one in some],
                [100 * (one.train_accuracy if images == "training" else one.test_accuracy) for one in some],
                color=COLOURS[k],
                linestyle="-" if images == "training" else "--",
                marker=MARKERS[k],
                fillstyle=fill,
                label=f"{'plain' if plain else 'residual'}, {images} images",
            )
    axis.axhline(10, color="black", linestyle=":", linewidth=0.8, label="guessing")
    axis.set_xlabel("depth (layers)")
    axis.set_ylabel("accuracy (%)")
    axis.set_ylim(0, 105)
    axis.legend(fontsize=8)
    return figure


def accuracy_by_size(groups: Mapping[str, Sequence[Outcome]]) -> Figure:
    """Test accuracy against parameters (logarithmic): a line for each group, its points named by depth."""
    figure, axis = new_figure(size=(7, 3.3))
    for k, (name, outcomes) in enumerate(groups.items()):
        sizes = [one.parameters for one in outcomes]
        scores = [100 * one.test_accuracy for one in outcomes]
        axis.plot(sizes, scores, color=COLOURS[k], linestyle=LINES[k], marker=MARKERS[k], label=name)
        for one, size, score in zip(outcomes, sizes, scores, strict=True):
            axis.annotate(str(one.depth), (size, score), (4, 5), textcoords="offset points", fontsize=8)
    axis.set_xscale("log")
    axis.set_xlabel("parameters (logarithmic); the numbers are depths")
    axis.set_ylabel("accuracy on test images (%)")
    axis.margins(0.1)
    axis.legend(fontsize=8)
    return figure


def depth_time_results(outcomes: Sequence[Outcome]) -> Figure:
    """Your own measurements in three pictures: seconds by depth, accuracy by depth, accuracy by seconds."""
    figure, axes = new_figure(1, 3, size=(9.6, 3.2))
    for k, plain in enumerate((True, False)):
        some = [one for one in outcomes if one.plain == plain]
        depth, seconds = [one.depth for one in some], [one.seconds for one in some]
        accuracy = [100 * one.test_accuracy for one in some]
        look = {"color": COLOURS[k], "linestyle": LINES[k], "marker": MARKERS[k]}
        axes[0].plot(depth, seconds, label="plain" if plain else "residual", **look)
        axes[1].plot(depth, accuracy, **look)
        axes[2].plot(seconds, accuracy, **look)
    for axis, x, y in zip(
        axes,
        ("depth (layers)", "depth (layers)", "training time (s)"),
        ("training time (s)", "test accuracy (%)", "test accuracy (%)"),
        strict=True,
    ):
        axis.set_xlabel(x)
        axis.set_ylabel(y)
        axis.set_ylim(bottom=0)
    figure.legend(loc="outside upper center", ncols=2, fontsize=8)
    return figure
