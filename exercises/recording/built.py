"""What is built already, as data: a module with the values that it has, or a function, and what it does with inputs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from exercises.learning.loop import in_mode, own_random_numbers

from .behaviour import as_before, behaviour
from .recorder import Literals, Notes, record_pass
from .recording import Recording, text_of

ATTEMPTS = 4  # records of one pass: what it keeps for later is made in the first one, and read in all others


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

    def add_steady_pass(self, inputs: Sequence[Tensor], others: Sequence[Tensor], training: bool) -> bool:
        """Record what it does with inputs of these shapes: until two records in a row, of other inputs, are the same.

        Returns:
            Whether two were.  If not, what it does hangs on values that no operation of the record hands on.
        """
        before, earlier = None, list(self._notes)
        for attempt in range(ATTEMPTS):
            text, notes = self._followed_pass(others if attempt % 2 else inputs, training)
            self._notes = [*earlier, notes]
            steady = text == before
            if steady:
                break
            before = text
        self._passes.append([int(training), [list(one.shape) for one in inputs], text])
        return steady

    def _followed_pass(self, inputs: Sequence[Tensor], training: bool) -> tuple[str, Notes]:
        given = tuple(one.clone() for one in inputs)
        with as_before(self.module), in_mode(self.module, training=training), own_random_numbers(0), torch.enable_grad():
            record, notes, _ = record_pass(self.module, given, self._literals)
        return text_of(record), notes


class _Called(nn.Module):
    """A function as a module."""

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__()
        self.function = function

    def forward(self, *inputs: Tensor) -> Any:
        return self.function(*inputs)


def watched(
    thing: Callable[..., Any], asked: Sequence[tuple[list[Tensor], list[Tensor], bool]], seed: int
) -> dict[str, Any]:
    """What a thing is and does, all that `exercises.checking.recorded` needs of it.

    Args:
        asked: inputs, others of the same shapes, and whether in training, for each pass.
        seed:  of what it does with other numbers.

    Returns:
        `parts` and `notes` as of a `Recording`; `steady`: for each pass, whether its records were the same with other
        inputs; `behaviour`: for each, what it does with these, with other weights.
    """
    built = Built(thing)
    steady = [built.add_steady_pass(*one) for one in asked]
    found = []
    for _, others, training in asked:
        try:
            found.append(behaviour(built.module, others, training, seed, seed, follow=True))
        except Exception:  # noqa: BLE001 - it has run before: gradients alone fail, and whoever asks for them is told
            found.append(None)
    return {"parts": built.parts(), "notes": built.notes(), "steady": steady, "behaviour": found}
