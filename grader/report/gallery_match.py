"""Which mistake of the gallery a student made, where the checks that did not pass leave no other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from exercises.checking.verdict import Status, Verdict
from grader.authoring.galleries import WrongAnswer

NOT_PASSED = (Status.PARTLY, Status.FAILED, Status.NOT_RUN)


def explain(verdicts: Iterable[Verdict], gallery: Sequence[WrongAnswer]) -> dict[str, WrongAnswer]:
    """For each task with checks that did not pass, the one mistake that fits them; no entry where several fit or none.

    Two mistakes of one student are told apart where they show in different tasks.  Extra credit is nobody's mistake.
    """
    counting = [verdict for verdict in verdicts if not verdict.extra]
    if any(verdict.status is Status.ERROR for verdict in counting):
        return {}  # what the grader could not judge may have failed or not
    tasks = list(dict.fromkeys(verdict.task for verdict in counting))
    bad = {task: {v.check for v in counting if v.task == task and v.status in NOT_PASSED} for task in tasks}
    checks = {verdict.check: verdict.task for verdict in counting}
    fitting: dict[str, list[WrongAnswer]] = {task: [] for task in tasks if bad[task]}
    reach: dict[str, set[str]] = {}
    for mistake in gallery:
        caught = {check for check in checks if mistake.catches(check)}
        allowed = caught | set(mistake.partly)
        reach[mistake.name] = caught
        certain = {checks[check] for check in caught}
        if not all(caught & _of(task, checks) <= bad[task] <= allowed for task in certain):
            continue
        for task in fitting:
            if task in certain or bad[task] <= set(mistake.partly):
                fitting[task].append(mistake)
    return _single(fitting, reach)


def _of(task: str, checks: dict[str, str]) -> set[str]:
    return {check for check, its_task in checks.items() if its_task == task}


def _single(fitting: dict[str, list[WrongAnswer]], reach: dict[str, set[str]]) -> dict[str, WrongAnswer]:
    """One mistake a task: the only one, or one that explains strictly more than every other that fits.

    A mistake that is certain in one task explains the others in which it fits.
    """
    found = {}
    for task, candidates in fitting.items():
        widest = [
            one
            for one in candidates
            if all(one is other or reach[other.name] < reach[one.name] for other in candidates)
        ]
        if widest:
            found[task] = widest[0]
    certain = list(found.values())
    for task, candidates in fitting.items():
        if task not in found:
            spreading = {one.name: one for one in candidates if one in certain}
            if len(spreading) == 1:
                found[task] = next(iter(spreading.values()))
    return found
