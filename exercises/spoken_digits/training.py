"""What trainings and checks of this assignment need (given): random numbers, and last week's training loop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn


def generator(seed: int) -> torch.Generator:
    """A source of random numbers of its own, for the functions of `augment.py`."""
    return torch.Generator().manual_seed(seed)


def input_before_and_after(function: Callable[..., Any], tensor: Tensor, *arguments: Any) -> tuple[Tensor, Tensor]:
    """Call a function, and give its first argument as it was before and as it is afterwards."""
    before = tensor.clone()
    function(tensor, *arguments)
    return before, tensor


def input_gradient(module: nn.Module, inputs: Tensor, *arguments: Any) -> Tensor:
    """Gradient of the sum of module(inputs, ...) with respect to the inputs (same shape), zeros where none arrives."""
    inputs = inputs.clone().requires_grad_(True)
    with torch.enable_grad():
        output = module(inputs, *arguments).sum()
        if output.requires_grad:
            output.backward()
    return torch.zeros_like(inputs) if inputs.grad is None else inputs.grad


class FullLength(nn.Module):
    """A network that reads clips and their lengths, for clips that are all as long as the batch."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, log_mel: Tensor) -> Any:
        """log_mel: (batch, n_mels, time) -> what the network gives."""
        return self.network(log_mel, torch.full((len(log_mel),), log_mel.shape[2]))


def kept(network: Any, name: str, log_mel: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
    """What the network was given under this name ("log_mel" or "lengths"), before and after it has run."""
    given = {"log_mel": log_mel, "lengths": lengths}
    before = given[name].clone()
    network(**given)
    return before, given[name]


def part(parts: Any, index: int) -> Any:
    """One of a network's blocks, by its number from 0."""
    return parts[index]
