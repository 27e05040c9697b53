"""Six years of ImageNet: published errors by year, by depth and by cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure

from ...showing.style import COLOURS, HATCHES, MARKERS, new_figure
from ...showing.telling import each
from ..published import CHALLENGE_CLASSES, CHALLENGE_IMAGES, IMAGENET_CLASSES, IMAGENET_IMAGES, Result
from .costs import Cost


def error_history(winners: Sequence[Result], person: float) -> Figure:
    """The winners' top-5 errors by year, with who it was and whether one network or several answered.

    Args:
        winners: in the order of their years.
        person:  the error of a person, in percent.
    """
    figure, axis = new_figure(size=(7.4, 3.6))
    names = [f"{one.year}\n{one.name}\n{one.kind}" for one in winners]
    deep = [one.kind != "no deep network" for one in winners]
    for k, label in enumerate(("no deep network", "deep convolutional networks")):
        some = [place for place, one in enumerate(deep) if one == bool(k)]
        bars = axis.bar(
            some,
            [winners[place].error for place in some],
            color=COLOURS[1 - k],
            hatch=HATCHES[1 - k],
            edgecolor="white",
            label=label,
        )
        texts = axis.bar_label(
            bars, labels=[f"{winners[place].error:g} %" for place in some], fontsize=8, padding=3, zorder=3
        )
        for text in texts:
            text.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 0.5})
    axis.axhline(person, color="black", linestyle=":", label=f"a trained person: {person:g} %")
    axis.set_xticks(range(len(winners)), names, fontsize=8)
    axis.set_ylim(0, 32)
    axis.set_xlabel("year and winner of the classification")
    axis.set_ylabel("top-5 error (%)")
    axis.legend(fontsize=8)
    told = [f"{one.year} {one.name} ({one.kind}) {one.error:g} %" for one in winners]
    figure.alt = f"The winners' top-5 errors as bars: {'; '.join(told)}. A trained person: {person:g} %."
    return figure


def depth_cost_error(results: Sequence[Result], costs: Mapping[str, Cost]) -> Figure:
    """Published errors of single networks against depth, multiply-adds and parameters, the last two logarithmic."""
    kinds = {"depth (layers)": "depth", "multiply-adds for one image": "multiply_adds", "parameters": "parameters"}
    figure, axes = new_figure(1, len(kinds), size=(8.2, 3.7), sharey=True)
    for axis, (label, attribute) in zip(axes, kinds.items(), strict=True):
        for k, one in enumerate(results):
            again = k // len(COLOURS)  # a colour that comes a second time has another marker, and is hollow
            look = {"color": COLOURS[k % len(COLOURS)], "marker": MARKERS[(k + again) % len(MARKERS)]}
            look["fillstyle"] = "none" if again else "full"
            label_once = one.name if attribute == "depth" else None
            axis.plot(getattr(costs[one.name], attribute), one.error, linestyle="", label=label_once, **look)
        if attribute != "depth":
            axis.set_xscale("log")
        axis.set_xlabel(label)
        axis.grid(alpha=0.3)
    axes[0].set_ylabel("top-5 error of one network (%)")
    axes[0].set_ylim(0, 20)
    figure.legend(loc="outside upper center", ncols=4, fontsize=9)
    told = {}
    for one in results:
        cost = costs[one.name]
        told[one.name] = f"error {one.error:g} %, {cost.depth} layers, {cost.multiply_adds:,} multiply-adds"
        told[one.name] += f", {cost.parameters:,} parameters"
    figure.alt = f"Published top-5 errors of single networks against depth, multiply-adds and parameters: {each(told)}."
    return figure


def imagenet_picture() -> Figure:
    """How many images and classes ImageNet has, and of these the challenge, on logarithmic axes."""
    figure, axes = new_figure(1, 2, size=(7.4, 1.9))
    for axis, name, numbers in (
        (axes[0], "images", (IMAGENET_IMAGES, CHALLENGE_IMAGES)),
        (axes[1], "classes", (IMAGENET_CLASSES, CHALLENGE_CLASSES)),
    ):
        bars = axis.barh(["ImageNet", "challenge"], numbers, color=COLOURS[:2])
        axis.bar_label(bars, labels=[f"{number:,}" for number in numbers], padding=3, fontsize=8)
        axis.set_xscale("log")
        axis.set_xlim(1, 3000 * max(numbers))
        axis.set_xlabel(f"{name} (logarithmic)")
        axis.invert_yaxis()
    figure.alt = (
        f"ImageNet has {IMAGENET_IMAGES:,} images and {IMAGENET_CLASSES:,} classes, the challenge "
        f"{CHALLENGE_IMAGES:,} images and "
        f"{CHALLENGE_CLASSES:,} classes; as bars on logarithmic axes."
    )
    return figure
