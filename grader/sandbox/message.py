"""A message as a JSON object and back: a frozen dataclass whose fields are read by their types.

It rests on the standard library alone, since the sandbox imports it too.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from types import UnionType
from typing import Any, Generic, TypeVar, get_args, get_origin, get_type_hints

OPERATION = "op"  # the key under which a message's name stands


class ProtocolError(Exception):
    """What was said is not of the protocol's form."""


class Message:
    """What one side says to the other: a frozen dataclass, whose name in lower case is its operation."""


M = TypeVar("M", bound=Message)
T = TypeVar("T")
Reader = Callable[[Any], Any]


def to_head(message: Message) -> dict[str, Any]:
    """The JSON object of a message: its operation and its fields."""
    return {OPERATION: operation_of(type(message)), **vars(message)}


def operation_of(kind: type[Message]) -> str:
    """The name of a message as it travels."""
    return kind.__name__.lower()


class Form(Generic[T]):
    """How a dataclass is read from a JSON object: each field by its type.  Prepared once, before anything is forked."""

    def __init__(self, kind: type[T]) -> None:
        self._kind, hints = kind, get_type_hints(kind)
        self._plan = [
            (one.name, _reader(hints[one.name]), one.default is MISSING and one.default_factory is MISSING)
            for one in fields(kind)  # type: ignore[arg-type]
        ]

    def read(self, head: Mapping[str, Any]) -> T:
        """An instance, from those keys that are its fields; other keys are left alone.

        Raises:
            ProtocolError: a field is missing, or has another type.
        """
        values = {}
        for name, take, required in self._plan:
            if name in head:
                try:
                    values[name] = take(head[name])
                except TypeError:
                    raise ProtocolError(f"{self._kind.__name__}: {name} has another type") from None
            elif required:
                raise ProtocolError(f"{self._kind.__name__}: {name} is missing")
        return self._kind(**values)


class Channel(Generic[M]):
    """The messages that may come from one side.

    Attributes:
        kinds: their classes.
    """

    def __init__(self, *kinds: type[M]) -> None:
        self.kinds = kinds
        self._forms = {operation_of(kind): Form(kind) for kind in kinds}

    def from_head(self, head: Any) -> M:
        """The message that a JSON object is.

        Raises:
            ProtocolError: there is no such message here, a field is missing, or one has another type.
        """
        name = head.get(OPERATION) if isinstance(head, dict) else None
        form = self._forms.get(name) if isinstance(name, str) else None
        if form is None:
            raise ProtocolError("not a message of this channel")
        return form.read(head)


def _reader(hint: Any) -> Reader:
    """What turns JSON into a value of this type.  It raises TypeError for JSON of another one."""
    origin, inner = get_origin(hint), get_args(hint)
    if hint is Any or (isinstance(hint, type) and issubclass(hint, Message)):
        return lambda value: value
    if origin is UnionType:  # of single types, with None
        return functools.partial(_plain, inner)
    if origin is tuple:
        item = _reader(inner[0])
        return lambda value: tuple(map(item, _plain((list, tuple), value)))
    if origin is dict:
        item = _reader(inner[1])
        return lambda value: {key: item(one) for key, one in _plain((dict,), value).items()}
    return functools.partial(_plain, (int, float) if hint is float else (hint,))


def _plain(kinds: tuple[type, ...], value: Any) -> Any:
    if type(value) not in kinds:  # a truth value is no whole number here
        raise TypeError
    return value
