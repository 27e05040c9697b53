"""A record: a network's pass as a list of named operations, in plain JSON and a few tensors.

A record is what comes out of a student's process, so it is read as a claim: every name has to be in the list, every
number has to be that of a tensor which is there by then, and the whole has a cap.
"""

from __future__ import annotations

import functools
import gc
import json
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from .operations import OPERATIONS

MAX_TEXT = 1 << 19  # characters of one record
MAX_NODES = 20_000
MAX_DEPTH = 8  # of lists in lists
MAX_TENSORS = 100_000
# Where tensors come from, beside inputs and operations, and what says which one.
PARAMETER, BUFFER, LITERAL, GIVEN = "parameter", "buffer", "literal", "given"
SOURCES: dict[str, tuple[type, ...]] = {
    PARAMETER: (str,),
    BUFFER: (str,),
    LITERAL: (int,),
    GIVEN: (str, int, torch.dtype, int),  # see `given.py`
}
MEMORY_FORMATS = {
    name: getattr(torch, name) for name in ("contiguous_format", "preserve_format", "channels_last", "channels_last_3d")
}
DTYPES = {str(one).partition(".")[2]: one for one in vars(torch).values() if isinstance(one, torch.dtype)}


class RecordError(ValueError):
    """A text that is no record, or none of an allowed size."""


@dataclass(frozen=True)
class Ref:
    """A tensor, by its number."""

    number: int


HOLDERS = frozenset({Ref, tuple, list, dict, slice})  # of tensors


@dataclass(frozen=True)
class Node:
    """One operation, or where a tensor comes from.

    Attributes:
        name:   one of OPERATIONS, or of SOURCES.
        args, kwargs: plain values, `Ref` in the place of tensors.
        outs:   number of the tensor that it gives, or numbers of several; one in place gives what is there already.
        grad:   whether gradients are followed while it runs.
    """

    name: str
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = field(default_factory=dict)
    outs: int | tuple[int, ...] = ()
    grad: bool = True

    @property
    def all_outs(self) -> tuple[int, ...]:
        return self.outs if isinstance(self.outs, tuple) else (self.outs,)

    @functools.cached_property
    def uses(self) -> list[int]:
        """The numbers of the tensors among its arguments."""
        return [*numbers_in(self.args), *numbers_in(self.kwargs)]


@dataclass(frozen=True)
class Record:
    """What a network does with inputs of these shapes, in one mode.

    Attributes:
        inputs:  number of inputs; these are the first tensors.
        nodes:   in the order in which they run.
        outputs: what it gives: a `Ref`, or a tuple, list or dict of these.
        named:   for a pass, buffers that hold another tensor afterwards; for a constructor, all parameters and buffers.
    """

    inputs: int
    nodes: tuple[Node, ...]
    outputs: Any
    named: dict[str, int]

    def to_text(self) -> str:
        """It as JSON, short."""
        nodes = [
            [node.name, [_plain(one) for one in node.args], _plain(node.kwargs)["o"], node.outs, int(node.grad)]
            for node in self.nodes
        ]
        content = {"inputs": self.inputs, "nodes": nodes, "outputs": _plain(self.outputs), "named": self.named}
        return json.dumps(content, separators=(",", ":"))

    @classmethod
    def from_text(cls, text: str, literals: int) -> Record:
        """Read one that came from anywhere.

        Args:
            literals: how many tensors came with it.

        Raises:
            RecordError: it is none, or too long.
        """
        if len(text) > MAX_TEXT:
            raise RecordError(f"a record of {len(text):,} characters; at most {MAX_TEXT:,} are read")
        try:
            with no_collection():
                content = json.loads(text)
                record = cls(
                    _count(content["inputs"], 64),
                    tuple(map(_node, _listed(content["nodes"], MAX_NODES))),
                    _value(content["outputs"]),
                    {_word(name): _count(number) for name, number in content["named"].items()},
                )
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise RecordError(f"not a record: {error}") from error
        record._require_order(literals)
        return record

    def _require_order(self, literals: int) -> None:
        """Each tensor is there before it is used."""
        known = set(range(self.inputs))
        for node in self.nodes:
            if node.name in SOURCES:
                if node.kwargs or type(node.outs) is not int or node.outs in known:
                    raise RecordError(f"no source of a tensor: {node.name}")
                if tuple(map(type, node.args)) != SOURCES[node.name]:
                    raise RecordError(f"no source of a tensor: {node.name}")
                if node.name == LITERAL and not 0 <= node.args[0] < literals:
                    raise RecordError("a literal that did not come with the record")
            elif node.name not in OPERATIONS:
                raise RecordError(f"no operation of the list: {node.name!r}")
            for number in node.uses:
                if number not in known:
                    raise RecordError(f"{node.name} uses tensor {number} before it is there")
            known.update(node.all_outs)
        if not known.issuperset(numbers_in(self.outputs)) or not set(self.named.values()) <= known:
            raise RecordError("it gives a tensor that is not there")


