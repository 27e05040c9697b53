"""A report as HTML: one page, and slides; each one file without scripts and without anything fetched from elsewhere."""

from __future__ import annotations

from pathlib import Path
from statistics import fmean

from grader.feedback.html import environment

from . import contents
from .contents import Report
from .plots import moment


def page(report: Report) -> str:
    """The lecturer's page.  Every text is escaped."""
    return _render("page.html.j2", report)


def slides(report: Report) -> str:
    """The same as the opening of the next lecture: full-screen sections, printed one a page."""
    return _render("slides.html.j2", report)


def _render(template: str, report: Report) -> str:
    made = environment(Path(__file__).parent, moment=moment, mean=mean, percent=percent)
    return made.get_template(template).render(
        report=report,
        facts=report.facts,
        words=contents,
        in_short=list(contents.in_short(report)),
        remarks=list(contents.remarks(report)),
        parts=_parts(report),
    )


def _parts(report: Report) -> list[tuple[str, float, list[float], int]]:
    """Rows of the table of points: title, maximum, points that are known, how many are not."""
    grades, assignment = report.facts.grades, report.facts.assignment
    rows = [_part(task.title, task.points, [one.tasks[task.name] for one in grades]) for task in assignment.tasks]
    for question in assignment.questions:
        rows.append(_part(question.title, question.points, [one.questions[question.name] for one in grades]))
    return rows


def _part(title: str, maximum: float, values: list[float | None]) -> tuple[str, float, list[float], int]:
    known = [value for value in values if value is not None]
    return title, maximum, known, len(values) - len(known)


def mean(values: list[float]) -> str:
    """The average with two decimals, or that there is none."""
    return f"{fmean(values):.2f}" if values else "none known"


def percent(share: float | None) -> str:
    """A share as "87%"; rounded down, so that only all of them are 100%."""
    return "nobody ran it" if share is None else f"{int(100 * share + 1e-9)}%"
