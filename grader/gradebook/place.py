"""Where a step of nbgrader runs: which course, whose submission."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.converters import BaseConverter

from grader.course.folder import Course
from grader.course.lookup import Work
from grader.nbgrader_base.converters import converter_of


class CourseConverter(BaseConverter):
    """A converter of nbgrader's that works in a course of ours."""

    @functools.cached_property
    def course(self) -> Course:
        """The course whose folder nbgrader has been given."""
        return Course(Path(self.coursedir.root))


@dataclass(frozen=True)
class Place:
    """One submission, as nbgrader names it."""

    course: Course
    assignment: str
    student: str
    notebook: str
    db_url: str

    def task(self, cell: str) -> str:
        """The task whose verdicts decide the points of a cell, by its grade_id; empty where there is none."""
        return self.course.kind(self.assignment).task_of(self.notebook, cell)


def work_of(configurable: Any) -> Work:
    """The submission and its verdicts that nbgrader's Autograde is booking."""
    work: Work = converter_of(configurable).at_work
    return work


def place_of(configurable: Any, resources: Any) -> Place:
    """The submission that nbgrader is working on."""
    names = resources["nbgrader"]
    course = converter_of(configurable).course
    return Place(course, names["assignment"], names["student"], names["notebook"], names["db_url"])
