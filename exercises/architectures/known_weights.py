"""Networks with weights that everybody knows (given): two that are built alike then give the same for an image.

A parameter's values follow from how many outputs it has and how many numbers belong to each, and from a seed, whatever
it is called and whenever it is made. So a network of yours and the paper's can be compared layer by layer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any

import torch
from torch import Tensor, nn

from exercises.checking.meta import on_meta, parameter_count
from exercises.checking.probe import first_pass

ALIKE = 0.1  # small enough for a tanh behind a sum of some hundred numbers
WEIGHTED = (nn.Conv1d, nn.Conv2d, nn.Conv3d, nn.Linear)
Layer = tuple[str, tuple[int, ...], float, float]  # what it is, the shape, mean and standard deviation of its outputs


def values(shape: Sequence[int], seed: int = 0) -> Tensor:
    """What a parameter of this shape holds, float32.

    With one axis longer than 1, or none: 0.5 … 1.5 with alternating signs. Otherwise normally distributed, drawn by the
    outputs (the first axis) and the numbers per output, with the variance 2 / numbers per output, which keeps the size
    of what passes through ReLUs (He et al. 2015, https://arxiv.org/abs/1502.01852, equation 10).
    """
    if sum(length > 1 for length in shape) <= 1:
        count = prod(shape)
        signs = 1.0 - 2.0 * (torch.arange(count) % 2)
        return (torch.linspace(0.5, 1.5, count) * signs).reshape(tuple(shape))
    outputs, each = shape[0], prod(shape[1:])
    random = torch.Generator().manual_seed(((seed * 8191 + outputs) * 1_000_003 + each) % 2**63)
    return (torch.randn(outputs, each, generator=random) * (2 / each) ** 0.5).reshape(tuple(shape))


def put_in(model: nn.Module, seed: int = 0, only: Sequence[tuple[int, int]] | None = None) -> None:
    """Give each parameter of a model its `values`; buffers stay as they are.

    Args:
        only: (outputs, numbers per output) of those that get their values, the first parameter of each; all others are
            ALIKE then. So it does not matter into how many layers another part is divided.
    """
    left = None if only is None else [tuple(shape) for shape in only]
    with torch.no_grad():
        for parameter in nn.Module.parameters(model):
            shape = (parameter.shape[0], prod(parameter.shape[1:])) if parameter.dim() else (1, 1)
            if left is None:
                parameter.copy_(values(parameter.shape, seed))
            elif shape in left:
                left.remove(shape)
                parameter.copy_(values(parameter.shape, seed))
            else:
                parameter.fill_(ALIKE)


def network(
    make: Callable[..., nn.Module],
    arguments: Sequence[Any],
    named: dict[str, Any],
    image: Sequence[int],
    seed: int = 0,
    only: Sequence[tuple[int, int]] | None = None,
) -> nn.Module:
    """A network with known weights, in float32.

    Args:
        image: shape of one image: one passes in evaluation mode where there are lazy layers, before weights are put in.
        only:  as in `put_in`.
    """
    model = make(*arguments, **named).float()
    first_pass(model, torch.zeros(1, *image))
    put_in(model, seed, only)
    return model


def answers(model: nn.Module, images: Tensor, training: bool = False) -> tuple[Any, list[Layer]]:
    """What a network gives for images, and what its convolutions and dense layers gave on the way, as they ran."""
    way: list[Layer] = []

    def note(layer: nn.Module, _: Any, output: Tensor) -> None:
        found = output.detach().double()
        way.append((_kind(layer), tuple(output.shape[1:]), float(found.mean()), float(found.std())))

    nn.Module.train(model, training)
    with torch.no_grad():
        return _heard(model, images, note), way


def count(make: Callable[..., nn.Module], arguments: Sequence[Any], named: dict[str, Any], image: Sequence[int]) -> int:
    """How many parameters a network has, each once. It is built on "meta", so that any size costs nothing."""
    model = on_meta(make, arguments, named)
    with torch.device("meta"):
        first_pass(model, torch.zeros(1, *image))
    return parameter_count(model)


def sizes(
    make: Callable[..., nn.Module],
    arguments: Sequence[Any],
    named: dict[str, Any],
    image: Sequence[int],
    stopping: bool = True,
) -> list[tuple[str, tuple[int, ...]]]:
    """What comes out of a network's convolutions and dense layers for an image, as they run, on "meta".

    Args:
        stopping: what the network raises on the way; without that, the sizes up to there are told.
    """
    model = on_meta(make, arguments, named)
    way: list[tuple[str, tuple[int, ...]]] = []

    def note(layer: nn.Module, _: Any, output: Tensor) -> None:
        way.append((_kind(layer), tuple(output.shape[1:])))

    nn.Module.train(model, False)
    try:
        with torch.no_grad(), torch.device("meta"):
            _heard(model, torch.zeros(2, *image), note)
    except Exception:
        if stopping:
            raise
    return way


def _heard(model: nn.Module, images: Tensor, note: Callable[..., None]) -> Any:
    hooks = [part.register_forward_hook(note) for part in nn.Module.modules(model) if isinstance(part, WEIGHTED)]
    try:
        return model(images)
    finally:
        for hook in hooks:
            hook.remove()


def _kind(layer: nn.Module) -> str:
    return "dense layer" if isinstance(layer, nn.Linear) else "convolution"
