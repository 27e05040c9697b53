"""The check framework: what a check is, how it words its verdict, and how it runs on the code beside it.

Public checks run in the student's own process (`LocalStudent`). The same functions run while grading, where
the student lives in a sandbox and only tensors travel.
"""

from .check import Check, check
from .expect import Expect, Mismatch
from .student import LocalStudent, StudentError, StudentModule
from .tensors import awkward, generator, random_state, randomise
from .verdict import Status, Verdict

__all__ = [
    "Check",
    "Expect",
    "LocalStudent",
    "Mismatch",
    "Status",
    "StudentError",
    "StudentModule",
    "Verdict",
    "awkward",
    "check",
    "generator",
    "random_state",
    "randomise",
]
