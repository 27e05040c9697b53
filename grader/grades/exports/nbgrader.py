"""nbgrader's own export command, made to leave blank what nobody has graded."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins import ExportPlugin

from grader.course.folder import Course
from grader.course.lateness import Lateness, read_lateness
from grader.grades.total import Grade, Total
from grader.nbgrader_base.converters import converter_of

# The columns of nbgrader's own export.
WHO = ["assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"]
MARKS = ["raw_score", "late_submission_penalty", "score", "max_score"]


class CourseExport(ExportPlugin):
    """For `nbgrader export`, which by itself writes 0 for what nobody has graded: the same columns, but blank there.

    A student who submitted nothing is blank too: what that is worth is the lecturer's decision.
    """

    def export(self, gradebook: Gradebook) -> None:
        """Write the grades of the students and assignments asked for (all by default) to `--to`, or grades.csv."""
        lateness = read_lateness(Course(Path(converter_of(self).coursedir.root)))
        students = [s for s in gradebook.students if not self.student or s.id in map(str, self.student)]
        assignments = [a for a in gradebook.assignments if not self.assignment or a.name in map(str, self.assignment)]
        with Path(self.to or "grades.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(WHO + MARKS)
            for assignment in assignments:
                for student in students:
                    who = [student.id, student.last_name, student.first_name, student.email]
                    timestamp, raw, penalty, score = submission_scores(gradebook, lateness, assignment.name, student.id)
                    marks = [raw, penalty, score, assignment.max_score]
                    writer.writerow([assignment.name, assignment.duedate, timestamp, *who, *marks])


def submission_scores(
    gradebook: Gradebook, lateness: Lateness, assignment: str, student: str
) -> tuple[Any, float | None, float | None, float | None]:
    """When it was handed in, the points, the late penalty, and the points less the penalty."""
    try:
        submission = gradebook.find_submission(assignment, student)
    except MissingEntry:
        return None, None, None, None
    grades = (Grade.of(row) for notebook in submission.notebooks for row in notebook.grades)
    total = Total.of(grades, lateness.penalty(submission))
    return submission.timestamp, total.before_penalty, total.penalty, total.points
