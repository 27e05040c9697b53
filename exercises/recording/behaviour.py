"""What a network does with given numbers: asked of the student's own, and of the one that is made of its record.

They are compared to find accidents: a network that remembers, decides by values, draws numbers of its own.  Code that
wants to show one network and be another can do so, and gains nothing: the record is what is trained and judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from exercises.learning.loop import in_mode, own_random_numbers

from .network import as_taken, named_values

CLOSE = 1e-5  # of the largest value: the same operations in the same order give the same numbers, bit for bit
CALLS = 2  # in a row


def behaviour(
    module: nn.Module, inputs: Sequence[Tensor], training: bool, seed: int, shaken: int | None = None
) -> dict[str, Any]:
    """Two passes in a row, with the gradients of the second one.

    Everything is as it was before, afterwards.

    Args:
        seed:   of the random numbers of each pass, and of the weights of the outputs whose gradients are asked for.
        shaken: a seed from which parameters and buffers are changed a little before; None for as they are.

    Returns:
        `outputs`: of both passes; `buffers`: after them, by name; `gradients`: of a weighted sum of the outputs, by
        parameters' names, and by "input N"; zeros where none arrives.
    """
    parameters, buffers = named_values(module)
    inputs = as_taken(module, inputs)
    with as_before(module), in_mode(module, training=training), own_random_numbers(seed):
        if shaken is not None:
            _shake(parameters, buffers, shaken)
        outputs = []
        for call in range(CALLS):
            torch.default_generator.manual_seed(seed + call)
            leaves = [one.clone().requires_grad_(training and one.is_floating_point()) for one in inputs]
            with torch.set_grad_enabled(training):
                output = module(*(one.clone() for one in leaves))
            if not isinstance(output, Tensor):
                raise TypeError(f"the model returned {type(output).__name__}, not a tensor: does forward return?")
            outputs.append(output)
        gradients = {}
        if training and outputs[-1].requires_grad:
            generator = torch.Generator().manual_seed(seed)
            weights = torch.randn(outputs[-1].shape, generator=generator).to(outputs[-1].dtype)
            asked = {name: one for name, one in parameters.items() if one.requires_grad}
            asked.update({f"input {place}": one for place, one in enumerate(leaves) if one.requires_grad})
            with torch.enable_grad():
                total = (outputs[-1] * weights).sum()
            found = torch.autograd.grad(total, list(asked.values()), allow_unused=True)
            for (name, one), gradient in zip(asked.items(), found, strict=True):
                gradients[name] = torch.zeros_like(one) if gradient is None else gradient.detach()
        _, buffers = named_values(module)
        return {
            "outputs": [one.detach() for one in outputs],
            "buffers": {name: one.detach().clone() for name, one in buffers.items()},
            "gradients": gradients,
        }


def behaviours(module: nn.Module, asked: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    """Several at once: each with these arguments of `behaviour` after the module."""
    return [behaviour(module, *one) for one in asked]


def differences(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """What differs between two answers of `behaviour`, in words, the first thing first; nothing where they agree."""
    found = []
    if len(one.get("outputs", ())) != len(other["outputs"]):
        return ["how many outputs there are"]
    for place, (mine, theirs) in enumerate(zip(one["outputs"], other["outputs"], strict=True)):
        if not close(mine, theirs):
            found.append("the outputs" if place == 0 else "the outputs of a second call")
    for kind in ("buffers", "gradients"):
        if set(one.get(kind, ())) != set(other[kind]):
            found.append(f"which {kind} there are")
        else:
            found += [f"the {kind} of {name}" for name in one[kind] if not close(one[kind][name], other[kind][name])]
    return found


def close(one: Any, other: Any) -> bool:
    """Whether two tensors have the same form, and the same values but for rounding."""
    if not (isinstance(one, Tensor) and isinstance(other, Tensor)):
        return False
    if one.shape != other.shape or one.dtype != other.dtype:
        return False
    if torch.equal(one, other):
        return True
    mine, theirs = (value.to(torch.complex128 if value.is_complex() else torch.float64) for value in (one, other))
    size = float(mine.abs().nan_to_num(0, 0, 0).max()) if mine.numel() else 0.0
    return torch.allclose(mine, theirs, rtol=CLOSE, atol=CLOSE * size, equal_nan=True)


def _shake(parameters: Mapping[str, Tensor], buffers: Mapping[str, Tensor], seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name in (*parameters, *buffers):
            value = parameters.get(name, buffers.get(name))
            if value is not None and value.is_floating_point():
                factor = 0.75 + 0.5 * torch.rand(value.shape, generator=generator)
                value.mul_(factor.to(value.dtype))
                if name in parameters:
                    value.add_((0.05 * torch.randn(value.shape, generator=generator)).to(value.dtype))


@contextmanager
def as_before(module: nn.Module) -> Iterator[None]:
    """Have parameters and buffers as they were, afterwards."""
    parameters, buffers = named_values(module)
    values = {name: one.detach().clone() for name, one in (*parameters.items(), *buffers.items())}
    try:
        yield
    finally:
        parameters, buffers = named_values(module)
        with torch.no_grad():
            for name, one in (*parameters.items(), *buffers.items()):
                if name in values and one.shape == values[name].shape:
                    one.copy_(values[name])
