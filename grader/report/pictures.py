"""Which pictures a report has, and what each of them shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from statistics import median
from typing import Any

from matplotlib import dates
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from .accuracy import Accuracies
from .counts import CheckFacts
from .facts import Facts
from .plots import BLUE, GREEN, GREY, ORANGE, SKY, Plot, draw, legend_above, moment, whole_numbers
from .totals import Times, Totals

DATES: Any = dates  # this part of matplotlib has no types


def over_time(facts: Facts) -> Plot | None:
    """How many had submitted at which time, up to the deadline and after it."""
    moments = sorted(result.handed_in for result in facts.results if result.handed_in)
    if not moments:
        return None
    moments = [when.astimezone(facts.deadline.tzinfo) for when in moments]
    counts = list(range(1, len(moments) + 1))
    edge = max((max(moments[-1], facts.deadline) - min(moments[0], facts.deadline)) / 20, timedelta(hours=1))
    begin, end = min(moments[0], facts.deadline) - edge, max(moments[-1], facts.deadline) + edge

    def paint(axis: Axes) -> None:
        x = [float(DATES.date2num(when)) for when in (begin, *moments, end)]
        axis.step(x, [0, *counts, counts[-1]], where="post", color=BLUE, linewidth=2.5)
        deadline = float(DATES.date2num(facts.deadline))
        if facts.late:
            axis.axvspan(deadline, x[-1], facecolor="none", edgecolor=ORANGE, hatch="//", alpha=0.35, linewidth=0)
        axis.axvline(deadline, color=ORANGE, linestyle="--", linewidth=2, label="deadline")
        axis.set_xlim(x[0], x[-1])
        locator = DATES.AutoDateLocator(tz=facts.deadline.tzinfo, minticks=3, maxticks=7)  # more would run together
        axis.xaxis.set_major_locator(locator)
        axis.xaxis.set_major_formatter(DATES.ConciseDateFormatter(locator, tz=facts.deadline.tzinfo))
        axis.set_ylabel("submissions")
        whole_numbers(axis)
        legend_above(axis)

    alt = (
        f"A rising line: the first of {len(moments)} submissions came at {moment(moments[0])}, "
        f"half of them were there at {moment(moments[(len(moments) - 1) // 2])}, the last at {moment(moments[-1])}. "
        f"The deadline is {moment(facts.deadline)}; {facts.late or 'none'} came after it."
    )
    return draw("submissions", "Submissions over time", alt, paint)


def histogram_of_points(found: Totals) -> Plot | None:
    """How many students have how many points, one bar a point."""
    if not found.values:
        return None
    top = max(found.maximum, *found.values)
    counts = [0] * (int(top) + 1)
    for value in found.values:
        counts[int(value)] += 1

    def paint(axis: Axes) -> None:
        axis.bar([at + 0.5 for at in range(len(counts))], counts, width=0.9, color=BLUE)
        axis.axvline(found.mean, color=ORANGE, linestyle="--", linewidth=2, label=f"average {found.mean:.1f}")
        axis.xaxis.set_major_locator(MaxNLocator(8, integer=True, steps=[1, 2, 5, 10]))
        axis.set_xlabel(f"points, of {found.maximum:g}" + ("" if found.complete else " for the tasks"))
        axis.set_ylabel("students")
        whole_numbers(axis)
        legend_above(axis)

    most = max(range(len(counts)), key=lambda at: counts[at])
    alt = (
        f"Points of {len(found.values)} students, from {found.values[0]:g} to {found.values[-1]:g}, "
        f"on average {found.mean:.1f}. The highest bar: {counts[most]} students have {most} points or more, "
        f"but less than {most + 1}."
    )
    return draw("points", "How many have how many points", alt, paint)


def of_checks(name: str, title: str, checks: Sequence[CheckFacts]) -> Plot | None:
    """Bars of one task: how many passed each check, in part, not, or wait for a person."""
    shown = [check for check in checks if check.decided + check.undecided]
    if not shown:
        return None
    kinds = (
        ("passed", BLUE, "", [check.passed for check in shown]),
        ("in part", SKY, "..", [check.partly for check in shown]),
        ("not passed", ORANGE, "//", [check.failed + check.not_run for check in shown]),
        ("not judged yet", GREY, "", [check.undecided for check in shown]),
    )

    def paint(axis: Axes) -> None:
        left = [0] * len(shown)
        for label, colour, hatch, counts in kinds:
            if any(counts):
                axis.barh(
                    range(len(shown)), counts, left=left, color=colour, hatch=hatch, edgecolor="white", label=label
                )
                left = [sofar + count for sofar, count in zip(left, counts, strict=True)]
        axis.set_yticks(range(len(shown)), [check.id.partition(".")[2] for check in shown], fontsize=11)
        axis.set_ylim(len(shown) - 0.5, -0.5)
        axis.xaxis.set_major_locator(MaxNLocator(8, integer=True, steps=[1, 2, 5, 10]))
        axis.set_xlim(0, max(left))
        axis.grid(visible=False, axis="y")
        axis.set_xlabel("submissions")
        legend_above(axis, 3 if sum(any(counts) for *_, counts in kinds) == 3 else 2)

    worst = min(shown, key=lambda check: check.rate if check.rate is not None else 1.0)
    alt = (
        f"{len(shown)} {'bar' if len(shown) == 1 else 'bars'}, one for each check; the table below has the numbers. "
        f"Fewest passed {worst.id}: {worst.passed} of {worst.decided}."
    )
    return draw(f"checks-{name}", f"Checks of {title}", alt, paint, height=1.3 + 0.3 * len(shown))


def of_accuracy(found: Accuracies, example: float | None) -> Plot:
    """Results against threshold and calibration, with the example of the commonest miss marked."""

    def paint(axis: Axes) -> None:
        if found.spread:
            low, high = (100 * (found.spread.mean + k * found.spread.deviation) for k in (-2, 2))
            axis.axvspan(low, high, color=GREEN, alpha=0.25, linewidth=0, label="model solution ± 2 sd")
        axis.hist([100 * value for value in found.values], bins=[2.5 * k for k in range(41)], color=BLUE, rwidth=0.9)
        axis.axvline(100 * found.chance_like, color="black", linestyle=":", linewidth=2, label="no points below")
        axis.axvline(100 * found.threshold, color=ORANGE, linestyle="--", linewidth=2, label="full points above")
        if example is not None:
            # above the bar that the example is in, at a height where it is not lost
            axis.plot([100 * example], [0.93], "v", transform=axis.get_xaxis_transform(), color="black", markersize=10,
                      linestyle="none", label="the example")  # fmt: skip
        axis.set_xlim(0, 100)
        axis.set_xlabel(f"per cent {found.label}")
        axis.set_ylabel("submissions")
        whole_numbers(axis)
        legend_above(axis)

    marked = "" if example is None else f" The example, at {example:.1%}, is marked."
    band = (
        f" The model solution reached {found.spread.mean:.1%} on average, with a standard deviation of "
        f"{found.spread.deviation:.1%}."
        if found.spread
        else ""
    )
    alt = (
        f"Results of {len(found.values)} networks, from {found.values[0]:.1%} to {found.values[-1]:.1%}, "
        f"half of them at {found.middle:.1%} or above. {found.reached} reached the threshold of {found.threshold:.1%}; "
        f"points begin at {found.chance_like:.0%}.{band}{marked}"
    )
    return draw(name_of(found), f"{found.task}: {found.idea}", alt, paint, height=3.4)


def name_of(found: Accuracies) -> str:
    """The name of its picture."""
    return "-".join([*found.check.split("."), *found.label.split()])


def of_times(found: Times) -> Plot | None:
    """Processor time of grading one submission."""
    if not found.cpu_s:
        return None

    def paint(axis: Axes) -> None:
        axis.hist(found.cpu_s, bins=min(24, max(5, len(found.cpu_s) // 3)), color=BLUE, rwidth=0.9)
        axis.axvline(median(found.cpu_s), color=ORANGE, linestyle="--", linewidth=2, label="median")
        axis.set_xlim(left=0)
        axis.set_xlabel("processor seconds in the sandbox")
        axis.set_ylabel("submissions")
        whole_numbers(axis)
        legend_above(axis)

    alt = (
        f"Processor seconds of {len(found.cpu_s)} submissions, from {found.cpu_s[0]:.1f} to {found.cpu_s[-1]:.1f}; "
        f"the median is {median(found.cpu_s):.1f}."
    )
    return draw("time", "Time per submission", alt, paint, height=2.6)


def named(plots: Sequence[Plot | None]) -> Iterator[Plot]:
    """Those that could be drawn."""
    return (plot for plot in plots if plot is not None)
