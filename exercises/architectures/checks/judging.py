"""What the checks of several tasks do: count and measure a network as large as the paper's, and compare narrow ones.

Narrow ones get weights that everybody knows (`known_weights.py`), and then give the same numbers as the paper's
network, however they are written. While it is graded the reference is asked; what it gave at home stands in home.json.
"""

from __future__ import annotations

import functools
import json
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from exercises.checking import Expect, Reference, StudentError, awkward, draw
from exercises.checking.banned import Ban, banned_in

# Of the outputs' spread: float32 rounds at 6e-8, and the deepest narrow network here loses two digits of that.
TOLERANCE = 1e-4
# In training mode a norm over few numbers makes rounding larger: of 60 drawn narrow ResNets the worst missed by 4e-5.
IN_TRAINING = 5e-4
CONTRAST = 20.0  # standard deviation of images: for unit ones a response norm divides everything by nearly the same
HOME_FILE = Path(__file__).with_name("home.json")
READY = Ban(
    re.compile("models|hub"),
    frozenset({"torch", "torchvision", "timm"}),
    frozenset({"torch.hub", "torchvision.models", "timm"}),
)
ORDER = (
    "What stands between this layer and the one before it: which activation, norm and pooling, in which order? "
    "And has it the kernel, padding, groups and bias that are due?"
)
NUMBERS = (
    "Which channels, kernel, stride and padding has this layer? How are channels scaled, and what comes before it?"
)
OUTPUTS = "How many outputs has the last layer, and does the axis of the batch stay, for a single image too?"
IN_NUMBERS = "Which layer has other numbers than the table: channels, kernel, bias, groups? Is one missing?"
OF_LAYERS = "Which of torch's layers stand in each row of the table, and which numbers of the row do they get?"
ON_THE_WAY = "Which kernel, stride and padding has the first layer that differs, and what pooling comes before it?"


Layer = tuple[str, tuple[int, ...], float, float]  # kind, shape, and of its outputs behind a ReLU mean and deviation


@dataclass(frozen=True)
class Network:
    """A network that checks ask for.

    Args:
        module, name: of its class or function.
        arguments, named: what it is made with; a text that begins with "." names something of the same module.
        image: shape of one image.
        alone: made where stand-ins are in the places of what it is made of, see `standins.py`.
    """

    module: str
    name: str
    arguments: tuple[Any, ...] = ()
    named: Mapping[str, Any] = field(default_factory=dict)
    image: tuple[int, ...] = (3, 224, 224)
    alone: bool = False

    def __str__(self) -> str:
        given = [str(one).removeprefix(".") if _is_own(one) else repr(one) for one in self.arguments]
        made = f"{self.name}({', '.join([*given, *(f'{key}={value!r}' for key, value in self.named.items())])})"
        return f"{made} alone" if self.alone else made

    def of(self, who: Any) -> tuple[Any, list[Any], dict[str, Any], tuple[int, ...]]:
        """Its maker, arguments and image, of the student or the reference."""
        own = getattr(who, self.module)
        arguments = [getattr(own, one[1:]) if _is_own(one) else one for one in self.arguments]
        make = getattr(own, self.name)
        return who.standins.Alone(make) if self.alone else make, arguments, dict(self.named), self.image


def _is_own(argument: Any) -> bool:
    return isinstance(argument, str) and argument.startswith(".")


@dataclass(frozen=True)
class Answer:
    """What a network gave for images.

    Attributes:
        outputs: (batch, classes), or maps.
        way: what each convolution and dense layer gave, as they ran.
    """

    outputs: Tensor
    way: list[Layer]


