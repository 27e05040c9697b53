"""Public checks of task 4.

The paper's columns are judged as data, and VGG with the column that is given and with others that nobody has seen: a
wrong row costs its column's points alone.
"""

from __future__ import annotations

import functools
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from exercises.checking import Cause, Expect, Reference, Student, check, draw

from . import hints
from .judging import (
    AtHome,
    Case,
    Network,
    compare,
    require_any_built,
    require_count,
    require_own_network,
    require_sizes,
)

Rows = tuple[tuple[Any, ...], ...]

FULL = Network("vgg", "VGG", ("A-LRN",))
SIZES = [
    ("convolution", (64, 224, 224)),
    ("convolution", (128, 112, 112)),
    ("convolution", (256, 56, 56)),
    ("convolution", (256, 56, 56)),
    ("convolution", (512, 28, 28)),
    ("convolution", (512, 28, 28)),
    ("convolution", (512, 14, 14)),
    ("convolution", (512, 14, 14)),
    ("dense layer", (4096,)),
    ("dense layer", (4096,)),
    ("dense layer", (1000,)),
]
READINGS = ("alpha_not_divided",)
FORM = 'Is each row a tuple as in A_LRN: ("conv", kernel, channels), ("lrn",) or ("pool",)?'
AT_BUILDING = "Is CONFIGURATIONS read when a network is built? Which layer does not take what the row before it gives?"
SAME = "What comes behind the last dense layer? Are these logits?"
UNKNOWN = "What has VGG.__init__ to do with a configuration that is no key of CONFIGURATIONS?"


# -- the paper's columns

CONVOLUTIONS = {
    "A": (1, 1, 2, 2, 2),
    "B": (2, 2, 2, 2, 2),
    "C": (2, 2, 3, 3, 3),
    "D": (2, 2, 3, 3, 3),
    "E": (2, 2, 4, 4, 4),
}
CHANNELS = (64, 128, 256, 512, 512)  # between one maxpool of table 1 and the next


def paper_column(key: str) -> list[tuple[Any, ...]]:
    """A column of the paper's table 1; in C the third convolution of a block has a kernel of 1x1."""
    rows: list[tuple[Any, ...]] = []
    for count, channels in zip(CONVOLUTIONS[key], CHANNELS, strict=True):
        rows += [("conv", 1 if key == "C" and place == 2 else 3, channels) for place in range(count)]
        rows.append(("pool",))
    return rows


def require_column(student: Any, expect: Expect, key: str) -> None:
    """Require a column of the table, its rows as tuples or lists."""
    count = sum(CONVOLUTIONS[key])
    table, due = student.vgg.CONFIGURATIONS, paper_column(key)
    has = isinstance(table, dict) and key in table
    expect.that(has, expected=f"CONFIGURATIONS with a key {key!r}", got="no such key", hint=FORM)
    rows = table[key]
    words = f"column {key}, {len(due)} rows with {count} convolutions"
    expect.that(
        isinstance(rows, tuple | list),
        expected=words,
        got="not written yet" if rows is None else f"no tuple, but {str(rows)[:80]}",
        hint=FORM,
        cause=Cause.NOT_WRITTEN if rows is None else Cause.WRONG,
    )
    for number, (row, wanted) in enumerate(zip(rows, due, strict=False), start=1):
        has_form = isinstance(row, tuple | list) and len(row) == len(wanted)
        expect.that(
            has_form and tuple(row) == wanted,
            expected=f"{words}; row {number} is {_wanted(row, wanted) if has_form else _kind(wanted)}",
            got=f"{row!r}"[:80],
            hint=_question(key, rows[: number - 1]) if _is_row(row) else FORM,
        )
    expect.that(
        len(rows) == len(due),
        expected=words,
        got=f"{len(rows)} rows, of which the first {min(len(rows), len(due))} are right",
        hint=_question(key, rows),
    )


def _is_row(row: Any) -> bool:
    return isinstance(row, tuple | list) and (len(row), *row[:1]) in ((3, "conv"), (1, "lrn"), (1, "pool"))


def _kind(row: Sequence[Any]) -> str:
    return "a maxpool" if row[0] == "pool" else "a convolution"


def _wanted(row: Sequence[Any], wanted: Sequence[Any]) -> str:
    """What a row is that has the form of the wanted one, without its numbers: these stand in the paper."""
    if len(wanted) == 1 or row[0] != wanted[0]:
        return _kind(wanted)
    return f"a convolution with {'another kernel' if row[1] != wanted[1] else 'other channels'}"


def _question(key: str, rows: Sequence[Any]) -> str:
    """Which part of the table to look at, behind these rows."""
    pools = sum(row in (("pool",), ["pool"]) for row in rows)
    place = f"between maxpool {pools} and maxpool {pools + 1}" if pools else "before its first maxpool"
    return f"Which rows has column {key} of table 1 {place}? There, conv3-64 is a kernel of 3x3 to 64 channels."


