"""A course folder's source/ and release/: nbgrader's own `generate_assignment`, run in this process."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from grader.model.private import make_folder, owner_only
from grader.nbgrader_base.generate import NbgraderRefusedError, course_directory, generate_assignment, options_for
from grader.nbgrader_base.runs import put_programs_on_path
from grader.settings.deadlines import deadline_of, in_utc

from .bundle import foreign_files, write_folder
from .errors import ReleaseError


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
    make_folder(root)
    source, released = _folders(root, assignment)
    with owner_only(root):
        _refuse_other_cells(root, assignment, source_notebook)
        write_folder({**bundle, f"{assignment}.ipynb": source_notebook}, source, assignment)
        try:
            generate_assignment(root, assignment, database=True)
        except NbgraderRefusedError as error:
            raise ReleaseError(str(error)) from error
        _note_deadline(root, assignment)
    wrong = [name for name, content in bundle.items() if not _holds(released / name, content)]
    wrong += foreign_files(bundle, released)
    if wrong:
        raise ReleaseError(
            f"{released}: nbgrader wrote other files than students should get: {', '.join(sorted(wrong))}. "
            "Does nbgrader_config.py change how nbgrader clears solutions, or which files it ignores?"
        )
    return source, released


def _folders(root: Path, assignment: str) -> tuple[Path, Path]:
    """Where nbgrader reads the source and writes the release, by this course's configuration."""
    directory = course_directory(options_for(root, assignment))
    source, released = (
        directory.directory_structure.format(nbgrader_step=step, student_id=".", assignment_id=assignment)
        for step in (directory.source_directory, directory.release_directory)
    )
    return root / source, root / released


def _refuse_other_cells(root: Path, assignment: str, source_notebook: bytes) -> None:
    """Refuse, while all is still as it was, what nbgrader would refuse after it removed the old release/."""
    from nbgrader.api import Gradebook, MissingEntry

    put_programs_on_path()
    directory = course_directory(options_for(root, assignment))
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
    """Put the course's deadline into the gradebook, for formgrader and for plugins on late submissions."""
    from nbgrader.api import Gradebook

    deadline = in_utc(deadline_of(root, assignment)).replace(tzinfo=None)  # nbgrader keeps UTC
    directory = course_directory(options_for(root, assignment))
    with Gradebook(directory.db_url, directory.course_id) as gradebook:
        gradebook.update_or_create_assignment(assignment, duedate=deadline)


def _holds(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content
