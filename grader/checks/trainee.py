"""Training a student's network from here: its code computes logits and gradients, and nothing else.

The given training loop runs on the trusted side, with its labels, its shuffling, its optimiser and its budget.  What
the student's process says of gradients decides how the weights move, a step of the optimiser at a time; it cannot put
another training in the place of this one.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from exercises.checking import Expect, StudentError

ROOM = 2  # a network may be so many times as large as the reference's


class Trainee(nn.Module):
    """A network of the student's as a module of this process: what is trained lives here, and travels with each batch.

    It is one vector here: for a step of the optimiser, twenty tensors cost more than their arithmetic.

    Args:
        student: local or in the sandbox.
        net:     the student's network.
    """

    def __init__(self, student: Any, net: Any) -> None:
        super().__init__()
        self._far = student.probe.Trainee(net)
        values = self._far.trained()
        self._shapes = [value.shape for value in values]
        if values:
            self.vector = nn.Parameter(torch.cat([value.reshape(-1) for value in values]))

    def train(self, mode: bool = True) -> Trainee:
        self._far.train(mode)
        return super().train(mode)

    def forward(self, images: Tensor) -> Tensor:
        logits: Tensor = _Step.apply(self._far, images, self.vector)  # type: ignore[no-untyped-call]
        return logits

    def weights(self) -> tuple[list[Tensor], list[Tensor]]:
        """What is trained, as it is here, and what else the network keeps, as it is there."""
        parts = self.vector.detach().split([shape.numel() for shape in self._shapes]) if self._shapes else ()
        trained = [part.view(shape) for part, shape in zip(parts, self._shapes, strict=True)]
        return trained, self._far.kept()


class _Step(torch.autograd.Function):
    """One step in the student's process: forward with the parameters of here, backward to their gradient."""

    @staticmethod
    def forward(ctx: Any, far: Any, images: Tensor, vector: Tensor) -> Tensor:
        ctx.far, ctx.vector = far, vector
        logits = far.forward(images, vector.detach())
        if not isinstance(logits, Tensor):
            kind = getattr(logits, "type_name", type(logits).__name__)
            raise StudentError(f"the model returned {kind}, not a tensor of logits: does forward return?")
        return logits.detach()

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Any, ...]:
        found = ctx.far.backward(gradients[0])
        if isinstance(found, Tensor) and found.shape == ctx.vector.shape and found.is_floating_point():
            return None, None, found.to(ctx.vector.dtype)
        raise StudentError("the gradients of a training step are not those of the network's parameters")


def require_size(trainee: Trainee, reference: Trainee, expect: Expect) -> None:
    """What goes from the training into the prediction could hold other things than weights."""
    held, most = _bytes(trainee), ROOM * _bytes(reference)
    expect.that(
        held <= most,
        expected=f"a network of at most {most} bytes",
        got=f"{held}",
        hint="What makes your network so large?",
    )


def _bytes(trainee: Trainee) -> int:
    return sum(value.nbytes for values in trainee.weights() for value in values)
