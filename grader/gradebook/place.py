"""Where a step of nbgrader runs: which course, whose submission."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.course.folder import Course
from grader.course.lookup import Work
from grader.nbgrader_base.converters import converter_of


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
    course = Course(Path(converter_of(configurable).coursedir.root))
    return Place(course, names["assignment"], names["student"], names["notebook"], names["db_url"])
