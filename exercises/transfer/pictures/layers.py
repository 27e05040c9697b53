"""How much of other classes can be read after each layer, in a trained network and in random ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure

from ...showing.style import COLOURS, LINES, MARKERS, new_figure
from ...showing.telling import each


def layers_picture(found: Mapping[str, Sequence[Mapping[str, float]]], guessing: float) -> Figure:
    """A line for each kind of network, through the means of its draws; each draw is a dot.

    Args:
        found:    for each kind of network, for each draw, accuracy in percent by the layer's name.
        guessing: percent that are right without knowing anything.
    """
    figure, axis = new_figure(size=(6.4, 3.4))
    names = list(next(iter(found.values()))[0])
    for k, (kind, draws) in enumerate(found.items()):
        means = [sum(one[name] for one in draws) / len(draws) for name in names]
        axis.plot(means, color=COLOURS[k], linestyle=LINES[k], label=kind)
        for one in draws:
            axis.plot([one[name] for name in names], color=COLOURS[k], marker=MARKERS[k], linestyle="", alpha=0.5)
    axis.axhline(guessing, color="black", linestyle=":", linewidth=0.8, label="guessing")
    axis.set_xticks(range(len(names)), names)
    axis.set_xlabel("fitted on the averages of")
    axis.set_ylabel("animals right (%)")
    axis.set_ylim(0, 100)
    axis.legend(fontsize=8)
    told = {}
    for kind, draws in found.items():
        spans = [sorted(one[name] for one in draws) for name in names]
        told[kind] = ", ".join(f"{name} {own[0]:.0f} to {own[-1]:.0f}" for name, own in zip(names, spans, strict=True))
    figure.alt = f"Percent of the animals right after each part: {each(told)}. Guessing is {guessing:.0f}."
    return figure