@check(
    "vgg.parameters",
    points=0.25,
    hints=hints.VGG,
    idea='VGG("A-LRN") has 132,863,336 parameters, as column A: 133 million',
)
def parameters(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_count(student, expect, FULL, 132_863_336)


@check("vgg.sizes", points=0.25, hints=hints.VGG, idea="The sizes on the way are those of the table")
def sizes(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_sizes(student, expect, FULL, SIZES)


@check("vgg.column_a", points=0.1, hints=hints.COLUMNS, idea="Column A as data: 11 weight layers")
def column_a(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_column(student, expect, "A")


@check("vgg.column_b", points=0.1, hints=hints.COLUMNS, idea="Column B as data: 13 weight layers")
def column_b(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_column(student, expect, "B")


@check("vgg.column_c", points=0.1, hints=hints.COLUMNS, idea="Column C as data: 16 weight layers, three of them of 1x1")
def column_c(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_column(student, expect, "C")


@check("vgg.column_d", points=0.1, hints=hints.COLUMNS, idea="Column D as data: 16 weight layers")
def column_d(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_column(student, expect, "D")


@check("vgg.column_e", points=0.1, hints=hints.COLUMNS, idea="Column E as data: 19 weight layers")
def column_e(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_column(student, expect, "E")


# -- networks of a column that is given, and of others


@dataclass(frozen=True)
class Added(Network):
    """A VGG of a key that is added to CONFIGURATIONS before it is built.

    Args:
        rows: of the key.
    """

    rows: Rows = ()

    def __str__(self) -> str:
        return f"CONFIGURATIONS[{self.arguments[0]!r}] = {self.rows!r}; {super().__str__()}"

    def of(self, who: Any) -> tuple[Any, list[Any], dict[str, Any], tuple[int, ...]]:
        """Its maker, arguments and image, of the student or the reference."""
        make, arguments, named, image = super().of(who)
        return who.added.WithKey(make, arguments[0], self.rows), arguments, named, image


def narrow(sixteenths: int, num_classes: int, batch: int = 2) -> Case:
    """A network of the given column, of some sixteenths of the paper's width."""
    named = {"num_classes": num_classes, "width": sixteenths / 16}
    return Case(Network("vgg", "VGG", FULL.arguments, named), batch=batch, accepted=READINGS)


def drawn_rows(random: random.Random) -> Rows:
    """Five blocks of other kernels and channels than the paper's: one block has a kernel of each kind and a norm."""
    most = random.randrange(1, 5)
    rows: list[tuple[Any, ...]] = []
    for block in range(5):
        kernels = random.sample((1, 3), 2) if block == most else [random.choice((1, 3))]
        channels = random.sample(range(24, 70), len(kernels))
        convolutions: list[tuple[Any, ...]] = [
            ("conv", kernel, number) for kernel, number in zip(kernels, channels, strict=True)
        ]
        if block == most:
            convolutions.insert(random.randint(1, 2), ("lrn",))
        rows += [*convolutions, ("pool",)]
    return tuple(rows)


def added(topic: str) -> Case:
    """A network of an added key, on two images."""
    random = draw(topic)
    key, width = random.choice("FGHJKMNPQ") + random.choice("23456789"), random.randint(3, 5) / 16
    network = Added(
        "vgg", "VGG", (key,), {"num_classes": random.randint(3, 20), "width": width}, rows=drawn_rows(random)
    )
    return Case(network, accepted=READINGS)


def same_cases() -> list[Case]:
    """What is compared of the given column."""
    return [narrow(1, 7)]


def added_cases() -> list[Case]:
    """What is compared of an added key."""
    return [added("added")]


AT_HOME: AtHome = {"vgg.same": same_cases, "vgg.added": added_cases}


@check(
    "vgg.same", points=0.3, hints=hints.VGG, idea="With the same weights, a narrow network gives what the paper's gives"
)
def same(student: Student, solution: Reference | None, expect: Expect) -> None:
    compare(student, solution, expect, "vgg.same", same_cases(), SAME)


@check(
    "vgg.added",
    points=0.2,
    hints=hints.VGG,
    idea="A key that is added to CONFIGURATIONS later is built as its rows say",
)
def added_key(student: Student, solution: Reference | None, expect: Expect) -> None:
    compare(student, solution, expect, "vgg.added", added_cases(), SAME, AT_BUILDING)


@check("vgg.unknown", points=0.1, hints=hints.VGG, idea="A configuration that does not exist raises ValueError")
def unknown(student: Student, solution: Reference | None, expect: Expect) -> None:
    for key in draw("unknown").sample(("F", "G", "AA", "E-LRN", "vgg16", ""), 3):
        with expect.case(f"VGG({key!r})", hint=UNKNOWN):
            expect.raises(functools.partial(student.vgg.VGG, key, width=1 / 16), "ValueError")


@check(
    "vgg.own",
    points=0.1,
    hints=hints.OWN,
    idea="VGG is built from torch's layers, not taken from a library of networks",
)
def own(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_any_built(student, [FULL])
    require_own_network(student, expect, "vgg")
