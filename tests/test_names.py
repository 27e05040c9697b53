"""The framework knows no assignment: neither by import nor by the name of one of its tasks, modules or networks."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from exercises.assignment import assignment_names, load_assignment
from grader.repository import REPOSITORY

ASSIGNMENTS = assignment_names()
OURS = ("exercises", "grader.checks", "solutions")  # packages with a folder for each assignment
NAMES = frozenset({"accuracy", "recipe", "classifier", "training"})
# Words of these names that ask for no assignment's: in which file, and what they are there.
OTHERS = {
    ("exercises/assignment.py", "training"): "the table of assignment.toml",
    ("exercises/checking/errors.py", "training"): "torch's own attribute of a module",
    ("exercises/checking/student.py", "training"): "torch's own attribute of a module",
    ("exercises/learning/__init__.py", "accuracy"): "the framework's own function",
    ("grader/checks/private/digits.py", "digits"): "the kind of data has the name of the assignment that it began with",
    ("grader/sandbox/outside/budget.py", "training"): "one of the limits",
    ("grader/measuring/calibration/plan.py", "recipe"): "a kind of what is trained",
    ("grader/cli/bench.py", "digits"): "what is measured where nobody says what",
    ("grader/cli/trying.py", "digits"): "what is tried where nobody says what",
    ("grader/grading/fingerprint/checked.py", "training"): "the table of assignment.toml",
    ("grader/grading/fingerprint/imports.py", "training"): "the attribute of an assignment's facts",
}
STUDENTS = frozenset({"student", "solution", "who", "answer", "reference"})  # names under which checks know them


def framework(*tops: str) -> Iterator[Path]:
    """All code of these packages but that of the assignments."""
    own = {REPOSITORY.joinpath(*package.split("."), name) for package in OURS for name in ASSIGNMENTS}
    for top in tops:
        for path in sorted((REPOSITORY / top).rglob("*.py")):
            if not own & set(path.parents):
                yield path


def assigned(dotted: str) -> bool:
    """Whether a dotted name lies in an assignment's folder."""
    return any(f"{dotted}.".startswith(f"{package}.{name}.") for package in OURS for name in ASSIGNMENTS)


def imported(tree: ast.AST, package: list[str]) -> Iterator[str]:
    """The dotted names that a module imports, or has whole in a string."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            yield from (f"{base}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.count("."):
            yield node.value


def asked(tree: ast.AST) -> Iterator[str]:
    """Names that a module has in a string of their own, or asks a student's code for."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            word = node.value.strip(".*")
            if word in NAMES or word in ASSIGNMENTS:
                yield word
        elif isinstance(node, ast.Attribute) and node.attr in NAMES:  # noqa: SIM102
            if isinstance(node.value, ast.Name) and node.value.id in STUDENTS:
                yield node.attr


def test_the_framework_imports_no_assignment() -> None:
    found = [
        f"{path.relative_to(REPOSITORY)}: {name}"
        for path in framework("datasets", "exercises", "grader")
        for name in imported(
            ast.parse(path.read_text(encoding="utf-8")), list(path.relative_to(REPOSITORY).parent.parts)
        )
        if assigned(name)
    ]
    assert found == []


def test_the_framework_asks_for_no_name_of_an_assignment() -> None:
    found = [
        (path.relative_to(REPOSITORY).as_posix(), name)
        for path in framework("exercises", "grader")
        for name in asked(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert sorted(set(found) - set(OTHERS)) == []


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("if check.task == 'accuracy': pass", ["accuracy"]),
        ("id.startswith('accuracy.')", ["accuracy"]),
        ("fnmatch(id, 'accuracy.*')", ["accuracy"]),
        ("student.training.fit(net)", ["training"]),
        ("getattr(student, 'recipe')", ["recipe"]),
        ("student.learning.predict(net)", []),
    ],
)
def test_names_are_found(code: str, words: list[str]) -> None:
    assert list(asked(ast.parse(code))) == words


@pytest.mark.parametrize(
    "code",
    [
        "from exercises.digits.training import Recipe",
        "import exercises.digits",
        "importlib.import_module('solutions.digits.classifier')",
        "from ..digits import training",
        "from grader.checks.spoken_digits.data import Words",
    ],
)
def test_imports_are_found(code: str) -> None:
    assert any(map(assigned, imported(ast.parse(code), ["exercises", "checking"])))


def test_each_training_is_a_tasks_own() -> None:
    for name in ASSIGNMENTS:
        facts = load_assignment(name)
        assert set(facts.training) <= {task.name for task in facts.tasks}
