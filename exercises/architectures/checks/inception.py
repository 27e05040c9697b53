"""Public checks of task 5."""

from __future__ import annotations

from functools import partial
from typing import Any

from exercises.architectures.standins import ROWS as STAND_IN_ROWS
from exercises.checking import Cause, Expect, Reference, Student, check, draw
from exercises.checking.alone import judge_or_alone

from . import hints
from .judging import AtHome, Case, Network, compare, require_any_built, require_count, require_own_network
from .made_of_parts import Sizes, alone, compare_network, require_parts

NUMBERS = ("n1x1", "n3x3_reduce", "n3x3", "n5x5_reduce", "n5x5", "pool_proj")
FIRST = Network("inception", "Inception", (192, 64, 96, 128, 16, 32, 32), image=(192, 28, 28))
FIRST_SIZES = sorted((number, 28, 28) for number in (64, 96, 128, 16, 32, 32))
FULL = Network("inception", "GoogLeNet")
# Each row's module: maps that come in, maps of its six convolutions in all, maps that come out, parameters.
MODULES = {
    "3a": (192, 368, 256, 163_696),
    "3b": (256, 640, 480, 388_736),
    "4a": (480, 624, 512, 376_176),
    "4b": (512, 648, 512, 449_160),
    "4c": (512, 664, 512, 510_104),
    "4d": (512, 704, 528, 605_376),
    "4e": (528, 1024, 832, 868_352),
    "5a": (832, 1024, 832, 1_043_456),
    "5b": (832, 1264, 1024, 1_444_080),
}
READINGS = ("alpha_not_divided", "norm_before_pooling", "whole_windows_in_stem", "whole_windows_between_modules")
BRANCHES = "Does each branch see the input of the module, and which padding keeps height and width?"
MODULE = "What stands in each of the four branches, and in which order do their outputs lie behind each other?"
ROWS = "Which of the six numbers of this row are those of table 1, and in which order are they?"
LOGITS = "What comes after the last dense layer? Are these logits?"
WIDTH = "Which numbers are scaled, and which are sums of scaled ones? Does the pooling fit maps of any size?"


def module(most: int, size: tuple[int, int]) -> Case:
    """A module whose six numbers are all different: equal ones would have equal weights."""
    random = draw(f"numbers of {size}")
    arguments = (random.randint(3, 6), *random.sample(range(2, most), 6))
    return Case(Network("inception", "Inception", arguments, image=(arguments[0], *size)))


def modules() -> list[Case]:
    """What is compared of `Inception`."""
    return [module(12, (7, 10))]


def narrow(seed: str, size: tuple[int, int]) -> Case:
    """A GoogLeNet of a width at which a sum of scaled numbers is no scaled sum, on images of an odd size."""
    random = draw(seed)
    named = {"num_classes": random.randint(3, 9), "width": random.choice((0.045, 0.055, 0.065, 0.07))}
    return Case(Network("inception", "GoogLeNet", named=named, image=(3, *size)), accepted=readings())


def readings() -> tuple[str, ...]:
    """All that readings of the table can be combined to."""
    found = [""]
    for one in READINGS:
        found += [f"{other}+{one}" if other else one for other in found]
    return tuple(found[1:])


def networks() -> list[Case]:
    """What is compared of `GoogLeNet`."""
    return [narrow("network", (45, 70))]


AT_HOME: AtHome = {"inception.module": modules, "inception.same": lambda: [*networks(), *alone(networks())]}


