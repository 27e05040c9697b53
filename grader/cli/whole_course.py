"""The main job from end to end: release, a cohort of simulated students, grading, feedback, a summary."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from exercises.assignment import load_assignment
from exercises.checking import Status
from grader.authoring.cohort import Simulated, cohort, hand_in, held, held_in_words, write_due
from grader.authoring.galleries import WrongAnswer
from grader.authoring.gallery_fits import refuse_galleries_that_do_not_fit
from grader.authoring.saved_outputs import saved_outputs
from grader.batch.desk import Done
from grader.batch.local_pool import lasting_pool
from grader.batch.processes import tree_cpu_s
from grader.cli.terminal.progress import graded_with_progress
from grader.course.folder import Course
from grader.feedback.write import feedback_folder, write_feedback
from grader.gradebook.config import write_config
from grader.grades.exports import FORMATS, Options, writer_of
from grader.grades.table import read_table
from grader.model.private import OWNER_ONLY
from grader.model.results import Graded
from grader.model.text import fit
from grader.release.build import release
from grader.report import write_report


@dataclass(frozen=True)
class Summary:
    """What came of one assignment.

    Attributes:
        notebooks: how many notebooks were handed in with which outputs.
        wall_s, cpu_s: of grading all submissions, workers included.
    """

    submissions: int
    graded: int
    as_due: int
    needs_human: int
    wall_s: float
    cpu_s: float
    notebooks: dict[str, int]


def run_demo(out: Path, assignments: list[str], size: int, console: Console) -> bool:
    """Build a course below `out`, grade it, and write summary.json.

    Returns:
        whether every submission got the points that are due.

    Raises:
        GalleryError, ReleaseError: one of the assignments does not add up.
    """
    course = Course(new_folder(out))
    console.print(f"course folder: {course.root}")
    with lasting_pool() as pool:
        made = {name: _one(course, name, size, pool, console) for name in assignments}
    summaries = {name: summary for name, (summary, _) in made.items()}
    path = out / "summary.json"
    path.write_text(json.dumps({name: asdict(one) for name, one in summaries.items()}, indent=1), encoding="utf-8")
    console.print(f"summary: {path}", soft_wrap=True)
    for name, (_, files) in made.items():
        console.print(f"\nTo open, of {name}:", highlight=False)
        for what, file in files:
            console.print(f"  {what:18} {file}", markup=False, highlight=False, soft_wrap=True)
    return all(one.as_due == one.submissions for one in summaries.values())


def _one(
    course: Course, name: str, size: int, pool: Callable[[], Executor], console: Console
) -> tuple[Summary, tuple[tuple[str, Path], ...]]:
    """Everything about one assignment; also the files to open, each with what it is."""
    console.rule(load_assignment(name).title)
    refuse_galleries_that_do_not_fit(name)
    write_config(course, course_id="demo")
    released = release(name, course_root=course.root, out=course.root / "handout")
    console.print(f"released {released.files} files; students get {released.zip.name}")
    simulated = cohort(name, size, saved_outputs(name))
    hand_in(course, name, simulated)
    console.print(held_in_words(simulated), highlight=False)
    write_due(simulated, course.root / f"{name}-due.json")
    begin, spent = time.perf_counter(), tree_cpu_s()
    done = []
    for one in graded_with_progress(course, name, [one.student for one in simulated], console, pool):
        done.append(one)
        if len(done) == 1 and not one.problem:  # nobody waits for the last one to see a page
            write_feedback(course, name, one.student)
            console.print(f"the first feedback page: {_page(course, name, one.student)}", soft_wrap=True)
    wall_s, cpu_s = time.perf_counter() - begin, tree_cpu_s() - spent
    pages = write_feedback(course, name)
    summary = _summary(simulated, done, wall_s, cpu_s)
    _show(console, name, simulated, done, summary)
    console.print(f"{pages} feedback pages in {course.root / 'feedback'}", soft_wrap=True)
    return summary, _to_open(course, name, simulated, done, released.folder)


def _to_open(
    course: Course, name: str, simulated: list[Simulated], done: list[Done], released: Path
) -> tuple[tuple[str, Path], ...]:
    """Write what a lecturer reads, and name five files: what students get and get back, the report, slides, grades."""
    wrong = {one.student for one in simulated if any(isinstance(answer, WrongAnswer) for answer in one.answers)}
    shown = next((one.student for one in done if one.student in wrong and not one.problem), simulated[0].student)
    report, slides = write_report(course, name, course.root / "report" / name, slides=True)
    grades = course.root / f"{name}-grades.csv"
    writer_of(FORMATS[0])(read_table(course, name), grades, Options())
    return (
        ("students get", released / f"{name}.ipynb"),
        ("and get back", _page(course, name, shown)),
        ("the report", report),
        ("slides", slides),
        ("grades", grades),
    )


def _page(course: Course, name: str, student: str) -> Path:
    return feedback_folder(course, name) / student / name / f"{name}.html"


def points_by_check(graded: Graded) -> dict[str, float]:
    return {verdict.check: verdict.points for verdict in graded.verdicts}


def new_folder(out: Path) -> Path:
    """A folder of this run's own; nothing of an earlier run is removed."""
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
    for number in range(100):
        folder = out / (f"course-{stamp}" + (f"-{number}" if number else ""))
        try:
            folder.mkdir(mode=OWNER_ONLY, parents=True)
        except FileExistsError:
            continue
        return folder.resolve()
    raise FileExistsError(f"no new folder could be made in {out}")


def _summary(simulated: list[Simulated], done: list[Done], wall_s: float, cpu_s: float) -> Summary:
    results = {one.student: one.graded for one in done if one.graded and not one.problem}
    right = sum(one.student in results and one.as_due(points_by_check(results[one.student])) for one in simulated)
    return Summary(
        submissions=len(simulated),
        graded=len(results),
        as_due=right,
        needs_human=sum(one.needs_human for one in done),
        wall_s=round(wall_s, 1),
        cpu_s=round(cpu_s, 1),
        notebooks=held(simulated),
    )


def _show(console: Console, name: str, simulated: list[Simulated], done: list[Done], summary: Summary) -> None:
    graded = {one.student: one.graded for one in done if one.graded}
    table = Table(title=f"{name}: {summary.submissions} submissions")
    for title in ("check", "passed", "idea"):
        table.add_column(title, justify="right" if title == "passed" else "left")
    passed: Counter[str] = Counter()
    ideas: dict[str, str] = {}
    for result in graded.values():
        for verdict in result.verdicts:
            ideas[verdict.check] = verdict.idea
            passed[verdict.check] += verdict.status is Status.PASSED
    for check, idea in ideas.items():
        table.add_row(check, f"{passed[check]} / {len(graded)}", idea)
    console.print(table)
    for one in simulated:
        found = graded.get(one.student)
        if found is None:
            console.print(f"not graded: {one.student} ({one.story})", markup=False)
        elif differences := one.differences(points_by_check(found)):
            console.print(f"not as due: {one.student} ({one.story}): {'; '.join(differences)}", markup=False)
    for item in done:
        for problem in [item.problem, *map(str, item.graded.problems if item.graded else ())]:
            if problem:
                console.print(fit(f"for a person: {item.student}: {problem}"), markup=False)
    console.print(
        f"{summary.as_due} of {summary.submissions} as due, {summary.graded} graded, "
        f"{summary.needs_human} need a person, {summary.wall_s:.0f} s, {summary.cpu_s:.0f} CPU s"
    )
