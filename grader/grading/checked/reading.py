"""Reads the files of a submission that an assignment asks for, and no others."""

from __future__ import annotations

import os
from pathlib import Path

from exercises.assignment import MODULE_BYTES, NOTEBOOK_BYTES, load_assignment
from exercises.own import with_own
from grader.model.files import read_file
from grader.model.problems import Problem, missing
from grader.model.submission import Submission


def read_submission(folder: Path, assignment: str, student: str) -> Submission:
    """Read the files that an assignment asks for, the student's own modules that these import, and no others.

    Links are not followed, at any level below the folder; a file over its cap, a device or a directory where a file
    should be is refused with a reason.

    Raises:
        FileNotFoundError: there is no such folder.
        OSError: there is a file, but this machine does not let us read it.  That is nobody's answer, and no 0.
    """
    if not folder.is_dir():
        there = "is no folder" if os.path.lexists(folder) else "does not exist"
        raise FileNotFoundError(f"{student} submitted nothing for {assignment}: {folder} {there}")
    problems: list[Problem] = []
    modules = {}
    for name in load_assignment(assignment).modules:
        content = read_file(folder, f"exercises/{assignment}/{name}.py", MODULE_BYTES, problems)
        if content is not None:
            modules[name] = content
    own = with_own(modules, assignment, lambda name, certain: _read_own(folder, assignment, name, certain, problems))
    notebook = read_file(folder, f"{assignment}.ipynb", NOTEBOOK_BYTES, problems)
    return Submission(student, assignment, own, notebook, tuple(problems))


def _read_own(folder: Path, assignment: str, name: str, certain: bool, problems: list[Problem]) -> bytes | None:
    """A module of the student's own; one that may be something else than a file is no problem where it is missing."""
    found: list[Problem] = []
    relative = f"exercises/{assignment}/{name}.py"
    content = read_file(folder, relative, MODULE_BYTES, found)
    problems += [problem for problem in found if certain or problem != missing(relative)]
    return content
