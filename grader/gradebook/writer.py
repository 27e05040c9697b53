"""The one writer: verdicts into nbgrader's gradebook, by nbgrader's own converter, in this process."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass

from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import SQLAlchemyError

from grader.course.folder import Course
from grader.course.handed_in import DamagedNoteError
from grader.course.lateness import read_lateness
from grader.course.lock import BusyError, booking_lock
from grader.course.lookup import Work
from grader.model.faults import Patience, in_words, is_lock
from grader.model.private import owner_only
from grader.model.results import Graded
from grader.nbgrader_base.database import gradebook_file
from grader.nbgrader_base.runs import ErrorLog

from .config import load_config
from .converter import CourseAutograde
from .duedates import bring_up_to_date
from .place import Place
from .point_changes import Change
from .up_to_date import stands


@dataclass(frozen=True)
class Outcome:
    """What became of one submission.

    Attributes:
        error:    empty where the rows were written.
        change:   the checks that give other points than when it was booked before; None where none does.
        replaced: whether nothing was written, since other files have been handed in than the verdicts are on.
    """

    student: str
    assignment: str
    error: str = ""
    change: Change | None = None
    replaced: bool = False

    @property
    def written(self) -> bool:
        return not self.error and not self.replaced


class GradebookWriter:
    """Writes verdicts of one course.  One at a time: nbgrader's converter changes the working directory."""

    def __init__(self, course: Course) -> None:
        """Open a course's gradebook.

        Raises:
            WrongSettingError: course.toml is wrong; better now than after everybody's code has run.
        """
        read_lateness(course)
        self._course, self._config, self._patience = course, load_config(course), Patience()
        self._db_url = CourseDirectory(config=self._config, log=ErrorLog("grader.gradebook")).db_url
        self._file = gradebook_file(self._db_url)
        self._up_to_date: set[str] = set()  # assignments whose deadline was looked at
        # nbgrader logs there what it raises again at once: without a handler, Python prints it on the terminal.
        if not (log := logging.getLogger("tornado.application")).hasHandlers():
            log.addHandler(logging.NullHandler())

    def stands(self, graded: Graded) -> bool:
        """Whether the gradebook holds exactly this already; False also where that cannot be told."""
        place = Place(self._course, graded.assignment, graded.student, graded.assignment, self._db_url)
        try:
            return not self._locked() and self._has_deadline(graded.assignment) and stands(place, graded)
        except DamagedNoteError:  # `write` meets it again, and says so
            return False

    def write(self, work: Work, *, again: bool = True) -> Outcome:
        """Replace the rows and the autograded notebook of one submission.

        A failure is in the outcome and is not raised, so that a batch goes on; the rows then say "not graded".
        Verdicts on files that have been replaced meanwhile are not booked: another run may have booked the newer ones.

        Args:
            again: write them also where exactly this is booked already, perhaps by somebody else just now.
        """
        graded = work.graded
        try:
            with booking_lock(self._course.root), owner_only(self._course.root):
                if not again and self.stands(graded):
                    return Outcome(graded.student, graded.assignment)
                if work.is_replaced(self._course):
                    return Outcome(graded.student, graded.assignment, replaced=True)
                return self._write(work)
        except (BusyError, OSError) as error:
            return Outcome(graded.student, graded.assignment, in_words(error, self._course.root))

    def _write(self, work: Work) -> Outcome:
        graded = work.graded
        log = ErrorLog("grader.gradebook")
        converter: CourseAutograde | None = None
        try:
            if locked := self._locked():
                return Outcome(graded.student, graded.assignment, locked)
            self._has_deadline(graded.assignment)
            coursedir = CourseDirectory(config=self._config, log=log)
            coursedir.assignment_id, coursedir.student_id = graded.assignment, graded.student
            converter = CourseAutograde(coursedir=coursedir, config=self._config, log=log)
            converter.given, converter.force = work, True
            converter.start()
        except Exception as error:
            text = (converter and converter.failure) or str(log) or f"{type(error).__name__}: {error}"
            return Outcome(graded.student, graded.assignment, text)
        return Outcome(graded.student, graded.assignment, change=converter.change)

    def _has_deadline(self, assignment: str) -> bool:
        """Bring the gradebook's deadline up to date, once; True, also where a damaged gradebook does not let us."""
        if assignment not in self._up_to_date:
            self._up_to_date.add(assignment)
            with suppress(SQLAlchemyError):  # booking meets it too, and says so
                bring_up_to_date(self._course, assignment, self._db_url)
        return True

    def _locked(self) -> str:
        """What another program keeps us from, empty where the gradebook is free.

        nbgrader would find out by itself, three times and five seconds each, for every submission.
        """
        if self._file is None or not self._file.is_file():
            return ""
        try:
            with closing(sqlite3.connect(self._file, timeout=self._patience.seconds)) as database:
                database.execute("BEGIN EXCLUSIVE")  # readers are in the way of writing too
                database.rollback()
        except sqlite3.Error as error:
            if not is_lock(error):
                return ""
            self._patience.locked()
            return in_words(error, self._file)
        self._patience.free()
        return ""
