"""Feedback pages for a whole assignment, by nbgrader's own converter, in this process."""

from __future__ import annotations

from pathlib import Path

from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory

from grader.course.folder import Course
from grader.gradebook.config import load_config
from grader.gradebook.feedback_converter import CourseFeedback
from grader.model.private import owner_only
from grader.nbgrader_base.runs import ErrorLog


def write_feedback(course: Course, assignment: str, student: str = "*") -> int:
    """Write the feedback pages of an assignment, as `nbgrader generate_feedback` does; returns how many there are.

    Raises:
        ValueError: nothing was graded yet, or a page could not be written; the message holds what nbgrader logged.
    """
    config, log = load_config(course), ErrorLog("grader.feedback")
    coursedir = CourseDirectory(config=config, log=log)
    coursedir.assignment_id, coursedir.student_id = assignment, student
    try:
        with owner_only(course.root):
            CourseFeedback(coursedir=coursedir, config=config, log=log).start()
    except NbGraderException as error:
        raise ValueError(f"feedback on {assignment} could not be written: {log or error}") from error
    folder = course.layout.path(course.layout.feedback, student, assignment)
    return sum(len(list(course.root.glob(f"{folder}/{name}.html"))) for name in course.notebooks(assignment))


def feedback_folder(course: Course, assignment: str) -> Path:
    """The folder that all pages of an assignment lie below, each student's in one of its own."""
    before, _ = course.layout.around_student(course.layout.feedback, assignment)
    return course.root / before.rpartition("/")[0]
