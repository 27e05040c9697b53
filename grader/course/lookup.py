"""From a course folder to a result: look it up, or grade now what is not known."""

from __future__ import annotations

from dataclasses import dataclass

from grader.grading.plan import GradingPlan
from grader.grading.run import grade_groups
from grader.model.results import Graded, Part
from grader.model.submission import Submission

from .folder import Course
from .ledger import Ledger


@dataclass(frozen=True)
class Work:
    """A submission as it was read once, and the verdicts on these very bytes: what a booking works on.

    Raises:
        ValueError: the verdicts are on another submission, or on other bytes.
    """

    submission: Submission
    plan: GradingPlan
    graded: Graded

    def __post_init__(self) -> None:
        theirs = (self.graded.student, self.graded.assignment, self.graded.submission_hash)
        if theirs != (self.submission.student, self.submission.assignment, self.submission.hash):
            raise ValueError(
                f"verdicts on {self.graded.assignment} of {self.graded.student} were handed in for other files of "
                f"{self.submission.assignment} of {self.submission.student}"
            )

    def is_replaced(self, course: Course) -> bool:
        """Whether other files lie in the course by now; False also where they cannot be read, which booking says."""
        student = self.submission.student
        try:
            return self.plan.read(course.submitted(self.plan.assignment, student), student).hash != self.submission.hash
        except OSError:
            return False


def missing(
    plan: GradingPlan, known: dict[str, Part], *, again: bool = False, on_demand: bool = False
) -> tuple[str, ...]:
    """The groups that have to be graded.

    Args:
        again:     also what is known, but for what ran only because it was asked for then.
        on_demand: what runs only where it is asked for is asked for.
    """
    wanted = [group.name for group in plan.groups if again or group.name not in known]
    if on_demand:
        wanted += [group.name for group in plan.on_demand if again or group.name not in known]
    return tuple(wanted)


def whole(submission: Submission, plan: GradingPlan, parts: dict[str, Part]) -> Graded:
    """The result of a submission from the parts of all its groups, and what there is of those that ran on demand."""
    extra = [parts[group.name] for group in plan.on_demand if group.name in parts]
    return Graded.of(submission, [*(parts[group.name] for group in plan.groups), *extra])


def work_on(course: Course, assignment: str, student: str, *, again: bool = False) -> Work:
    """One student's submission with its result; what was graded before for these very bytes comes from the ledger.

    Plain and blocking: it may be called inside a Jupyter server.

    Args:
        again: grade it even if it is known.

    Raises:
        FileNotFoundError: the student submitted nothing.
        NotPreparedError: the course lacks its secret, or data that it is judged on.
    """
    plan, ledger = course.plan(assignment), Ledger(course.ledger)
    submission = plan.read(course.submitted(assignment, student), student)
    known = ledger.known(submission, plan)
    if names := missing(plan, known, again=again):
        plan.require_data()
        parts = grade_groups(submission, plan, names)
        ledger.put(submission, plan, parts)
        known |= {part.group: part for part in parts}
    return Work(submission, plan, whole(submission, plan, known))


def graded(course: Course, assignment: str, student: str, *, again: bool = False) -> Graded:
    """The result alone: `work_on`."""
    return work_on(course, assignment, student, again=again).graded
