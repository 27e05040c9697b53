"""nbgrader's converter for feedback, as a course uses it."""

from __future__ import annotations

from pathlib import Path

from nbgrader.converters import GenerateFeedback
from nbgrader.converters.base import NbGraderException

from grader.course.folder import Course
from grader.course.lateness import read_lateness
from grader.settings.course_toml import WrongSettingError

# By name: the page is made from what this package writes, so an import here would run in a circle.
EXPORTER = "grader.feedback.exporter.FeedbackExporter"


class CourseFeedback(GenerateFeedback):
    """GenerateFeedback with our page; an adopted assignment, which has no checks to word, keeps the course's."""

    def start(self) -> None:
        """Write the pages.

        Raises:
            NbGraderException: course.toml is wrong, or a page could not be written.
        """
        course = Course(Path(self.coursedir.root))
        try:
            read_lateness(course)
        except WrongSettingError as error:
            self.log.error(str(error))
            raise NbGraderException(str(error)) from None
        if not course.adopts(self.coursedir.assignment_id):
            self.exporter_class = EXPORTER
            self.preprocessors: list[type] = []
        super().start()

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """Our page is one file that needs no other: a student gets no copies of what was handed in and given."""
        if Course(Path(self.coursedir.root)).adopts(assignment_id):
            super().init_assignment(assignment_id, student_id)
