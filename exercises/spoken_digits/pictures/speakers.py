"""Accuracy speaker by speaker."""

from __future__ import annotations

from collections.abc import Mapping

from matplotlib.figure import Figure

from ...showing.style import COLOURS, HATCHES, new_figure
from ...showing.telling import each


def speaker_bars(
    accuracies: Mapping[str, Mapping[str, float]], reference: float | None = None, title: str = ""
) -> Figure:
    """A group of bars for each speaker, a bar in it for each training.

    Args:
        accuracies: for each training, for each speaker, an accuracy (0 to 1).
        reference:  accuracy for speakers that the network knows, drawn as a line.
        title:      which clips are tested.
    """
    speakers = list(dict.fromkeys(speaker for values in accuracies.values() for speaker in values))
    width = 0.8 / len(accuracies)
    figure, axis = new_figure(size=(2.0 + 0.6 * len(speakers) * max(1, len(accuracies) * 0.6), 3.4))
    for k, (name, values) in enumerate(accuracies.items()):
        places = [place + (k - (len(accuracies) - 1) / 2) * width for place in range(len(speakers))]
        heights = [100 * values.get(speaker, float("nan")) for speaker in speakers]
        bars = axis.bar(places, heights, width, color=COLOURS[k], hatch=HATCHES[k], edgecolor="white", label=name)
        # in the middle of a bar, where no line runs through the number
        box = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}
        axis.bar_label(bars, fmt="%.0f", label_type="center", fontsize=10, bbox=box, zorder=5)
    axis.axhline(10, color="black", linestyle=":", linewidth=1, label="guessing")
    if reference is not None:
        label = f"known speakers: {100 * reference:.0f} %"
        axis.axhline(100 * reference, color=COLOURS[3], linestyle="--", label=label)
    axis.set_xticks(range(len(speakers)), speakers, rotation=30, ha="right", fontsize=10)
    axis.set_xlabel("speaker that was left out")
    axis.set_ylabel("accuracy on this speaker (%)")
    axis.set_ylim(0, 112)
    axis.set_title(title, fontsize=10)
    figure.legend(loc="outside upper center", ncols=4, fontsize=10, frameon=False)
    told = {
        name: ", ".join(f"{speaker} {100 * value:.0f} %" for speaker, value in values.items())
        for name, values in accuracies.items()
    }
    known = "" if reference is None else f" Speakers that the network knows: {100 * reference:.0f} %."
    figure.alt = (
        f"Accuracy on each speaker who was left out{', ' if title else ''}{title}: {each(told)}.{known} Guessing is "
        f"10 %."
    )
    return figure
