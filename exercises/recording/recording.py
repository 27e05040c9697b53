"""A network of the student's with the records that are made of it, where the student's code runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import PureWindowsPath
from typing import Any

import torch
from torch import Tensor, nn

from exercises.checking.probe import first_pass
from exercises.checking.seeding import seed_all
from exercises.learning.loop import in_mode, own_random_numbers

from .behaviour import as_before, behaviours
from .network import as_taken
from .notes import Literals, Notes, Place
from .record import Record
from .recorder import record_construction, record_pass


class Recording:
    """A network that is built under the recorder, and whose passes are recorded one by one.

    Args:
        build:        the student's class, or a function that gives a module.
        args, kwargs: of it.
        seed:         of the first weights.
        first:        shapes of inputs from which lazy layers take their sizes.
        wrap:         a given class that the network is put into, for inputs of another form.
    """

    def __init__(
        self,
        build: Callable[..., nn.Module],
        args: Sequence[Any] = (),
        kwargs: dict[str, Any] | None = None,
        seed: int = 0,
        first: Sequence[tuple[int, ...]] = (),
        wrap: Callable[[nn.Module], nn.Module] | None = None,
    ) -> None:
        self._made = (build, args, kwargs or {}, first, wrap)
        self._literals = Literals()
        self._notes: list[Notes] = []
        self._passes: list[list[Any]] = []
        seed_all(seed)
        record, notes, self.module = record_construction(self._build, self._literals)
        self._construction = record.to_text()
        self._notes.append(notes)

    def _build(self) -> nn.Module:
        build, args, kwargs, first, wrap = self._made
        module = build(*args, **kwargs)
        if wrap is not None:
            module = wrap(module)
        first_pass(module, *(torch.zeros(shape, dtype=torch.float32) for shape in first))
        return module

    def anew(self, seed: int) -> dict[str, Tensor]:
        """Build it again, from another seed, without the recorder: parameters and buffers by name."""
        seed_all(seed)
        module = self._build()
        values = (*nn.Module.named_parameters(module), *nn.Module.named_buffers(module))
        return {name: value.detach() for name, value in values}

    def add_pass(self, inputs: Sequence[Tensor], training: bool, structural: bool = False) -> None:
        """Record what the network does with inputs of these shapes.

        Args:
            structural: whether the inputs themselves are known while it is recorded: tokens are.
        """
        text = self.one_pass(inputs, training, structural)
        self._passes.append([int(training), [list(one.shape) for one in inputs], text])

    def add_passes(self, passes: Sequence[tuple[Sequence[Tensor], bool]], structural: bool = False) -> dict[str, Any]:
        """Record several, and hand back what there is until now: `parts` and `notes`.

        Args:
            passes:     inputs, and whether it is a pass in training.
            structural: as `add_pass`.
        """
        for inputs, training in passes:
            self.add_pass(inputs, training, structural)
        return {"parts": self.parts(), "notes": self.notes()}

    def passes_in_turn(
        self, batches: Sequence[Tensor], training: bool, structural: bool = False
    ) -> tuple[list[str], list[Tensor]]:
        """The texts of a pass with each of these, which are not kept, and all literals until then."""
        texts = [self.one_pass([one], training, structural) for one in batches]
        return texts, list(self._literals.tensors)

    def behave(self, asked: Sequence[Sequence[Any]], seed: int) -> dict[str, Any]:
        """What the network does, to be compared with its record.

        Args:
            asked: arguments of `behaviour`.
            seed:  from which it is built once more.

        Returns:
            `anew`: parameters and buffers of the other one, by name; `shown`: what this one does, one for each asked.
        """
        return {"anew": self.anew(seed), "shown": behaviours(self.module, asked)}

    def one_pass(self, inputs: Sequence[Tensor], training: bool, structural: bool = False) -> str:
        """The text of a pass, which is not kept; for networks that read the values of lengths."""
        taken = tuple(as_taken(self.module, inputs))
        mode = in_mode(self.module, training=training)
        with as_before(self.module), mode, own_random_numbers(0), torch.set_grad_enabled(training):
            record, notes, _ = record_pass(self.module, taken, self._literals, structural)
        self._notes.append(notes)
        return _text(record)

    def start(self) -> dict[str, Any]:
        """What it begins as: how it is built."""
        return {"build": self._construction}

    def parts(self) -> dict[str, Any]:
        """What travels: texts of the records, and the literals of all of them."""
        return {
            **self.start(),
            "passes": self._passes,
            "parameters": [[name, int(one.requires_grad)] for name, one in nn.Module.named_parameters(self.module)],
            "buffers": [name for name, _ in nn.Module.named_buffers(self.module)],
            "literals": list(self._literals.tensors),
        }

    def notes(self) -> dict[str, Any]:
        """What the records alone do not say: what could not be written down, and which values were read."""
        return {
            "refused": [_told(one) for notes in self._notes for one in notes.refused][:8],
            "reads": [_told(one) for notes in self._notes for one in notes.reads][:8],
            # while it is built, there is no input
            "by_structure": any(notes.by_structure for notes in self._notes[1:]),
        }


def _text(record: Record) -> str:
    if record.outputs is None:
        raise TypeError("the model returned no tensor: does forward return?")
    return record.to_text()


def _told(place: Place) -> list[Any]:
    return [place.what, PureWindowsPath(place.file).name, place.line]  # which knows both separators
