"""A small course made by hand: who handed in what and when, verdicts in the ledger, points in the gradebook."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from nbgrader.api import Gradebook

from exercises.assignment import load_assignment
from exercises.checking.verdict import Cause, Status, Verdict
from grader.course.folder import Course
from grader.course.handed_in import note_collected
from grader.course.ledger import Ledger
from grader.grading.checked.groups import groups_of
from grader.grading.checked.plan import CheckedPlan
from grader.model.results import Part
from grader.report.facts import Facts, gather

DIGITS = load_assignment("digits")
NAMES = {"quinn-01": ("Quilla", "Quarrendon"), "quinn-02": ("Zebedee", "Quarrendon")}
THRESHOLD = "at least 85.0% right (points grow from 20% on)"


def passed(check: Any) -> Verdict:
    facts = reached(0.9) if check.task == "accuracy" and not check.public else {}
    return Verdict(check.id, check.task, check.idea, Status.PASSED, check.points, check.points, check.extra, **facts)


def reached(share: float) -> dict[str, Any]:
    """What a verdict says of an accuracy."""
    numbers = {"measured": {"digits": share}, "due": {"digits": 0.85}}
    return {"expected": THRESHOLD, "got": f"{share:.1%} right", **numbers}


def verdicts(*changed: Verdict) -> tuple[Verdict, ...]:
    """Every check of the assignment passed, but for those given."""
    others = {verdict.check: verdict for verdict in changed}
    return tuple(others.get(check.id, passed(check)) for group in groups_of("digits") for check in group.checks)


def failed(check: str, got: str = "zeros", *, expected: str = "ones", hint: str = "", **changes: Any) -> Verdict:
    one = next(passed(one) for group in groups_of("digits") for one in group.checks if one.id == check)
    lost = {"status": Status.FAILED, "points": 0.0, "expected": expected, "got": got, "hint": hint}
    reason = {"cause": Cause.WRONG, "measured": {}, "due": {}}
    return replace(one, **{**lost, **reason, **changes})


def unwritten(check: str, part: str, got: str = "not there yet", line: int = 30, file: str = "pooling.py") -> Verdict:
    return failed(check, got, expected="", cause=Cause.NOT_WRITTEN, about=part, where=(file, line))


def missed(share: float) -> Verdict:
    return failed("accuracy.hidden_test", **{"hint": "Does the loss fall?", **reached(share)})


@dataclass
class Bench:
    course: Course

    def hand_in(self, student: str, text: str, hours_before_deadline: float | None = 1.0) -> None:
        """Files whose bytes are this student's own; None: nobody noted when."""
        folder = self.course.submitted("digits", student) / "exercises" / "digits"
        folder.mkdir(parents=True)
        (folder / "blocks.py").write_text(text)
        if hours_before_deadline is not None:
            when = DIGITS.deadline - timedelta(hours=hours_before_deadline)
            note_collected(self.course, "digits", student, when)
        with Gradebook(f"sqlite:///{self.course.gradebook}") as gradebook:
            first, last = NAMES.get(student, ("", ""))
            gradebook.update_or_create_student(student, first_name=first or None, last_name=last or None)
            gradebook.add_submission("digits", student)

    def grade(
        self, student: str, found: Iterable[Verdict], *, plan: CheckedPlan | None = None, seconds: float = 1.0
    ) -> None:
        """Put verdicts into the ledger, and the points of the tasks into the gradebook."""
        found = list(found)
        parts = [
            Part(t.name, tuple(v for v in found if v.task == t.name), cpu_s=seconds, wall_s=0.4) for t in DIGITS.tasks
        ]
        submission = self.course.submission("digits", student)
        self.course.prepare("digits")
        now = self.course.plan("digits")
        Ledger(self.course.ledger).put(submission, plan or now, parts)
        counting = [verdict for verdict in found if not verdict.extra]
        self.book(
            student, {f"task-{t.name}": sum(v.points for v in counting if v.task == t.name) for t in DIGITS.tasks}
        )

    def book(self, student: str, points: dict[str, float]) -> None:
        with Gradebook(f"sqlite:///{self.course.gradebook}") as gradebook:
            for cell, score in points.items():
                grade = gradebook.find_grade(cell, "digits", "digits", student)
                grade.auto_score, grade.needs_manual_grade = score, False
            gradebook.db.commit()

    def mark_questions(self, student: str) -> None:
        self.book(student, {f"question-{question.name}": 0.5 for question in DIGITS.questions})

    def facts(self) -> Facts:
        return gather(self.course, "digits")
