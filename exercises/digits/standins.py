"""Stand-ins for blocks of yours (given): a mistake in one of them is none of what is made of it.

They are made as your blocks are, with as many numbers, and do something else: nothing of them is an answer.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class _ResidualBlock2d(nn.Module):
    """One wide convolution in the place of two: it reaches as far, and all of its numbers lie in a row."""

    step = 1

    def __init__(self, channels: int, kernel_size: int = 3, dilation: int = 1) -> None:
        super().__init__()
        self.channels, self.side = channels, 2 * dilation * (kernel_size - 1) + 1
        count = 2 * channels * (channels * kernel_size**2 + 3)
        self.numbers = nn.Parameter(torch.randn(count) / (channels**0.5 * self.side))

    def forward(self, x: Tensor) -> Tensor:
        taps = self.channels**2 * self.side**2
        rows = -(-len(self.numbers) // taps)
        filled = self.numbers.repeat(-(-rows * taps // len(self.numbers)))[: rows * taps].view(rows, taps).sum(dim=0)
        kernel = filled.view(self.channels, self.channels, self.side, self.side)
        height, width = x.shape[2] // self.step, x.shape[3] // self.step
        if min(height, width) < 1:
            raise RuntimeError(f"nothing is left of {x.shape[2]} x {x.shape[3]} pixels in steps of {self.step}")
        seen = F.conv2d(x, kernel, stride=self.step, padding=self.side // 2)
        if self.training:  # as a norm, it has to be told when it is not
            seen = seen - seen.mean(dim=0, keepdim=True)
        passed = x[:, :, :: self.step, :: self.step]
        return (passed + seen.relu() - (-seen).relu() / 2)[:, :, :height, :width]


class _ConvBlock2d(_ResidualBlock2d):
    """The same in steps of two pixels, which need no pooling."""

    step = 2

    def __init__(self, in_channels: int, out_channels: int, kernel_size: int = 3, pool: str = "max") -> None:
        super().__init__(out_channels, kernel_size)
        changed = in_channels != out_channels
        self.project = nn.Conv2d(in_channels, out_channels, 1) if changed else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(self.project(x))


# For what is made of them: by its name, the module and the name of the block, and what stands in for it.
STAND_INS: dict[str, tuple[str, str, type[nn.Module]]] = {
    "ConvBlock2d": ("blocks", "ResidualBlock2d", _ResidualBlock2d),
    "CNNClassifier2d": ("blocks", "ConvBlock2d", _ConvBlock2d),
}


class Alone:
    """A network of yours, made of stand-ins.

    Args:
        make: its class.
        name: of the class, in STAND_INS.
    """

    def __init__(self, make: Callable[..., nn.Module], name: str) -> None:
        self.make, self.name = make, name

    def __call__(self, *arguments: Any, **named: Any) -> nn.Module:
        """The network, with these arguments."""
        with _stood_in(self.make.__module__.rpartition(".")[0], *STAND_INS[self.name]):
            return self.make(*arguments, **named)


@contextmanager
def _stood_in(package: str, module: str, name: str, stand_in: type[nn.Module]) -> Iterator[None]:
    """Put a stand-in in the place of a block, wherever a module of yours has it by a name."""
    own = vars(sys.modules[f"{package}.{module}"]).get(name)
    places = [
        (names, key)
        for names in [vars(one) for place, one in sys.modules.items() if place.startswith(f"{package}.")]
        for key, value in names.items()
        if value is own is not None
    ]
    for names, key in places:
        names[key] = stand_in
    try:
        yield
    finally:
        for names, key in places:
            names[key] = own
