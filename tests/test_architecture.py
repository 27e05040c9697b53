"""Imports run one way: a room imports only from itself and from rooms before it, whether at the top or later."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from grader.repository import REPOSITORY

ORDER = (
    "repository",
    # ground: know nothing of courses
    "model",
    "nbgrader_base",
    "settings",
    "sandbox",
    # what is graded
    "release",
    "notebook",
    "checks",
    "grading",
    # a course
    "course",
    "collect",
    "authoring",
    "grades",
    "gradebook",
    "feedback",
    "adopt",
    "batch",
    "report",
    # about ourselves
    "measuring",
    "doctor",
    "cli",
    "__main__",
)
GROUND = ("model", "sandbox")  # these import nothing of the grader but `repository`
PACKAGES = ("datasets", "exercises", "grader")  # students have the first two, so that these never need the third
MAX_LINES = 400


def modules(*tops: str) -> Iterator[Path]:
    for top in tops:
        yield from sorted((REPOSITORY / top).rglob("*.py"))


def name_of(path: Path) -> str:
    """The dotted name of a module."""
    parts = path.relative_to(REPOSITORY).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(path: Path) -> set[str]:
    """The dotted names that a module imports, anywhere in it."""
    package = name_of(path).split(".")
    if path.name != "__init__.py":
        package.pop()
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            found |= {f"{base}.{alias.name}" for alias in node.names}
    return found


def room_of(name: str) -> str:
    """The room of the grader that a dotted name lies in; empty outside of it."""
    first, _, rest = name.partition(".")
    return rest.split(".")[0] if first == "grader" else ""


def test_each_room_has_its_place_in_the_order() -> None:
    there = {room_of(name_of(path)) for path in modules("grader")} - {""}
    assert there == set(ORDER)


@pytest.mark.parametrize("room", ORDER)
def test_a_room_imports_only_from_itself_and_those_before_it(room: str) -> None:
    allowed = ("repository", room) if room in GROUND else ORDER[: ORDER.index(room) + 1]
    upward = [
        f"{name_of(path)} imports {name}"
        for path in modules("grader")
        if room_of(name_of(path)) == room
        for name in sorted(imported(path))
        if room_of(name) and room_of(name) not in allowed
    ]
    assert upward == []


@pytest.mark.parametrize(("below", "above"), list(pairwise(PACKAGES)))
def test_what_students_have_needs_nothing_of_staff(below: str, above: str) -> None:
    later = (*PACKAGES[PACKAGES.index(above) :], "solutions", "tests")
    upward = [
        f"{name_of(path)} imports {name}"
        for path in modules(below)
        for name in sorted(imported(path))
        if name.split(".")[0] in later
    ]
    assert upward == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Of the circles that Python itself would not mind: an import inside a function, or one for type checkers alone."""
    there = {name_of(path): path for path in modules(*PACKAGES)}
    graph = {
        name: {found for full in imported(path) for found in (full, full.rpartition(".")[0]) if found in there} - {name}
        for name, path in there.items()
        if path.name != "__init__.py"  # a package's face hands on what its modules define
    }
    assert list(circles(graph)) == []


def circles(graph: dict[str, set[str]]) -> Iterator[list[str]]:
    """The groups of names that can reach each other, sorted."""
    reached: dict[str, set[str]] = {}
    for start in graph:
        seen, left = set[str](), [start]
        while left:
            for name in graph.get(left.pop(), ()):
                if name in graph and name not in seen:
                    seen.add(name)
                    left.append(name)
        reached[start] = seen
    told: set[str] = set()
    for name in sorted(graph):
        if name in reached[name] and name not in told:
            circle = sorted(other for other in reached[name] if name in reached[other])
            told |= set(circle)
            yield circle


def test_circles_are_found() -> None:
    assert list(circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}})) == [["b", "c"]]


def test_nothing_imports_the_laboratory_but_the_command_line() -> None:
    users = {
        room_of(name_of(path))
        for path in modules("grader")
        if any(room_of(name) == "measuring" for name in imported(path))
    }
    assert users == {"measuring", "cli"}


def test_no_module_is_longer_than_a_person_can_hold() -> None:
    notebooks = {
        REPOSITORY / "solutions" / folder.name / f"{folder.name}.py" for folder in (REPOSITORY / "solutions").iterdir()
    }
    long = {
        name_of(path): lines
        for path in modules("grader", "exercises", "datasets", "solutions", "tests")
        if path not in notebooks and (lines := len(path.read_text(encoding="utf-8").splitlines())) > MAX_LINES
    }
    assert long == {}
