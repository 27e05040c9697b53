"""Training a student's network from here: its code computes logits and gradients, and nothing else.

The given training loop runs on the trusted side, with its labels, its shuffling, its optimiser and its budget.  What
the student's process says of gradients decides how the weights move, a step of the optimiser at a time; it cannot put
another training in the place of this one.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from exercises.checking import StudentError


class Trainee(nn.Module):
    """A network of the student's as a module of this process: the parameters live here, and travel with each batch.

    Args:
        student: local or in the sandbox.
        net:     the student's network.
    """

    def __init__(self, student: Any, net: Any) -> None:
        super().__init__()
        self._far = student.probe.Trainee(net)
        for index, value in enumerate(self._far.parameters()):
            self.register_parameter(f"parameter_{index}", nn.Parameter(value.clone()))

    def train(self, mode: bool = True) -> Trainee:
        self._far.train(mode)
        return super().train(mode)

    def forward(self, images: Tensor) -> Tensor:
        logits: Tensor = _Step.apply(self._far, images, *self.parameters())  # type: ignore[no-untyped-call]
        return logits

    def weights(self) -> tuple[list[Tensor], list[Tensor]]:
        """Parameters as they are here, and buffers as they are there."""
        return [parameter.detach() for parameter in self.parameters()], self._far.buffers()


class _Step(torch.autograd.Function):
    """One step in the student's process: forward with the parameters of here, backward to their gradients.

    The parameters travel as one vector: twenty tensors would cost more to pack than to compute with.
    """

    @staticmethod
    def forward(ctx: Any, far: Any, images: Tensor, *parameters: Tensor) -> Tensor:
        ctx.far, ctx.parameters = far, parameters
        logits = far.forward(images, torch.cat([parameter.detach().reshape(-1) for parameter in parameters]))
        if not isinstance(logits, Tensor):
            kind = getattr(logits, "type_name", type(logits).__name__)
            raise StudentError(f"the model returned {kind}, not a tensor of logits: does forward return?")
        return logits.detach()

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Any, ...]:
        match ctx.far.backward(gradients[0]):
            case (Tensor() as found, list() as arrived) if _fits(found, arrived, ctx.parameters):
                parts = found.split([parameter.numel() for parameter in ctx.parameters])
                each = zip(parts, arrived, ctx.parameters, strict=True)
                return (None, None, *(part.to(p.dtype).view_as(p) if here else None for part, here, p in each))
        raise StudentError("the gradients of a training step are not those of the network's parameters")


def _fits(gradients: Tensor, arrived: list[Any], parameters: tuple[Tensor, ...]) -> bool:
    """Whether this can be a gradient for each parameter: the student's process has said it."""
    size = sum(parameter.numel() for parameter in parameters)
    return gradients.shape == (size,) and gradients.is_floating_point() and len(arrived) == len(parameters)
