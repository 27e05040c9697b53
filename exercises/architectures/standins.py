"""Stand-ins for parts of yours (given): a mistake in a block is none of the network that is made of blocks.

They are made as your parts are, and do something else: nothing of them is in any paper.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

# Nine rows that are in no table: GoogLeNet has to work with any.
ROWS: dict[str, tuple[int, ...]] = {
    "3a": (70, 55, 90, 33, 48, 61),
    "3b": (81, 52, 66, 47, 98, 39),
    "4a": (58, 77, 95, 44, 63, 86),
    "4b": (92, 41, 73, 59, 67, 50),
    "4c": (64, 85, 57, 49, 78, 97),
    "4d": (53, 94, 71, 36, 87, 62),
    "4e": (99, 68, 45, 76, 51, 84),
    "5a": (46, 83, 60, 91, 74, 54),
    "5b": (88, 43, 79, 65, 56, 96),
}


class _Inception(nn.Module):
    """Six 1x1 convolutions: the two that have no place in the output scale it."""

    def __init__(
        self,
        in_channels: int,
        n1x1: int,
        n3x3_reduce: int,
        n3x3: int,
        n5x5_reduce: int,
        n5x5: int,
        pool_proj: int,
    ) -> None:
        super().__init__()
        numbers = (n1x1, n3x3, n5x5, pool_proj, n3x3_reduce, n5x5_reduce)
        self.parts = nn.ModuleList(nn.Conv2d(in_channels, number, 1) for number in numbers)

    def forward(self, maps: Tensor) -> Tensor:
        *out, one, other = (part(maps).relu() for part in self.parts)
        return torch.cat(out, dim=1) + one.mean(dim=1, keepdim=True) - other.mean(dim=1, keepdim=True)


class _BasicBlock(nn.Module):
    """One convolution."""

    expansion = 1

    def __init__(self, in_channels: int, channels: int, stride: int = 1, plain: bool = False) -> None:
        super().__init__()
        self.only = nn.Conv2d(in_channels, self.expansion * channels, 3, stride=stride, padding=1)
        self.last = nn.LeakyReLU(0.5 if plain else 0.0)

    def forward(self, maps: Tensor) -> Tensor:
        found: Tensor = self.last(self.only(maps))
        return found


class _Bottleneck(_BasicBlock):
    expansion = 4


# By module: what the network there is made of.
STAND_INS: dict[str, dict[str, Any]] = {
    "inception": {"Inception": _Inception, "ROWS": ROWS},
    "resnet": {"BasicBlock": _BasicBlock, "Bottleneck": _Bottleneck},
}


class Alone:
    """A network of yours, made of stand-ins.

    Args:
        make: its class, or a function that makes it.
    """

    def __init__(self, make: Callable[..., nn.Module]) -> None:
        self.make = make

    def __call__(self, *arguments: Any, **named: Any) -> nn.Module:
        """The network, with these arguments; where one of them is a part of yours, with its stand-in."""
        names = vars(sys.modules[self.make.__module__])
        stand_ins = STAND_INS[self.make.__module__.rpartition(".")[2]]
        own = {name: names[name] for name in stand_ins if name in names}
        given = [next((stand_ins[name] for name in own if own[name] is one), one) for one in arguments]
        with _in_their_places(names, {name: stand_ins[name] for name in own}):
            return self.make(*given, **named)


@contextmanager
def _in_their_places(names: dict[str, Any], stand_ins: dict[str, Any]) -> Iterator[None]:
    """Put stand-ins in the places of what a module has by these names."""
    own = {name: names[name] for name in stand_ins}
    names |= stand_ins
    rows = own.get("ROWS")
    if isinstance(rows, dict) and len(rows) == len(ROWS) and rows.keys() != ROWS.keys():
        names["ROWS"] = dict(zip(rows, ROWS.values(), strict=True))  # other keys are no mistake of the network's
    try:
        yield
    finally:
        names |= own
