"""Inputs that leave no room for luck: odd sizes, no ties, the same numbers on every run."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor


def generator(seed: int) -> torch.Generator:
    """A random generator of its own, so that no global seed matters."""
    return torch.Generator().manual_seed(seed)


def awkward(*shape: int, seed: int = 0, dtype: torch.dtype = torch.float64) -> Tensor:
    """Normally distributed values of a shape, without ties (float64, so that nothing has to be rounded)."""
    return torch.randn(*shape, generator=generator(seed), dtype=torch.float64).to(dtype)


def randomise(module: Any, seed: int = 0, scale: float = 0.5) -> None:
    """Give every floating-point entry of a module's state a random value; running variances stay positive.

    A right answer may start a layer at zero, so checks of connections and gradients begin with this.
    Works on a torch module and on a module that lives in the sandbox alike.
    """
    module.load_state_dict(random_state(module.state_dict(), seed, scale))


def random_state(state: dict[str, Any], seed: int = 0, scale: float = 0.5) -> dict[str, Any]:
    """A module's state with random values in it, see `randomise`."""
    random = generator(seed)
    found = {}
    for name, value in state.items():
        if isinstance(value, Tensor) and value.is_floating_point():
            noise = torch.randn(value.shape, generator=random, dtype=torch.float64) * scale
            value = (noise.abs() + 0.5 if name.endswith("running_var") else noise).to(value.dtype)
        found[name] = value
    return found
