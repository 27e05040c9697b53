"""What is done for a submission before and after it is graded: reading, looking up, recording, booking."""

from __future__ import annotations

import os
import sqlite3
from dataclasses import dataclass, replace

from grader.course.folder import Course
from grader.course.ledger import Ledger
from grader.course.lookup import Work, missing, whole
from grader.gradebook.point_changes import Change
from grader.gradebook.writer import GradebookWriter
from grader.model.faults import in_words
from grader.model.results import Graded, Part
from grader.model.submission import Submission


@dataclass(frozen=True)
class Done:
    """One submission's way through the batch.

    Attributes:
        graded:  the result, None where there is none.
        known:   whether the ledger had all of it, so that no student code ran.
        problem: what kept it from being graded or written, empty if all went well.
        change:  the checks that give other points than when it was booked before.
    """

    student: str
    graded: Graded | None
    known: bool = False
    problem: str = ""
    change: Change | None = None

    @property
    def needs_human(self) -> bool:
        return bool(self.problem) or self.graded is None or self.graded.needs_human


@dataclass(frozen=True)
class Opened:
    """One submission on its way; `names` are the groups that the ledger does not know."""

    submission: Submission
    known: dict[str, Part]
    names: tuple[str, ...]
    attempt: int


class Desk:
    """What is done for a submission before and after it is graded: reading, looking up, recording, booking."""

    def __init__(self, course: Course, assignment: str, again: bool, run_notebooks: bool = False) -> None:
        self._writer = GradebookWriter(course)  # first: it says in words what is wrong in course.toml
        course.prepare(assignment)
        self.plan = course.plan(assignment)
        self._course, self._again, self._run_notebooks = course, again, run_notebooks
        self._ledger = Ledger(course.ledger)
        self._useless = ""  # why nothing that is found out can be kept

    def open(self, student: str, attempt: int) -> Opened | Done:
        """Read a submission and look it up.  Where everything is known, it is booked at once."""
        while (found := self._open(student, attempt)) is None:
            pass  # other files have been handed in between reading and booking
        return found

    def _open(self, student: str, attempt: int) -> Opened | Done | None:
        if self._useless:
            return Done(student, None, problem=f"not graded, since its grade could not be kept: {self._useless}")
        name = os.fsencode(student).decode("utf-8", "backslashreplace")
        if name != student:  # no database takes it, and no terminal prints it
            return Done(name, None, problem="not graded: the name of its folder is not UTF-8; rename it")
        try:
            submission = self.plan.read(self._course.submitted(self.plan.assignment, student), student)
        except OSError as error:
            return Done(student, None, problem=f"cannot be read: {self._words(error)}")
        try:
            known = self._ledger.known(submission, self.plan)
        except sqlite3.Error as error:
            return Done(student, None, problem=f"not graded: {self._words(error)}")
        names = missing(self.plan, known, again=self._again, on_demand=self._run_notebooks)
        if names:
            return Opened(submission, known, names, attempt)
        result = whole(submission, self.plan, known)
        if self._writer.stands(result):
            return Done(student, result, known=True)
        return self._book(Work(submission, self.plan, result), known=True)

    def close(self, opened: Opened, parts: tuple[Part, ...]) -> Done | None:
        """Record what was found, then book it: whatever happens in between, nothing has to be graded twice.

        Returns:
            None where other files have been handed in meanwhile, so that the submission has to be opened again.
        """
        problem = ""
        try:
            self._ledger.put(opened.submission, self.plan, parts)
        except sqlite3.Error as error:
            problem = f"could not be recorded, and will be graded again: {self._words(error)}"
        found = opened.known | {part.group: part for part in parts}
        result = whole(opened.submission, self.plan, found)
        done = self._book(Work(opened.submission, self.plan, result), known=False)
        if done is None:
            return None
        if problem and done.problem:
            self._useless = problem
        return replace(done, problem="; ".join(filter(None, (problem, done.problem))))

    def _book(self, work: Work, *, known: bool) -> Done | None:
        outcome = self._writer.write(work, again=self._again)
        if outcome.replaced:
            return None
        problem = "" if outcome.written else f"not written to the gradebook: {outcome.error}"
        return Done(work.graded.student, work.graded, known, problem, outcome.change)

    def _words(self, error: Exception) -> str:
        if isinstance(error, FileNotFoundError) and not error.filename:  # ours, and it says all
            return str(error)
        return in_words(error, self._course.ledger) or str(error)
