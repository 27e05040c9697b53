"""What the checks of task 3 ask where your code runs (given).

Layers made of plain values, what of torch's pooling runs, and what becomes of arguments.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode

from ..checking.probe import VIEWS
from ..digits.receptive_field import Layer


class _Operations(TorchDispatchMode):
    """Notes the names of torch's basic operations that run while it is on."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.names: dict[str, None] = {}

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.names[func.name().partition("::")[2].partition(".")[0]] = None
        return func(*args, **(kwargs or {}))


def pooling(function: Callable[..., Any], *arguments: Any) -> list[str]:
    """What of torch pools or unpools while a function runs, each once; it may stop with an exception."""
    with _Operations() as heard, suppress(Exception):
        function(*arguments)
    return [name for name in heard.names if "pool" in name]


def stack(described: Sequence[tuple[str, dict[str, Any]]]) -> nn.Sequential:
    """Layers of torch one after the other, in evaluation mode.

    Args:
        described: of each its class and its arguments, ("Conv2d", {"in_channels": 1, …}).
    """
    layers = [getattr(nn, name)(**arguments) for name, arguments in described]
    return nn.Sequential(*layers).eval()


def layer(name: str, arguments: dict[str, Any]) -> nn.Module:
    """One layer of torch."""
    made: nn.Module = getattr(nn, name)(**arguments)
    return made


def boxes(
    function: Callable[..., Any], places: Sequence[tuple[int, int]], numbers: Sequence[tuple[int, int, int, int]]
) -> list[Any]:
    """What `input_box` gives for several places, all of one list of layers.

    Args:
        places:  (row, column).
        numbers: kernel size, stride, padding and dilation of each layer.
    """
    layers = [Layer(*one) for one in numbers]
    return [function(row, column, layers) for row, column in places]


def of_view(function: Callable[..., Any], view: str, x: Tensor, *rest: Any) -> Any:
    """What a function gives for the same values in another order in memory.

    Args:
        view: one of `exercises.checking.probe.VIEWS`.
    """
    return function(VIEWS[view](x), *rest)


def changed(function: Callable[..., Any], *arguments: Any) -> list[str]:
    """What a call has changed in its arguments, tensors or modules, in words."""
    before = [_state(argument) for argument in arguments]
    function(*arguments)
    after = [_state(argument) for argument in arguments]
    return [
        name
        for one, other in zip(before, after, strict=True)
        for name in {**one, **other}
        if name not in one or name not in other or not _same(one[name], other[name])
    ]


def _state(argument: Any) -> dict[str, Any]:
    """What there is to change in an argument, by its name."""
    if isinstance(argument, Tensor):
        return {f"the tensor of shape {tuple(argument.shape)}": argument.detach().clone()}
    if not isinstance(argument, nn.Module):
        return {}
    found: dict[str, Any] = {name: value.detach().clone() for name, value in argument.state_dict().items()}
    found |= {f"requires_grad of {name}": value.requires_grad for name, value in argument.named_parameters()}
    found |= {f"the mode of {name or 'the model'}": part.training for name, part in argument.named_modules()}
    return found


def _same(one: Any, other: Any) -> bool:
    return torch.equal(one, other) if isinstance(one, Tensor) and isinstance(other, Tensor) else bool(one == other)


def hangs_on_parameters(function: Callable[..., Any], *arguments: Any) -> bool:
    """Whether gradients could flow back from what a function gives."""
    with torch.enable_grad():
        found = function(*arguments)
    return isinstance(found, Tensor) and found.requires_grad


def unpooled(
    pool: Callable[..., Any], unpool: Callable[..., Any], x: Tensor, kernel_size: int, values: Sequence[Tensor]
) -> list[Any]:
    """What `unpool` gives for several tensors of values, all by the same switches."""
    _, switches = pool(x, kernel_size)
    return [unpool(one, switches, (x.shape[2], x.shape[3])) for one in values]
