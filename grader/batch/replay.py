"""One submission graded once more for a person's eyes, and whether that agrees with what is booked; books nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from rich.text import Text
from sqlalchemy.exc import SQLAlchemyError

from exercises.checking import Status, Verdict
from exercises.checking.looks import LOOKS
from exercises.checking.show import as_text
from grader.course.folder import Course
from grader.gradebook.point_changes import Booked, last_booked
from grader.grading.checked.to_read import TO_READ, Use
from grader.grading.checked.to_read import in_words as uses_in_words
from grader.grading.run import grade_groups
from grader.model.faults import in_words
from grader.model.results import Graded
from grader.model.text import clean
from grader.nbgrader_base.database import gradebook_of

from .reading_list import reading_list

MOST_LINES = 6  # of one output of a notebook's cell
MOST_SHOWN = 600  # characters of it


@dataclass(frozen=True)
class Replay:
    """A submission graded anew.

    Attributes:
        verdicts: those that were asked for.
        booked:   in words, whether they agree with what is booked, a line for each check that does not.
        ran:      whether its notebook ran because that was asked for.
        to_read:  what its files use and few others of the cohort do.
    """

    graded: Graded
    verdicts: tuple[Verdict, ...]
    booked: tuple[str, ...]
    ran: bool = False
    to_read: tuple[Use, ...] = ()


def replay(course: Course, assignment: str, student: str, only: str = "", *, run: bool = False) -> Replay:
    """Grade one submission anew.

    Args:
        only: a check or a task; then nothing else runs but the task that it belongs to.
        run:  run the notebook too, where it does not run by itself.

    Raises:
        FileNotFoundError: the student submitted nothing.
        NotPreparedError: the course lacks its secret, or data that it is judged on.
        ValueError: there is no such check; the message lists what there is.
    """
    plan = course.plan(assignment)
    plan.require_data()
    submission = plan.read(course.submitted(assignment, student), student)
    groups = plan.groups
    checks = {check.id: group.name for group in groups for check in group.checks}
    names = tuple(group.name for group in groups)
    if only and only not in checks and only not in names:
        raise ValueError(f"{assignment} has no check {only!r}; choose one of {', '.join((*names, *checks))}")
    wanted = (checks.get(only, only),) if only else names
    if run:
        wanted += tuple(group.name for group in plan.on_demand)
    graded = Graded.of(submission, grade_groups(submission, plan, wanted))
    verdicts = tuple(one for one in graded.verdicts if only not in checks or one.check == only)
    booked = tuple(_compared(course, graded, verdicts))
    to_read = () if only else reading_list(course, assignment).get(student, ())
    return Replay(graded, verdicts, booked, run and bool(plan.on_demand), to_read)


def lines(found: Replay) -> Iterator[Text]:
    """What a person reads: check by check, then problems, then whether it agrees with what is booked."""
    for verdict in found.verdicts:
        head, *details = clean(as_text(verdict)).split("\n")
        yield Text(head, style=LOOKS[verdict.status].style)
        yield from (Text(line) for line in details)
        if verdict.note:
            yield Text("      note      " + clean(verdict.note).replace("\n", "\n" + " " * 16))
        yield Text(f"      took      {verdict.seconds:.2f} s", style="dim")
    if found.ran:
        yield from _shown(found.graded)
    told = (*found.graded.proposals, *found.graded.problems)
    yield from (Text(f"for a person: {clean(problem.text)}", style="bold") for problem in told)
    if found.to_read:
        yield Text(f"{TO_READ}: {uses_in_words(found.to_read)}")
    yield from (Text(line) for line in found.booked)
    yield Text(f"{found.graded.cpu_s:.1f} CPU s in the sandbox, {found.graded.wall_s:.1f} s in all")


def _shown(graded: Graded) -> Iterator[Text]:
    """What the notebook's cells showed, text in its first lines; a terminal has no pictures."""
    yield Text(f"the notebook, run here: {len(graded.cells)} cells")
    for cell, outputs in graded.cells.items():
        for output in outputs:
            match output:
                case {"text": str() as text}:
                    words, style = text, ""
                case {"ename": str() as name, "evalue": str() as value}:
                    words, style = f"{name}: {value}", LOOKS[Status.FAILED].style
                case {"data": {"text/plain": str() as text, **others}}:
                    words, style = ("a picture" if others else text), ""
                case _:
                    words, style = "a picture", ""
            head, *more = clean(words, MOST_SHOWN).splitlines()[:MOST_LINES] or [""]
            yield Text(f"      {clean(cell):<10}{head}", style=style)
            yield from (Text(f"{'':16}{line}", style=style) for line in more)


def _compared(course: Course, graded: Graded, verdicts: tuple[Verdict, ...]) -> Iterator[str]:
    try:
        booked = _booked(course, graded.assignment, graded.student)
    except (SQLAlchemyError, sqlite3.Error) as error:
        yield f"what is booked cannot be read: {in_words(error, course.gradebook) or error}"
        return
    if booked is None:
        yield "nothing is booked yet"
        return
    points = booked.points
    if booked.submission != graded.submission_hash:
        yield "booked was another submission: other files lie here now"
    judged = [one for one in verdicts if one.status is not Status.ERROR]
    if len(judged) < len(verdicts):
        yield "the grader could not finish: see above what keeps it; nothing is said about what did not run"
    differing = [one for one in judged if points.get(one.check) != one.points]
    for one in differing:
        before = f"{points[one.check]:g}" if one.check in points else "no such check"
        yield f"differs from what is booked: {one.check}: booked {before}, now {one.points:g}"
    if judged and not differing:
        yield f"agrees with what is booked ({len(judged)} check{'s' if len(judged) != 1 else ''})"


def _booked(course: Course, assignment: str, student: str) -> Booked | None:
    engine = gradebook_of(course.root)
    if engine is None:
        return None
    with engine.connect() as connection:
        return last_booked(connection, assignment, student)
