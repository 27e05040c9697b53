"""nbgrader's Autograde, with its dealings with a student's folder replaced.

The configuration alone decides what is graded and how (config.py); what is replaced here has no configuration in
nbgrader: it skips a submission without a notebook, copies whatever a student's folder holds or links to, believes a
timestamp that it finds there, and leaves the old score where a regrade fails.
"""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbgrader.apps.api
import nbgrader.apps.autogradeapp
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde, BaseConverter
from nbgrader.converters.base import NbGraderException

from grader.course import Course
from grader.results import Graded

from .booking import withdraw
from .collected import collected_at
from .context import Place
from .standing import forget, note


class AllowListedFiles(BaseConverter):
    """Puts into autograded/, for the TA to read, the modules that the assignment asks for, and no other file."""

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        submission = Course(Path(self.coursedir.root)).submission(assignment_id, student_id)
        for module, content in submission.modules.items():
            path = Path(self._format_dest(assignment_id, student_id), "exercises", assignment_id, f"{module}.py")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


class CourseAutograde(Autograde, AllowListedFiles):
    """Autograde for the command, for formgrader's button and for our writer.

    `Autograde.init_assignment` calls on to `AllowListedFiles` where it would have copied the whole folder: the order of
    the two bases matters.

    Attributes:
        graded: the verdicts to book, where the caller has them already; None asks the engine.
        shown:  the verdicts that were booked last.
    """

    graded: Graded | None = None
    shown: Graded | None = None

    def init_notebooks(self) -> None:
        """List one notebook for each submission, whether the student's file is there or not.

        Raises:
            NbGraderException: nobody matches, or the assignment was not released in this course.
        """
        course, assignment = Course(Path(self.coursedir.root)), self.coursedir.assignment_id
        if not course.released_notebook(assignment).is_file():
            self._fail(
                f"{course.released_notebook(assignment)} is missing: release {assignment!r} in this course first"
            )
        students, wanted = course.students(assignment), self.coursedir.student_id
        students = [wanted] if wanted in students else fnmatch.filter(students, wanted)
        self.assignments: dict[str, list[str]] = {}
        self.notebooks: list[str] = []
        for student in students if fnmatch.fnmatch(assignment, self.coursedir.notebook_id) else []:
            folder = self._format_source(assignment, student)
            self.assignments[folder] = [os.path.join(folder, f"{assignment}.ipynb")]
        if not self.assignments:
            self._fail(f"no submission of {assignment!r} matches the student {wanted!r} in {course.root / 'submitted'}")

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        place = self._place(assignment_id, student_id)
        when = collected_at(place.course, assignment_id, student_id)
        with self._withdrawn_on_failure(place), self._timestamp(when):
            before = self._states(place)
            super().init_assignment(assignment_id, student_id)
            self._restore(place, before)

    def convert_single_notebook(self, notebook_filename: str) -> None:
        folder = Path(notebook_filename).parent
        place = self._place(folder.name, folder.parent.name)
        with self._withdrawn_on_failure(place):
            forget(place)
            super().convert_single_notebook(notebook_filename)
            if self.shown is not None:
                note(place, self.shown)

    def _place(self, assignment: str, student: str) -> Place:
        course = Course(Path(self.coursedir.root))
        return Place(course, assignment, student, assignment, self.coursedir.db_url)

    def _fail(self, message: str) -> None:
        self.log.error(message)
        raise NbGraderException(message)

    @contextmanager
    def _withdrawn_on_failure(self, place: Place) -> Iterator[None]:
        try:
            yield
        except Exception:
            withdraw(place)
            raise

    @contextmanager
    def _timestamp(self, when: Any) -> Iterator[None]:
        """Let nbgrader find this time of submission, instead of reading the student's timestamp.txt."""
        self.coursedir.get_existing_timestamp = lambda path: when
        try:
            yield
        finally:
            del self.coursedir.get_existing_timestamp  # uncovers the method of the class

    def _states(self, place: Place) -> dict[str, tuple[float | None, bool]]:
        with Gradebook(place.db_url) as gradebook:
            try:
                submission = gradebook.find_submission(place.assignment, place.student)
            except MissingEntry:
                return {}
            return {g.id: (g.auto_score, g.needs_manual_grade) for nb in submission.notebooks for g in nb.grades}

    def _restore(self, place: Place, before: dict[str, tuple[float | None, bool]]) -> None:
        """Undo the zeros that `Autograde.init_assignment` gives where the notebook is missing: the modules count."""
        with Gradebook(place.db_url) as gradebook:
            for notebook in gradebook.find_submission(place.assignment, place.student).notebooks:
                for grade in notebook.grades:
                    grade.auto_score, grade.needs_manual_grade = before.get(grade.id, (None, True))
            gradebook.db.commit()


def install() -> None:
    """Make nbgrader's command and formgrader's button use CourseAutograde: both look the class up by these names."""
    nbgrader.apps.autogradeapp.Autograde = CourseAutograde
    nbgrader.apps.api.Autograde = CourseAutograde
