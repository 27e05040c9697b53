"""The list that ends a run of grading: everything that a person has to do, and the command to look closer."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any

from rich.text import Text

from grader.batch.desk import Done
from grader.course.unknown_times import Unstated
from grader.grades.to_mark import Waiting
from grader.grading.checked.to_read import TO_READ, Use, in_words
from grader.model.problems import Kind, Problem
from grader.model.text import fit

from .attention import TITLES, Fault, faults, needs, proposals

MAX_STUDENTS = 10  # students of one kind: the worst day of a large course still fits on a screen
NOTHING: Mapping[str, Any] = MappingProxyType({})
MAX_NAMES = 8  # of those who wait to be marked: formgrader lists them all


@dataclass(frozen=True)
class Kept:
    """What is kept of a submission until the end: for a large course, everything would be too much.

    Attributes:
        problems: in the words that they were found in.
        faults:   the checks that failed themselves on it.
        points:   of each task; None where nothing was graded.
        proposed: those of `needs` that are points only proposed, by their tasks.
        booked:   whether the gradebook has it.
    """

    student: str
    known: bool
    needs: tuple[Problem, ...]
    problems: tuple[str, ...]
    points: dict[str, float | None] | None
    faults: tuple[Fault, ...] = ()
    proposed: dict[str, tuple[Problem, ...]] = field(default_factory=dict)
    booked: bool = True

    @classmethod
    def of(cls, done: Done) -> Kept:
        graded = done.graded
        return cls(
            student=done.student,
            known=done.known,
            needs=needs(done),
            problems=tuple(text for text in (done.problem, *map(str, graded.problems if graded else ())) if text),
            points={task: graded.task_points(task) for task in graded.tasks} if graded else None,
            faults=faults(done),
            proposed=proposals(done),
            booked=not done.problem,
        )

    def undecided(self, waiting: Sequence[Waiting]) -> Kept:
        """Without proposals that a person has decided: these are booked, and their tasks wait in formgrader no more."""
        wait = {one.cell for one in waiting if self.student in one.students}
        open_ones = {task: mine for task, mine in self.proposed.items() if f"task-{task}" in wait or not self.booked}
        left = {problem for mine in open_ones.values() for problem in mine}
        needs = tuple(one for one in self.needs if one.kind is not Kind.PROPOSED or one in left)
        return replace(self, needs=needs, proposed=open_ones)

    @property
    def needs_human(self) -> bool:
        return bool(self.needs)

    def to_json(self, to_mark: dict[str, list[str]], to_read: Mapping[str, Sequence[Use]] = NOTHING) -> dict[str, Any]:
        """As JSON, with what waits in formgrader (`by_student`), and what is to be read."""
        beside = {"to_mark": to_mark.get(self.student, []), "to_read": list(map(asdict, to_read.get(self.student, ())))}
        return {**asdict(self), "needs_human": self.needs_human, **beside}


def by_student(waiting: Iterable[Waiting]) -> dict[str, list[str]]:
    """The parts that wait to be marked, student by student."""
    found: dict[str, list[str]] = {}
    for one in waiting:
        for student in one.students:
            found.setdefault(student, []).append(one.cell)
    return found


def worklist(
    kept: Sequence[Kept],
    waiting: Sequence[Waiting],
    assignment: str,
    course: Path,
    rubric: Mapping[str, str] | None = None,
    to_read: Mapping[str, Sequence[Use]] = NOTHING,
) -> Iterator[Text]:
    """Line by line: what to look at, by kind and student, then what is to be marked; nothing where nothing is due.

    Args:
        rubric:  what the answer to a question gets points for, by the question's name.
        to_read: what the files of few students use, by student.
    """
    yield from _at_fault(kept, assignment, course)
    for kind, title in TITLES.items():
        if kind is Kind.AT_FAULT:
            continue
        mine = {one.student: [need.text for need in one.needs if need.kind is kind] for one in kept if one.needs}
        found = {student: texts for student, texts in sorted(mine.items()) if texts}
        if found:
            yield _line(f"\n{title} ({_count(len(found), 'student')})", style="bold")
        for student, texts in islice(found.items(), MAX_STUDENTS):
            yield from (_line(f"  {student}: {text}") for text in texts)
            yield _line(f"      {show_command(assignment, student, course)}", style="dim")
        if len(found) > MAX_STUDENTS:
            yield _line(f"  and {len(found) - MAX_STUDENTS} more: the same command with --json lists all", style="dim")
    yield from _to_mark([one for one in waiting if one.written], "Written answers to be marked", course, rubric or {})
    yield from _to_mark([one for one in waiting if not one.written], "Tasks that wait for a mark by hand", course)
    yield from _to_read({one.student: to_read[one.student] for one in kept if one.student in to_read})


def _to_read(found: Mapping[str, Sequence[Use]]) -> Iterator[Text]:
    if found:
        yield Text(f"\n{TO_READ} ({_count(len(found), 'student')})", style="bold")
    for student in sorted(found)[:MAX_STUDENTS]:
        yield Text(f"  {student}: {in_words(found[student])}")
    if len(found) > MAX_STUDENTS:
        yield Text(f"  and {len(found) - MAX_STUDENTS} more: the same command with --json lists all", style="dim")


def _at_fault(kept: Sequence[Kept], assignment: str, course: Path) -> Iterator[Text]:
    """Each fault of a check once, with its traceback and the students that it met."""
    met: dict[tuple[str, str], dict[str, Fault]] = {}
    for one in kept:
        for fault in one.faults:
            met.setdefault((fault.check, fault.what), {})[one.student] = fault
    students = {student for mine in met.values() for student in mine}
    if met:
        yield _line(f"\n{TITLES[Kind.AT_FAULT]} ({_count(len(students), 'student')})", style="bold")
    for (check, what), mine in sorted(met.items()):
        first, fault = next(iter(mine.items()))
        yield _line(f"  {check}: {what}: {len(mine)}: {_names(tuple(mine))}")
        yield from (_line(f"      {line}") for line in fault.traceback.split("\n"))
        yield _line(f"      {show_command(assignment, first, course)}", style="dim")


def times_in_words(found: Unstated, assignment: str, course: Path) -> Iterator[Text]:
    """Line by line: whose lateness rests on too little, what that costs them, and the commands that mend it."""
    state = f"collect again with --times TABLE.csv, or set one: {_command('times', assignment, course=course)}"
    for students, title in (
        (found.unknown, f"lateness cannot cost them anything; {state}"),
        (found.late, f"called late by their system, so that it costs one day begun; {state}"),
        (
            found.earlier,
            f"noted by an earlier version, perhaps from the date of a download: it costs nothing any more; {state}",
        ),
    ):
        if students:
            known = "Time of hand-in without a source" if students is found.earlier else "Time of hand-in unknown"
            yield _line(f"\n{known} ({len(students)}): {title}", style="bold")
            yield _line(f"  {_names(students)}")


def show_command(assignment: str, student: str, course: Path) -> str:
    """The command that replays one submission."""
    return _command("show", assignment, student, course=course)


def _command(*words: str, course: Path) -> str:
    return shlex.join(["python", "-m", "grader", *words, "--course", str(course)])


def _to_mark(parts: Sequence[Waiting], title: str, course: Path, rubric: Mapping[str, str] = NOTHING) -> Iterator[Text]:
    count = sum(len(one.students) for one in parts)
    if not count:
        return
    where = f"in formgrader: {_command('lab', course=course)}"
    yield _line(f"\n{title} ({count}), {where}", style="bold")
    for one in parts:
        yield _line(f"  {one.cell}: {len(one.students)}: {_names(one.students)}")
        if one.marked_before:
            yield _line(f"      marked before, and changed since: {_names(one.marked_before)}")
        for line in rubric.get(one.question, "").splitlines():
            yield _line(f"      | {line}")


def _line(text: str, style: str = "") -> Text:
    """A line of the list.  Names of folders, too, may be a student's choice."""
    return Text(fit(text), style=style)


def _names(students: Sequence[str]) -> str:
    more = len(students) - MAX_NAMES
    return ", ".join(students[:MAX_NAMES]) + (f" and {more} more" if more > 0 else "")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' if number != 1 else ''}"
