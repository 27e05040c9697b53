"""The rule of tasks 2 to 4: the pooling is the student's own, in what a file says and in what runs.

Reading finds torch's pooling by its names.  What runs is listened to: a name may be put together while a program runs.
"""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from exercises.checking import Expect
from exercises.checking.banned import Ban, banned, banned_in

from .observe import RUNS, each_written, inputs, propose_attested

POOLING = Ban(
    re.compile(
        r"_?(mkldnn_|quantized_|cudnn_|thnn_)?(adaptive_|fractional_)?(max|avg|lp)_(un)?pool(ing)?(\dd)?\w*"
        r"|(Adaptive|Fractional)?(Max|Avg|LP)(Un)?[Pp]ool\dd"
    ),
    frozenset({"torch", "torchvision", "torchaudio"}),
)

# For each module: class, arguments, shape of its input.  Given classes are listened to as well.
CASES: dict[str, tuple[tuple[str, tuple[Any, ...], tuple[int, ...]], ...]] = {
    "pooling": (
        ("MaxPool1d", (2,), (2, 3, 8)),
        ("MaxPool1d", (3, 1), (1, 1, 9)),
        ("MaxPool2d", (2,), (2, 3, 8, 8)),
        ("MaxPool2d", (3, 1), (1, 1, 9, 7)),
        ("GlobalAvgPool1d", (), (2, 3, 8)),
        ("GlobalAvgPool2d", (), (2, 3, 8, 8)),
        ("AvgPool1d", (2,), (2, 3, 8)),
        ("AvgPool2d", (2,), (2, 3, 8, 8)),
        ("GlobalMaxPool1d", (), (2, 3, 8)),
        ("GlobalMaxPool2d", (), (2, 3, 8, 8)),
        ("StochasticPool2d", (2,), (2, 3, 8, 8)),
    ),
    "blocks": (
        ("ResidualBlock1d", (3,), (2, 3, 8)),
        ("ResidualBlock2d", (3,), (2, 3, 8, 8)),
        ("ConvBlock1d", (3, 5, 3, "max"), (2, 3, 8)),
        ("ConvBlock1d", (3, 3, 3, "avg"), (2, 3, 8)),
        ("ConvBlock2d", (3, 5, 3, "max"), (2, 3, 8, 8)),
        ("ConvBlock2d", (3, 3, 3, "avg"), (2, 3, 8, 8)),
    ),
    "classifier": (
        ("CNNClassifier2d", (), (2, 1, 28, 28)),
        ("FlattenClassifier", (), (2, 1, 28, 28)),
        ("TinyNet", (), (2, 1, 28, 28)),
    ),
}
DUE = {
    "pooling": ("MaxPool1d", "MaxPool2d", "GlobalAvgPool1d", "GlobalAvgPool2d"),
    "blocks": ("ConvBlock2d",),
    "classifier": ("CNNClassifier2d",),
}

HINTS = {
    "pooling": "Which of unfold, slices, indices and reductions gives you all windows at once?",
    "blocks": "What have you written in task 2?",
    "classifier": "What have you written in task 2?",
}


def require_own_pooling(student: Any, module: str, expect: Expect) -> None:
    """Require that a module neither names nor runs torch's pooling.

    What runs in a module that it imports is that module's: there it costs points, and here none.

    Raises:
        StudentError: nothing is written yet: what is not there cannot keep the rule.
    """
    due = [case for case in CASES[module] if case[0] in DUE[module]]
    each_written(partial(_run, student, module, expect, *case) for case in due)
    findings = banned_in(student.sources(module), POOLING) or _heard_first_in(student, module, expect)
    expect.that(
        not findings,
        expected=f"no pooling of torch in {module}.py",
        got="; ".join(findings[:3]),
        hint=HINTS[module],
    )


def require_own_class(student: Any, module: str, name: str, expect: Expect) -> None:
    """Require the same of one class of a module."""
    findings = banned(student.source(module), POOLING, within=name) or _heard_first_in(student, module, expect, name)
    expect.that(
        not findings,
        expected=f"{name} without any pooling of torch",
        got="; ".join(findings[:3]),
        hint=HINTS[module],
    )


def _run(
    student: Any, module: str, expect: Expect, name: str, arguments: tuple[Any, ...], shape: tuple[int, ...]
) -> None:
    """Build one of the classes and run it once."""
    with expect.case(f"{name}({', '.join(map(repr, arguments))}) of shape {shape}", hint=RUNS):
        getattr(getattr(student, module), name)(*arguments).float()(inputs(*shape).abs())


def _heard_first_in(student: Any, module: str, expect: Expect, only: str = "") -> list[str]:
    """What of torch's pooling runs in a module's classes, less what runs in those of a module before it."""
    found = _heard(student, module, expect, only)
    before = list(CASES)[: list(CASES).index(module)] if found else []
    theirs = {operation for earlier in before for _, operation in _heard(student, earlier, expect)}
    return [f"{name} runs {operation}" for name, operation in found if operation not in theirs]


def _heard(student: Any, module: str, expect: Expect, only: str = "") -> list[tuple[str, str]]:
    """Class and operation, for all of torch's pooling that runs in a module, or in one of its classes."""
    found: list[tuple[str, str]] = []

    def listen(name: str, arguments: tuple[Any, ...], shape: tuple[int, ...]) -> None:
        built = getattr(getattr(student, module), name)(*arguments).float()
        network = student.probe.network(built, inputs(*shape).abs())
        found.extend((name, operation) for operation in network.operations() if "pool" in operation)
        propose_attested(network, expect)

    each_written(partial(listen, *case) for case in CASES[module] if only in ("", case[0]))
    return found
