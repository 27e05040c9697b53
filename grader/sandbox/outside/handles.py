"""What a check holds of a student's code that lives in the sandbox: a module, or a thing behind a number."""

from __future__ import annotations

from typing import Any, Protocol

from exercises.checking.thing import Thing
from grader.sandbox.protocol import Call, Get, Step

from .session import Session

# Methods of torch's modules and of recordings: asking for one and calling it is a single request.
METHODS = frozenset({"state_dict", "state", "forward", "backward", "add_passes", "passes_in_turn", "behave"})
# Those that are called for what they do: they travel with the next request.
SILENT = frozenset({"eval", "train", "double", "float", "load_state_dict", "load", "follow"})


class Line(Protocol):
    """What a handle and a module need of whoever talks to the sandbox for them.

    A step's root is a Handle or a Module here, and its arguments are as they are.
    """

    def request(self, step: Step, origin: str) -> Any:
        """Have it done now, and hand back its value."""

    def defer(self, step: Step, origin: str) -> Handle:
        """Have it done with the next request, and hand back a handle to what it will give."""

    def named(self, module: Module, name: str, origin: str) -> Any:
        """Something that a module defines."""

    @property
    def probe(self) -> Any:
        """What looks at things where they are."""


class Handle(Thing):
    """A thing in the sandbox.

    Attributes:
        type_name: the sandbox's word for its class, where it has not spoken of it yet that of what it came from.

    Args:
        origin: the student's function or class that it came from, "pooling.MaxPool2d".
    """

    def __init__(self, student: Line, session: Session, number: int, type_name: str, origin: str) -> None:
        self._student, self._session, self._number = student, session, number
        self.type_name, self._origin = type_name, origin

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._student.request(Call(self, (), args, kwargs), self._origin)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name in METHODS or name in SILENT:
            return Method(self, name)
        return self._student.request(Get(self, (name,)), self._origin)

    def _ask(self, question: str, *rest: Any) -> Any:
        return getattr(self._student.probe, question)(*rest)


class Method:
    """A method of a thing, which is not asked for before it is called."""

    def __init__(self, thing: Handle, name: str) -> None:
        self.thing, self.name = thing, name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        student = self.thing._student
        do = student.defer if self.name in SILENT else student.request
        return do(Call(self.thing, (self.name,), args, kwargs), self.thing._origin)


class Module:
    """A module of the assignment, imported in the sandbox when something of it is first used.

    Its attributes are classes and functions, or in capitals values: those come at once.
    """

    def __init__(self, student: Line, name: str, dotted: str) -> None:
        self._student, self._name, self.dotted = student, name, dotted

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._student.named(self, name, f"{self._name}.{name}")
