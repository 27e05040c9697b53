"""nbgrader's converter for feedback, as a course uses it."""

from __future__ import annotations

from nbgrader.converters import GenerateFeedback
from nbgrader.converters.base import NbGraderException

from grader.course.lateness import read_lateness
from grader.model.faults import FaultError

from .place import CourseConverter

# By name: the page is made from what this package writes, so an import here would run in a circle.
EXPORTER = "grader.feedback.exporter.FeedbackExporter"


class CourseFeedback(CourseConverter, GenerateFeedback):
    """GenerateFeedback with our page, where the kind of assignment has one; else nbgrader's."""

    def start(self) -> None:
        """Write the pages.

        Raises:
            NbGraderException: course.toml is wrong, the course lacks its secret, or a page could not be written.
        """
        course, assignment = self.course, self.coursedir.assignment_id
        ours = course.kind(assignment).has_feedback_page
        try:
            read_lateness(course)
            if ours:
                course.plan(assignment).require_prepared()
        except FaultError as error:
            self.log.error(str(error))
            raise NbGraderException(str(error)) from None
        if ours:
            self.exporter_class = EXPORTER
            self.preprocessors: list[type] = []
        super().start()

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """Our page is one file that needs no other: a student gets no copies of what was handed in and given."""
        if not self.course.kind(assignment_id).has_feedback_page:
            super().init_assignment(assignment_id, student_id)
