"""Same in, same out: a cohort graded again and again, with the verdicts of each time compared."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import asdict, replace

from grader.authoring.cohort import cohort
from grader.batch.local_pool import local_pool
from grader.grading.checked.plan import CheckedPlan
from grader.grading.run import grade
from grader.model.results import Graded
from grader.model.submission import Submission

SEED = 2030  # of the private data; the same each time


def repeated(
    assignment: str,
    size: int,
    times: int,
    every: int = 1,
    source: str = "generated",
    make_pool: Callable[[], Executor] = local_pool,
) -> Iterator[tuple[int, str, list[str]]]:
    """Grade a simulated cohort `times` times, in the order in which submissions come off the pool, booking nothing.

    Args:
        every: take every so many of the cohort's students only; a cohort begins with its right answers.

    Yields:
        (which time from 1, student, what differs from the first time in words; empty the first time).
    """
    plan = CheckedPlan(assignment, SEED, source)
    submissions = [
        Submission(one.student, assignment, {name: text.encode() for name, text in one.modules.items()}, one.notebook)
        for one in cohort(assignment, size)[::every]
    ]
    first: dict[str, Graded] = {}
    with make_pool() as pool:
        for time in range(1, times + 1):
            # Backwards every other time: a process meets the submissions in another order then.
            order = submissions if time % 2 else submissions[::-1]
            for submission, graded in zip(order, pool.map(grade, order, [plan] * len(order)), strict=True):
                before = first.setdefault(submission.student, graded)
                yield time, submission.student, differences(before, graded)


def differences(before: Graded, after: Graded) -> list[str]:
    """What is told otherwise the second time, processor time apart."""
    if before.digest == after.digest:
        return []
    found = []
    for one, other in zip(before.verdicts, after.verdicts, strict=True):
        if replace(one, seconds=0.0) != replace(other, seconds=0.0):
            changed = {
                name: (value, asdict(other)[name])
                for name, value in asdict(one).items()
                if name != "seconds" and value != asdict(other)[name]
            }
            found.append(f"{one.check}: {json.dumps(changed)}")
    if before.problems != after.problems:
        first, second = ("; ".join(map(str, graded.problems)) or "none" for graded in (before, after))
        found.append(f"problems: {first}, and {second}")
    return found