@dataclass(frozen=True)
class Case:
    """A narrow network with known weights, and the images that it gets.

    Args:
        training: in training mode, where norms average over the batch.
        batch:    how many images.
        accepted: readings of the table that are right too: functions of the given module `readings`, or several of them
            joined by "+".
        halves:   whether a convolution of two groups may be two layers, each of half the maps.
        contrast: standard deviation of the images.
        only:     as in `known_weights.put_in`: which parameters have values that differ.
    """

    network: Network
    training: bool = False
    batch: int = 2
    accepted: tuple[str, ...] = ()
    halves: bool = False
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
            reading: of the table: what is changed in the network first, one of `accepted`.
        """
        seed = draw("weights").randrange(2**31)
        model = who.known_weights.network(*self.network.of(who), seed, self.halves, self.only)
        for one in reading.split("+") if reading else ():
            getattr(who.readings, one)(model)
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
    found: list[tuple[int, list[Layer], Answer, float]] = []
    for reading in ("", *case.accepted):
        due = due_at_home(key, case, reading) if solution is None else case.of(solution, reading)
        expect.shape(got.outputs, due.outputs.shape, hint=OUTPUTS if due.outputs.dim() == 2 else NUMBERS)
        way = joined(got.way, due.way) if case.halves else got.way
        apart = float((got.outputs - due.outputs).abs().max() / due.outputs.std())
        found.append((first_apart(way, due.way), way, due, apart))
        if apart <= (IN_TRAINING if case.training else TOLERANCE):
            break
    place, way, due, apart = max(found, key=lambda one: one[0])  # by the reading that leads furthest
    words, asked = "", hint or order
    if place < len(way):
        kind, shape = way[place][:2]
        words = f"; the first layer on the way that gives something else is number {place + 1}, a {kind} to {shape}"
        known = _flat(kind, shape) in [_flat(*one[:2]) for one in due.way]
        words += "" if known else ", a shape that the paper's network does not have there"
        asked = order if known else NUMBERS
    expect.that(
        found[-1][3] <= (IN_TRAINING if case.training else TOLERANCE),
        expected=f"the outputs of the paper's network, {tuple(got.outputs.shape)}, with the same weights",
        got=f"other ones, by up to {apart:.2g} of their standard deviation{words}",
        hint=asked,
    )


def first_apart(way: Sequence[Layer], due: Sequence[Layer]) -> int:
    """The place of the first convolution or dense layer that gives something else; behind the last where none does.

    Branches may run in any order: a layer is looked for among all of its shape that gave the same.
    """
    for place, (kind, shape, mean, deviation) in enumerate(way):
        alike = [one for one in due if _flat(*one[:2]) == _flat(kind, shape)]
        if not any(abs(one[2] - mean) + abs(one[3] - deviation) <= 1e-3 * one[3] for one in alike):
            return place
    return len(way)


def compare(
    student: Any,
    solution: Reference | None,
    expect: Expect,
    key: str,
    cases: Sequence[Case],
    hint: str = "",
    stopped: str = ON_THE_WAY,
    order: str = ORDER,
) -> None:
    """Require the outputs of the paper's networks, of each case.

    Args:
        key, hint: as for `require_same`.
        stopped:   a hint where there are no outputs, or none of the due shape.
        order:     as for `require_same`.
    """
    for case in cases:
        with expect.case(str(case), hint=stopped):
            got = case.of(student)
            expect.tensor(got.outputs)
            require_same(solution, expect, case, got, key, hint, order)


def require_count(student: Any, expect: Expect, network: Network, due: int, hint: str = IN_NUMBERS) -> None:
    """Require so many parameters, of a network as large as the paper's; it is only built on "meta"."""
    with expect.case(str(network), hint=hint):
        count = student.known_weights.count(*network.of(student))
        more = f", {abs(count - due):,} {'more' if count > due else 'fewer'}" if count != due else ""
        expect.that(count == due, expected=f"{due:,} parameters", got=f"{count:,} parameters{more}")


def way_through(student: Any, network: Network) -> tuple[list[tuple[str, Sequence[int]]], StudentError | None]:
    """Kind and shape of what the layers of a network give, as they run; where it stops on the way, as far as it came,
    and what stopped it."""
    try:
        return student.known_weights.sizes(*network.of(student)), None
    except StudentError as error:
        return student.known_weights.sizes(*network.of(student), as_far_as_it_runs=True), error


def require_sizes(
    student: Any, expect: Expect, network: Network, due: Sequence[tuple[str, tuple[int, ...]]], hint: str = ON_THE_WAY
) -> None:
    """Require these shapes of what convolutions and dense layers give, in the order in which they run.

    A convolution of two groups may be two layers of half the maps, and a convolution that sees the whole map a dense
    layer.
    """
    with expect.case(str(network), hint=hint):
        way, stopped = way_through(student, network)
        found = joined([(kind, tuple(shape)) for kind, shape in way], due)
        for place, (kind, shape) in enumerate(due):
            here = found[place : place + 1]
            if stopped is not None and not here:
                raise stopped
            expect.that(
                [_flat(*one) for one in here] == [_flat(kind, shape)],
                expected=f"layer {place + 1}, a {kind}, gives {shape}",
                got=f"a {here[0][0]} gives {here[0][1]}" if here else f"no layer after {place}",
            )
        if stopped is not None:
            raise stopped
        for kind, shape in found[len(due) :]:
            expect.that(False, expected=f"{len(due)} layers", got=f"one more, a {kind} to {shape}")


def joined(way: Sequence[Any], due: Sequence[Any]) -> list[Any]:
    """A way where two layers of half the maps stand as the one layer that is due in the place of the first of them.

    Args:
        way, due: kind and shape of each layer, as they run, and maybe mean and standard deviation of its outputs.
    """
    left, found = list(way), []
    for kind, shape in (one[:2] for one in due):
        half = (kind, (shape[0] // 2, *shape[1:]))
        places = [place for place, one in enumerate(left) if one[:2] == half]
        if len(places) > 1 and places[0] == 0:
            second, first = left.pop(places[1]), left.pop(0)
            found.append((kind, shape, *_of_both(first[2:], second[2:])))
        elif left:
            found.append(left.pop(0))
    return found + left


def _of_both(one: Sequence[float], other: Sequence[float]) -> tuple[float, ...]:
    """Mean and standard deviation of two sets of equally many numbers, taken together."""
    if not one:
        return ()
    mean = (one[0] + other[0]) / 2
    return mean, math.sqrt((one[1] ** 2 + other[1] ** 2) / 2 + ((one[0] - other[0]) / 2) ** 2)


def require_any_built(student: Any, networks: Sequence[Network]) -> None:
    """Require that one of these can be built: of what nobody has written, nothing is said.

    Raises:
        StudentError: of the first one, where none can.
    """
    stopped: list[StudentError] = []
    for network in networks:
        try:
            student.known_weights.count(*network.of(student))
            return
        except StudentError as error:
            stopped.append(error)
    raise stopped[0]


def require_own_network(student: Any, expect: Expect, module: str, functions: Iterable[str] = ()) -> None:
    """Require that nothing in a module, or of the own ones that it imports, is somebody else's network.

    Args:
        functions: what checks ask of the module, beside its classes.
    """
    findings = banned_in(student.sources(module), READY, asked=functions)
    expect.that(
        not findings,
        expected=f"{module}.py with networks of torch's layers, put together by yourself",
        got="; ".join(findings[:3]),
        hint=OF_LAYERS,
    )


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
