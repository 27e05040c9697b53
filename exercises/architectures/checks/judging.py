"""What the checks of several tasks do: count and measure a network as large as the paper's, and compare narrow ones.

Narrow ones get weights that everybody knows (`known_weights.py`), and then give the same numbers as the paper's
network, however they are written. While it is graded the reference is asked; what it gave at home stands in home.json.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from exercises.checking import Expect, Reference, awkward, draw

# Of the outputs' spread: float32 rounds at 6e-8, and the deepest narrow network here loses two digits of that.
TOLERANCE = 1e-4
CONTRAST = 20.0  # standard deviation of images: for unit ones a response norm divides everything by nearly the same
HOME_FILE = Path(__file__).with_name("home.json")
ORDER = "What stands between this layer and the one before it: which activation, norm and pooling, in which order?"
IN_NUMBERS = "Which layer has other numbers than the table: channels, kernel, bias, groups? Is one missing?"
OUTPUTS = "How many outputs has the last layer, and does the axis of the batch stay, for a single image too?"
ON_THE_WAY = "Which kernel, stride and padding has the first layer that differs, and what pooling comes before it?"


@dataclass(frozen=True)
class Network:
    """A network that checks ask for.

    Args:
        module, name: of its class or function.
        arguments, named: what it is made with; a text that begins with "." names something of the same module.
        image: shape of one image.
    """

    module: str
    name: str
    arguments: tuple[Any, ...] = ()
    named: Mapping[str, Any] = field(default_factory=dict)
    image: tuple[int, ...] = (3, 224, 224)

    def __str__(self) -> str:
        given = [str(one).removeprefix(".") if _is_own(one) else repr(one) for one in self.arguments]
        return f"{self.name}({', '.join([*given, *(f'{key}={value!r}' for key, value in self.named.items())])})"

    def of(self, who: Any) -> tuple[Any, list[Any], dict[str, Any], tuple[int, ...]]:
        """Its maker, arguments and image, of the student or the reference."""
        own = getattr(who, self.module)
        arguments = [getattr(own, one[1:]) if _is_own(one) else one for one in self.arguments]
        return getattr(own, self.name), arguments, dict(self.named), self.image


def _is_own(argument: Any) -> bool:
    return isinstance(argument, str) and argument.startswith(".")


@dataclass(frozen=True)
class Answer:
    """What a network gave for images.

    Attributes:
        outputs: (batch, classes), or maps.
        way: kind, shape, mean and standard deviation of what each convolution and dense layer gave, as they ran.
    """

    outputs: Tensor
    way: list[tuple[str, tuple[int, ...], float, float]]


@dataclass(frozen=True)
class Case:
    """A narrow network with known weights, and the images that it gets.

    Args:
        training: in training mode, where norms average over the batch.
        batch:    how many images.
        accepted: names of readings of the table that are right too: functions of the given module `readings`.
        contrast: standard deviation of the images.
        only:     as in `known_weights.put_in`: which parameters have values that differ.
    """

    network: Network
    training: bool = False
    batch: int = 2
    accepted: tuple[str, ...] = ()
    contrast: float = CONTRAST
    only: tuple[tuple[int, int], ...] | None = None

    def __str__(self) -> str:
        images = f" on {self.batch} image{'s' if self.batch > 1 else ''}"
        return f"{self.network}{images}{' in training mode' if self.training else ''}"

    @property
    def images(self) -> Tensor:
        """(batch, …), float32."""
        return self.contrast * awkward(self.batch, *self.network.image, seed=self.batch, dtype=torch.float32)

    def of(self, who: Any, reading: str = "") -> Answer:
        """What the student's or the reference's network gives.

        Args:
            reading: of the table: what is changed in the network first.
        """
        seed = draw("weights").randrange(2**31)
        model = who.known_weights.network(*self.network.of(who), seed, self.only)
        if reading:
            getattr(who.readings, reading)(model)
        outputs, way = who.known_weights.answers(model, self.images, self.training)
        return Answer(outputs, [(kind, tuple(shape), mean, deviation) for kind, shape, mean, deviation in way])


def require_same(
    solution: Reference | None, expect: Expect, case: Case, got: Answer, key: str, hint: str = "", order: str = ORDER
) -> None:
    """Require the outputs of the paper's network, in one of its accepted readings.

    Args:
        key:   of the check, by which home.json has what is due.
        hint:  where outputs differ, and no layer on the way does.
        order: where a layer on the way differs.
    """
    due = [due_at_home(key, case, one) if solution is None else case.of(solution, one) for one in ("", *case.accepted)]
    expect.shape(got.outputs, due[0].outputs.shape, hint=OUTPUTS)
    apart = [float((got.outputs - one.outputs).abs().max() / one.outputs.std()) for one in due]
    places = [first_apart(got, one) for one in due]
    followed = [len(got.way) if place is None else place for place in places]
    meant = followed.index(max(followed))  # the reading that it follows furthest
    where = _where(got, due[meant])
    expect.that(
        any(one <= TOLERANCE for one in apart),
        expected=f"the outputs of the paper's network, {tuple(got.outputs.shape)}, with the same weights",
        got=f"other ones, by up to {apart[meant]:.2g} of their standard deviation{where}",
        hint=hint if hint and not where else order,
    )


def _where(got: Answer, due: Answer) -> str:
    """Which convolution or dense layer is the first to give something else, in words; empty where none does."""
    place = first_apart(got, due)
    if place is None:
        return ""
    kind, shape = got.way[place][:2]
    words = f"; the first layer on the way that gives something else is number {place + 1}, a {kind} to {shape}"
    known = any(_flat(*one[:2]) == _flat(kind, shape) for one in due.way)
    return words if known else f"{words}, a shape that the paper's network does not have there"


def first_apart(got: Answer, due: Answer) -> int | None:
    """The place of the first convolution or dense layer that gives something else, from 0; None where none does.

    Branches may run in any order: a layer is looked for among all of its shape that gave the same.
    """
    for place, (kind, shape, mean, deviation) in enumerate(got.way):
        alike = [one for one in due.way if _flat(*one[:2]) == _flat(kind, shape)]
        if not any(abs(one[2] - mean) + abs(one[3] - deviation) <= 1e-3 * one[3] for one in alike):
            return place
    return None


def compare(
    student: Any,
    solution: Reference | None,
    expect: Expect,
    key: str,
    cases: Sequence[Case],
    hint: str = "",
    order: str = ORDER,
) -> None:
    """Require the outputs of the paper's networks, of each case."""
    for case in cases:
        with expect.case(str(case), hint=order):
            got = case.of(student)
            expect.tensor(got.outputs)
            require_same(solution, expect, case, got, key, hint, order)


