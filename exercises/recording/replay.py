"""Runs a record: its operations, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from . import given
from .operations import EMPTY, OPERATIONS
from .record import GIVEN, HOLDERS, LITERAL, SOURCES, Node, Record, Ref, no_collection, numbers_in


@dataclass(frozen=True, slots=True)
class _Step:
    """One operation, made ready.

    Attributes:
        operation: None where the tensor comes from elsewhere, and `args` says from where.
        args, kwargs: with anything in the place of tensors.
        places:    where in `args` a tensor belongs: position and number.
        nested:    where in `args` a value with tensors in it belongs.
        named:     the same in `kwargs`.
        outs:      one number, or several.
        gone:      numbers of tensors that nothing uses after it.
    """

    operation: Callable[..., Any] | None
    args: list[Any]
    kwargs: dict[str, Any]
    places: tuple[tuple[int, int], ...]
    nested: tuple[tuple[int, Any], ...]
    named: tuple[tuple[str, Any], ...]
    outs: int | tuple[int, ...]
    grad: bool
    gone: tuple[int, ...]


class Program:
    """A record, made ready to run: each operation with gradients as when it was recorded, in the same order.

    A tensor is forgotten after its last use.
    """

    def __init__(self, record: Record) -> None:
        self._record = record
        with no_collection():
            last = _last_uses(record)
            self._steps = [_step(node, tuple(last.get(place, ()))) for place, node in enumerate(record.nodes)]
        self._size = 1 + max([-1 + record.inputs, *(number for node in record.nodes for number in node.all_outs)])

    def __call__(
        self, inputs: Sequence[Tensor], named: Mapping[str, Tensor], literals: Sequence[Tensor]
    ) -> tuple[Any, dict[str, Tensor]]:
        """The outputs, and the tensors of `record.named`, from inputs, parameters and buffers by name, and literals."""
        env: list[Any] = [None] * self._size
        env[: len(inputs)] = inputs
        before = grad = torch.is_grad_enabled()
        set_grad = torch._C._set_grad_enabled
        try:
            for step in self._steps:
                if step.operation is None:
                    env[step.outs] = _source(*step.args, named=named, literals=literals)  # type: ignore[index]
                    continue
                if step.grad is not grad:
                    grad = step.grad
                    set_grad(grad)
                args = step.args.copy()
                for place, number in step.places:
                    args[place] = env[number]
                for place, value in step.nested:
                    args[place] = _filled(value, env)
                if step.named:
                    kwargs = {**step.kwargs, **{name: _filled(value, env) for name, value in step.named}}
                    result = step.operation(*args, **kwargs)
                else:
                    result = step.operation(*args, **step.kwargs)
                if type(step.outs) is int:
                    env[step.outs] = result
                elif step.outs:
                    for number, one in zip(step.outs, result, strict=True):  # type: ignore[arg-type]
                        env[number] = one
                for number in step.gone:
                    env[number] = None
            after = {name: env[number] for name, number in self._record.named.items()}
            return _filled(self._record.outputs, env), after
        finally:
            set_grad(before)


def _source(name: str, *key: Any, named: Mapping[str, Tensor], literals: Sequence[Tensor]) -> Tensor:
    """A tensor that no operation gives; one that the record may change, where it is not the network's own."""
    if name == LITERAL:
        return literals[key[0]].clone()
    return given.read(*key).clone() if name == GIVEN else named[key[0]]


def _filled(value: Any, env: list[Any]) -> Any:
    """A value with tensors in the place of their numbers."""
    kind = type(value)
    if kind is Ref:
        return env[value.number]
    if kind is tuple:
        return tuple([_filled(one, env) for one in value])
    if kind is list:
        return [_filled(one, env) for one in value]
    if kind is dict:
        return {name: _filled(one, env) for name, one in value.items()}
    if kind is slice:
        return slice(_filled(value.start, env), _filled(value.stop, env), _filled(value.step, env))
    return value


def _step(node: Node, gone: tuple[int, ...]) -> _Step:
    if node.name in SOURCES:
        return _Step(None, [node.name, *node.args], {}, (), (), (), node.outs, node.grad, ())
    operation = OPERATIONS[node.name]
    places = tuple((place, one.number) for place, one in enumerate(node.args) if type(one) is Ref)
    nested = tuple((place, one) for place, one in enumerate(node.args) if type(one) is not Ref and _holds(one))
    plain = {name: one for name, one in node.kwargs.items() if not _holds(one)}
    named = tuple((name, one) for name, one in node.kwargs.items() if name not in plain)
    operation = _blank(operation) if node.name in EMPTY else operation
    return _Step(operation, list(node.args), plain, places, nested, named, node.outs, node.grad, gone)


def _holds(value: Any) -> bool:
    """Whether there is a tensor in it."""
    return type(value) in HOLDERS and bool(numbers_in(value))


def _blank(operation: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """An operation that gives memory as it is: what stood there before is nobody's business."""
    return lambda *args, **kwargs: operation(*args, **kwargs).zero_()


def _last_uses(record: Record) -> dict[int, list[int]]:
    """The place of the last node that names a tensor -> such tensors; those that are handed back are kept."""
    kept = {*numbers_in(record.outputs), *record.named.values()}
    last: dict[int, int] = {}
    for place, node in enumerate(record.nodes):
        for number in (*node.uses, *node.all_outs):
            last[number] = place
    found: dict[int, list[int]] = {}
    for number, place in last.items():
        if number not in kept:
            found.setdefault(place, []).append(number)
    return found
