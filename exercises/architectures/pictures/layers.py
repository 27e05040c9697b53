"""What runs in a network: its convolutions and dense layers in their order, as hooks on them hear it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from ..parts import Shortcut

WEIGHTED = (nn.Conv1d, nn.Conv2d, nn.Conv3d, nn.Linear)


@dataclass(frozen=True)
class Ran:
    """A layer that ran.

    Attributes:
        layer:  itself.
        seen:   shape of what it got for one image, without the axis of the batch.
        gave:   shape of what it gave.
        beside: it lies in a `Shortcut`, beside the others.
    """

    layer: nn.Module
    seen: tuple[int, ...]
    gave: tuple[int, ...]
    beside: bool

    @property
    def is_dense(self) -> bool:
        return isinstance(self.layer, nn.Linear)

    @property
    def kernel(self) -> tuple[int, ...]:
        """(height, width) of a convolution's kernel, () of a dense layer."""
        layer: Any = self.layer
        return () if self.is_dense else tuple(layer.kernel_size)

    @property
    def stride(self) -> int:
        layer: Any = self.layer
        return 1 if self.is_dense else int(layer.stride[0])

    @property
    def groups(self) -> int:
        layer: Any = self.layer
        return 1 if self.is_dense else int(layer.groups)

    @property
    def channels(self) -> int:
        """How many maps, or numbers, it gives."""
        return self.gave[-1] if self.is_dense else self.gave[0]

    @property
    def side(self) -> int:
        """Height of its maps; 1 of a dense layer."""
        return self.gave[-2] if len(self.gave) > 1 else 1

    @property
    def name(self) -> str:
        """In short: "dense", "3x3", "11x11 /4", "5x5, 2 groups"."""
        if self.is_dense:
            return "dense"
        stride = f" /{self.stride}" if self.stride > 1 else ""
        return "x".join(map(str, self.kernel)) + stride + (f", {self.groups} groups" if self.groups > 1 else "")


def layers_of(model: nn.Module, image_shape: tuple[int, ...]) -> list[Ran]:
    """The convolutions and dense layers of a network as they run for one image, in evaluation mode.

    Args:
        model:       on any device, "meta" too; it stays as it was.
        image_shape: (channels, height, width).
    """
    beside = {part for shortcut in model.modules() if isinstance(shortcut, Shortcut) for part in shortcut.modules()}
    found: list[Ran] = []

    def note(layer: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        found.append(Ran(layer, tuple(inputs[0].shape[1:]), tuple(output.shape[1:]), layer in beside))

    first = next(model.parameters(), torch.zeros(()))
    modes = {part: part.training for part in model.modules()}
    hooks = [part.register_forward_hook(note) for part in model.modules() if isinstance(part, WEIGHTED)]
    try:
        with torch.no_grad():
            model.eval()(torch.zeros(1, *image_shape, dtype=first.dtype, device=first.device))
    finally:
        for hook in hooks:
            hook.remove()
        for part, training in modes.items():
            part.training = training
    return found
