"""The check framework: what a check is, how it words its verdict, and how it runs on the code beside it.

Public checks run in the student's own process (`LocalStudent`). The same functions run while grading, where
the student lives in a sandbox and only plain values and tensors travel (`plain`).

What needs torch is imported when it is first asked for: who only reads verdicts does not wait for it.
"""

import importlib
from typing import TYPE_CHECKING, Any

from .check import Check, check
from .draw import draw
from .interfaces import Hidden, Reference, Student
from .named import CannotTravelError, by_name
from .student import LocalStudent, StudentError, StudentModule
from .verdict import Cause, Status, Verdict

if TYPE_CHECKING:
    from .expect import Expect, Hint, MismatchError
    from .tensors import awkward, built, generator, load_weights, random_state, randomise, weights

__all__ = [
    "CannotTravelError",
    "Cause",
    "Check",
    "Expect",
    "Hidden",
    "Hint",
    "LocalStudent",
    "MismatchError",
    "Reference",
    "Status",
    "Student",
    "StudentError",
    "StudentModule",
    "Verdict",
    "awkward",
    "built",
    "by_name",
    "check",
    "draw",
    "generator",
    "load_weights",
    "random_state",
    "randomise",
    "weights",
]

_WITH_TORCH = {
    **dict.fromkeys(("Expect", "Hint", "MismatchError"), "expect"),
    **dict.fromkeys(
        ("awkward", "built", "generator", "load_weights", "random_state", "randomise", "weights"), "tensors"
    ),
}


def __getattr__(name: str) -> Any:
    if name not in _WITH_TORCH:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f".{_WITH_TORCH[name]}", __name__), name)
