"""What a mistake of the gallery would have changed: which checks notice it, what one of them says, what it costs."""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from exercises.assignment import Assignment
from exercises.checking import Check, Status, Verdict
from exercises.checking.run import run_check
from grader.authoring.answers import laid_out
from grader.authoring.galleries import WrongAnswer
from grader.feedback.html import number
from grader.model.plain import plain

HUNDREDTHS = 9  # decimals to which sums of hundredths are rounded, far below one
TRIED = 3  # checks that are asked for their words, at most


@dataclass(frozen=True)
class Notice:
    """A check that notices a mistake; of a hidden one students learn its idea, as on their own pages."""

    idea: str
    public: bool


@dataclass(frozen=True)
class Effect:
    """What comes of a mistake.

    Attributes:
        costs:   in words: "1.5 points", with the tasks where there are several.
        notices: the checks that notice it for certain, in the order of the tasks.
        said:    what the first of the public ones says, as pairs such as ("got", "zeros"); of hidden ones nothing.
    """

    costs: str
    notices: tuple[Notice, ...]
    said: tuple[tuple[str, str], ...]


def effect(mistake: WrongAnswer, facts: Assignment, checks: Sequence[Check]) -> Effect:
    """Find out what comes of a mistake; it runs in this process, with a public check that notices it.

    Args:
        checks: all of the assignment, public and hidden.
    """
    caught = [check for check in checks if mistake.catches(check.id)]
    notices = dict.fromkeys(Notice(plain(check.idea), check.public) for check in caught)
    return Effect(costs(mistake, facts, checks), tuple(notices), _said(mistake, caught))


def costs(mistake: WrongAnswer, facts: Assignment, checks: Sequence[Check]) -> str:
    """The points that a mistake costs, in words: "1.75 points (1.5 in task 2, 0.25 in task 3)"."""
    parts = []
    low_all = high_all = 0.0
    for count, task in enumerate(facts.tasks, start=1):
        low, high = _lost(mistake, [check for check in checks if check.task == task.name and not check.extra])
        low_all, high_all = low_all + low, high_all + high
        if high:
            parts.append(f"{_band(low, high)} in task {count}")
    _, extra = _lost(mistake, [check for check in checks if check.extra])
    words = [_points(low_all, high_all)] if high_all else []
    words += [f"{number(extra)} of the extra credit"] if extra else []
    where = f" ({', '.join(parts)})" if len(parts) > 1 else f" {parts[0].partition(' ')[2]}" if _one(parts) else ""
    return (" and ".join(words) or "no points") + where


def _one(parts: Sequence[str]) -> bool:
    return len(parts) == 1 and " to " not in parts[0]


def _lost(mistake: WrongAnswer, checks: Sequence[Check]) -> tuple[float, float]:
    """The fewest and the most points that are lost on these checks."""
    low = high = 0.0
    for check in checks:
        if mistake.catches(check.id):
            low, high = low + check.points, high + check.points
        elif check.id in mistake.partly:
            least, most = mistake.partly[check.id]
            low, high = low + check.points - most, high + check.points - least
    return round(low, HUNDREDTHS), round(high, HUNDREDTHS)


def _band(low: float, high: float) -> str:
    return number(high) if low == high else f"{number(low)} to {number(high)}"


def _points(low: float, high: float) -> str:
    return f"{_band(low, high)} {'point' if low == high == 1 else 'points'}"


def _said(mistake: WrongAnswer, caught: Sequence[Check]) -> tuple[tuple[str, str], ...]:
    """The words of the first public check that notices it; none where only trainings do, or it would run for ever."""
    quick = [check for check in caught if check.public and not check.trains][:TRIED] if mistake.ends else []
    if not quick:
        return ()
    with laid_out(mistake.assignment, mistake.files()) as answer, _quiet():
        for check in quick:
            verdict = run_check(check, answer, None, reveal=True, earlier={})
            if verdict.status in (Status.FAILED, Status.PARTLY):
                return tuple(_details(verdict))
    return ()


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """What a mistake prints, and what a library warns of in it, are nobody's concern here."""
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _details(verdict: Verdict) -> Iterator[tuple[str, str]]:
    for label, text in (("expected", verdict.expected), ("got", verdict.got), ("hint", verdict.hint)):
        if text:
            yield label, plain(text)
