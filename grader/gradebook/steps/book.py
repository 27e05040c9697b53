"""What nbgrader's own SaveAutoGrades cannot say: "not graded", extra credit, and "this mark still stands".

Beside nbgrader's rows lies one table of ours in the same database, so that both change in one transaction.  It holds,
for each grade, what the last autograding rested on and the extra credit that we booked.
"""

from __future__ import annotations

import hashlib
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Grade, Gradebook, MissingEntry
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade
from sqlalchemy import Column, Float, MetaData, String, Table, delete, insert, select
from sqlalchemy.orm import joinedload

from exercises.checking.verdict import Status
from grader.gradebook.place import Place, place_of
from grader.model.results import Graded
from grader.notebook.working import NOTES_KEY

from .fail_closed import is_checked
from .show_verdicts import task_points

BOOKINGS = Table(
    "course_booking",
    MetaData(),
    Column("grade_id", String(32), primary_key=True),  # Grade.id
    Column("basis", String(64), nullable=False),  # sha256 of what the last autograding rested on
    Column("extra_credit", Float),  # booked by us
)


class RememberFlags(NbGraderPreprocessor):
    """Just before SaveAutoGrades: note which grades wait for a person, since SaveAutoGrades sets that anew."""

    def preprocess(self, notebook: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        place = place_of(self, resources)
        with Gradebook(place.db_url) as gradebook:
            grades = gradebook.find_submission_notebook(place.notebook, place.assignment, place.student).grades
            resources["nbgrader"]["waiting"] = {grade.id for grade in grades if grade.needs_manual_grade}
        return notebook, resources


class BookVerdicts(NbGraderPreprocessor):
    """Just after SaveAutoGrades: book what could not be graded, and extra credit.

    - A task without points (or without any verdict: then SaveAutoGrades has read the sanitising step's error) gets no
      score and waits for a person.
    - A task with points that are only proposed gets its score, and waits for a person all the same.
    - Extra credit that was earned is booked; what a person entered is kept (see `extra_credit`).
    - A written answer waits for a person, instead of getting 0, where its cell is lost, and where it is as it was
      released but the student wrote something elsewhere.
    - A mark by hand stands, without being asked for again, as long as what it was given for is unchanged: the text of
      the answer with what belongs to it, or the submission and its points.
    """

    def preprocess(self, notebook: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        place = place_of(self, resources)
        graded = resources["nbgrader"].get("graded")
        waiting = resources["nbgrader"].get("waiting", set())
        notes = notebook.metadata.get(NOTES_KEY, {})
        with Gradebook(place.db_url) as gradebook:
            BOOKINGS.create(gradebook.engine, checkfirst=True)
            grades = _grades(gradebook, place)
            theirs = BOOKINGS.c.grade_id.in_([grade.id for grade in grades.values()])
            found = gradebook.db.execute(select(BOOKINGS).where(theirs)).mappings()
            rows = {row["grade_id"]: dict(row) for row in found}
            for cell in notebook.cells:
                if is_grade(cell):
                    grade = grades[cell.metadata.nbgrader.grade_id]
                    rows[grade.id] = self._book(grade, rows.get(grade.id), place, cell, graded, waiting, notes)
            gradebook.db.execute(delete(BOOKINGS).where(theirs))
            if rows:
                gradebook.db.execute(insert(BOOKINGS), list(rows.values()))
            gradebook.db.commit()
        return notebook, resources

    def _book(
        self,
        grade: Any,
        before: dict[str, Any] | None,
        place: Place,
        cell: NotebookNode,
        graded: Graded | None,
        waiting: set[str],
        notes: dict[str, Any],
    ) -> dict[str, Any]:
        """Book one grade.  Returns its row in our table, where `before` is what stands there."""
        grade_id = cell.metadata.nbgrader.grade_id
        booked = before["extra_credit"] if before else None
        if is_checked(cell):
            points = task_points(graded, place, cell)
            basis = _hash(graded.submission_hash if graded else "", str(points))
            booked = _book_task(grade, place.task(grade_id), points, graded, booked)
        else:
            lost, beside = grade_id in notes.get("lost", []), notes.get("beside", {})
            # Nothing beside the text: the same basis as before there was any.
            basis = _hash(cell.source, str(lost), *([beside[grade_id]] if grade_id in beside else []))
            if lost or grade_id in notes.get("open", []):
                grade.auto_score, grade.needs_manual_grade = None, True
        if before and before["basis"] == basis and grade.manual_score is not None and grade.id not in waiting:
            grade.needs_manual_grade = False
        return {"grade_id": grade.id, "basis": basis, "extra_credit": booked}


def _grades(gradebook: Gradebook, place: Place) -> dict[str, Any]:
    """The grades of one submitted notebook by the names of their cells, in one query."""
    notebook = gradebook.find_submission_notebook(place.notebook, place.assignment, place.student)
    query = gradebook.db.query(Grade).options(joinedload(Grade.cell)).filter(Grade.notebook_id == notebook.id)
    return {grade.name: grade for grade in query}


def _book_task(
    grade: Any, task: str, points: float | None, graded: Graded | None, booked: float | None
) -> float | None:
    """Book one task's row, and return the extra credit that is ours in it from now on.

    Where nbgrader has read other points from the cell than the verdicts give, a person decides.
    """
    if graded is None or points is None or grade.auto_score != points:
        grade.auto_score, grade.needs_manual_grade = None, True
        return booked  # unknown is not 0: what was earned before stays until it is known again
    if any(verdict.extra and verdict.status is Status.ERROR for verdict in graded.of_task(task)):
        grade.needs_manual_grade = True
        return booked
    if any(verdict.task == task for verdict in graded.proposed):
        grade.needs_manual_grade = True
    grade.extra_credit, booked = extra_credit(grade.extra_credit, booked, graded.extra_points(task))
    return booked


def extra_credit(current: float | None, booked: float | None, earned: float) -> tuple[float | None, float | None]:
    """The extra credit of a grade after a regrade, and how much of it is ours.

    Ours replaces ours.  What a person added to it stays on top.  Where a person has lowered or removed it, their
    number stands, whatever is earned later.

    Args:
        current: what the gradebook holds now.
        booked:  what we booked the last time.
        earned:  what the checks award now.
    """
    own = round((current or 0.0) - (booked or 0.0), 9)
    if own < 0:
        return current, booked
    return (earned + own) or None, earned


def void(place: Place) -> None:
    """Before a submission is booked: whatever happens from here on, no score of an earlier one stands for this one.

    What nobody has marked by hand waits for a person.  Whether a mark by hand waits is decided when all is booked.
    """
    _clear(place, flag_marked=False)


def withdraw(place: Place) -> None:
    """After a failure: no score of an earlier submission may stand for this one.

    Tasks lose their score and wait for a person; a written answer that nobody has marked waits too.
    """
    _clear(place, flag_marked=True)


def _clear(place: Place, *, flag_marked: bool) -> None:
    with Gradebook(place.db_url) as gradebook:
        try:
            submission = gradebook.find_submission(place.assignment, place.student)
        except MissingEntry:
            return
        for notebook in submission.notebooks:
            for grade in notebook.grades:
                marked = grade.manual_score is not None
                if grade.cell_type == "code" or not marked:
                    grade.auto_score = None
                    grade.needs_manual_grade = grade.needs_manual_grade or flag_marked or not marked
        gradebook.db.commit()


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()
