"""Networks that are looked at without ever being filled: on torch's device "meta", tensors have shapes and no values.

A network of any size is built there in no time and no memory, and says what comes out of each layer, how many
parameters it has, and how many multiplications with addition an input costs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import torch
from torch import Tensor, nn
from torch.nn.parameter import is_lazy
from torch.overrides import TorchFunctionMode
from torch.utils._device import _device_constructors
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves, tree_map
from torch.utils.flop_counter import FlopCounterMode

SMALL = 4096  # values: so many are computed all the same, since code may decide by them how it goes on
T = TypeVar("T")


def on_meta(build: Callable[..., T], args: Sequence[Any] = (), kwargs: dict[str, Any] | None = None) -> T:
    """What a class or function builds, with all parameters and buffers on "meta".

    It may work with a few values while it builds. Where it mixes these with large tensors, or needs the values of
    large ones, it is called again, at last for real.

    Raises:
        Exception: what building raises.
    """
    for small in (SMALL, 0):
        try:
            with _Lean(small):
                built = build(*args, **(kwargs or {}))
            break
        except (RuntimeError, NotImplementedError) as error:
            if "meta" not in str(error):
                raise
    else:
        built = build(*args, **(kwargs or {}))
    if isinstance(built, nn.Module):
        _empty(built)
    return built


def shapes(module: nn.Module, input_shape: Any, dtype: torch.dtype = torch.float32) -> list[tuple[str, Any]]:
    """Name and shape of what comes out of each part of a module, in the order in which they are done, in evaluation.

    A part that is used twice stands there twice; parts that hold others stand after these, and the module itself comes
    last, with the name "". Where a part gives several tensors, its shape is a tuple or dict of theirs.

    Args:
        input_shape: (batch, ...), or a list of such shapes for a module of several inputs.
        dtype:       of the inputs.
    """
    found: list[tuple[str, Any]] = []

    def note(name: str) -> Callable[..., None]:
        return lambda part, inputs, output: found.append((name, _shape(output)))

    hooks = [part.register_forward_hook(note(name)) for name, part in nn.Module.named_modules(module)]
    try:
        _pass_through(module, input_shape, dtype)
    finally:
        for hook in hooks:
            hook.remove()
    return found


def parameter_count(module: nn.Module) -> int:
    """How many numbers training changes: of all registered parameters, each once.

    Raises:
        ValueError: there are lazy ones, whose shapes follow from an input.
    """
    parameters = list(nn.Module.parameters(module))
    if any(map(is_lazy, parameters)):
        raise ValueError("a lazy layer has no parameters before an input has passed: ask for the shapes first")
    return sum(parameter.numel() for parameter in parameters)


def multiply_adds(module: nn.Module, shape: Any, dtype: torch.dtype = torch.float32) -> int:
    """Multiplications with addition of all convolutions and matrix products for one example, in evaluation.

    They are counted while two examples pass through, so whatever runs is counted, however it is written: a layer that
    is used twice counts twice.

    Args:
        shape: of one example, without the axis of the batch; a list of such shapes for a module of several inputs.
        dtype: as in `shapes`.
    """
    two = [(2, *one) for one in shape] if _are_several(shape) else (2, *shape)
    with counter() as counting:
        _pass_through(module, two, dtype)
    return int(counting.get_total_flops()) // 4  # two operations for each, two examples


def counter() -> FlopCounterMode:
    """Counts operations of convolutions and matrix products, two for each multiplication with addition."""
    return FlopCounterMode(display=False, custom_mapping=dict(_PRODUCTS_OF_VECTORS))


def _matrix_by_vector(matrix: Sequence[int], vector: Sequence[int], *_: Any, **__: Any) -> int:
    return 2 * matrix[0] * matrix[1]


def _matrix_by_vector_added(added: Any, matrix: Sequence[int], *_: Any, **__: Any) -> int:
    return 2 * matrix[0] * matrix[1]


def _vector_by_vector(one: Sequence[int], *_: Any, **__: Any) -> int:
    return 2 * one[0]


_PRODUCTS_OF_VECTORS = {
    torch.ops.aten.mv: _matrix_by_vector,
    torch.ops.aten.addmv: _matrix_by_vector_added,
    torch.ops.aten.dot: _vector_by_vector,
}


def _pass_through(module: nn.Module, input_shape: Any, dtype: torch.dtype) -> None:
    """Have an input of this shape pass through a module, in evaluation and without gradients."""
    placed = [value for value in (*nn.Module.parameters(module), *nn.Module.buffers(module)) if not is_lazy(value)]
    device = placed[0].device if placed else torch.device("meta")
    forms = input_shape if _are_several(input_shape) else [input_shape]
    inputs = [torch.zeros(*form, dtype=dtype, device=device) for form in forms]
    modes = {part: part.training for part in nn.Module.modules(module)}
    try:
        nn.Module.train(module, False)
        with torch.no_grad():
            if device.type == "meta":
                with _in_words(), _Lean(SMALL), _Bridge():
                    module(*inputs)
            else:
                module(*inputs)
    finally:
        for part, training in modes.items():
            part.training = training


def _are_several(shape: Any) -> bool:
    return isinstance(shape, list) and bool(shape) and all(isinstance(one, tuple | list) for one in shape)


class _Lean(TorchFunctionMode):
    """Tensors that are made while it is on have values only if they are small, or ask for a device."""

    def __init__(self, small: int) -> None:
        super().__init__()
        self._small = small

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        if func in _device_constructors() and kwargs.get("device") is None:
            empty = func(*args, **{**kwargs, "device": "meta"})
            if not (isinstance(empty, Tensor) and 0 < empty.numel() <= self._small):
                return empty
        return func(*args, **kwargs)


class _Bridge(TorchDispatchMode):
    """An operation on tensors with values and others without gives one without."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        devices = {leaf.device.type for leaf in tree_leaves((args, kwargs)) if isinstance(leaf, Tensor)}
        if len(devices) > 1 and "meta" in devices:
            args, kwargs = tree_map(_without_values, (args, kwargs))
        return func(*args, **kwargs)


