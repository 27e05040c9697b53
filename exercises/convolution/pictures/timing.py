"""How long two ways of filtering take, against the number of taps, and where they cross."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence

import torch
from matplotlib.figure import Figure
from torch import Tensor

from ...showing.style import COLOURS, LINES, MARKERS, new_figure
from ...showing.telling import each, row

REPEATS = 5
PATIENCE_S = 0.5  # a way that took longer is not asked for more taps


def timings(
    ways: Mapping[str, Callable[[Tensor, Tensor], Tensor]], lengths: Sequence[int], points: int = 8192
) -> dict[str, list[float]]:
    """Seconds that each way takes for a filter of each length: the shortest of a few tries.

    The signals are as long as makes every result the same number of points, a power of two. The longest filters are
    left out where one of the ways would take long.
    """
    noise = torch.randn(points, generator=torch.Generator().manual_seed(0))
    found: dict[str, list[float]] = {name: [] for name in ways}
    for length in lengths:
        x, taps = noise[: points - length + 1], noise[:length] / length
        for name, way in ways.items():
            way(x, taps)
            found[name].append(min(_seconds(way, x, taps) for _ in range(REPEATS)))
        if any(values[-1] > PATIENCE_S for values in found.values()):
            break
    return found


def _seconds(way: Callable[[Tensor, Tensor], Tensor], x: Tensor, taps: Tensor) -> float:
    start = time.perf_counter()
    way(x, taps)
    return time.perf_counter() - start


def crossing(lengths: Sequence[int], first: Sequence[float], second: Sequence[float]) -> float | None:
    """The length from which on the second way stays the faster one, between those measured; None if there is none."""
    ratios = [math.log(a / b) for a, b in zip(first, second, strict=False)]  # above 0: the second one is faster
    if ratios[-1] <= 0:
        return None
    later = max((k for k, ratio in enumerate(ratios) if ratio <= 0), default=None)
    if later is None:
        return float(lengths[0])
    share = -ratios[later] / (ratios[later + 1] - ratios[later])
    return math.exp((1 - share) * math.log(lengths[later]) + share * math.log(lengths[later + 1]))


def crossing_picture(lengths: Sequence[int], seconds: Mapping[str, Sequence[float]], lecture: int = 100) -> Figure:
    """Times against the number of taps, both axes logarithmic, with the measured crossing and the lecture's.

    Args:
        seconds: of two ways, the direct one first; for the first of the lengths, or for all.
        lecture: number of taps up to which the lecture filters directly.
    """
    figure, axis = new_figure(size=(7.4, 3.6))
    lengths = lengths[: min(len(values) for values in seconds.values())]
    for k, (name, values) in enumerate(seconds.items()):
        milliseconds = [1000 * one for one in values[: len(lengths)]]
        axis.plot(lengths, milliseconds, color=COLOURS[k], linestyle=LINES[k], marker=MARKERS[k], label=name)
    first, second = seconds.values()
    place = crossing(lengths, first, second)
    title = "no crossing in this range"
    if place is not None:
        axis.axvline(place, color="black", linewidth=1.2, label="measured crossing")
        title = f"measured crossing: {place:.0f} taps"
    axis.axvline(lecture, color=COLOURS[2], linestyle=":", linewidth=2, label=f"the lecture's P = {lecture}")
    axis.set_xscale("log", base=2)
    axis.set_yscale("log")
    axis.set_xlabel("number of taps")
    axis.set_ylabel("time for 8,192 outputs (ms)")
    axis.set_title(title, fontsize=9)
    axis.legend(fontsize=8)
    told = {name: row([1000 * one for one in values[: len(lengths)]], ".3f") for name, values in seconds.items()}
    figure.alt = (
        f"Milliseconds for 8,192 outputs with {', '.join(map(str, lengths))} taps: {each(told)}; {title}. The "
        f"lecture's is {lecture} taps."
    )
    return figure
