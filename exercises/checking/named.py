"""Functions that a check names, for the student's code to call: `student.fit.apply(by_name("torch.relu"), x)`."""

from __future__ import annotations

import builtins
import importlib
import math
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

# fmt: off
BUILTINS = frozenset((
    "abs", "all", "any", "bool", "complex", "divmod", "enumerate", "float", "int", "len", "list",
    "max", "min", "pow", "range", "reversed", "round", "sorted", "sum", "tuple", "zip",
))
# fmt: on
NOT_OF_OPERATOR = ("attrgetter", "call", "itemgetter", "methodcaller")  # they reach further than their name says
NOT_OF_TORCH = ("from_file", "frombuffer")
GIVEN_PATTERN = re.compile(r"exercises\.(\w+)(?:\.\w+)+")
NOT_GIVEN = ("checks",)  # modules that lie beside the given ones, and are nobody's to call


class CannotTravelError(Exception):
    """A check sends what cannot travel: a fault of the check, and never a mark against the student."""


@dataclass(frozen=True)
class Named:
    """A function that travels by its name; the student's code gets the function itself."""

    name: str

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return function_of(self.name)(*args, **kwargs)


def by_name(name: str) -> Named:
    """A function for the student's code to call.

    Args:
        name: "torch.relu", "torch.nn.functional.gelu", "torch.nn.ReLU", "torch.fft.fft", "torch.linalg.norm",
            "torch.special.erf", "math.sqrt", "operator.mul", "abs" and a few more builtins; or one of a module that is
            given to students, by its full name: "exercises.digits.training.fit".

    Raises:
        CannotTravelError: there is no such function, or it is none of these.
    """
    head = name.rpartition(".")[0]
    if GIVEN_PATTERN.fullmatch(head) and not _is_given(head):
        raise CannotTravelError(f"{name!r} may not be named: it is in no module that is given to students")
    function_of(name)
    return Named(name)


def function_of(name: str, module_of: Callable[[str], ModuleType] = importlib.import_module) -> Any:
    """The function that a name stands for.

    Args:
        module_of: gives a given module by its full name.

    Raises:
        CannotTravelError: there is none, or it may not be named.
    """
    head, _, last = name.rpartition(".")
    if last.isidentifier() and not last.startswith("_"):
        try:
            found = _of_library(head, last) if GIVEN_PATTERN.fullmatch(head) is None else _given(head, last, module_of)
        except (ImportError, AttributeError):
            found = None
        if callable(found):
            return found
    raise CannotTravelError(f"{name!r} is no function that a check may name: see exercises.checking.by_name")


def _of_library(head: str, last: str) -> Any:
    """A function of Python or torch that computes, and does nothing else; None for any other."""
    if head in ("", "builtins"):
        return getattr(builtins, last) if last in BUILTINS else None
    if head == "math":
        return getattr(math, last)
    if head == "operator":
        return getattr(operator, last) if last in operator.__all__ and last not in NOT_OF_OPERATOR else None
    import torch

    if head == "torch":
        computes = hasattr(torch._C._VariableFunctions, last) and last not in NOT_OF_TORCH
        return getattr(torch, last) if computes or last in torch.functional.__all__ else None
    if head == "torch.nn":
        kind = getattr(torch.nn, last)
        return kind if isinstance(kind, type) and issubclass(kind, torch.nn.Module) else None
    if head in ("torch.nn.functional", "torch.fft", "torch.linalg", "torch.special"):
        found = getattr(importlib.import_module(head), last)
        whose = str(getattr(found, "__module__", ""))
        computes = type(found) is type(len) or whose == head  # what it imports for itself is neither
        return found if computes and not isinstance(found, type) else None
    return None


def _given(head: str, last: str, module_of: Callable[[str], ModuleType]) -> Any:
    """A function that a module of exercises/ defines."""
    found = getattr(module_of(head), last)
    return found if str(getattr(found, "__module__", "")).startswith("exercises.") else None


def _is_given(head: str) -> bool:
    """Whether a module of exercises/ is given to students, neither their own nor the course's checks."""
    from ..assignment import EXERCISES, load_assignment

    _, folder, inner, *_ = head.split(".")
    if inner in NOT_GIVEN:
        return False
    return not (EXERCISES / folder / "assignment.toml").exists() or inner not in load_assignment(folder).modules
