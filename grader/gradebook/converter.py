"""nbgrader's Autograde, with its dealings with a student's folder replaced.

The configuration alone decides what is graded and how (config.py); what is replaced here has no configuration in
nbgrader: it skips a submission without a notebook, copies whatever a student's folder holds or links to, believes a
timestamp that it finds there, and leaves the old score where a regrade fails or is killed.
"""

from __future__ import annotations

import fnmatch
import os
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn

import nbgrader.apps.api
import nbgrader.apps.autogradeapp
import nbgrader.apps.generatefeedbackapp
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde, BaseConverter
from nbgrader.converters.base import NbGraderException
from sqlalchemy.exc import SQLAlchemyError

from grader.course.handed_in import TIME_FORMAT, TIMESTAMP_FILE, handed_in_at
from grader.course.lateness import read_lateness
from grader.course.lock import booking_lock, grading_run
from grader.course.lookup import Work, work_on
from grader.gradebook.steps.book import void, withdraw
from grader.model.faults import FaultError, in_words
from grader.nbgrader_base.database import gradebook_file
from grader.settings.course_toml import WrongSettingError

from .duedates import bring_up_to_date
from .feedback_converter import CourseFeedback
from .place import CourseConverter, Place
from .point_changes import Change
from .up_to_date import forget, note


