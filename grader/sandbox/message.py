"""A message as a JSON object and back: a frozen dataclass whose fields are read by their types.

It rests on the standard library alone, since the sandbox imports it too.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields
from types import UnionType
from typing import Any, Generic, TypeVar, get_args, get_origin, get_type_hints

OPERATION = "op"  # the key under which a message's name stands


class ProtocolError(Exception):
    """What was said is not of the protocol's form."""


class Message:
    """What one side says to the other: a frozen dataclass, whose name in lower case is its operation."""


M = TypeVar("M", bound=Message)
T = TypeVar("T")


def to_head(message: Message) -> dict[str, Any]:
    """The JSON object of a message: its operation and its fields."""
    return {OPERATION: operation_of(type(message)), **vars(message)}


def operation_of(kind: type[Message]) -> str:
    """The name of a message as it travels."""
    return kind.__name__.lower()


class Form(Generic[T]):
    """How a dataclass is read from a JSON object: each field by its type.  Prepared once, before anything is forked.

    Args:
        given: fields that do not stand in the object.
    """

    def __init__(self, kind: type[T], given: tuple[str, ...] = ()) -> None:
        self._kind, hints = kind, get_type_hints(kind)
        own: tuple[Field[Any], ...] = fields(kind)  # type: ignore[arg-type]
        self._plan = [
            (one.name, *_types(hints[one.name]), one.default is MISSING and one.default_factory is MISSING)
            for one in own
            if one.name not in given
        ]

    def read(self, head: Mapping[str, Any], **values: Any) -> T:
        """An instance, from those keys that are its fields; other keys are left alone.

        Args:
            values: of those fields that do not stand in the object.

        Raises:
            ProtocolError: a field is missing, or has another type.
        """
        for name, types, convert, required in self._plan:  # on the way of every request: some microseconds count
            value = head.get(name, MISSING)
            if value is MISSING:
                if required:
                    raise ProtocolError(f"{self._kind.__name__}: {name} is missing")
                continue
            if types is not None and type(value) not in types:
                raise ProtocolError(f"{self._kind.__name__}: {name} has another type")
            values[name] = value if convert is None else convert(value)
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


def _types(hint: Any) -> tuple[tuple[type, ...] | None, Callable[[Any], Any] | None]:
    """What JSON gives for a field of this type (None: anything), and what turns that into the field's value."""
    origin, inner = get_origin(hint), get_args(hint)
    if hint is Any:
        return None, None
    if origin is UnionType:
        return inner, None
    if origin is tuple:
        return (list,), functools.partial(_tuple_of, _types(inner[0])[0] or ())
    if origin is dict:
        return (dict,), functools.partial(_dict_of, _types(inner[1])[0] or ())
    return ((int, float) if hint is float else (hint,)), None  # a truth value is no whole number here


def _tuple_of(types: tuple[type, ...], items: list[Any]) -> tuple[Any, ...]:
    if not all(type(item) in types for item in items):
        raise ProtocolError("an item of a list has another type")
    return tuple(items)


def _dict_of(types: tuple[type, ...], items: dict[str, Any]) -> dict[str, Any]:
    if not all(type(item) in types for item in items.values()):
        raise ProtocolError("a value of a dictionary has another type")
    return items
