"""Stand-ins for functions of task 3 (given): a mistake in one of them is none of `reconstruct`, which uses them.

They do what those should for the layers that checks have here, and no more: nothing of them is an answer.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import torch.nn.functional as F
from torch import Tensor, nn


def _pool(x: Tensor, kernel_size: int) -> tuple[Tensor, Any]:
    if not isinstance(kernel_size, int):
        raise TypeError(f"max_pool_with_switches: kernel_size is {kernel_size!r}, no whole number")
    values, places = F.max_pool2d(x, kernel_size, return_indices=True)
    return values, (places, kernel_size)


def _unpool(values: Tensor, switches: Any, size: tuple[int, int]) -> Tensor:
    places, kernel_size = switches
    return F.max_unpool2d(values, places, kernel_size, output_size=list(size))


def _project(features: Tensor, convolution: nn.Conv2d, size: tuple[int, int]) -> Tensor:
    """For kernels that move by one pixel, without gaps and groups: the kernel turned round, at every place.

    Raises:
        ValueError: the convolution's input was of another size.
    """
    weight = convolution.weight
    kernel = weight.shape[2], weight.shape[3]
    padding = [int(zeros) for zeros in convolution.padding]
    due = [rows + taps - 1 - 2 * zeros for rows, taps, zeros in zip(features.shape[2:], kernel, padding, strict=True)]
    if list(size) != due:
        raise ValueError(f"project_back: an input of {tuple(due)} gives these features, and size is {tuple(size)}")
    turned = weight.flip(2, 3).transpose(0, 1)
    around = [taps - 1 - zeros for taps, zeros in zip(kernel, padding, strict=True)]
    return F.conv2d(features.clamp(min=0), turned, padding=around)


STAND_INS: dict[str, Callable[..., Any]] = {
    "max_pool_with_switches": _pool,
    "unpool": _unpool,
    "project_back": _project,
}


class Alone:
    """One of your functions, where those that it uses do what they should."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function

    def __call__(self, *arguments: Any) -> Any:
        """What the function gives."""
        names = vars(sys.modules[self.function.__module__])
        own = {name: names[name] for name in STAND_INS if name in names}
        names |= STAND_INS
        try:
            return self.function(*arguments)
        finally:
            for name in STAND_INS:
                names.pop(name, None)
            names |= own
