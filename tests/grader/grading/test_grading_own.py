"""A student's own modules in the real sandbox: graded with the others, read by what bans, in the place of nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from exercises.checking import Status, Verdict
from grader import repository
from grader.authoring.galleries import solution_files
from grader.grading.checked.plan import CheckedPlan
from grader.grading.checked.run import files_of
from grader.grading.run import grade_groups
from grader.model.submission import Submission
from grader.sandbox.outside.misread import PYTHON

PLAN = CheckedPlan("digits", seed=11)
MODULES = {name: text.encode() for name, text in solution_files("digits").items()}
SOLUTION = Submission("a", "digits", MODULES, None)


def graded(*groups: str, **changed: str) -> dict[str, Verdict]:
    """The verdicts of these tasks, where some modules are others than the solution's, or there are more."""
    modules = {**MODULES, **{name: text.encode() for name, text in changed.items()}}
    parts = grade_groups(replace(SOLUTION, modules=modules), PLAN, groups)
    return {verdict.check: verdict for part in parts for verdict in part.verdicts}


def lost(verdicts: dict[str, Verdict]) -> list[str]:
    return [name for name, verdict in verdicts.items() if verdict.points < verdict.max_points]


def test_modules_of_ones_own_are_graded_with_those_that_import_them() -> None:
    text = MODULES["receptive_field"].decode()
    found = graded(
        "receptive_field", receptive_field="from .mine import *\n", mine="from .deeper import *", deeper=text
    )
    assert lost(found) == [] and len(found) > 3


def test_one_named_like_a_standard_module_stands_in_for_nothing() -> None:
    text = (
        MODULES["receptive_field"]
        .decode()
        .replace(
            "from __future__ import annotations\n",
            "from __future__ import annotations\nimport random, copy\nfrom .random import MINE\n"
            "assert MINE and random.random() < 1 and copy.copy([1]) == [1]\n",
        )
    )
    assert lost(graded("receptive_field", receptive_field=text, random="MINE = True", copy="1 / 0")) == []


def test_a_given_file_is_what_it_was_whatever_a_module_is_called() -> None:
    """Reading a submission takes no such file; if one came all the same, it would lose."""
    names = ("training", "__init__", "checks/pooling", "../checking/probe")
    stolen = {**MODULES, **dict.fromkeys(names, b"raise SystemExit")}
    files, honest = files_of(replace(SOLUTION, modules=stolen)), files_of(SOLUTION)
    assert {path: content for path, content in files.items() if path in honest} == honest


@pytest.mark.parametrize("module", ["pooling", "blocks", "classifier"])
def test_torchs_pooling_in_a_module_of_ones_own_is_seen(module: str) -> None:
    text = (
        MODULES[module]
        .decode()
        .replace(
            "from __future__ import annotations\n", "from __future__ import annotations\nfrom .mine import layer\n"
        )
    )
    mine = "from torch import nn\n\n\ndef layer():\n    return nn.MaxPool2d(2)\n"
    found = graded(module, **{module: text}, mine=mine)[f"{module}.no_torch_pooling"]
    assert found.status is Status.FAILED and "mine.py, line 5: nn.MaxPool2d" in found.got
    honest = graded(module, **{module: text}, mine="layer = None\n", other=mine)[f"{module}.no_torch_pooling"]
    assert honest.status is Status.PASSED


def test_syntax_of_a_newer_python_is_told_as_such() -> None:
    newer = MODULES["receptive_field"].decode() + '\nNAMES = {"a": 1}\nTEXT = f"{NAMES["a"]}"\n'
    line = newer.count("\n")
    for found in graded("receptive_field", receptive_field=newer).values():
        if found.status is Status.FAILED:
            assert found.got.startswith("SyntaxError: ")
            assert f"line {line} has an f-string with its own kind of quotes" in found.got
            assert f"grading uses Python {PYTHON}" in found.got
    helped = graded("receptive_field", receptive_field="from .mine import *\n", mine="type Pair = tuple\n").values()
    assert any(f"grading uses Python {PYTHON}" in found.got and "mine.py, line 1" in found.got for found in helped)
    wrong = graded("receptive_field", receptive_field="from .mine import *\n", mine="def f(:\n").values()
    assert all("grading uses" not in found.got for found in wrong)  # no Python reads that
    assert any("mine.py, line 1" in found.got for found in wrong)


def test_the_notebook_finds_them_too() -> None:
    notebook = repository.notebook("digits").read_bytes()
    text = MODULES["receptive_field"].decode()
    modules = {**MODULES, "receptive_field": b"from .mine import *\n", "mine": text.encode()}
    [part] = grade_groups(replace(SOLUTION, modules=modules, notebook=notebook), PLAN, ("notebook",))
    errors = [output for cell in part.cells.values() for output in cell if output["output_type"] == "error"]
    assert errors == [] and part.cells
