"""What runs in a network: its convolutions and dense layers in their order, with the sizes of what they gave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from exercises.checking.meta import shapes

from ..known_weights import WEIGHTED
from ..parts import Shortcut


@dataclass(frozen=True)
class Ran:
    """A layer that ran.

    Attributes:
        layer:  itself.
        gave:   shape of what it gave for one image, without the axis of the batch.
        beside: it lies in a `Shortcut`, beside the others.
    """

    layer: Any
    gave: tuple[int, ...]
    beside: bool

    @property
    def is_dense(self) -> bool:
        return isinstance(self.layer, nn.Linear)

    @property
    def kernel(self) -> tuple[int, ...]:
        """(height, width) of a convolution's kernel, () of a dense layer."""
        return () if self.is_dense else tuple(self.layer.kernel_size)

    @property
    def seen(self) -> tuple[int, ...]:
        """A shape, without the axis of the batch, for which the layer gives as much: the smallest one."""
        if self.is_dense:
            return (*self.gave[:-1], int(self.layer.in_features))
        sizes = self.gave[1:]
        if self.layer.padding != "same":
            padding = (0,) * len(sizes) if self.layer.padding == "valid" else self.layer.padding
            options = zip(sizes, self.kernel, self.layer.stride, padding, self.layer.dilation, strict=True)
            sizes = tuple(max(1, (n - 1) * step + (k - 1) * apart + 1 - 2 * p) for n, k, step, p, apart in options)
        return (int(self.layer.in_channels), *sizes)

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
        stride, groups = self.layer.stride[0], self.layer.groups
        words = "x".join(map(str, self.kernel)) + (f" /{stride}" if stride > 1 else "")
        return f"{words}, {groups} groups" if groups > 1 else words


def layers_of(model: nn.Module, image_shape: tuple[int, ...]) -> list[Ran]:
    """The convolutions and dense layers of a network as they run for one image, in evaluation mode.

    Args:
        model:       on any device, "meta" too; it stays as it was.
        image_shape: (channels, height, width).
    """
    parts = dict(nn.Module.named_modules(model))
    shortcuts = tuple(f"{name}." for name, part in parts.items() if isinstance(part, Shortcut))
    dtype = next((parameter.dtype for parameter in nn.Module.parameters(model)), torch.float32)
    return [
        Ran(parts[name], tuple(shape[1:]), name.startswith(shortcuts))
        for name, shape in shapes(model, (1, *image_shape), dtype)
        if isinstance(parts[name], WEIGHTED)
    ]
