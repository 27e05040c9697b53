"""The one writer: verdicts into nbgrader's gradebook, by nbgrader's own converter, in this process."""

from __future__ import annotations

from dataclasses import dataclass

from nbgrader.coursedir import CourseDirectory

from grader.course import Course
from grader.nbgrader_runs import ErrorLog
from grader.results import Graded

from .autograde import CourseAutograde
from .config import load_config
from .context import Place
from .standing import stands


@dataclass(frozen=True)
class Outcome:
    """What became of one submission.  `error` is empty where the rows were written."""

    student: str
    assignment: str
    error: str = ""

    @property
    def written(self) -> bool:
        return not self.error


class GradebookWriter:
    """Writes verdicts of one course.  One at a time: nbgrader's converter changes the working directory."""

    def __init__(self, course: Course) -> None:
        self._course, self._config = course, load_config(course)
        self._db_url = CourseDirectory(config=self._config, log=ErrorLog("grader.gradebook")).db_url

    def stands(self, graded: Graded) -> bool:
        """Whether the gradebook holds exactly this already."""
        return stands(Place(self._course, graded.assignment, graded.student, graded.assignment, self._db_url), graded)

    def write(self, graded: Graded) -> Outcome:
        """Replace the rows and the autograded notebook of one submission.

        A failure is in the outcome and is not raised, so that a batch goes on; the rows then say "not graded".
        """
        log = ErrorLog("grader.gradebook")
        try:
            coursedir = CourseDirectory(config=self._config, log=log)
            coursedir.assignment_id, coursedir.student_id = graded.assignment, graded.student
            converter = CourseAutograde(coursedir=coursedir, config=self._config, log=log)
            converter.graded, converter.force = graded, True
            converter.start()
        except Exception as error:
            text = str(log) or f"{type(error).__name__}: {error}"
            return Outcome(graded.student, graded.assignment, text)
        return Outcome(graded.student, graded.assignment)
