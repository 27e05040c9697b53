"""`try`: three submissions through the whole grader, in a minute, for whoever sees it for the first time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from exercises.assignment import load_assignment
from exercises.checking import Status, Verdict
from exercises.checking.looks import LOOKS
from exercises.checking.show import as_text
from grader.course.folder import Course
from grader.model.results import Graded
from grader.model.text import clean

from .common import app, failed, known_assignment

if TYPE_CHECKING:
    from grader.authoring.cohort import Simulated
    from grader.batch.desk import Done


@app.command("try")
def try_out(
    assignment: Annotated[str, typer.Argument(help="the assignment")] = "digits",
    out: Annotated[Path, typer.Option(help="where the course folder goes")] = Path("build/try"),
) -> None:
    """Grade a right, a wrong and a hostile submission in the sandbox; the last line is a feedback page's path.

    Exit code 1 where one of them did not get the points that are due.
    """
    from grader.authoring.galleries import GalleryError
    from grader.authoring.three import WRONG
    from grader.model.faults import FaultError, in_words
    from grader.release.errors import ReleaseError

    name, console = known_assignment(assignment), Console()
    try:
        page, due = _run(name, out, console, WRONG)
    except (ReleaseError, GalleryError, FaultError) as error:
        raise failed(f"the trial stopped: {error}") from None
    except OSError as error:
        raise failed(f"the trial stopped: {in_words(error, out)}") from None
    console.print(f"The feedback page of {WRONG}; the others lie beside it:")
    typer.echo(page)
    if not due:
        raise typer.Exit(1)


def _run(name: str, out: Path, console: Console, shown: str) -> tuple[Path, bool]:
    """Everything; returns the feedback page of one of the students, and whether all points are as due."""
    from grader.authoring.cohort import hand_in
    from grader.authoring.three import three
    from grader.feedback.write import feedback_folder, write_feedback
    from grader.gradebook.config import write_config
    from grader.release.build import release

    from .terminal.progress import graded_with_progress
    from .whole_course import new_folder, points_by_check

    course = Course(new_folder(out))
    write_config(course, course_id="trial")
    release(name, course_root=course.root, out=course.root / "handout")
    submissions = three(name, course.root)
    hand_in(course, name, submissions)
    console.print(f"Grading three submissions of {name}, each in a sandbox of its own:", highlight=False)
    for one in submissions:
        console.print(f"  {one.student:8} {one.story}", markup=False, highlight=False)
    students = [one.student for one in submissions]
    done = {one.student: one for one in graded_with_progress(course, name, students, console)}
    write_feedback(course, name)
    show(console, name, submissions, done)
    results = {student: one.graded for student, one in done.items() if one.graded and not one.problem}
    due = all(one.student in results and one.as_due(points_by_check(results[one.student])) for one in submissions)
    return feedback_folder(course, name) / shown / name / f"{name}.html", due


def show(console: Console, name: str, submissions: Sequence[Simulated], done: dict[str, Done]) -> None:
    """The points of each task, and of each submission what went wrong first and what a person is told."""
    from .terminal.attention import needs  # brings nbgrader

    results = {student: one.graded for student, one in done.items() if one.graded}
    table = Table(title=load_assignment(name).title)
    table.add_column("task")
    for one in submissions:
        table.add_column(one.student, justify="right")
    for task in load_assignment(name).tasks:
        points = [_points(results.get(one.student), task.name, task.points) for one in submissions]
        table.add_row(task.title, *points)
    console.print(table)
    for one in submissions:
        item, found = done.get(one.student), results.get(one.student)
        told = needs(item) if item and console.is_terminal else ()  # elsewhere the grading has printed them
        first = _first_failed(found) if found else None
        if not first and not told:
            continue
        console.print(Text(f"{one.student}:", style="bold"))
        if first:
            console.print(Text(clean(as_text(first)), style=LOOKS[first.status].style))
        for problem in told:
            console.print(Text(f"for a person: {clean(problem.text)}"))


def _points(graded: Graded | None, task: str, maximum: float) -> Text:
    points = graded.task_points(task) if graded else None
    if points is None:
        return Text("waits for a person", style="yellow")
    return Text(f"{points:g} / {maximum:g}", style="green" if points == maximum else "red")


def _first_failed(graded: Graded) -> Verdict | None:
    bad = (one for one in graded.verdicts if one.status in (Status.FAILED, Status.PARTLY) and not one.extra)
    return next(bad, None)
