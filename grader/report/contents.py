"""Puts together what page, slides and files show: facts, mistakes, accuracies, pictures, and the sentences on them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from grader.authoring.galleries import WrongAnswer
from grader.feedback.html import number

from .accuracy import Accuracies, accuracies
from .counts import CheckFacts
from .facts import Facts
from .mistakes import Mistake, mistakes
from .pictures import histogram_of_points, name_of, named, of_accuracy, of_checks, of_times, over_time
from .plots import Plot, moment
from .totals import Times, Totals, times, totals

SHOWN = 10  # mistakes on the page; report.json has all of them
EXAMPLES = 3  # mistakes with an example, and slides about mistakes
FEW = 5  # from fewer submissions a reader may guess whose they are


@dataclass(frozen=True)
class Report:
    """Everything that is written out; `plots` by name, in the order of the page."""

    facts: Facts
    mistakes: tuple[Mistake, ...]
    accuracies: tuple[Accuracies, ...]
    totals: Totals
    times: Times
    plots: dict[str, Plot]

    @property
    def commonest(self) -> tuple[Mistake, ...]:
        return self.mistakes[:EXAMPLES]

    def plot_of(self, one: Accuracies) -> Plot:
        return self.plots[name_of(one)]

    def of_task(self, task: str) -> tuple[CheckFacts, ...]:
        return tuple(check for check in self.facts.checks if check.task == task)

    @property
    def best_checks(self) -> list[CheckFacts]:
        """Those that most submissions passed, the commonest first."""
        rated = [check for check in self.facts.checks if check.rate and not check.extra]
        return sorted(rated, key=lambda check: -(check.rate or 0))[:5]

    @property
    def worst_checks(self) -> list[CheckFacts]:
        """Those that fewest submissions passed; none that everybody passed."""
        rated = [check for check in self.facts.checks if check.rate is not None and check.rate < 1 and not check.extra]
        return sorted(rated, key=lambda check: check.rate or 0)[:5]


def put_together(facts: Facts, gallery: Sequence[WrongAnswer]) -> Report:
    """A report from the facts, with the mistakes of the assignment's gallery."""
    found, points, spent = accuracies(facts), totals(facts), times(facts)
    ordered = mistakes(facts, gallery)
    examples = {check: one.example.accuracy for one in reversed(ordered) for check in one.checks}
    tasks = [(task, [check for check in facts.checks if check.task == task.name]) for task in facts.assignment.tasks]
    plots = [
        over_time(facts),
        histogram_of_points(points),
        *(of_checks(task.name, task.title, checks) for task, checks in tasks),
        *(of_accuracy(one, examples.get(one.check)) for one in found),
        of_times(spent),
    ]
    return Report(facts, ordered, found, points, spent, {plot.name: plot for plot in named(plots)})


def counted(count: int, noun: str) -> str:
    """ "1 submission", "2 submissions"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def in_short(report: Report) -> Iterator[str]:
    """The page in a few sentences."""
    facts = report.facts
    if not facts.results:
        yield "Nobody has submitted anything yet."
        return
    yield f"{counted(len(facts.results), 'submission')}; {late_words(facts)}."
    if not facts.graded:
        yield "None of them is graded yet, so nothing is said about points, checks and mistakes."
    if report.totals.values:
        yield points_words(report.totals)
    if report.mistakes:
        yield f"The commonest mistake: {report.mistakes[0].sentence}."
    elif facts.graded:
        yield "No check failed."
    for one in report.accuracies:
        yield accuracy_words(one)


def late_words(facts: Facts) -> str:
    """How many came after the deadline, and of how many the time is not known."""
    timed = len(facts.results) - facts.times_unknown
    words = [f"the deadline is {moment(facts.deadline)}"]
    if timed:
        words.append(f"{facts.late or 'none'} came after it")
    if facts.times_unknown:
        words.append(f"of {facts.times_unknown} nobody noted when they came")
    return ", ".join(words)


def points_words(found: Totals) -> str:
    """The average, of what, and of how many."""
    what = "points" if found.complete else "points for the tasks, without the written questions"
    return (
        f"On average {found.mean:.1f} of {number(found.maximum)} {what}, half of "
        f"{counted(len(found.values), 'student')} have {number(found.middle)} or more; extra credit is included."
    )


def accuracy_words(one: Accuracies) -> str:
    have = "has" if one.untrained == 1 else "have"
    untrained = f"; {one.untrained} more {have} no result, since nothing could be trained" if one.untrained else ""
    return (
        f"{one.reached} of {counted(len(one.values), 'trained network')} reached {one.threshold:.1%} "
        f"{one.label}, the threshold; half of them {one.middle:.1%} or more{untrained}."
    )


def spread_words(one: Accuracies) -> str:
    """What the threshold rests on."""
    if one.spread is None:
        return "How far the model solution's results spread is not measured yet (make calibrate)."
    return (
        f"The model solution reached {one.spread.mean:.1%} on average over {one.spread.trials} trainings, with a "
        f"standard deviation of {one.spread.deviation:.1%}, and {one.spread.lowest:.1%} at the least "
        f"(measured {one.spread.date})."
    )


def time_words(found: Times) -> str:
    if not found.cpu_s:
        return "No submission is graded yet, so no time is known."
    return (
        f"Grading one submission took {median(found.cpu_s):.1f} s of processor time in the sandbox (median), at most "
        f"{found.cpu_s[-1]:.1f} s, and {median(found.wall_s):.1f} s on the clock; "
        f"all {counted(len(found.cpu_s), 'submission')} together {sum(found.cpu_s) / 60:.1f} minutes of processor time."
    )


def remarks(report: Report) -> Iterator[str]:
    """What a reader has to know before trusting the figures."""
    facts, found = report.facts, report.totals
    waiting = len(facts.results) - len(facts.graded)
    if facts.graded and waiting:
        yield f"{counted(waiting, 'submission')} not graded yet, or changed since: nothing below speaks of these."
    if facts.unread:
        yield f"{counted(facts.unread, 'submission')} could not be read on this machine."
    if older := sum(result.older for result in facts.graded):
        yield (
            f"{older} of {len(facts.graded)} graded submissions have verdicts from before the checks, or what they "
            "rest on, were last changed: the next autograde judges them anew."
        )
    if undecided := sum(check.undecided for check in facts.checks):
        yield f"{counted(undecided, 'verdict')} of the grader's own failures wait for a person; they count neither way."
    if proposed := sum(check.proposed for check in facts.checks):
        yield (
            f"{counted(proposed, 'verdict')} with points that are only proposed: here each counts as it was judged, "
            "and in the grades once a person has entered the points."
        )
    if found.questions_open:
        yield f"{counted(found.questions_open, 'student')} with a written question that is not marked yet."
    if found.missing:
        yield f"{counted(found.missing, 'student')} without points that are known: left out, never counted as 0."
    if penalised := sum(grades.late_penalty > 0 for grades in facts.grades):
        yield f"{counted(penalised, 'student')} with points taken off for lateness."
    if 0 < len(facts.results) < FEW:
        yield (
            f"Only {counted(len(facts.results), 'submission')}: so few that figures and examples may tell whose they "
            "are. Do not show this to the course."
        )
