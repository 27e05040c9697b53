"""What is built already, as data: a module with the values that it has, or a function, and what it does with inputs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from exercises.checking.probe import first_pass
from exercises.learning.loop import in_mode, own_random_numbers

from .behaviour import as_before
from .notes import Literals, Notes
from .recorder import record_pass
from .recording import Recording

ATTEMPTS = 4  # records of one pass: what it keeps for later is made in the first one, and read in all others
SEED = 0  # of the random numbers in a record


class Built(Recording):
    """Passes of a thing that is there: its parameters and buffers travel as they are.

    Gradients are followed in evaluation too.

    Args:
        thing: a module, or anything else that is called with tensors.
    """

    def __init__(self, thing: Callable[..., Any]) -> None:
        self.module = thing if isinstance(thing, nn.Module) else _Called(thing)
        self._literals, self._notes, self._passes = Literals(), [], []

    def start(self) -> dict[str, Any]:
        """Values of parameters and buffers, in the place of a constructor."""
        values = (*nn.Module.named_parameters(self.module), *nn.Module.named_buffers(self.module))
        return {"values": {name: one.detach() for name, one in values}}

    def add_steady_pass(
        self, inputs: Sequence[Tensor], others: Sequence[Tensor], training: bool
    ) -> tuple[bool, int, Any]:
        """Record what it does with inputs of these shapes: until two records in a row, of other inputs, are the same.

        Returns:
            Whether two were: if not, what it does hangs on values that no operation of the record hands on.  Of which
            inputs the last one was, 0 or 1 for the others, and what it gave for these.
        """
        before, earlier, steady = "", list(self._notes), False
        for attempt in range(ATTEMPTS):
            text, notes, given = self._followed_pass(others if attempt % 2 else inputs, training)
            steady = text == before
            if steady:
                break
            before = text
        self._notes = [*earlier, notes]
        self._passes.append([int(training), [list(one.shape) for one in inputs], text])
        return steady, attempt % 2, given

    def _followed_pass(self, inputs: Sequence[Tensor], training: bool) -> tuple[str, Notes, Any]:
        with _as_when_recorded(self.module, training):
            record, notes, given = record_pass(self.module, tuple(one.clone() for one in inputs), self._literals)
        return record.to_text(), notes, given


class _Called(nn.Module):
    """A function as a module."""

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__()
        self.function = function

    def forward(self, *inputs: Tensor) -> Any:
        return self.function(*inputs)


def watched(thing: Callable[..., Any], asked: Sequence[tuple[list[Tensor], list[Tensor], bool]]) -> dict[str, Any]:
    """What a thing is and does, all that `exercises.checking.recorded` needs of it.

    Args:
        asked: inputs, others of the same shapes, and whether in training, for each pass.

    Returns:
        `parts` and `notes` as of a `Recording`; `passes`: for each, what `add_steady_pass` says of it.
    """
    built = Built(thing)
    first_pass(built.module, *asked[0][0])
    passes = [built.add_steady_pass(*one) for one in asked]
    return {"parts": built.parts(), "notes": built.notes(), "passes": passes}


def again(module: nn.Module, asked: Sequence[tuple[list[Tensor], bool]]) -> list[Any]:
    """What a module gives in the same circumstances as one that is watched: for inputs, in training or not."""
    found = []
    for inputs, training in asked:
        with _as_when_recorded(module, training):
            found.append(module(*inputs))
    return found


@contextmanager
def _as_when_recorded(module: nn.Module, training: bool) -> Iterator[None]:
    with as_before(module), in_mode(module, training=training), own_random_numbers(SEED), torch.enable_grad():
        yield