def _without_values(value: Any) -> Any:
    return value.to("meta") if isinstance(value, Tensor) else value


def _empty(module: nn.Module) -> None:
    """Take the values away that are left; what is shared stays shared."""
    known: dict[int, tuple[Tensor, Tensor]] = {}  # with the old one, so that its id stays its own

    def emptied(value: Tensor) -> Tensor:
        if id(value) not in known:
            empty = value.detach().to("meta")
            parameter = isinstance(value, nn.Parameter)
            known[id(value)] = (value, nn.Parameter(empty, value.requires_grad) if parameter else empty)
        return known[id(value)][1]

    for part in nn.Module.modules(module):
        kept: tuple[dict[str, Any], dict[str, Any]] = (part._parameters, part._buffers)
        for values in kept:
            for name, value in values.items():
                if value is not None and not is_lazy(value) and not value.is_meta:
                    values[name] = emptied(value)


@contextmanager
def _in_words() -> Iterator[None]:
    """Say in words what code meets that asks a tensor without values for one."""
    try:
        yield
    except (RuntimeError, NotImplementedError) as error:
        if "meta" not in str(error):
            raise
        reason = str(error).splitlines()[0][:120]
        words = f"only shapes are known here, and the code asks for a tensor's values ({reason}): does it need them?"
        raise ValueError(words).with_traceback(error.__traceback__) from None


def _shape(output: Any) -> Any:
    if isinstance(output, Tensor):
        return tuple(output.shape)
    if isinstance(output, tuple | list):
        return tuple(_shape(one) for one in output)
    if isinstance(output, dict):
        return {name: _shape(one) for name, one in output.items()}
    return type(output).__qualname__