def require_count(student: Any, expect: Expect, network: Network, due: int, hint: str = IN_NUMBERS) -> None:
    """Require so many parameters, of a network as large as the paper's; it is only built on "meta"."""
    with expect.case(str(network), hint=hint):
        count = student.known_weights.count(*network.of(student))
        more = f", {abs(count - due):,} {'more' if count > due else 'fewer'}" if count != due else ""
        expect.that(count == due, expected=f"{due:,} parameters", got=f"{count:,} parameters{more}")


def require_sizes(
    student: Any, expect: Expect, network: Network, due: Sequence[tuple[str, tuple[int, ...]]], hint: str = ON_THE_WAY
) -> None:
    """Require these shapes of what convolutions and dense layers give, in the order in which they run.

    A convolution of two groups may be two layers of half the maps, and a convolution that sees the whole map a dense
    layer.
    """
    with expect.case(str(network), hint=hint):
        way = student.known_weights.sizes(*network.of(student), False)
        found = [(kind, tuple(shape)) for kind, shape in way]
        place = 0
        for number, (kind, shape) in enumerate(due, start=1):
            halves = [(kind, (shape[0] // 2, *shape[1:]))] * 2
            here = found[place : place + 1]
            if not here:
                student.known_weights.sizes(*network.of(student))  # what stopped it is told in its own words
            if found[place : place + 2] == halves:
                place += 2
                continue
            expect.that(
                [_flat(*one) for one in here] == [_flat(kind, shape)],
                expected=f"layer {number}, a {kind}, gives {shape}",
                got=f"a {here[0][0]} gives {here[0][1]}" if here else f"no layer after {number - 1}",
            )
            place += 1
        for kind, shape in found[place:]:
            expect.that(False, expected=f"{len(due)} layers", got=f"one more, a {kind} to {shape}")


def _flat(kind: str, shape: tuple[int, ...]) -> tuple[str, tuple[int, ...]]:
    """A convolution to maps of 1x1 as the dense layer that it is."""
    return ("dense layer", shape[:1]) if shape[1:] == (1, 1) else (kind, shape)


# -- what the reference gives at home


def home_key(case: Case, reading: str) -> str:
    """By which home.json has a case."""
    return f"{case}{f', {reading}' if reading else ''}"


def due_at_home(key: str, case: Case, reading: str) -> Answer:
    """What the reference gave for what a check draws at home.

    Raises:
        KeyError: a fault of the check: nobody wrote it down.
    """
    return _read(_home()[key][home_key(case, reading)])


@functools.cache
def _home() -> Any:
    return json.loads(HOME_FILE.read_text(encoding="utf-8"))


def written(answer: Answer) -> dict[str, Any]:
    """An answer as home.json has it, with six digits."""
    return {
        "shape": list(answer.outputs.shape),
        "outputs": [float(f"{value:.6g}") for value in answer.outputs.flatten().tolist()],
        "way": [
            [kind, list(shape), float(f"{mean:.6g}"), float(f"{deviation:.6g}")]
            for kind, shape, mean, deviation in answer.way
        ],
    }


def _read(text: dict[str, Any]) -> Answer:
    way = [(kind, tuple(shape), mean, deviation) for kind, shape, mean, deviation in text["way"]]
    return Answer(torch.tensor(text["outputs"]).reshape(text["shape"]), way)


AtHome = Mapping[str, Callable[[], Sequence[Case]]]  # what a module of public checks compares, by the check's id
