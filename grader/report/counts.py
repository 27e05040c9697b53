"""How often each check ended in which way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from exercises.checking.verdict import Status, Verdict
from grader.grading.checked.groups import graded_checks


@dataclass(frozen=True)
class CheckFacts:
    """How often a check ended in which way, in the order of the tasks."""

    id: str
    task: str
    idea: str
    points: float
    extra: bool
    passed: int = 0
    partly: int = 0
    failed: int = 0
    not_run: int = 0
    undecided: int = 0  # the grader itself failed: a person decides
    proposed: int = 0  # of those that passed, all or in part: their points wait for a person

    @property
    def decided(self) -> int:
        """Submissions that the check says something about; one that needs an earlier check says no as well."""
        return self.passed + self.partly + self.failed + self.not_run

    @property
    def rate(self) -> float | None:
        """Share that passed; None where nobody's answer was checked."""
        return self.passed / self.decided if self.decided else None


def count_checks(assignment: str, verdicts: Iterable[Verdict]) -> tuple[CheckFacts, ...]:
    """The checks of today, then those that only older verdicts know."""
    known = {check.id: (check.task, check.idea, check.points, check.extra) for check in graded_checks(assignment)}
    counts: dict[str, dict[Status, int]] = {}
    proposed: Counter[str] = Counter()
    for verdict in verdicts:
        known.setdefault(verdict.check, (verdict.task, verdict.idea, verdict.max_points, verdict.extra))
        one = counts.setdefault(verdict.check, dict.fromkeys(Status, 0))
        one[verdict.status] += 1
        proposed[verdict.check] += bool(verdict.proposed and verdict.points)
    none = dict.fromkeys(Status, 0)
    return tuple(
        CheckFacts(
            check,
            *about,
            passed=counts.get(check, none)[Status.PASSED],
            partly=counts.get(check, none)[Status.PARTLY],
            failed=counts.get(check, none)[Status.FAILED],
            not_run=counts.get(check, none)[Status.NOT_RUN],
            undecided=counts.get(check, none)[Status.ERROR],
            proposed=proposed[check],
        )
        for check, about in known.items()
    )