@check(
    "inception.module_parameters",
    points=0.3,
    hints=hints.MODULE,
    idea="The first module of the paper, 3a, has 163,696 parameters",
)
def module_parameters(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_count(student, expect, FIRST, MODULES["3a"][3])


@check("inception.module_sizes", points=0.2, hints=hints.MODULE, idea="Every branch keeps height and width")
def module_sizes(student: Student, solution: Reference | None, expect: Expect) -> None:
    with expect.case(str(FIRST), hint=BRANCHES):
        way = student.known_weights.sizes(*FIRST.of(student))
        found = sorted(tuple(shape) for _, shape in way)
        expect.that(
            found == FIRST_SIZES,
            expected=f"from its six convolutions, in any order, {FIRST_SIZES}",
            got=f"{found}",
        )


@check(
    "inception.module",
    points=0.5,
    hints=hints.MODULE,
    idea="With the same weights, a module gives what the paper's gives",
)
def module_is_the_papers(student: Student, solution: Reference | None, expect: Expect) -> None:
    compare(student, solution, expect, "inception.module", modules(), MODULE, BRANCHES)


@check("inception.rows", points=0.25, hints=hints.ROWS, idea="ROWS has the nine modules of table 1, in its order")
def rows(student: Student, solution: Reference | None, expect: Expect) -> None:
    found = rows_of(student, expect)
    for name, (channels, _, maps, due) in MODULES.items():
        n1x1, n3x3_reduce, n3x3, n5x5_reduce, n5x5, pool_proj = found[name]
        with expect.case(f"row {name}", hint=ROWS):
            expect.that(
                n1x1 + n3x3 + n5x5 + pool_proj == maps,
                expected=f"{maps} maps come out",
                got=f"n1x1 + n3x3 + n5x5 + pool_proj = {n1x1 + n3x3 + n5x5 + pool_proj}",
            )
            from_input = (n1x1 + n3x3_reduce + n5x5_reduce + pool_proj) * channels
            biases = sum(found[name])
            count = from_input + 9 * n3x3_reduce * n3x3 + 25 * n5x5_reduce * n5x5 + biases
            expect.that(
                count == due,
                expected=f"a module of {due:,} parameters on {channels} maps",
                got=f"one of {count:,}",
            )


def rows_of(student: Any, expect: Expect) -> dict[str, tuple[int, ...]]:
    """The student's rows, each six whole numbers."""
    found = student.inception.ROWS
    with expect.case("ROWS", hint=ROWS):
        expect.that(
            isinstance(found, dict),
            expected="a dict of nine rows",
            got="not written yet" if found is None else f"a {type(found).__name__}",
            cause=Cause.NOT_WRITTEN if found is None else Cause.WRONG,
        )
        expect.equal(list(found), list(MODULES))
        for name, row in found.items():
            whole = isinstance(row, tuple | list) and all(type(number) is int for number in row)
            expect.that(
                whole and len(row) == len(NUMBERS),
                expected=f"row {name}: six whole numbers, {', '.join(NUMBERS)}",
                got=f"{row!r}",
            )
    return {name: tuple(row) for name, row in found.items()}


@check("inception.parameters", points=0.3, hints=hints.GOOGLENET, idea="GoogLeNet has 6,998,552 parameters")
def parameters(student: Student, solution: Reference | None, expect: Expect) -> None:
    def judge(made_of_stand_ins: bool) -> None:
        require_count(student, expect, network(made_of_stand_ins), stand_in_count() if made_of_stand_ins else 6_998_552)

    judge_or_alone(partial(judge, False), partial(judge, True))


def network(made_of_stand_ins: bool) -> Network:
    """GoogLeNet as it is in the paper, or made of stand-ins."""
    return Network("inception", "GoogLeNet", alone=made_of_stand_ins)


def stand_in_count() -> int:
    """Parameters of a GoogLeNet made of stand-ins: stem, modules of 1x1 convolutions, and the dense layer."""
    count, channels = 9_472 + 4_160 + 110_784, 192
    for row in STAND_IN_ROWS.values():
        count += (channels + 1) * sum(row)
        channels = row[0] + row[2] + row[4] + row[5]
    return count + (channels + 1) * 1000


def parts(made_of_stand_ins: bool) -> list[tuple[str, Sizes]]:
    """What the parts of GoogLeNet give for an image of 224x224."""
    maps = {name: sum(row) for name, row in STAND_IN_ROWS.items()} if made_of_stand_ins else {}
    found: list[tuple[str, Sizes]] = [
        ("the stem's 7x7", {(112, 112): (1, 64)}),
        ("the stem's 1x1", {(56, 56): (1, 64)}),
        ("the stem's 3x3", {(56, 56): (1, 192)}),
    ]
    for name, (_, due, _, _) in MODULES.items():
        size = {"3": 28, "4": 14, "5": 7}[name[0]]
        found.append((f"module {name}", {(size, size): (6, maps.get(name, due))}))
    return [*found, ("the dense layer", {(): (1, 1000)})]


@check("inception.sizes", points=0.3, hints=hints.GOOGLENET, idea="The sizes on the way are those of the table")
def sizes(student: Student, solution: Reference | None, expect: Expect) -> None:
    def judge(made_of_stand_ins: bool) -> None:
        require_parts(student, expect, network(made_of_stand_ins), parts(made_of_stand_ins))

    judge_or_alone(partial(judge, False), partial(judge, True))


@check(
    "inception.same",
    points=0.4,
    hints=hints.GOOGLENET,
    idea="With the same weights, a narrow GoogLeNet gives what the paper's gives",
)
def same(student: Student, solution: Reference | None, expect: Expect) -> None:
    compare_network(student, solution, expect, "inception.same", networks(), LOGITS, WIDTH)


@check(
    "inception.own",
    points=0.2,
    hints=hints.OWN,
    idea="GoogLeNet is built from torch's layers, not taken from a library of networks",
)
def own(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_any_built(student, [FIRST, network(made_of_stand_ins=True)])
    require_own_network(student, expect, "inception")
