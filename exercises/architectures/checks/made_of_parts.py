"""What the checks of networks made of modules and blocks do: measure one after the other, and judge a network alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from exercises.checking import Expect, Reference
from exercises.checking.alone import judge_or_alone

from .judging import Case, Network, compare, way_through

STEPS = "Which stride and pooling comes before the first part that differs, and which numbers is it made with?"

# Of what a part's layers give, by height and width: how many layers, and maps in all; a dense layer's size is ().
Sizes = Mapping[tuple[int, ...], tuple[int, int]]


def alone(cases: Sequence[Case]) -> list[Case]:
    """The same networks, made of stand-ins."""
    return [replace(case, network=replace(case.network, alone=True)) for case in cases]


def compare_network(
    student: Any,
    solution: Reference | None,
    expect: Expect,
    key: str,
    cases: Sequence[Case],
    hint: str = "",
    stopped: str = STEPS,
) -> None:
    """Require the outputs of the paper's networks, of each case: as they are, or made of stand-ins."""

    def judge(those: Sequence[Case]) -> None:
        compare(student, solution, expect, key, those, hint, stopped)

    judge_or_alone(partial(judge, cases), partial(judge, alone(cases)))


def require_parts(
    student: Any, expect: Expect, network: Network, parts: Sequence[tuple[str, Sizes]], hint: str = STEPS
) -> None:
    """Require these sizes of what the layers of each part of a network give; the layers of a part run in any order.

    Args:
        parts: name and sizes of each, in the order in which they run.
    """
    with expect.case(str(network), hint=hint):
        way, stopped = way_through(student, network)
        place = 0
        for name, due in parts:
            layers = sum(count for count, _ in due.values())
            found = way[place : place + layers]
            if stopped is not None and len(found) < layers:
                raise stopped
            got = in_all(found)
            expect.that(
                got == due, expected=f"{name}: {in_words(due)}", got=in_words(got) if got else f"no layer after {place}"
            )
            place += layers
        if stopped is not None:
            raise stopped
        expect.that(place == len(way), expected=f"{place} layers", got=f"{len(way)} layers")


def in_all(layers: Sequence[tuple[str, Sequence[int]]]) -> dict[tuple[int, ...], tuple[int, int]]:
    """How many layers give maps of each size, and how many maps in all."""
    found: dict[tuple[int, ...], tuple[int, int]] = {}
    for _, (maps, *size) in layers:
        count, so_far = found.get(tuple(size), (0, 0))
        found[tuple(size)] = count + 1, so_far + maps
    return found


def in_words(sizes: Sizes) -> str:
    """Sizes as a message has them: "6 layers give 368 maps of (28, 28)"."""
    words = []
    for size, (count, maps) in sizes.items():
        what = f"{maps:,} {'maps' if size else 'numbers'}{f' of {size}' if size else ''}"
        words.append(f"{count} layers give {what}" if count > 1 else f"a layer gives {what}")
    return ", ".join(words)
