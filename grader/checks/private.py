"""Inputs of hidden checks that no student code can know: drawn from the course's private seed."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from exercises.checking import awkward


def private(solution: Any, *shape: int, seed: int = 0) -> Tensor:
    """`awkward` values of a shape (float64); `seed` tells the inputs of one check apart."""
    return awkward(*shape, seed=(solution.hidden.seed + 7919 * seed) % (1 << 63))
