"""What booking a submission anew changed, check by check: so that questions about other points can be answered.

A table of ours in nbgrader's database holds the points of each check as they were booked last.  What differs from them
goes into a table of the course folder, whoever books: `grader autograde`, `nbgrader autograde` or formgrader's button.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    MetaData,
    String,
    Table,
    Text,
    and_,
    delete,
    insert,
    inspect,
    select,
)

from grader.course.folder import Course
from grader.model.results import Graded

from .place import Place

CHECKED = Table(
    "course_checked",
    MetaData(),
    Column("student", String(128), primary_key=True),
    Column("assignment", String(128), primary_key=True),
    Column("submission", String(64), nullable=False),  # Graded.submission_hash
    Column("points", Text, nullable=False),  # JSON: points by check
)
COLUMNS = ("time", "student", "submission", "check", "from", "to", "all checks from", "all checks to", "idea")


@dataclass(frozen=True)
class Booked:
    """What was booked last.

    Attributes:
        submission: the hash of the files that it was for.
        points:     by check.
    """

    submission: str
    points: dict[str, float]


@dataclass(frozen=True)
class CheckChange:
    """One check's points before and now, or a task's where its checks are others than before.

    Attributes:
        check:         its id; the task's name.
        before, after: None where the assignment had or has no such task.
        by:            of a task that gained, the checks that gave nothing before; of one that lost, those that give
                       nothing now.
    """

    check: str
    before: float | None
    after: float | None
    idea: str = ""
    by: tuple[str, ...] = ()

    @property
    def gain(self) -> float:
        return round((self.after or 0.0) - (self.before or 0.0), 9)


@dataclass(frozen=True)
class Change:
    """One submission whose checks give other points than when it was last booked.

    Attributes:
        before, after: points of all checks together, extra credit among them; marks by hand, written answers and late
                       penalties are not.
        new:           whether other files lie there than the last time.
    """

    student: str
    before: float
    after: float
    checks: tuple[CheckChange, ...]
    new: bool = False

    @property
    def gain(self) -> float:
        return round(self.after - self.before, 9)


def regrades_file(course: Course, assignment: str) -> Path:
    """The table of changes: a line for each check that changed, the newest last."""
    return course.root / f"{assignment}-regraded.csv"


def replace_checked(connection: Connection, place: Place, graded: Graded) -> Change | None:
    """Keep the points of each check in place of those kept before, and say what changed.

    What changed is in the course folder's table when this returns.  Nothing is said of a first booking.

    Raises:
        OSError: that table cannot be written.
    """
    CHECKED.create(connection, checkfirst=True)
    kept = _kept(connection, place.assignment, place.student)
    change = _change(graded, kept) if kept else None
    if change is not None:
        _append(regrades_file(place.course, place.assignment), change)
    connection.execute(delete(CHECKED).where(_key(place.assignment, place.student)))
    points = json.dumps({verdict.check: verdict.points for verdict in graded.verdicts})
    values = {"student": place.student, "assignment": place.assignment, "points": points}
    connection.execute(insert(CHECKED).values(submission=graded.submission_hash, **values))
    return change


def last_booked(connection: Connection, assignment: str, student: str) -> Booked | None:
    """The checks' points as they were booked last; None where they never were.  Writes nothing."""
    return _kept(connection, assignment, student) if inspect(connection).has_table(CHECKED.name) else None


def _kept(connection: Connection, assignment: str, student: str) -> Booked | None:
    query = select(CHECKED.c.submission, CHECKED.c.points).where(_key(assignment, student))
    row = connection.execute(query).one_or_none()
    return Booked(row.submission, json.loads(row.points)) if row else None


def _key(assignment: str, student: str) -> ColumnElement[bool]:
    return and_(CHECKED.c.student == student, CHECKED.c.assignment == assignment)


def _change(graded: Graded, booked: Booked) -> Change | None:
    before = booked.points
    after = {verdict.check: verdict.points for verdict in graded.verdicts}
    ideas = {verdict.check: verdict.idea for verdict in graded.verdicts}
    changed = tuple(one for one in _compared(before, after, ideas) if one.gain)
    if not changed:
        return None
    total_before, total_after = (round(sum(points.values()), 9) for points in (before, after))
    return Change(graded.student, total_before, total_after, changed, new=booked.submission != graded.submission_hash)


def _compared(before: dict[str, float], after: dict[str, float], ideas: dict[str, str]) -> Iterator[CheckChange]:
    """Check by check; a task as a whole where its checks are others now, so that those cannot be compared."""
    for task in dict.fromkeys(name.split(".")[0] for name in before | after):
        old, new = ({k: v for k, v in points.items() if k.split(".")[0] == task} for points in (before, after))
        if old.keys() == new.keys():
            yield from (CheckChange(name, old[name], new[name], ideas.get(name, "")) for name in old)
            continue
        sums = [round(sum(points.values()), 9) if points else None for points in (old, new)]
        one = CheckChange(task, sums[0], sums[1])
        nothing, other = (old, new) if one.gain > 0 else (new, old)
        by = tuple(name for name, points in nothing.items() if points == 0 and other.get(name) != 0)
        yield replace(one, by=by)


def _append(path: Path, change: Change) -> None:
    """Append in one write, so that whoever is killed leaves no half of a change."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(_rows(change))
    with path.open("a", newline="", encoding="utf-8") as file:
        heading = "" if file.tell() else ",".join(COLUMNS) + "\r\n"
        file.write(heading + text.getvalue())


def _rows(change: Change) -> Iterator[tuple[str, ...]]:
    when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    sums = (f"{change.before:g}", f"{change.after:g}")
    for one in change.checks:
        idea = one.idea or f"its checks are others now; by {', '.join(one.by)}"
        points = ("" if value is None else f"{value:g}" for value in (one.before, one.after))
        yield when, change.student, "new" if change.new else "same", one.check, *points, *sums, idea
