"""The proof that an assignment can be graded: its model solution, through the sandbox, passes every check.

What the checks send and get has to travel, and what the solution takes has to lie within the limits.  Neither shows
where solution and checks run in one process, and a student would pay for it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from exercises.assignment import GENERATED, load_assignment
from exercises.checking import Check, Status, Verdict
from exercises.checking.catalogue import checks_of
from grader.grading.plan import Group
from grader.model.submission import Submission

from .galleries import solution_files

if TYPE_CHECKING:
    from grader.model.results import Part

SEED = 7  # of the private data, where no course has one


@dataclass(frozen=True)
class Proof:
    """What came of grading the model solution.

    Attributes:
        verdicts: of all checks, public and hidden, but for those that train.
        told:     what a person would be told of a student who handed it in.
        unmade:   why there is no proof; empty where there is one.
    """

    assignment: str
    verdicts: tuple[Verdict, ...] = ()
    told: tuple[str, ...] = ()
    unmade: str = ""

    @property
    def failed(self) -> tuple[Verdict, ...]:
        """The verdicts on checks that do not pass, or fail themselves."""
        return tuple(one for one in self.verdicts if one.status is not Status.PASSED)

    @property
    def holds(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.unmade and not self.failed and not self.told

    def in_words(self) -> Iterator[str]:
        """Line by line: that it holds, or what is against it, with the traceback of a check that failed itself."""
        name = self.assignment
        if self.unmade:
            yield f"{name}: no proof that the model solution passes where it is graded: {self.unmade}"
        elif self.holds:
            yield f"{name}: the model solution passes its {len(self.verdicts)} checks in the sandbox"
        else:
            yield f"{name}: the model solution does not pass where it is graded"
        for one in self.failed:
            if one.fault:
                yield f"  the check {one.check} failed itself: {one.fault}"
                yield textwrap.indent(one.note, " " * 6)
            else:
                yield f"  {one.check}: {one.status}: expected {one.expected or 'another result'}; got {one.got}"
        yield from (f"  a person would be told: {text}" for text in self.told)


def prove(assignment: str, seed: int | None = None) -> Proof:
    """Grade the model solution as a submission, in the sandbox; checks that train are left out.  Takes seconds.

    Args:
        seed: the course's private one, where there is a course.

    Raises:
        OSError: a module of the solution is missing.
        ValueError, ImportError, SyntaxError, NameError: the checks cannot be read.
    """
    from grader.grading.checked.run import run_groups  # brings torch

    packages = (f"exercises.{assignment}.checks", f"grader.checks.{assignment}")
    checks = [check for check in checks_of(load_assignment(assignment), *packages) if not check.trains]
    modules = {name: text.encode() for name, text in solution_files(assignment).items()}
    submission = Submission("the model solution", assignment, modules, None)
    parts = run_groups(submission, _groups(checks), SEED if seed is None else seed, GENERATED)
    told = [str(problem) for part in parts if part.finished for problem in part.problems]
    return Proof(
        assignment,
        tuple(verdict for part in parts if part.finished for verdict in part.verdicts),
        tuple(dict.fromkeys(told)),
        _unmade(parts),
    )


def _groups(checks: list[Check]) -> list[Group]:
    return [Group(task, tuple(mine)) for task, mine in groupby(checks, lambda check: check.task)]


def _unmade(parts: tuple[Part, ...]) -> str:
    reasons = (str(problem) for part in parts if not part.finished for problem in part.problems)
    return next(reasons, "")
