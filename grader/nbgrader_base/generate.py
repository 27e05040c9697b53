"""nbgrader's own `generate_assignment`, run in this process."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from traitlets.config import Config

from .options import load_options
from .runs import ErrorLog, put_programs_on_path

if TYPE_CHECKING:
    from nbgrader.coursedir import CourseDirectory


class NbgraderRefusedError(ValueError):
    """nbgrader would not make a release; the text holds what it logged."""


def generate_assignment(root: Path, assignment: str, *, database: bool) -> None:
    """Run nbgrader's `generate_assignment --force` on a course folder.

    Args:
        database: whether the assignment is noted in the course's gradebook.  The folder's nbgrader_config.py counts.

    Raises:
        NbgraderRefusedError: nbgrader refuses; the message holds what it logged.
    """
    # nbgrader takes a second to import, and most users of this package never get here.
    from nbgrader.converters import GenerateAssignment
    from nbgrader.converters.base import NbGraderException

    put_programs_on_path()
    config = options_for(root, assignment)
    config.GenerateAssignment.force = True
    if not database:
        config.GenerateAssignment.no_database = True
        config.SaveCells.enabled = False
    log = ErrorLog("grader.release")
    converter = GenerateAssignment(coursedir=course_directory(config), config=config, log=log)
    try:
        converter.start()
    except NbGraderException as error:
        raise NbgraderRefusedError(f"nbgrader generate_assignment {assignment} failed:\n{log}") from error


def options_for(root: Path, assignment: str) -> Config:
    """A course's configuration, for one assignment."""
    config = load_options(root)
    config.CourseDirectory.assignment_id = assignment
    return config


def course_directory(config: Config) -> CourseDirectory:
    """nbgrader's own view of a course folder."""
    from nbgrader.coursedir import CourseDirectory

    return CourseDirectory(config=config)
