"""Annotations that only Python 3.14 reads late are found, and no others."""

from __future__ import annotations

import pytest

from exercises.annotations import early_annotations

CHECKING = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from torch import Tensor\n"
EARLY = {
    "class A:\n    def f(self) -> A: ...": (2, "A"),
    "class A:\n    def f(self, *others: list[A]) -> None: ...": (2, "A"),
    "def f(x: B): ...\nclass B: pass": (1, "B"),
    "async def f(x, *, y: dict[str, B] = 1): ...\nfrom b import B": (1, "B"),
    "x: B = 1\nB = int": (1, "B"),
    f"{CHECKING}def f(x: Tensor): ...": (4, "Tensor"),
}
FINE = (
    "from __future__ import annotations\nclass A:\n    def f(self) -> A: ...",
    "class B: pass\ndef f(x: B, *a: int, **k: 'C') -> list[B]: ...",
    "class A:\n    def f(self) -> 'A': ...",
    "try:\n    from a import B\nexcept ImportError:\n    B = None\ndef f(x: B): ...",
    "def f():\n    def g(x: B): ...\nclass B: pass",
    "class A:\n    B = int\n    x: B = 1\nclass B: pass",
    "from torch import *\ndef f(x: B): ...\nclass B: pass",
    f"{CHECKING}from torch import Tensor\ndef f(x: Tensor): ...",
    "import torch.nn as nn, torch\ndef f(x: torch.Tensor, y: nn.Module) -> int: ...",
    "def f(x: Unknown): ...",
    "def f(",
    "\0",
)


@pytest.mark.parametrize("source", EARLY)
def test_an_annotation_that_comes_too_early_is_named(source: str) -> None:
    line, name = EARLY[source]
    [(found, what)] = early_annotations(source, "3.11")
    assert found == line and f"an annotation uses {name} before it is there" in what
    assert early_annotations(source, "3.14") == []


@pytest.mark.parametrize("source", [source for source in EARLY if "b import" not in source])
def test_it_ends_in_a_name_error_indeed(source: str) -> None:
    with pytest.raises(NameError, match=EARLY[source][1]):  # this test is meant for a Python before 3.14
        exec(compile(source, "early", "exec", dont_inherit=True), {})


@pytest.mark.parametrize("source", FINE)
def test_no_other_annotation_is_named(source: str) -> None:
    assert early_annotations(source, "3.11") == []
