"""Where a step of nbgrader runs: which converter, which course, whose submission."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from grader.course import Course


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
        if self.course.adopts(self.assignment):
            return f"{self.notebook}/{cell}"
        return cell.removeprefix("task-") if cell.startswith("task-") else ""


def gradebook_file(db_url: str) -> Path | None:
    """The gradebook where it is a file; nbgrader can keep it in another database."""
    url = make_url(db_url)
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def converter_of(configurable: Any) -> Any:
    """nbgrader's converter (Autograde or GenerateFeedback) that an exporter or a step belongs to.

    Raises:
        RuntimeError: it belongs to none; these steps only mean something inside nbgrader.
    """
    while configurable is not None and getattr(configurable, "coursedir", None) is None:
        configurable = configurable.parent
    if configurable is None:
        raise RuntimeError("this step works inside nbgrader autograde or generate_feedback only")
    return configurable


def place_of(configurable: Any, resources: Any) -> Place:
    """The submission that nbgrader is working on."""
    names = resources["nbgrader"]
    course = Course(Path(converter_of(configurable).coursedir.root))
    return Place(course, names["assignment"], names["student"], names["notebook"], names["db_url"])
