"""A course folder's source/ and release/: nbgrader's own `generate_assignment`, run in this process."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from traitlets.config import Config

from grader.course import Course
from grader.deadlines import deadline_of, in_utc
from grader.nbgrader_runs import ErrorLog, load_course_config, put_programs_on_path

from .bundle import foreign_files, write_folder
from .layout import ReleaseError

if TYPE_CHECKING:
    from nbgrader.coursedir import CourseDirectory


def release_into_course(
    root: Path, assignment: str, source_notebook: bytes, bundle: Mapping[str, bytes]
) -> tuple[Path, Path]:
    """Write source/<assignment>/, and let nbgrader make release/<assignment>/ and the gradebook's entries of it.

    source/ holds the notebook with solutions and, beside it, the given files exactly as students get them (nbgrader
    copies them into release/ as they are, and while autograding over a submission).

    Returns:
        The two folders.

    Raises:
        ReleaseError: source/ holds files that do not belong to the release, nbgrader refuses (for example because
            graded cells changed after submissions came in), or what it wrote is not the student's folder.
    """
    source, released = root / "source" / assignment, root / "release" / assignment
    _refuse_other_cells(root, assignment, source_notebook)
    write_folder({**bundle, f"{assignment}.ipynb": source_notebook}, source)
    generate_assignment(root, assignment, database=True)
    _note_deadline(root, assignment)
    wrong = [name for name, content in bundle.items() if not _holds(released / name, content)]
    wrong += foreign_files(bundle, released)
    if wrong:
        raise ReleaseError(
            f"{released}: nbgrader wrote other files than students should get: {', '.join(sorted(wrong))}. "
            "Does nbgrader_config.py change how nbgrader clears solutions, or which files it ignores?"
        )
    return source, released


def _refuse_other_cells(root: Path, assignment: str, source_notebook: bytes) -> None:
    """Refuse, while all is still as it was, what nbgrader would refuse after it removed the old release/."""
    from nbgrader.api import Gradebook, MissingEntry

    root.mkdir(parents=True, exist_ok=True)
    put_programs_on_path()
    directory = _course_directory(_config(root, assignment))
    with Gradebook(directory.db_url, directory.course_id) as gradebook:
        try:
            notebook = gradebook.find_notebook(assignment, assignment)
        except MissingEntry:
            return
        submissions = len(notebook.submissions)
        old = {cell.name for cell in notebook.source_cells}
    metadata = [cell["metadata"].get("nbgrader", {}) for cell in json.loads(source_notebook)["cells"]]
    new = {m["grade_id"] for m in metadata if any(m.get(kind) for kind in ("grade", "solution", "locked", "task"))}
    if submissions and old != new:
        raise ReleaseError(
            f"{root}: {submissions} submissions of {assignment} are in the gradebook, so its nbgrader cells must stay; "
            f"added: {sorted(new - old)}, removed: {sorted(old - new)}. Put them back, or start a new course folder"
        )


def _note_deadline(root: Path, assignment: str) -> None:
    """Put the deadline of assignment.toml into the gradebook, for formgrader and for plugins on late submissions."""
    from nbgrader.api import Gradebook

    deadline = in_utc(deadline_of(Course(root), assignment)).replace(tzinfo=None)  # nbgrader keeps UTC
    directory = _course_directory(_config(root, assignment))
    with Gradebook(directory.db_url, directory.course_id) as gradebook:
        gradebook.update_or_create_assignment(assignment, duedate=deadline)


def _holds(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content


def generate_assignment(root: Path, assignment: str, *, database: bool) -> None:
    """Run nbgrader's `generate_assignment --force` on a course folder.

    Args:
        database: whether the assignment is noted in the course's gradebook.  The folder's nbgrader_config.py counts.

    Raises:
        ReleaseError: nbgrader refuses; the message holds what it logged.
    """
    # nbgrader takes a second to import, and most users of this package never get here.
    from nbgrader.converters import GenerateAssignment
    from nbgrader.converters.base import NbGraderException

    put_programs_on_path()
    config = _config(root, assignment)
    config.GenerateAssignment.force = True
    if not database:
        config.GenerateAssignment.no_database = True
        config.SaveCells.enabled = False
    log = ErrorLog("grader.release")
    converter = GenerateAssignment(coursedir=_course_directory(config), config=config, log=log)
    try:
        converter.start()
    except NbGraderException as error:
        raise ReleaseError(f"nbgrader generate_assignment {assignment} failed:\n{log}") from error


def _config(root: Path, assignment: str) -> Config:
    config = load_course_config(root)
    config.CourseDirectory.root = str(root.resolve())
    config.CourseDirectory.assignment_id = assignment
    return config


def _course_directory(config: Config) -> CourseDirectory:
    from nbgrader.coursedir import CourseDirectory

    return CourseDirectory(config=config)
