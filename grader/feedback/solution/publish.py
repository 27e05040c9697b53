"""Hands out the model solution: a zip for everybody, the page with notes, and in a course each student's own page.

A course whose solutions/ has an assignment's zip has published it: feedback pages written from then on name the page
that lies beside them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.course.folder import Course
from grader.model.private import owner_only
from grader.model.results import Graded
from grader.release.bundle import write_if_changed, write_zip
from grader.release.errors import ReleaseError
from grader.release.leaks import leaks
from grader.release.model_solution import FOLDER, solution_bundle

from .beside import gather_beside
from .notes import gather_notes
from .pages import beside_page, notes_page

NOTES = "notes.html"  # beside the modules


@dataclass(frozen=True)
class Solutions:
    """What was written: a zip, and the page with notes, which is in it too."""

    zip: Path
    page: Path
    mistakes: int


def write_solutions(assignment: str, out: Path) -> Solutions:
    """Write NAME-solutions.zip and NAME-solutions.html into a folder.  The same solution gives the same bytes.

    The zip's paths begin with solutions/NAME/: unpacked into a student's folder, they lie beside exercises/NAME/.

    Raises:
        GalleryError: the gallery does not fit the solution.
        ReleaseError: the solution is not complete, or what would be handed out tells more than it.
    """
    notes = gather_notes(assignment)
    page = notes_page(notes).encode()
    bundle = {**solution_bundle(assignment), f"{FOLDER}/{assignment}/{NOTES}": page}
    there = {path.removeprefix(f"{FOLDER}/"): content for path, content in bundle.items()}
    if found := leaks(there, assignment, answers=True):
        raise ReleaseError(f"the solution of {assignment} is not handed out, since it tells more:\n" + "\n".join(found))
    done = Solutions(out / f"{assignment}-solutions.zip", out / f"{assignment}-solutions.html", notes.mistakes)
    write_zip(bundle, done.zip, into_folder=False)
    write_if_changed(done.page, page)
    return done


def folder_of(course: Course) -> Path:
    """Where a course keeps what was handed out."""
    return course.root / FOLDER


def published(course: Course, assignment: str) -> bool:
    """Whether the solution of an assignment was handed out in a course."""
    return (folder_of(course) / f"{assignment}-solutions.zip").is_file()


def own_page_name(assignment: str) -> str:
    """The file beside the feedback page."""
    return f"{assignment}-solution.html"


def own_page(course: Course, graded: Graded) -> str:
    """The page of the student whose feedback is written.  Raises as `gather_beside` does."""
    return beside_page(gather_beside(course, graded.assignment, graded.student))


def write_own_pages(course: Course, assignment: str) -> Iterator[tuple[str, Path | OSError]]:
    """Write a page for each student who submitted, where the feedback page lies or will lie.

    Yields:
        the student, and the page or why there is none.

    Raises:
        ReleaseError: the model solution is not complete.
    """
    with owner_only(course.root):
        for student in course.students(assignment):
            place = course.root / course.layout.path(course.layout.feedback, student, assignment)
            path = place / own_page_name(assignment)
            try:
                write_if_changed(path, beside_page(gather_beside(course, assignment, student)).encode())
            except OSError as error:
                yield student, error
            else:
                yield student, path
