"""The files of a report: page, slides, pictures, and the figures as CSV and JSON; none names a student."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from statistics import fmean, median
from typing import Any

from . import contents
from .contents import Report
from .page import page, slides

COUNTS = ["passed", "partly", "failed", "not_run", "not_judged"]
CHECK_COLUMNS = ["check", "task", "idea", "points", "extra", *COUNTS, "pass_rate"]


def write(report: Report, out: Path, with_slides: bool) -> list[Path]:
    """Write everything into a folder, over what an earlier report left there; returns the pages."""
    plots = out / "plots"
    plots.mkdir(parents=True, exist_ok=True)
    for plot in report.plots.values():
        (plots / f"{plot.name}.png").write_bytes(plot.png)
        (plots / f"{plot.name}.svg").write_bytes(plot.svg)
    _csv(out / "report.csv", CHECK_COLUMNS, _checks(report))
    tasks = [task.name for task in report.facts.assignment.tasks]
    questions = [question.name for question in report.facts.assignment.questions]
    points = [*tasks, "extra", *questions, "before_penalty", "late_penalty", "total"]
    _csv(out / "students.csv", points, _students(report))
    (out / "report.json").write_text(json.dumps(as_json(report), indent=1) + "\n", encoding="utf-8")
    pages = {"report.html": page(report)} | ({"slides.html": slides(report)} if with_slides else {})
    for name, text in pages.items():
        (out / name).write_text(text, encoding="utf-8")
    return [out / name for name in pages]


def _checks(report: Report) -> Iterable[list[Any]]:
    for one in report.facts.checks:
        rate = "" if one.rate is None else f"{one.rate:.4f}"
        counts = [one.passed, one.partly, one.failed, one.not_run, one.undecided]
        yield [one.id, one.task, one.idea, f"{one.points:g}", "yes" if one.extra else "no", *counts, rate]


def _students(report: Report) -> Iterable[list[str]]:
    """Points as in the exported grades, from the most to the fewest, so that no row's place tells who it is."""
    for one in report.facts.grades:
        parts = [*one.tasks.values(), one.extra, *one.questions.values()]
        values = [*parts, one.before_penalty, one.late_penalty, one.total]
        yield ["" if value is None else f"{value:g}" for value in values]


def _csv(path: Path, head: list[str], rows: Iterable[list[Any]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows(rows)


def as_json(report: Report) -> dict[str, Any]:
    """Every figure of the page; null is "not known"."""
    facts, found, spent = report.facts, report.totals, report.times
    days = Counter(
        result.handed_in.astimezone(facts.deadline.tzinfo).date().isoformat()
        for result in facts.results
        if result.handed_in
    )
    return {
        "assignment": facts.assignment.name,
        "made": facts.made.isoformat(timespec="seconds"),
        "deadline": facts.deadline.isoformat(),
        "students": facts.students,
        "submissions": {
            "all": len(facts.results),
            "graded": len(facts.graded),
            "late": facts.late,
            "time_unknown": facts.times_unknown,
            "by_day": dict(sorted(days.items())),
        },
        "points": {
            "of": "total" if found.complete else "tasks",
            "maximum": found.maximum,
            "known": len(found.values),
            "not_known": found.missing,
            "mean": fmean(found.values) if found.values else None,
            "median": median(found.values) if found.values else None,
        },
        "checks": [asdict(one) | {"pass_rate": one.rate} for one in facts.checks],
        "mistakes": [asdict(one) | {"sentence": one.sentence} for one in report.mistakes],
        "trained": [asdict(one) | {"reached": one.reached, "median": one.middle} for one in report.accuracies],
        "time": {
            "median_cpu_s": median(spent.cpu_s) if spent.cpu_s else None,
            "median_wall_s": median(spent.wall_s) if spent.wall_s else None,
            "most_cpu_s": max(spent.cpu_s, default=None),
        },
        "remarks": list(contents.remarks(report)),
    }
