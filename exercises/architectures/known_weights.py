"""Networks with weights that everybody knows (given): two that are built alike then give the same for an image.

A parameter's values follow from how many outputs it has and how many numbers belong to each, and from a seed, whatever
it is called and whenever it is made. So a network of yours and the paper's can be compared layer by layer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from math import prod
from typing import Any

import torch
from torch import Tensor, nn

from exercises.checking.meta import on_meta, parameter_count
from exercises.checking.probe import first_pass

from .parts import Shortcut

ALIKE = 0.1  # small enough for a tanh behind a sum of some hundred numbers
WEIGHTED = (nn.Conv1d, nn.Conv2d, nn.Conv3d, nn.Linear)
Layer = tuple[str, tuple[int, ...], float, float]  # what it is, its outputs' shape, mean and deviation behind a ReLU


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


def put_in_halves(model: nn.Module, image: Sequence[int], seed: int = 0) -> None:
    """Give two convolutions of one shape the halves of what one of twice the outputs gets, as they run.

    So AlexNet's groups of 2 have the same weights as one layer and as two. Where nothing else has two convolutions of
    one shape, no other layer is meant.
    """
    alike: dict[tuple[int, ...], list[nn.Conv2d]] = {}
    for part in nn.Module.modules(model):
        if isinstance(part, nn.Conv2d):
            alike.setdefault(tuple(part.weight.shape), []).append(part)
    pairs = [pair for pair in alike.values() if len(pair) == 2]
    if not pairs:
        return
    run: list[nn.Module] = []
    nn.Module.train(model, False)
    with torch.no_grad():
        _heard(model, torch.zeros(1, *image), lambda part, *_: run.append(part))
        for pair in pairs:
            first, second = sorted(pair, key=lambda part: run.index(part) if part in run else len(run))
            for one, other in ((first.weight, second.weight), (first.bias, second.bias)):
                if one is not None and other is not None:
                    both = values((2 * one.shape[0], *one.shape[1:]), seed)
                    one.copy_(both[: one.shape[0]])
                    other.copy_(both[one.shape[0] :])


def network(
    make: Callable[..., nn.Module],
    arguments: Sequence[Any],
    named: dict[str, Any],
    image: Sequence[int],
    seed: int = 0,
    halves: bool = False,
    only: Sequence[tuple[int, int]] | None = None,
) -> nn.Module:
    """A network with known weights, in float32.

    Args:
        image:  shape of one image: where there are lazy layers, one passes in evaluation before weights are put in.
        halves: whether two convolutions of one shape are halves of one, see `put_in_halves`.
        only:   as in `put_in`.
    """
    model = make(*arguments, **named).float()
    first_pass(model, torch.zeros(1, *image))
    put_in(model, seed, only)
    if halves:
        put_in_halves(model, image, seed)
    return model


def answers(model: nn.Module, images: Tensor, training: bool = False) -> tuple[Any, list[Layer]]:
    """What a network gives for images, and what its convolutions and dense layers gave on the way, as they ran."""
    way: list[Layer] = []

    def note(layer: nn.Module, _: Any, output: Tensor) -> None:
        found = output.detach().double().relu()  # the same for a layer that brings its ReLU along
        way.append((_kind(layer), tuple(output.shape[1:]), float(found.mean()), float(found.std())))

    nn.Module.train(model, training)
    with torch.no_grad():
        return _heard(model, images, note), way


def count(make: Callable[..., nn.Module], arguments: Sequence[Any], named: dict[str, Any], image: Sequence[int]) -> int:
    """How many parameters a network has, each once; it is built on "meta", so that any size costs nothing.

    Args:
        image: shape of one image: one passes in evaluation mode where there are lazy layers.
    """
    return parameter_count(_without_values(make, arguments, named, image))


def sizes(
    make: Callable[..., nn.Module],
    arguments: Sequence[Any],
    named: dict[str, Any],
    image: Sequence[int],
    as_far_as_it_runs: bool = False,
) -> list[tuple[str, tuple[int, ...]]]:
    """What comes out of a network's convolutions and dense layers, as they run; it is built on "meta".

    Args:
        as_far_as_it_runs: whether an exception on the way is the end of it, and nothing else.
    """
    model = on_meta(make, arguments, named)
    way: list[tuple[str, tuple[int, ...]]] = []

    def note(layer: nn.Module, _: Any, output: Tensor) -> None:
        way.append((_kind(layer), tuple(output.shape[1:])))

    nn.Module.train(model, False)
    with suppress(*([Exception] if as_far_as_it_runs else [])), torch.no_grad(), torch.device("meta"):
        _heard(model, torch.zeros(2, *image), note)
    return way


def shortcuts(
    make: Callable[..., nn.Module], arguments: Sequence[Any], named: dict[str, Any], image: Sequence[int]
) -> list[int]:
    """How many parameters each `Shortcut` of a network has; it is built on "meta"."""
    model = _without_values(make, arguments, named, image)
    found = [part for part in nn.Module.modules(model) if _is_shortcut(part)]
    return [parameter_count(part) for part in found]


def silent(
    make: Callable[..., nn.Module], arguments: Sequence[Any], named: dict[str, Any], image: Sequence[int]
) -> nn.Module:
    """A network whose parameters are all 0, in evaluation mode."""
    model = network(make, arguments, named, image)
    with torch.no_grad():
        for parameter in nn.Module.parameters(model):
            parameter.zero_()
    return nn.Module.train(model, False)


def _without_values(
    make: Callable[..., nn.Module], arguments: Sequence[Any], named: dict[str, Any], image: Sequence[int]
) -> nn.Module:
    """A network on "meta" whose lazy layers know their sizes."""
    model = on_meta(make, arguments, named)
    with torch.device("meta"):
        first_pass(model, torch.zeros(1, *image))
    return model


def _is_shortcut(part: nn.Module) -> bool:
    """By name: where it is graded, a student's code has a copy of the given modules of its own."""
    return any((one.__module__, one.__name__) == (Shortcut.__module__, "Shortcut") for one in type(part).__mro__)


def _heard(model: nn.Module, images: Tensor, note: Callable[..., None]) -> Any:
    hooks = [part.register_forward_hook(note) for part in nn.Module.modules(model) if isinstance(part, WEIGHTED)]
    try:
        return model(images)
    finally:
        for hook in hooks:
            hook.remove()


def _kind(layer: nn.Module) -> str:
    return "dense layer" if isinstance(layer, nn.Linear) else "convolution"
