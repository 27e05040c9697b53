"""What several checks do with the inputs of a function: keep an eye on them, and give large values to the padding."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from exercises.checking import Expect, awkward

LOUD = 1e4  # of values in the padding, beside clips of the size of 1


def padded(x: Tensor, lengths: tuple[int, ...], seed: int = 0) -> Tensor:
    """The same clips, (batch, channels, time), with large values of either sign past each clip's length."""
    outside = (torch.arange(x.shape[2]) >= torch.tensor(lengths)[:, None])[:, None]
    return torch.where(outside, LOUD * awkward(*x.shape, seed=seed).to(x.dtype), x)


def require_inputs_kept(student: Any, expect: Expect, names: tuple[str, ...], function: Any, *arguments: Any) -> None:
    """Require that a function leaves its inputs as they are.

    Args:
        names:     of the tensors among the arguments, in their order; as few as the check looks at.
        arguments: of the function.  Tensors travel by value, so none of the check's own is ever changed.
    """
    before, after = student.training.inputs_before_and_after(function, *arguments)
    for name, due, found in zip(names, before, after, strict=False):
        expect.close(
            found, due, atol=0.0, what=f"{name} as before the call", case=name, hint="Is anything changed in place?"
        )
