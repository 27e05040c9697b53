"""Words for pictures: what a sentence needs that says what is to be seen, with its numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from torch import Tensor


def each(values: Mapping[str, object]) -> str:
    """{"dense": "87 %", "CNN": "95 %"} -> "dense: 87 %; CNN: 95 %"; names of several lines in one."""
    return "; ".join(f"{one_line(name)}: {value}" for name, value in values.items())


def texts_of(shown: Iterable[object]) -> str:
    """The texts of those pictures among what is shown that have one."""
    return " ".join(filter(None, (getattr(one, "alt", "") for one in shown)))


def one_line(text: object) -> str:
    """A text of several lines in one."""
    return " ".join(str(text).split())


def row(values: Iterable[float], form: str = ".2f") -> str:
    """Numbers one behind the other: "0.10, 0.25, -1.00"."""
    return ", ".join(f"{value:{form}}" for value in values)


def spaced(count: int, most: int = 6) -> list[int]:
    """Indices from the first to the last of `count`, about equally far apart, at most so many."""
    if count <= most:
        return list(range(count))
    return [round(k * (count - 1) / (most - 1)) for k in range(most)]


def averaged(count: int) -> int:
    """Over how many of so many noisy values a smooth curve averages: a tenth of them, 15 at most."""
    return max(1, min(15, count // 10))


def quarters(losses: Sequence[float]) -> str:
    """How a noisy curve goes: "2.31 at first, then 1.20, 0.80, 0.60 at the quarters, 0.55 at the end" (means of a "
    "few)."""
    if not losses:
        return "nothing yet"
    width = averaged(len(losses))
    ends = [max(1, round(k * len(losses) / 4)) for k in (1, 2, 3, 4)]
    means = [sum(losses[max(0, end - width) : end]) / min(width, end) for end in ends]
    return f"{losses[0]:.2f} at first, then {row(means[:3])} at the quarters, {means[3]:.2f} at the end"


def extent(values: Tensor, form: str = ".2f") -> str:
    """ "0.00 to 0.95, mean 0.31" """
    values = values.detach().double()
    return f"{float(values.min()):{form}} to {float(values.max()):{form}}, mean {float(values.mean()):{form}}"


def stretches(labels: Sequence[int], names: Sequence[str], step: float, most: int = 10) -> str:
    """Which name holds from when to when: "six 0.00 to 0.12 s, seven to 0.50 s"; the longest, of many.

    Args:
        labels: number of the name at each step.
        step:   seconds.
    """
    found: list[tuple[int, int, int]] = []  # label, first step, step behind the last
    for place, label in enumerate(labels):
        if found and found[-1][0] == label:
            found[-1] = (label, found[-1][1], place + 1)
        else:
            found.append((label, place, place + 1))
    kept = sorted(sorted(found, key=lambda one: one[1] - one[2])[:most], key=lambda one: one[1])
    words = ", ".join(f"{names[label]} {step * first:.2f} to {step * last:.2f} s" for label, first, last in kept)
    return words + (f" and {len(found) - most} shorter ones" if len(found) > most else "")


def brightest(image: Tensor, parts: int = 4) -> str:
    """The brightest row of an image (bands, frames) in each of so many equal parts of its time: "3, 5, 12, 4"."""
    pieces = image.detach().tensor_split(min(parts, image.shape[1]), dim=1)
    return ", ".join(str(int(piece.mean(dim=1).argmax())) for piece in pieces)