def numbers_in(value: Any) -> list[int]:
    """The numbers of all tensors in a value, in their order."""
    found: list[int] = []
    _collect(value, found)
    return found


def _collect(value: Any, found: list[int]) -> None:
    kind = type(value)
    if kind is Ref:
        found.append(value.number)
    elif kind is tuple or kind is list:
        for one in value:
            if type(one) in HOLDERS:
                _collect(one, found)
    elif kind is dict:
        for one in value.values():
            if type(one) in HOLDERS:
                _collect(one, found)
    elif kind is slice:
        _collect((value.start, value.stop, value.step), found)


@contextmanager
def no_collection() -> Iterator[None]:
    """Look for no garbage meanwhile: of many small lists none is, and each look goes through all that torch holds."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


def nbytes(texts: Sequence[str], literals: Sequence[Tensor]) -> int:
    """Size of records together with their tensors."""
    return sum(map(len, texts)) + sum(one.nbytes for one in literals)


# -- plain values -----------------------------------------------------------------------------------------------------
# As themselves: None, truth values, whole numbers, finite floats, texts, lists.  All else is an object with one key.


def _plain(value: Any) -> Any:
    kind = type(value)
    if value is None or kind in (bool, int, str):
        return value
    if kind is float:
        return value if math.isfinite(value) else {"f": str(value)}
    if kind is Ref:
        return {"t": value.number}
    if kind is list:
        return [_plain(one) for one in value]
    if kind is tuple:
        return {"u": [_plain(one) for one in value]}
    if kind is dict:
        return {"o": {name: _plain(one) for name, one in value.items()}}
    if kind is slice:
        return {"s": [_plain(one) for one in (value.start, value.stop, value.step)]}
    if value is Ellipsis:
        return {"e": 0}
    if kind is complex:
        return {"c": [_plain(value.real), _plain(value.imag)]}
    if kind is torch.dtype:
        return {"d": str(value).partition(".")[2]}
    if kind is torch.memory_format:
        return {"m": str(value).partition(".")[2]}
    raise TypeError(f"{kind.__name__} is no plain value")


def _value(plain: Any, depth: int = 0) -> Any:
    if depth > MAX_DEPTH:
        raise ValueError("lists in lists in lists")
    kind = type(plain)
    if plain is None or kind in (bool, float):
        return plain
    if kind is int:
        if not -(1 << 63) <= plain < 1 << 63:
            raise ValueError("a whole number of more than 64 bits")
        return plain
    if kind is str:
        return _word(plain)
    if kind is list:
        return [_value(one, depth + 1) for one in plain]
    if kind is not dict or len(plain) != 1:
        raise ValueError("no value")
    ((word, content),) = plain.items()
    match word:
        case "t":
            return Ref(_count(content))
        case "f":
            return {"inf": math.inf, "-inf": -math.inf, "nan": math.nan}[content]
        case "u":
            return tuple(_value(one, depth + 1) for one in _listed(content, MAX_NODES))
        case "o":
            return {_word(name): _value(one, depth + 1) for name, one in content.items()}
        case "s":
            start, stop, step = (_value(one, depth + 1) for one in content)
            return slice(start, stop, step)
        case "e":
            return Ellipsis
        case "c":
            real, imaginary = (_value(one, depth + 1) for one in content)
            return complex(real, imaginary)
        case "d":
            return DTYPES[content]
        case "m":
            return MEMORY_FORMATS[content]
    raise ValueError("no value")


def _node(plain: Any) -> Node:
    name, args, kwargs, outs, grad = plain
    found, named = tuple(map(_value, _listed(args, 64))), {_word(key): _value(one) for key, one in kwargs.items()}
    if grad not in (0, 1):
        raise ValueError("no operation")
    if "out" in named or "generator" in named:
        raise ValueError("an operation that writes elsewhere, or draws from elsewhere")
    given = _count(outs) if type(outs) is int else tuple(map(_count, _listed(outs, MAX_TENSORS)))
    return Node(_word(name), found, named, given, bool(grad))


def _count(plain: Any, most: int = MAX_TENSORS) -> int:
    if type(plain) is not int or not 0 <= plain <= most:
        raise ValueError("no number of a tensor")
    return plain


def _word(plain: Any) -> str:
    if type(plain) is not str or len(plain) > 200:
        raise ValueError("no name")
    return plain


def _listed(plain: Any, most: int) -> list[Any]:
    if type(plain) is not list or len(plain) > most:
        raise ValueError("no list, or too long a one")
    return plain
