"""Where the parts of an assignment lie in the repository."""

from __future__ import annotations

from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent


def solutions(assignment: str) -> Path:
    """The folder of the model solution."""
    return REPOSITORY / "solutions" / assignment


def exercises(assignment: str) -> Path:
    """The folder that students get: given files, and the generated stubs and notebook."""
    return REPOSITORY / "exercises" / assignment


def hidden_checks(assignment: str) -> Path:
    """The folder of the checks that only staff have."""
    return REPOSITORY / "grader" / "checks" / assignment


def notebook_source(assignment: str) -> Path:
    """The notebook with solutions, in jupytext's percent format."""
    return solutions(assignment) / f"{assignment}.py"


def notebook(assignment: str) -> Path:
    """The student's notebook, generated."""
    return exercises(assignment) / f"{assignment}.ipynb"


def relative(path: Path) -> str:
    """The path from the repository's root, for messages and headers, with forward slashes."""
    return path.relative_to(REPOSITORY).as_posix()
