"""Public checks of task 4.

The paper's columns are judged as data, and VGG with the column that is given and with others that nobody has seen: a
wrong row costs its column's points alone.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from exercises.checking import Cause, Expect, Reference, Student, check, draw

from .judging import AtHome, Case, Network, compare, require_count, require_own_network, require_sizes

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
AT_BUILDING = "When is CONFIGURATIONS read: when the file is imported, or when a network is built?"
SAME = (
    "Is every number as in the table, and dropout off in evaluation? What does the dense head get, and in which order?"
)
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
        has_form = isinstance(row, tuple | list)
        expect.that(
            has_form and tuple(row) == wanted,
            expected=f"{words}: row {number} is {_in_words(wanted)}",
            got=f"{row!r}"[:80],
            hint=_question(key, rows[:number]) if has_form and len(row) == len(wanted) else FORM,
        )
    expect.that(
        len(rows) == len(due),
        expected=f"{words}, the last one a maxpool",
        got=f"{len(rows)} rows, as far as row {min(len(rows), len(due))} the right ones",
        hint=_question(key, rows),
    )


def _in_words(row: Sequence[Any]) -> str:
    return "a maxpool" if row[0] == "pool" else f"a convolution of {row[1]}x{row[1]} to {row[2]} channels"


def _question(key: str, rows: Sequence[Any]) -> str:
    block = 1 + sum(tuple(row) == ("pool",) for row in rows[:-1])
    place = f"Which rows has column {key} of table 1 before its first maxpool?"
    if block > 1:
        place = f"Which rows has column {key} of table 1 between maxpool {block - 1} and maxpool {block}?"
    return f"{place} conv3-256 is a kernel of 3x3 and 256 channels."


@check("vgg.parameters", points=0.25, idea='VGG("A-LRN") has 132,863,336 parameters, as column A: 133 million')
def parameters(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_count(student, expect, FULL, 132_863_336)


@check("vgg.sizes", points=0.25, idea="The sizes on the way are those of the table")
def sizes(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_sizes(student, expect, FULL, SIZES)


@check("vgg.column_a", points=0.1, idea="Column A as data: 11 weight layers")
def column_a(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_column(student, expect, "A")


@check("vgg.column_b", points=0.1, idea="Column B as data: 13 weight layers")
def column_b(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_column(student, expect, "B")


@check("vgg.column_c", points=0.1, idea="Column C as data: 16 weight layers, three of them of 1x1")
def column_c(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_column(student, expect, "C")


@check("vgg.column_d", points=0.1, idea="Column D as data: 16 weight layers")
def column_d(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_column(student, expect, "D")


@check("vgg.column_e", points=0.1, idea="Column E as data: 19 weight layers")
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


def narrow(sixteenths: int, num_classes: int) -> Case:
    """A network of the given column, of some sixteenths of the paper's width, on two images."""
    named = {"num_classes": num_classes, "width": sixteenths / 16}
    return Case(Network("vgg", "VGG", FULL.arguments, named), accepted=READINGS)


def drawn_rows(random: random.Random) -> Rows:
    """Five blocks of other kernels and channels than the paper's: one block has a kernel of each kind and a norm."""
    most = random.randrange(1, 5)
    rows: list[tuple[Any, ...]] = []
    for block in range(5):
        kernels = random.sample((1, 3), 2) if block == most else [random.choice((1, 3))]
        channels = random.sample(range(9, 70), len(kernels))
        convolutions = [("conv", kernel, number) for kernel, number in zip(kernels, channels, strict=True)]
        if block == most:
            convolutions.insert(random.randint(1, 2), ("lrn",))
        rows += [*convolutions, ("pool",)]
    return tuple(rows)


def added(topic: str) -> Case:
    """A network of an added key, on two images."""
    random = draw(topic)
    key, width = random.choice("FGHJKMNPQ") + random.choice("23456789"), random.randint(2, 5) / 16
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


@check("vgg.same", points=0.3, idea="With the same weights, a narrow network gives what the paper's gives")
def same(student: Student, solution: Reference | None, expect: Expect) -> None:
    compare(student, solution, expect, "vgg.same", same_cases(), SAME)


@check("vgg.added", points=0.2, idea="A key that is added to CONFIGURATIONS later is built as its rows say")
def added_key(student: Student, solution: Reference | None, expect: Expect) -> None:
    compare(student, solution, expect, "vgg.added", added_cases(), SAME)


@check("vgg.unknown", points=0.1, idea="A configuration that does not exist raises ValueError")
def unknown(student: Student, solution: Reference | None, expect: Expect) -> None:
    for key in draw("unknown").sample(("F", "G", "AA", "E-LRN", "vgg16", ""), 3):
        with expect.case(f"VGG({key!r})", hint=UNKNOWN):
            expect.raises(lambda: student.vgg.VGG(key, width=1 / 16), "ValueError")  # noqa: B023: called here


@check("vgg.own", points=0.1, idea="VGG is built from torch's layers, not taken from a library of networks")
def own(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_own_network(student, expect, "vgg")
