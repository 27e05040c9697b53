"""An invented repository with one small assignment, so that tests need neither the real one nor its notebook."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import exercises
import grader.checks
from exercises import assignment as assignment_facts
from grader import repository

ADDING = '''"""Task 1: adding."""

from __future__ import annotations


def add(first: int, second: int) -> int:
    """The sum of two numbers."""
    # Task 1.1: write add
    ### BEGIN SOLUTION
    total_of_both = first + second
    return total_of_both
    ### END SOLUTION


# Task 1.2: choose LUCKY
### BEGIN SOLUTION
LUCKY = 1234567890123
### END SOLUTION
'''

NOTEBOOK = """# %% [markdown]
# # Adding

# %% tags=["question:why"]
from exercises.tiny.adding import add

# %% nbgrader={"grade": false, "grade_id": "warm-up", "locked": false, "schema_version": 3, "solution": true, "task": false}
### BEGIN SOLUTION
warm_up_answer = add(20, 22)
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "task-adding", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
assert add(1, 2) == 3
### BEGIN HIDDEN TESTS
assert add(100, 200) == 300
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": true, "grade_id": "question-why", "locked": false, "points": 1, "schema_version": 3, "solution": true, "task": false}
# Because counting on from the larger number is quicker.
"""  # noqa: E501  jupytext keeps a cell's metadata on one line

FACTS = """name = "tiny"
title = "Adding"
version = 1
data = "digits"
deadline = 2030-02-02T23:59:00+02:00

[[task]]
name = "adding"
title = "Task 1: adding"
module = "adding"
points = 2

[[question]]
name = "why"
title = "Why?"
points = 1
"""

WRONG = """[[wrong]]
name = "difference"
description = "The two numbers are subtracted."
edit = [{ old = "first + second", new = "first - second" }]
caught_by = ["adding.*"]
"""

CHECK = '''"""Checks."""

from exercises.checking import check


@check("adding.{topic}", points=1, idea="Sums are right")
def {topic}_works(student, solution, expect):
    expect.equal(student.adding.add({numbers}), {result})
'''

FILES = {
    "exercises/__init__.py": '"""Exercises."""\n',
    "exercises/__main__.py": '"""The program."""\n',
    "exercises/doctor.py": '"""Names faults of an installation."""\n',
    "exercises/pack.py": '"""Packs what is handed in."""\n',
    "exercises/annotations.py": '"""Early annotations."""\n',
    "exercises/assignment.py": '"""What an assignment says of itself."""\n',
    "exercises/foresight.py": '"""Foresees what grading will not take."""\n',
    "exercises/given.py": '"""The given files."""\n',
    "exercises/limits.py": '"""What code may take."""\n',
    "exercises/own.py": '"""Modules of one\'s own."""\n',
    "exercises/shadows.py": '"""Names of files."""\n',
    "exercises/syntax.py": '"""Newer syntax."""\n',
    "exercises/tables.py": '"""Tables of assignment.toml."""\n',
    "exercises/cells.py": '"""Tags of cells."""\n',
    "exercises/checking/__init__.py": '"""Checking."""\n',
    "exercises/tiny/__init__.py": '"""Adding."""\n',
    "exercises/tiny/assignment.toml": FACTS,
    "exercises/tiny/checks/__init__.py": '"""Public checks."""\n',
    "exercises/tiny/checks/adding.py": CHECK.format(topic="small", numbers="1, 2", result=3),
    "datasets/__init__.py": '"""Data."""\n',
    "solutions/tiny/__init__.py": '"""The solution."""\n',
    "solutions/tiny/adding.py": ADDING,
    "solutions/tiny/tiny.py": NOTEBOOK,
    "solutions/tiny/wrong_answers/adding.toml": WRONG,
    "grader/checks/tiny/adding.py": CHECK.format(topic="large", numbers="10**9, 1", result=10**9 + 1),
}


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The root of a repository with the assignment `tiny`, in the place of the real one; its checks can be imported."""
    root = tmp_path / "repository"
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(repository, "REPOSITORY", root)
    monkeypatch.setattr(assignment_facts, "EXERCISES", root / "exercises")
    monkeypatch.setattr(exercises, "__path__", [*exercises.__path__, str(root / "exercises")])
    monkeypatch.setattr(grader.checks, "__path__", [*grader.checks.__path__, str(root / "grader" / "checks")])
    yield root
    for name in [name for name in sys.modules if name.startswith(("exercises.tiny", "grader.checks.tiny"))]:
        del sys.modules[name]
