"""A network as data: how it is built, and what it does, as a module of torch's that holds no code of the student's."""

from __future__ import annotations

import functools
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from exercises.learning.loop import as_parameters

from .record import Record
from .replay import Program

PROGRAMS = 8  # that are kept ready; one of the longest record takes 13 MB


class Replayed(nn.Module):
    """A network that is made of records alone.

    Args:
        parts: as `Recording.parts` gives it: with `build`, a record of its constructor, or `values`, those that it has.
        seed:  of its first weights.

    Raises:
        RecordError: a part is no record.
    """

    def __init__(self, parts: Mapping[str, Any], seed: int = 0) -> None:
        super().__init__()
        self._literals: list[Tensor] = list(parts["literals"])
        torch.default_generator.manual_seed(seed)  # torch.manual_seed asks for other devices, for milliseconds
        values = parts["values"] if "values" in parts else self._program(parts["build"])((), {}, self._literals)[1]
        self._parameters_by_name: dict[str, nn.Parameter] = {}
        for place, (name, trained) in enumerate(parts["parameters"]):
            parameter = nn.Parameter(values[name].detach(), bool(trained))
            self.register_parameter(f"p{place}", parameter)
            self._parameters_by_name[name] = parameter
        self._buffers_by_name = {name: values[name].detach() for name in parts["buffers"]}
        self._passes: dict[Any, Program] = {}
        self._in_turn: deque[str] = deque()
        for training, shapes, text in parts["passes"]:
            self._passes[bool(training), tuple(map(tuple, shapes))] = self._program(text)

    def _program(self, text: str) -> Program:
        return _program(text, len(self._literals))

    def follow(self, texts: Sequence[str], literals: Sequence[Tensor]) -> None:
        """Have each of the next passes follow a record of its own, in this order, whatever the shapes.

        Args:
            literals: in the place of those that there were; the first ones are the same.
        """
        self._literals = list(literals)
        self._in_turn.extend(texts)

    def forward(self, *inputs: Tensor) -> Any:
        if self._in_turn:
            program = self._program(self._in_turn.popleft())
        else:
            key = (self.training, tuple(tuple(one.shape) for one in inputs))
            if key not in self._passes:
                mode = "train" if self.training else "eval"
                raise ValueError(f"there is no record of a pass after {mode}() with inputs of shape {list(key[1])}")
            program = self._passes[key]
        outputs, after = program(inputs, {**self._parameters_by_name, **self._buffers_by_name}, self._literals)
        self._buffers_by_name.update({name: one.detach() for name, one in after.items()})
        return outputs

    def named_values(self) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
        """Parameters and buffers, by the names that they have in the student's network."""
        return dict(self._parameters_by_name), self._buffers_by_name

    def state(self) -> dict[str, Tensor]:
        """All of them together, to be put into another one made of the same records."""
        return {name: one.detach() for name, one in (*self._parameters_by_name.items(), *self._buffers_by_name.items())}

    def load(self, state: Mapping[str, Tensor]) -> None:
        """Put in what `state` gave, or some of it."""
        with torch.no_grad():
            for name, one in (*self._parameters_by_name.items(), *self._buffers_by_name.items()):
                if name in state:
                    one.copy_(state[name])


@functools.lru_cache(maxsize=PROGRAMS)
def _program(text: str, literals: int) -> Program:
    """A record, read and made ready once: a process makes the same network for each seed, and meets lengths again."""
    return Program(Record.from_text(text, literals))


def as_taken(module: nn.Module, inputs: Sequence[Tensor]) -> list[Tensor]:
    """Inputs in the type in which the training loop hands them to this network."""
    dtypes = [one.dtype for one in nn.Module.parameters(module)]
    return [as_parameters(one, dtypes[0]) if dtypes else one for one in inputs]


def named_values(module: nn.Module) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """Parameters and buffers of a network or of what stands for it, by name."""
    if isinstance(module, Replayed):
        return module.named_values()
    return dict(nn.Module.named_parameters(module)), dict(nn.Module.named_buffers(module))
