"""A key that somebody adds to VGG's CONFIGURATIONS (given): checks ask for networks of other columns, too."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

from torch import nn


class WithKey:
    """Your VGG, where CONFIGURATIONS has a key more while a network is built.

    Args:
        make: the class VGG.
        key:  which stands in CONFIGURATIONS from the call to its end.
        rows: of its column.
    """

    def __init__(self, make: Callable[..., nn.Module], key: str, rows: Sequence[Sequence[Any]]) -> None:
        self.make, self.key, self.rows = make, key, tuple(map(tuple, rows))

    def __call__(self, *arguments: Any, **named: Any) -> nn.Module:
        """A network of VGG's."""
        configurations = sys.modules[f"{self.make.__module__.rpartition('.')[0]}.vgg"].CONFIGURATIONS
        configurations[self.key] = self.rows
        try:
            return self.make(*arguments, **named)
        finally:
            del configurations[self.key]
