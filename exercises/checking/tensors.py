"""Inputs that leave no room for luck: odd sizes, no ties; at home the same numbers on every run, see `draw`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from . import probe
from .draw import seed_for


def generator(seed: int) -> torch.Generator:
    """A random generator of its own, so that no global seed matters; `seed` tells those of one check apart."""
    return torch.Generator().manual_seed(seed_for(seed))


def awkward(*shape: int, seed: int = 0, dtype: torch.dtype = torch.float64) -> Tensor:
    """Normally distributed values of a shape, without ties, as float64 unless another type is asked for.

    What students write computes in float32: where only values matter, ask for that.  `seed` tells the inputs of one
    check apart.
    """
    return torch.randn(*shape, generator=generator(seed), dtype=torch.float64).to(dtype)


def built(student: Any, make: Any, *arguments: Any, like: Sequence[Any], **named: Any) -> Any:
    """One of the student's modules, in float32: `built(student, student.blocks.Block, 4, like=[x])`.

    Lazy layers have had the first pass that they take their sizes from, so that weights can be looked at.

    Args:
        make:      the class.
        arguments: with what it is called, like `named`.
        like:      inputs that it is made for; their values do not matter.
    """
    return student.probe.built(make, list(arguments), named, list(like))


def weights(module: Any) -> dict[str, Tensor]:
    """What training changes in a module, by name: parameters, and the running averages of norms.

    Constants that a module keeps in buffers are no weights.  Works on a torch module and on a student's alike.
    """
    return probe.weights(module) if isinstance(module, nn.Module) else dict(module._ask("weights", module))


def load_weights(module: Any, values: dict[str, Tensor]) -> None:
    """Put in weights by name; what is not named stays as it is."""
    module.load_state_dict(values, False)


def randomise(module: Any, seed: int = 0, scale: float = 0.5) -> None:
    """Give every floating-point weight of a module a random value; running variances stay positive.

    A right answer may start a layer at zero, so checks of connections and gradients begin with this.
    Works on a torch module and on a module that lives in the sandbox alike.
    """
    load_weights(module, random_state(weights(module), seed, scale))


def random_state(state: dict[str, Any], seed: int = 0, scale: float = 0.5) -> dict[str, Any]:
    """The weights of a module with random values in them, see `randomise`."""
    random = generator(seed)
    found = {}
    for name, value in state.items():
        if isinstance(value, Tensor) and value.is_floating_point():
            noise = torch.randn(value.shape, generator=random, dtype=torch.float64) * scale
            value = (noise.abs() + 0.5 if name.endswith("running_var") else noise).to(value.dtype)
        found[name] = value
    return found
