"""Accuracy against the number of examples, and against steps of fine-tuning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure

from ...showing.style import COLOURS, LINES, MARKERS, new_figure
from ...showing.telling import each
from ..training import Tuned


def accuracy_curves(found: Mapping[str, Mapping[int, Sequence[float]]], title: str) -> Figure:
    """A line through the means of all draws for each way to learn; a shade from the worst draw to the best.

    Args:
        found: for each way, for each number of examples, percent right in each draw.
    """
    figure, axis = new_figure(size=(6.4, 3.6))
    for k, (name, by_size) in enumerate(found.items()):
        sizes = list(by_size)
        means = [sum(scores) / len(scores) for scores in by_size.values()]
        lowest, highest = ([pick(scores) for scores in by_size.values()] for pick in (min, max))
        axis.fill_between(sizes, lowest, highest, color=COLOURS[k], alpha=0.15, linewidth=0)
        axis.plot(sizes, means, color=COLOURS[k], linestyle=LINES[k], marker=MARKERS[k], label=name)
        axis.set_xticks(sizes)
    axis.set_xlabel("clips of each word to learn from")
    axis.set_ylabel("animals of other speakers right (%)")
    axis.set_ylim(40, 101)
    axis.set_title(title, fontsize=9)
    axis.legend(fontsize=8, loc="lower right")
    told = {}
    for name, by_size in found.items():
        told[name] = ", ".join(f"{sum(own) / len(own):.0f} from {size}" for size, own in by_size.items())
    figure.alt = f"Percent of the animals right, by clips of each word, {title}: {each(told)}."
    return figure


def forgetting_curves(found: Mapping[str, Tuned]) -> Figure:
    """Left the animals that are learnt, right the digits that are perhaps forgotten, step by step."""
    figure, axes = new_figure(1, 2, size=(8, 3.3), sharey=True)
    for axis, what in zip(axes, ("animals", "digits"), strict=True):
        for k, (name, tuned) in enumerate(found.items()):
            axis.plot(tuned.steps, getattr(tuned, what), color=COLOURS[k], linestyle=LINES[k], label=name)
        axis.set_title(f"{what}, by speakers whom nobody has heard", fontsize=9)
        axis.set_xlabel("step")
        axis.set_ylim(0, 101)
    axes[0].set_ylabel("right (%)")
    axes[0].legend(fontsize=8, loc="lower right")
    told = {}
    for name, tuned in found.items():
        steps = ", ".join(f"{one:.0f}" for one in tuned.digits)
        told[name] = f"animals {tuned.animals[0]:.0f} to {tuned.animals[-1]:.0f}; digits on the way {steps}"
    figure.alt = f"Percent right while a network learns animals: {each(told)}."
    return figure
