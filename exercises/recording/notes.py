"""What goes with a record: numbers that it brings along, and where in the student's code something was done."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

import torch
from torch import Tensor

# Packages whose lines are not the student's, and the module behind whose lines there are none of these.
OURS = ("exercises.recording.", "exercises.learning.", "exercises.checking.")
OWN = ("torch.", "contextlib.", "typing_extensions.", *OURS)
OUTERMOST = "exercises.recording.recording"


@dataclass(frozen=True)
class Place:
    """A line of the student's, and what was done there."""

    file: str
    line: int
    what: str


@dataclass
class Notes:
    """What a record alone does not say.

    Attributes:
        refused: what cannot be written down, with the line; then there is no record.
        reads:   values of inputs, parameters or random numbers that were read.
        by_structure: whether values were read that follow from structural inputs alone.
    """

    refused: list[Place] = field(default_factory=list)
    reads: list[Place] = field(default_factory=list)
    by_structure: bool = False


@dataclass
class Literals:
    """Tensors that come along with records, each once."""

    tensors: list[Tensor] = field(default_factory=list)
    _known: dict[Any, int] = field(default_factory=dict)

    def number(self, tensor: Tensor) -> int:
        """The number of a tensor's values."""
        own = tensor.detach().clone(memory_format=torch.contiguous_format)
        raw = own.view(torch.uint8) if own.numel() and own.dim() else own.reshape(-1).view(torch.uint8)
        key = (own.dtype, tuple(own.shape), raw.numpy().tobytes())
        if key not in self._known:
            self._known[key] = len(self.tensors)
            self.tensors.append(own)
        return self._known[key]


def place_of(what: str) -> Place:
    """The innermost line that is not torch's or ours."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None and (name := str(frame.f_globals.get("__name__", ""))) != OUTERMOST:
        if not f"{name}.".startswith(OWN) and "/torch/" not in frame.f_code.co_filename.replace("\\", "/"):
            return Place(frame.f_code.co_filename, frame.f_lineno, what)
        frame = frame.f_back
    return Place("", 0, what)
