"""Networks of the student's as data: what they are asked is worked out where none of the student's code runs.

The student's process writes down what a network does with inputs of some shapes, `exercises/recording/`; from then on
it is a list of operations with the values that it has, in the clean room.  What is measured there was computed by us.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from .errors import StudentError
from .probe import RUNNING
from .tensors import load_weights, weights
from .verdict import Cause

MOST_KB = 1024  # of a record of a network that is measured, and not trained
MEASURED_AGAIN = (Cause.RAISED, Cause.NOT_WRITTEN, Cause.TOO_LARGE)  # where it runs, in whose words it is told
Form = tuple[bool, tuple[tuple[int, ...], ...]]  # a mode, and the shapes of the inputs


class Probe:
    """The measurements of `probe.py` where the student's code runs, and `network`, which is measured where none does.

    Args:
        student: whose code it is.
        module:  `probe.py`, where that runs.
    """

    def __init__(self, student: Any, module: Any) -> None:
        self._student, self._module = student, module

    def network(self, thing: Any, *inputs: Tensor, modes: Sequence[bool] = ()) -> RecordedNetwork:
        """A network as data: see RecordedNetwork."""
        return RecordedNetwork(self._student, thing, inputs, modes)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name)


class RecordedNetwork:
    """What a network of the student's does, on our side of the wall.

    It is recorded with inputs of each shape and mode that it is asked for, twice with different values: what hangs on
    values that no operation hands on (from NumPy, from another thread) is told apart by that.

    What cannot be recorded is asked for where it runs, and that is the student's word: `attested` says why then.  The
    same holds where the record gives other outputs or gradients than the network itself, which is asked beside: that
    guards against accidents alone.

    Args:
        thing:  a module that is built, or a function; weights are put into it too.
        inputs: of the form that it is asked for first.
        modes:  in which it is recorded first: True for training, False for evaluation; it begins in the first one.
            Without, it is recorded in both, and begins in training, as modules do.
    """

    def __init__(self, student: Any, thing: Any, inputs: Sequence[Tensor], modes: Sequence[bool] = ()) -> None:
        self._student, self._thing = student, thing
        self._forms: dict[Form, list[Tensor]] = {}
        self._parts: dict[str, Any] = {}
        self._seen: list[tuple[bool, list[Tensor], Any]] = []  # mode, inputs, and what the network itself gave for them
        self._values: dict[str, Tensor] = {}
        self._net: Any = None
        self._training, self._has_mode = bool(modes[0]) if modes else True, bool(modes)
        self.attested = ""
        self.record(*inputs, modes=modes or (True, False))

    # -- how it is recorded

    def record(self, *inputs: Tensor, modes: Sequence[bool] = (True, False)) -> None:
        """Be ready for inputs of these shapes, in training, in evaluation, or in both."""
        forms = {(mode, tuple(tuple(one.shape) for one in inputs)): list(inputs) for mode in modes}
        if self.attested or forms.keys() <= self._forms.keys():
            return
        self._forms.update(forms)
        self._net = None
        try:
            self._watch()
        except StudentError as error:
            if error.cause not in MEASURED_AGAIN:
                raise
            self.attested = f"the network cannot be written down: {error.summary}"

    def _watch(self) -> None:
        from exercises.recording.claim import NotRecorded, blame, read_parts

        asked = [(inputs, _others(inputs), mode) for (mode, _), inputs in self._forms.items()]
        claim = self._student.recording.watched(self._thing, asked)
        try:
            self._parts = read_parts(claim["parts"], MOST_KB)
            notes, seen = claim["notes"], claim["passes"]
            if refused := blame(notes["refused"]):
                raise NotRecorded(f"the network cannot be written down: {refused}")
            if any(steady is not True for steady, _, _ in seen):
                read = blame(notes["reads"])
                words = f"it reads values: {read}" if read else "values come from where nobody sees them made"
                raise NotRecorded(f"other inputs give another record: {words}")
            self._seen = [
                (mode, others if which == 1 else inputs, given)
                for (inputs, others, mode), (_, which, given) in zip(asked, seen, strict=True)
            ]
        except NotRecorded as reason:
            self.attested = str(reason)
        except (KeyError, TypeError, ValueError) as error:
            raise StudentError(f"what was written down of the network is no record: {error}") from error

    # -- whom to ask

    @property
    def where(self) -> tuple[Any, Any]:
        """Whom to ask, and of what: the clean room, of the network that is made of the record; or where that cannot be,
        the student's process, of the network itself."""
        if not self.attested and self._net is None:
            self._begin()
        if not self.attested:
            return self._student.clean, self._net
        if self._has_mode:  # a function has none
            self._thing.train(self._training)
        return self._student, self._thing

    def _begin(self) -> None:
        """Make the record a network in the clean room, and have it give what the network itself gave."""
        from exercises.recording.behaviour import close

        clean = self._student.clean
        net = clean.recording.Replayed(self._parts)
        asked = [(inputs, mode) for mode, inputs, _ in self._seen]
        for (mode, _, given), found in zip(self._seen, clean.recording.again(net, asked), strict=True):
            if not _alike(found, given, close):
                self.attested = f"its record gives other outputs{' in training mode' if mode else ''}"
                return
        self._net = net
        if self._values:
            net.load(self._values)
        net.train(self._training)

    def _ready(self, inputs: Sequence[Tensor]) -> tuple[Any, Any]:
        self.record(*inputs, modes=(self._training,))
        return self.where

    # -- what it is asked

    def train(self, mode: bool = True) -> RecordedNetwork:
        """From here on in training, or in evaluation."""
        self._training, self._has_mode = mode, True
        if self._net is not None:
            self._net.train(mode)
        return self

    def eval(self) -> RecordedNetwork:
        """From here on in evaluation."""
        return self.train(False)

    def weights(self) -> dict[str, Tensor]:
        """What training changes, by name: parameters, and the running averages of norms; as `load` has left them."""
        if self.attested:
            return weights(self._thing)
        names = [name for name, _ in self._parts["parameters"]]
        names += [name for name in self._parts["buffers"] if name.rsplit(".", 1)[-1] in RUNNING]
        return {name: self._values.get(name, self._parts["values"][name]) for name in names}

    def load(self, values: Mapping[str, Tensor]) -> None:
        """Put in weights by name; what is not named stays as it is."""
        _, net = self.where
        self._values.update(values)
        load_weights(self._thing, dict(values))
        if not self.attested:
            net.load(dict(values))

    def __call__(self, *inputs: Tensor) -> Any:
        """What comes out."""
        _, net = self._ready(inputs)
        return net(*inputs)

    def input_gradient(self, inputs: Tensor, weights: Tensor) -> Any:
        """Gradient of sum(network(inputs) * weights) with respect to the inputs, as `probe.input_gradient`."""
        where, net = self._ready([inputs])
        found = where.probe.input_gradient(net, inputs, weights)
        return found if self.attested else self._or_its_own(found, "input_gradient", inputs, weights)

    def parameter_gradients(self, inputs: Tensor) -> dict[str, Tensor]:
        """Gradient of sum(network(inputs)**2) with respect to each parameter; NaN where none arrived."""
        where, net = self._ready([inputs])
        found = dict(where.probe.parameter_gradients(net, inputs))
        if self.attested:
            return found
        named = {name: found[f"p{place}"] for place, (name, _) in enumerate(self._parts["parameters"])}
        return dict(self._or_its_own(named, "parameter_gradients", inputs))

    def _or_its_own(self, found: Any, measurement: str, *arguments: Tensor) -> Any:
        """What was found, or what the network itself says where that is something else."""
        from exercises.recording.behaviour import close

        if self._has_mode:
            self._thing.train(self._training)
        own = getattr(self._student.probe, measurement)(self._thing, *arguments)
        if _alike(found, own, close):
            return found
        self.attested = "its record gives other gradients"
        return own

    def parameter_shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of every registered parameter, by name."""
        where, net = self.where
        if self.attested:
            return dict(where.probe.parameter_shapes(net))
        return {name: tuple(self._parts["values"][name].shape) for name, _ in self._parts["parameters"]}

    def used(self) -> set[str]:
        """Names of the parameters that take part in what was recorded; all of them where nothing could be."""
        shapes = self.parameter_shapes()
        if self.attested:
            return set(shapes)
        from exercises.recording.record import PARAMETER

        return {str(node.args[0]) for record in self._records() for node in record.nodes if node.name == PARAMETER}

    def operations(self) -> list[str]:
        """Names of the operations that run, each once, those of the first mode first."""
        where, net = self.where
        if self.attested:
            return list(where.probe.operations(net, *next(iter(self._forms.values()))))
        return list(dict.fromkeys(node.name for record in self._records() for node in record.nodes))

    def _records(self) -> list[Any]:
        from exercises.recording.record import Record

        return [Record.from_text(text, len(self._parts["literals"])) for _, _, text in self._parts["passes"]]

    def count_on(self, shape: Sequence[int]) -> None:
        """Be ready for whatever counts multiplications for one example of this shape."""
        self.record(torch.zeros(2, *shape, dtype=torch.float32), modes=(False,))

    def multiply_adds(self, shape: Sequence[int]) -> int:
        """Multiplications with addition of all convolutions and matrix products for one example of this shape."""
        self.count_on(shape)
        where, net = self.where
        return int(where.probe.multiply_adds(net, tuple(shape)))


def _alike(one: Any, other: Any, close: Callable[[Any, Any], bool]) -> bool:
    """Whether values with tensors in them are the same but for rounding."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_alike(one[key], other[key], close) for key in one)
    if isinstance(one, tuple | list) and isinstance(other, tuple | list):
        return len(one) == len(other) and all(map(_alike, one, other, [close] * len(one)))
    return one is None is other or close(one, other)


def _others(inputs: Sequence[Tensor]) -> list[Tensor]:
    """Other inputs of the same shapes, of the same signs: whole numbers, such as lengths, stay as they are."""
    axes = [tuple(range(one.dim())) for one in inputs]
    return [
        1.25 * one.flip(all_axes) if one.is_floating_point() else one
        for one, all_axes in zip(inputs, axes, strict=True)
    ]
