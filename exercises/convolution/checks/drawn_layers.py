"""Convolution layers that checks draw, and what torch's own give."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from exercises.checking import awkward, draw, load_weights

from .signals import DOUBLE


@dataclass(frozen=True)
class Layer:
    """A layer with drawn sizes, and how large an input is made for it.

    Attributes:
        axes: 1 for Conv1d, 2 for Conv2d.
    """

    axes: int
    channels: tuple[int, int]
    kernel: int
    stride: int
    padding: int | str
    dilation: int
    bias: bool
    shape: tuple[int, ...]

    @property
    def name(self) -> str:
        return f"Conv{self.axes}d"

    @property
    def named(self) -> dict[str, Any]:
        """Its arguments by name."""
        found: dict[str, Any] = {"stride": self.stride, "padding": self.padding, "bias": self.bias}
        return found if self.axes == 2 else {**found, "dilation": self.dilation}

    def __str__(self) -> str:
        words = ", ".join(f"{name}={value!r}" for name, value in self.named.items())
        return f"{self.name}({self.channels[0]}, {self.channels[1]}, {self.kernel}, {words}) of {self.shape}"

    def values(self, dtype: torch.dtype = DOUBLE, seed: int = 0) -> dict[str, Tensor]:
        """Drawn parameters."""
        shape = (self.channels[1], self.channels[0], *(self.kernel,) * self.axes)
        found = {"weight": awkward(*shape, seed=seed, dtype=dtype)}
        return found | ({"bias": awkward(self.channels[1], seed=seed + 1, dtype=dtype)} if self.bias else {})

    def input(self, dtype: torch.dtype = DOUBLE, seed: int = 0) -> Tensor:
        """A drawn input."""
        return awkward(*self.shape, seed=seed + 2, dtype=dtype)

    def larger(self) -> Layer:
        """The same layer, for an input that is larger along each axis."""
        batch, channels, *spatial = self.shape
        return replace(
            self, shape=(batch + 1, channels, *(size + 2 + self.stride + axis for axis, size in enumerate(spatial)))
        )

    def made(self, student: Any, values: dict[str, Tensor]) -> Any:
        """The student's layer with these parameters."""
        layer = getattr(student.layers, self.name)(*self.channels, self.kernel, **self.named)
        layer = layer.double() if values["weight"].dtype is DOUBLE else layer.float()
        load_weights(layer, values)
        return layer

    def due(self, x: Tensor, values: dict[str, Tensor]) -> Tensor:
        """What torch's layer gives, in the dtype of the values."""
        if self.padding == "same":
            zeros = self.dilation * (self.kernel - 1)
            x = F.pad(x, (zeros // 2, zeros - zeros // 2) * self.axes)
        padding = self.padding if isinstance(self.padding, int) else 0
        convolution = F.conv1d if self.axes == 1 else F.conv2d
        return convolution(x, values["weight"], values.get("bias"), self.stride, padding, self.dilation)


def layers(axes: int, most: int, same: bool = False) -> list[Layer]:
    """Drawn layers: kernels of one tap, of even and odd sizes; channels that differ, one channel, one example.

    Args:
        most: the longest axis of an input.
        same: whether their padding is a word.
    """
    random, found = draw(f"layers {axes} {same}"), []
    for number in range(7):
        kernel = (1, 2, 3, 4, 5, random.randint(2, 4), random.randint(3, 6))[number]
        dilation = (1, 3, 2, 1, 2, 1, 2)[number] if axes == 1 else 1
        words = "valid" if number % 3 == 2 else "same"
        stride = 1 if same and words == "same" else (1, 2, 3, 1, 1, 3, 2)[number]
        padding = words if same else (0, 1, 0, 2, 3, 0, 1)[number]
        span = dilation * (kernel - 1) + 1
        batch, *channels = random.sample(range(2, 6), 3)
        if number == 3:
            batch, channels = 1, [1, random.randint(2, 4)]
        if number == 4:
            channels = [random.randint(2, 4), 1]
        spatial = random.sample(range(span + 1, span + most), axes)
        if number == 5:  # a single place
            spatial = [span - 2 * (padding if isinstance(padding, int) else 0)] * axes
        shape = (batch, channels[0], *spatial)
        found.append(Layer(axes, (channels[0], channels[1]), kernel, stride, padding, dilation, number % 2 == 0, shape))
    return found
