"""Networks of the student's as data: what they are asked is worked out where none of the student's code runs.

The student's process writes down what a network does with inputs of some shapes, `exercises/recording/`; from then on
it is a list of operations with the values that it has, in the clean room.  What is measured there was computed by us.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from .errors import StudentError
from .tensors import load_weights
from .verdict import Cause

NUMBERS = 29  # seed of random numbers, and of other weights, with which a record is compared
RUNNING = ("running_mean", "running_var")
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

    It is recorded with inputs of each shape and mode that it is asked for.  What is asked of it does nothing to the
    network itself, and what is done to that afterwards nothing to the record.

    What cannot be recorded is asked for where it runs, and that is the student's word: `attested` says why then.

    Args:
        thing:  a module that is built, or a function.
        inputs: of the form that it is asked for first.
        modes:  in which it is recorded first: True for training, False for evaluation; it begins in the first one.
            Without, it is recorded in both, and begins in training, as modules do.
    """

    def __init__(self, student: Any, thing: Any, inputs: Sequence[Tensor], modes: Sequence[bool] = ()) -> None:
        self._student, self._thing = student, thing
        self._forms: dict[Form, tuple[Tensor, ...]] = {}
        self._parts: dict[str, Any] = {}
        self._claim: dict[str, Any] = {}
        self._net: Any = None
        self._values: dict[str, Tensor] = {}
        self._training, self._has_mode = bool(modes[0]) if modes else True, bool(modes)
        self.attested = ""
        self.record(*inputs, modes=modes or (True, False))

    # -- how it is recorded

    def record(self, *inputs: Tensor, modes: Sequence[bool] = (True, False)) -> None:
        """Be ready for inputs of these shapes, in training, in evaluation, or in both."""
        forms = {(mode, tuple(tuple(one.shape) for one in inputs)): inputs for mode in modes}
        if self.attested or forms.keys() <= self._forms.keys():
            return
        self._forms.update(forms)
        self._net = None
        try:
            self._watch()
        except StudentError as error:
            if error.cause not in (Cause.RAISED, Cause.TOO_LARGE, Cause.NOT_WRITTEN):
                raise
            self.attested = f"the network cannot be written down: {error.summary}"  # its own words come where it runs

    def _watch(self) -> None:
        from exercises.recording.claim import NotRecorded, blame, read_parts
        from exercises.recording.record import RecordError

        asked = [([*inputs], _others(inputs), mode) for (mode, _), inputs in self._forms.items()]
        claim = self._student.recording.watched(self._thing, asked, NUMBERS)
        try:
            self._parts = read_parts(claim["parts"])
            notes = claim["notes"]
            if refused := blame(notes["refused"]):
                raise NotRecorded(f"the network cannot be written down: {refused}")
            if type(claim["behaviour"]) is not list or len(claim["behaviour"]) != len(asked):
                raise RecordError("it does not say what it does")
            if claim["steady"] != [True] * len(asked):
                read = blame(notes["reads"])
                raise NotRecorded(
                    "other inputs give another record: "
                    + (f"it reads values: {read}" if read else "values come from where nobody sees them made")
                )
        except NotRecorded as reason:
            self.attested = str(reason)
        except (RecordError, KeyError, TypeError) as error:
            raise StudentError(f"what was written down of the network is no record: {error}") from error
        self._claim = claim

    def _compare(self, net: Any) -> None:
        """Whether the record does what the network does, with other numbers too: guards against accidents alone."""
        from exercises.recording.behaviour import differences

        for ((mode, _), inputs), mine in zip(self._forms.items(), self._claim["behaviour"], strict=True):
            words = "training" if mode else "evaluation"
            if mine is None:
                self.attested = f"in {words}, no gradient goes through the network"
                return
            theirs = self._student.clean.recording.behaviour(net, _others(inputs), mode, NUMBERS, NUMBERS, True)
            try:
                found = differences(mine, theirs)
            except (KeyError, TypeError, AttributeError) as error:
                raise StudentError(f"what the network does is told in another form: {error}") from error
            if found:
                self.attested = f"in {words}, its record gives others: {found[0]}"
                return

    # -- whom to ask

    @property
    def where(self) -> tuple[Any, Any]:
        """Whom to ask, and for what: the clean room and the network made of the record, or the student's process and
        the network itself."""
        if not self.attested and self._net is None:
            clean = self._student.clean
            net = clean.recording.Replayed(self._parts, 0)
            self._compare(net)
            if not self.attested:
                self._net = net
                net.train(self._training)
                if self._values:
                    net.load(self._values)
        if not self.attested:
            return self._student.clean, self._net
        if self._has_mode:  # a function has none
            self._thing.train(self._training)
        return self._student, self._thing

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
        """What training changes, by name: parameters, and the running averages of norms."""
        if self.attested:
            from .tensors import weights

            return weights(self._thing)
        names = [name for name, _ in self._parts["parameters"]]
        names += [name for name in self._parts["buffers"] if name.rsplit(".", 1)[-1] in RUNNING]
        return {name: self._parts["values"][name] for name in names}

    def loaded(self) -> dict[str, Tensor]:
        """The same as `load` has left them."""
        return {**self.weights(), **self._values}

    def load(self, values: Mapping[str, Tensor]) -> None:
        """Put in weights by name; what is not named stays as it is."""
        self._values.update(values)
        where, net = self.where
        if self.attested:
            load_weights(net, dict(values))
        else:
            net.load(dict(values))

    def __call__(self, *inputs: Tensor) -> Any:
        """What comes out."""
        _, net = self._ready(inputs)
        return net(*inputs)

    def input_gradient(self, inputs: Tensor, weights: Tensor) -> Any:
        """Gradient of sum(network(inputs) * weights) with respect to the inputs, as `probe.input_gradient`."""
        where, net = self._ready([inputs])
        return where.probe.input_gradient(net, inputs, weights)

    def parameter_gradients(self, inputs: Tensor) -> dict[str, Tensor]:
        """Gradient of sum(network(inputs)**2) with respect to each parameter; NaN where none arrived."""
        where, net = self._ready([inputs])
        found = where.probe.parameter_gradients(net, inputs)
        if self.attested:
            return dict(found)
        return {name: found[f"p{place}"] for place, (name, _) in enumerate(self._parts["parameters"])}

    def input_after(self, inputs: Tensor) -> Tensor:
        """The inputs as they are after network(inputs)."""
        where, net = self._ready([inputs])
        after: Tensor = where.probe.input_after(net, inputs)
        return after

    def parameter_shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of every registered parameter, by name."""
        where, net = self.where
        if self.attested:
            return dict(where.probe.parameter_shapes(net))
        return {name: tuple(self._parts["values"][name].shape) for name, _ in self._parts["parameters"]}

    def used(self) -> set[str]:
        """Names of the parameters that take part in what was recorded; all of them where nothing could be."""
        self.where  # noqa: B018 - compares
        if self.attested:
            return set(self.parameter_shapes())
        return {str(node.args[0]) for record in self._records() for node in record.nodes if node.name == "parameter"}

    def operations(self) -> list[str]:
        """Names of the operations that run, each once, those of training first."""
        where, net = self.where
        if self.attested:
            inputs = next(iter(self._forms.values()))
            return list(where.probe.operations(net, *inputs))
        return list(dict.fromkeys(node.name for record in self._records() for node in record.nodes))

    def _records(self) -> list[Any]:
        from exercises.recording.record import Record

        return [Record.from_text(text, len(self._parts["literals"])) for _, _, text in self._parts["passes"]]

    def multiply_adds(self, shape: Sequence[int]) -> int:
        """Multiplications with addition of all convolutions and matrix products for one example of this shape."""
        self.count_on(shape)
        where, net = self.where
        return int(where.probe.multiply_adds(net, tuple(shape)))

    def count_on(self, shape: Sequence[int]) -> None:
        """Be ready for whatever counts multiplications for one example of this shape."""
        self.record(torch.zeros(2, *shape, dtype=torch.float32), modes=(False,))


def _others(inputs: Sequence[Tensor]) -> list[Tensor]:
    """Other inputs of the same shapes, of the same signs: whole numbers, such as lengths, stay as they are."""
    axes = [tuple(range(one.dim())) for one in inputs]
    return [
        1.25 * one.flip(all_axes) if one.is_floating_point() else one
        for one, all_axes in zip(inputs, axes, strict=True)
    ]