class AllowListedFiles(CourseConverter):
    """Puts into autograded/, for the TA to read, the files that grading looks at beside the notebooks, and no other.

    Also the time of the submission, where nbgrader's own feedback page needs it there to be handed out.

    Attributes:
        at_work: the submission that is being booked, as it was read once; or what kept it from being read and graded.
    """

    at_work: Work | Exception | None = None

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        course = self.course
        files = dict(self.at_work.submission.beside) if isinstance(self.at_work, Work) else {}
        ours = course.kind(assignment_id).has_feedback_page
        when = None if ours else handed_in_at(course, assignment_id, student_id)
        if when is not None:
            files[TIMESTAMP_FILE] = when.strftime(TIME_FORMAT).encode()
        for name, content in files.items():
            path = Path(self._format_dest(assignment_id, student_id), name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


class CourseAutograde(Autograde, AllowListedFiles):
    """Autograde for the command, for formgrader's button and for our writer.

    `Autograde.init_assignment` calls on to `AllowListedFiles` where it would have copied the whole folder: the order of
    the two bases matters.

    Attributes:
        given:   what to book, where the caller has it already; None looks each submission up, and grades it.
        change:  the checks that gave the last submission other points than when it was booked before.
        failure: what kept the last submission from being booked, in one line.
    """

    assignments: dict[str, list[str]]
    given: Work | None = None
    change: Change | None = None
    failure: str = ""

    def convert_notebooks(self) -> None:
        """Convert one submission after the other: each is graded first, and booked while nobody else books.

        Raises:
            NbGraderException: one could not be booked; the others were.
        """
        failed = None
        try:
            with grading_run(self.course.root):
                for folder, notebooks in sorted(self.assignments.items()):
                    self.assignments = {folder: notebooks}
                    try:
                        while not self._booked(self._students[folder]):
                            pass
                    except NbGraderException as error:
                        if error.__context__ is not None:  # not of this submission alone: a gradebook that is too old
                            raise
                        failed = error
        except FaultError as error:
            self._fail(str(error))
        if failed is not None:
            raise failed

    def _booked(self, student: str) -> bool:
        """Grade a submission and book it; False where other files have been handed in in between."""
        self.at_work = self.given or self._found(student)
        with booking_lock(self.course.root):
            # The writer has looked, and does so under the same lock.
            if self.given is None and isinstance(self.at_work, Work) and self.at_work.is_replaced(self.course):
                return False
            super().convert_notebooks()
        return True

    def _found(self, student: str) -> Work | Exception:
        """A submission with its verdicts, or what there is to say instead once its booking has begun."""
        if student in self.coursedir.student_id_exclude.split(","):
            return ValueError(f"{student} is left out")
        try:
            return work_on(self.course, self.coursedir.assignment_id, student)
        except Exception as error:
            return error

    def init_notebooks(self) -> None:
        """List for each submission the notebooks that were released, whether the student's files are there or not.

        Raises:
            NbGraderException: nobody matches, the assignment was not released in this course, course.toml is wrong, or
                the course's secret cannot be made.
        """
        course, assignment = self.course, self.coursedir.assignment_id
        try:
            names = course.notebooks(assignment)
        except ValueError as error:
            self._fail(str(error))
        for released in (course.released_notebook(assignment, name) for name in names):
            if not released.is_file():
                self._fail(f"{released} is missing: release {assignment!r} in this course first")
        try:
            moved = None
            read_lateness(course)
            if self.given is None:  # a batch has done so before
                course.prepare(assignment)  # this is `nbgrader autograde`, or formgrader's button
                moved = bring_up_to_date(course, assignment, self.coursedir.db_url)
        except WrongSettingError as error:
            self._fail(str(error))
        except OSError as error:
            self._fail(in_words(error, course.root))
        if moved:
            self.log.warning(str(moved))
        wanted = self.coursedir.student_id  # one name in a batch, which would otherwise list everybody for each of them
        one = course.has_submitted(assignment, wanted)
        students = [wanted] if one else fnmatch.filter(course.students(assignment), wanted)
        self.assignments = {}
        self.notebooks: list[str] = []
        self._students: dict[str, str] = {}  # whose folder it is
        # All or none: what is booked for one notebook of a submission is voided together with the others.
        for student in students if fnmatch.filter(names, self.coursedir.notebook_id) else []:
            folder = self._format_source(assignment, student)
            self.assignments[folder] = [os.path.join(folder, f"{name}.ipynb") for name in names]
            self._students[folder] = student
        if not self.assignments:
            self._fail(f"no submission of {assignment!r} matches the student {wanted!r} in {course.root / 'submitted'}")

    def init_destination(self, assignment_id: str, student_id: str) -> bool:
        if student_id not in self.coursedir.student_id_exclude.split(","):
            place = self._place(assignment_id, student_id)
            with self._withdrawn_on_failure(place):
                forget(place)  # first of all: nbgrader removes the old folder, and may be killed while it does
        process: bool = super().init_destination(assignment_id, student_id)
        return process

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        place = self._place(assignment_id, student_id)
        with self._withdrawn_on_failure(place), self._as_collected(place):
            super().init_assignment(assignment_id, student_id)
            self._forget_time(place)
            void(place)

    def _forget_time(self, place: Place) -> None:
        """Where no time is known any more, nbgrader would leave the one of before."""
        if self.coursedir.get_existing_timestamp("") is None:
            with Gradebook(place.db_url) as gradebook:
                submission = gradebook.find_submission(place.assignment, place.student)
                if submission.timestamp is not None:
                    submission.timestamp = None
                    gradebook.db.commit()

    def convert_single_notebook(self, notebook_filename: str) -> None:
        names = self.init_single_notebook_resources(notebook_filename)["nbgrader"]
        place = self._place(names["assignment"], names["student"])
        with self._withdrawn_on_failure(place):
            if not isinstance(self.at_work, Work):
                raise self.at_work or ValueError("nothing was handed in to be booked")
            self._convert(notebook_filename)
            if notebook_filename == self.notebooks[-1]:
                self.change = note(place, self.at_work.graded)

    def _convert(self, notebook_filename: str) -> None:
        """In one pass: nbgrader's own second one reads what the first has written."""
        self.exporter._preprocessors = []
        for step in (*self.sanitize_preprocessors, *self.autograde_preprocessors):
            self.exporter.register_preprocessor(step)
        BaseConverter.convert_single_notebook(self, notebook_filename)

    def _place(self, assignment: str, student: str) -> Place:
        return Place(self.course, assignment, student, assignment, self.coursedir.db_url)

    def _fail(self, message: str) -> NoReturn:
        self.log.error(message)
        raise NbGraderException(message)

    @contextmanager
    def _withdrawn_on_failure(self, place: Place) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            folder = Path(self._format_dest(place.assignment, place.student))
            file = gradebook_file(place.db_url) or place.course.gradebook
            words = in_words(error, folder if isinstance(error, OSError) else file)
            if words:
                self.log.error(words)
            self.failure = words or _unexpected(error)
            with suppress(SQLAlchemyError):  # a gradebook that cannot be written: the first error says why
                withdraw(place)
            raise

    @contextmanager
    def _as_collected(self, place: Place) -> Iterator[None]:
        """What nbgrader finds when it looks into the submission.

        The time that `collect` noted, instead of the student's timestamp.txt.  And a notebook, the released one: where
        there is none, nbgrader gives zeros, but the modules count.
        """
        coursedir = self.coursedir
        when = handed_in_at(place.course, place.assignment, place.student)
        there = str(place.course.released_notebook(place.assignment).parent)
        format_path = coursedir.format_path

        def look(step: str, *names: str, **options: Any) -> str:
            return there if step == coursedir.submitted_directory else format_path(step, *names, **options)

        coursedir.get_existing_timestamp, coursedir.format_path = lambda path: when, look
        try:
            yield
        finally:
            del coursedir.get_existing_timestamp, coursedir.format_path  # uncovers the methods of the class


def _unexpected(error: Exception) -> str:
    """An error that nobody has foreseen, and where it was raised."""
    first, *_ = str(error).splitlines() or [""]
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {first} ({Path(place.filename).name}, line {place.lineno})"


def install() -> None:
    """Make nbgrader's commands and formgrader's buttons use these classes: both look them up by these names."""
    nbgrader.apps.autogradeapp.Autograde = CourseAutograde
    nbgrader.apps.api.Autograde = CourseAutograde
    nbgrader.apps.generatefeedbackapp.GenerateFeedback = CourseFeedback
    nbgrader.apps.api.GenerateFeedback = CourseFeedback
