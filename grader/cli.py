"""Commands for staff.  Each is thin: it reads its arguments, calls one stage, and says what came of it."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from exercises.assignment import assignment_names, load_assignment

from .course import Course

if TYPE_CHECKING:
    from .batch import Done

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Release, grade and report. Exit codes: 0 all well, 1 something needs a person, 2 the command is wrong.",
)
CourseFolder = Annotated[Path, typer.Option("--course", help="the course folder (nbgrader's)", file_okay=False)]
AssignmentName = Annotated[str, typer.Argument(help="the assignment, for example digits")]
AsJson = Annotated[bool, typer.Option("--json", help="print JSON instead of text")]
HERE = Path()


class Form(StrEnum):
    """Of exported grades."""

    csv = "csv"
    moodle = "moodle"
    canvas = "canvas"


PAGE = 140  # columns of a table that goes to a file or another program


def _assignment(name: str) -> str:
    try:
        return load_assignment(name).name
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def _fail(message: str) -> typer.Exit:
    typer.echo(message, err=True)
    return typer.Exit(2)


@app.command()
def release(
    assignment: AssignmentName,
    course: Annotated[
        Path | None, typer.Option(help="also fill this course folder's source/ and release/", file_okay=False)
    ] = None,
    out: Annotated[Path | None, typer.Option(help="where the student's folder and zip go (build/release)")] = None,
) -> None:
    """Build the stubs, the notebook and the student's folder from solutions/, and nbgrader's release."""
    from .gradebook.config import write_config
    from .release.build import release as build
    from .release.layout import ReleaseError

    name = _assignment(assignment)
    if course is not None and not Course(course).config.exists():
        write_config(Course(course))
    try:
        done = build(name, course_root=course, out=out)
    except ReleaseError as error:
        raise _fail(str(error)) from None
    for path in done.rewritten:
        typer.echo(f"rewritten: {path}")
    typer.echo(f"{done.files} files in {done.folder} and {done.zip}")
    if done.released:
        typer.echo(f"nbgrader's release: {done.released}")


@app.command("check-release")
def check_release(assignment: AssignmentName) -> None:
    """Whether the generated files in exercises/ are in step with solutions/."""
    from .release.build import check_release as check
    from .release.layout import ReleaseError

    try:
        drift = check(_assignment(assignment))
    except ReleaseError as error:
        raise _fail(str(error)) from None
    for one in drift:
        typer.echo(str(one))
    if drift:
        raise typer.Exit(1)
    typer.echo(f"{assignment}: in step")


@app.command()
def collect(
    assignment: AssignmentName,
    source: Annotated[
        Path,
        typer.Argument(help="Moodle's or Canvas' zip, or a folder: that zip unpacked, nbgrader's submitted or inbound"),
    ],
    course: CourseFolder = HERE,
) -> None:
    """Put what was handed in into submitted/, over nothing; exit code 1 if a file was refused."""
    from .collect.placing import collect as collected
    from .collect.reading import RefusedError
    from .faults import Fault

    name, folder, console = _assignment(assignment), Course(course), Console()
    states: Counter[str] = Counter()
    refused = 0
    try:
        for one in collected(folder, name, source):
            when = one.when.isoformat(timespec="minutes") if one.when else "time unknown"
            if one.student:
                states[one.state] += 1
                console.print(f"{one.student}: {one.state}, {one.files} files, {when}", markup=False)
            for remark in one.remarks:
                console.print(f"    {remark}", markup=False)
            for path, reason in one.refused:
                refused += reason != "not asked for" or one.state == "refused"
                console.print(f"    left out: {path}: {reason}", markup=False)
    except (RefusedError, Fault, OSError) as error:
        raise _fail(str(error)) from None
    summary = ", ".join(f"{count} {state}" for state, count in sorted(states.items())) or "nothing was found"
    console.print(f"{name}: {summary}; submissions lie in {folder.root / 'submitted'}", markup=False)
    if refused or not states or states["refused"]:
        raise typer.Exit(1)


@app.command()
def autograde(
    assignment: AssignmentName,
    course: CourseFolder = HERE,
    student: Annotated[list[str] | None, typer.Option(help="only these students; may be repeated")] = None,
    regrade: Annotated[bool, typer.Option(help="grade also what has not changed")] = False,
    dask: Annotated[
        str, typer.Option(help="grade on a Dask cluster: the scheduler's address, or local (docs/scale.md)")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Grade all submissions in parallel, each in a sandbox of its own, into nbgrader's gradebook."""
    from .faults import Fault, in_words
    from .progress import graded_with_progress

    name, folder = _assignment(assignment), Course(course)
    if not folder.released_notebook(name).is_file():
        raise _fail(f"{name} is not released in {course}: python -m grader release {name} --course {course}")
    known = folder.students(name)
    if missing := set(student or ()) - set(known):
        raise _fail(f"nothing was submitted for {name} by {', '.join(sorted(missing))} in {folder.root / 'submitted'}")
    console = Console(stderr=as_json)
    rows = []
    try:
        with _workers(dask, folder, name) as (make_pool, workers):
            for one in graded_with_progress(
                folder, name, sorted(set(student or known)), console, make_pool, again=regrade, workers=workers
            ):
                rows.append(_row(one))
                if not as_json:
                    for problem in rows[-1]["problems"]:
                        console.print(f"{one.student}: {problem}", markup=False)
    except KeyboardInterrupt:
        done = f"stopped: {len(rows)} of {len(set(student or known))} submissions are done"
        typer.echo(f"{done}; the same command goes on from there", err=True)
        raise typer.Exit(130) from None
    except (Fault, OSError) as error:
        raise _fail(in_words(error, folder.root)) from None
    if as_json:
        typer.echo(json.dumps(rows))
    else:
        unchanged = sum(row["known"] for row in rows)
        console.print(f"{len(rows)} submissions, {unchanged} of them unchanged since they were last graded")
    if any(row["needs_human"] for row in rows):
        raise typer.Exit(1)


@contextmanager
def _workers(dask: str, course: Course, assignment: str) -> Iterator[tuple[Callable[[], Executor], Callable[[], int]]]:
    """Who grades, and how many submissions at once: this machine's cores, or a Dask cluster."""
    from .workers import cores, local_pool

    if not dask:
        yield local_pool, cores
        return
    from .scale.cluster import Cluster  # Dask is imported where it is asked for, and only there

    with Cluster(dask, course.terms(assignment)) as cluster:
        yield cluster.pool, lambda: cluster.workers


def _row(one: Done) -> dict[str, Any]:
    """What is kept of a submission until the end: for a large course, everything would be too much."""
    graded = one.graded
    return {
        "student": one.student,
        "known": one.known,
        "needs_human": one.needs_human,
        "problems": [text for text in (one.problem, *(graded.problems if graded else ())) if text],
        "points": {task.name: graded.task_points(task.name) for task in load_assignment(graded.assignment).tasks}
        if graded
        else None,
    }


@app.command()
def feedback(
    assignment: AssignmentName,
    course: CourseFolder = HERE,
    student: Annotated[str, typer.Option(help="only this student")] = "*",
) -> None:
    """Write a feedback page for every student, as `nbgrader generate_feedback` does."""
    from .gradebook.feedback_pages import write_feedback

    try:
        count = write_feedback(Course(course), _assignment(assignment), student)
    except ValueError as error:
        raise _fail(str(error)) from None
    typer.echo(f"{count} feedback pages in {course / 'feedback'}")


@app.command()
def report(
    assignment: AssignmentName,
    course: CourseFolder = HERE,
    out: Annotated[
        Path | None, typer.Option(help="where the page and its figures go (report/ASSIGNMENT in the course)")
    ] = None,
    slides: Annotated[bool, typer.Option(help="also slides.html, to open the next lecture with")] = False,
) -> None:
    """Write the lecturer's page: how it went, and the commonest mistakes; names nobody."""
    import sqlite3

    from .report import write_report

    name = _assignment(assignment)
    try:
        pages = write_report(Course(course), name, out or course / "report" / name, slides=slides)
    except (ValueError, OSError, sqlite3.Error) as error:
        raise _fail(str(error)) from None
    for page in pages:
        typer.echo(f"written: {page}")


@app.command()
def export(
    assignment: AssignmentName,
    course: CourseFolder = HERE,
    out: Annotated[Path, typer.Option(help="the CSV file to write")] = Path("grades.csv"),
    form: Annotated[
        Form, typer.Option("--format", help="every part (csv), or what Moodle or Canvas imports")
    ] = Form.csv,
    column: Annotated[str, typer.Option(help="the heading in Canvas, as its own export has it")] = "",
) -> None:
    """Write the grades as CSV; what is not graded yet stays blank."""
    from .gradebook.export import write_csv
    from .gradebook.platforms import Exported, write_canvas, write_moodle

    name, folder = _assignment(assignment), Course(course)
    try:
        if form is Form.csv:
            done = Exported(write_csv(folder, name, out), ())
        else:
            done = write_moodle(folder, name, out) if form is Form.moodle else write_canvas(folder, name, out, column)
    except ValueError as error:
        raise _fail(str(error)) from None
    typer.echo(f"{done.written} students in {out}")
    if done.left_out:
        typer.echo(
            f"left out, since their names hold no number of {form.value}'s: {', '.join(done.left_out)}", err=True
        )
        raise typer.Exit(1)


@app.command()
def show(assignment: AssignmentName, student: str, course: CourseFolder = HERE, as_json: AsJson = False) -> None:
    """Grade one submission anew and show its evidence, check by check; nothing is booked."""
    from exercises.checking.show import as_text

    from .grading import grade

    folder, name = Course(course), _assignment(assignment)
    try:
        result = grade(folder.submission(name, student), folder.terms(name))
    except FileNotFoundError as error:
        raise _fail(str(error)) from None
    if as_json:
        typer.echo(result.to_json())
        return
    for verdict in result.verdicts:
        typer.echo(as_text(verdict) + (f"\n      note      {verdict.note}" if verdict.note else ""))
    for problem in result.problems:
        typer.echo(f"for a person: {problem}")
    typer.echo(f"{result.cpu_s:.1f} CPU s in the sandbox, {result.wall_s:.1f} s in all")


@app.command()
def simulate(
    assignment: AssignmentName,
    course: CourseFolder = HERE,
    size: Annotated[int, typer.Option(help="how many students", min=1)] = 70,
) -> None:
    """Hand in the submissions of a simulated cohort, each with the points that are due beside it."""
    from .simulate import cohort, hand_in, write_due

    name, folder = _assignment(assignment), Course(course)
    students = cohort(name, size)
    count = hand_in(folder, name, students)
    write_due(students, folder.root / f"{name}-due.json")
    typer.echo(f"{count} submissions in {folder.root / 'submitted'}, what is due in {name}-due.json")


@app.command()
def calibrate(
    assignment: Annotated[list[str] | None, typer.Argument(help="which assignments; all of them if none")] = None,
    source: Annotated[
        list[str] | None, typer.Option(help="which data; all that lie on this machine if none is named")
    ] = None,
    seeds: Annotated[int, typer.Option(help="how many private seeds", min=60)] = 120,
    processes: Annotated[int, typer.Option(help="how many at once", min=1)] = 2,
    best: Annotated[bool, typer.Option(help="also what the reference reaches on real speech without a budget")] = True,
) -> None:
    """Measure accuracies over private seeds, and write the thresholds that follow, with docs/calibration.md."""
    from .calibration.command import run

    for name in assignment or assignment_names():
        run(_assignment(name), source or [], seeds, processes, best, Console())


@app.command()
def validity(
    assignment: Annotated[list[str] | None, typer.Argument(help="which assignments; all of them if none")] = None,
    seeds: Annotated[int, typer.Option(help="private seeds for each right answer, without training", min=1)] = 50,
    training_seeds: Annotated[int, typer.Option(help="the same with training; 0: train nothing", min=0)] = 20,
    processes: Annotated[int, typer.Option(help="how many answers at once", min=1)] = 2,
    quick: Annotated[bool, typer.Option(help="2 seeds and no training, to see whether it works")] = False,
    out: Annotated[Path, typer.Option(help="the JSON file to write")] = Path("build/validity.json"),
    docs: Annotated[Path, typer.Option(help="the page to write, of all assignments")] = Path("docs/validity.md"),
) -> None:
    """Whether the checks judge rightly: right answers, mistakes, mutants; exit code 1 where a bar is missed."""
    from .galleries import GalleryError
    from .validity.run import run_validity

    chosen = tuple(_assignment(name) for name in assignment or ())
    try:
        done = run_validity(chosen, 2 if quick else seeds, 0 if quick else training_seeds, processes, Console())
    except GalleryError as error:
        raise _fail(str(error)) from None
    done.write(out, None if quick or chosen else docs)
    if done.missed:
        raise typer.Exit(1)


@app.command()
def repeat(
    assignment: AssignmentName,
    size: Annotated[int, typer.Option(help="how many students", min=1)] = 70,
    times: Annotated[int, typer.Option(help="how often each is graded", min=2)] = 20,
) -> None:
    """Same in, same out: grade a simulated cohort many times; exit code 1 if any verdict changes."""
    from rich.progress import track

    from .repeat import repeated

    name, changed, console = _assignment(assignment), 0, Console()
    for time, student, found in track(repeated(name, size, times), f"grading {name}", size * times, console=console):
        changed += bool(found)
        for difference in found:
            console.print(f"time {time}, {student}: {difference}", markup=False)
    console.print(f"{name}: {size} submissions graded {times} times, {changed} differed from the first time")
    if changed:
        raise typer.Exit(1)


@app.command()
def costs(
    assignment: AssignmentName,
    repetitions: Annotated[int, typer.Option(help="how often each is measured, after one round to warm up", min=1)] = 5,
    as_json: AsJson = False,
) -> None:
    """What grading one submission costs, check by check and for the notebook, measured here and now."""
    from .costs import measure, table

    try:
        found = measure(_assignment(assignment), repetitions)
    except ValueError as error:
        raise _fail(str(error)) from None
    if as_json:
        typer.echo(json.dumps(found.to_json()))
    else:
        Console(width=None if sys.stdout.isatty() else PAGE).print(table(found))


@app.command()
def demo(
    out: Annotated[Path, typer.Option(help="where the demo's course and summary.json go")] = Path("build/demo"),
    size: Annotated[int, typer.Option(help="how many students", min=1)] = 70,
) -> None:
    """The main job from end to end: release, simulate, grade, feedback, summary; exit code 1 if a score is not due."""
    from .demo import run_demo

    if not run_demo(out, assignment_names(), size, Console()):
        raise typer.Exit(1)


@app.command()
def bench(
    assignment: AssignmentName = "digits",
    submissions: Annotated[int, typer.Option(help="how many submissions each contender grades", min=5)] = 40,
    jobs: Annotated[int, typer.Option(help="how many at once, where a contender can", min=1)] = 2,
    out: Annotated[Path, typer.Option(help="the JSON file to write")] = Path("build/bench.json"),
) -> None:
    """What grading costs: the checks alone, with this grader, with stock nbgrader; takes minutes."""
    from .bench.run import run_bench
    from .bench.spending import BenchError

    try:
        run_bench(_assignment(assignment), out, submissions, jobs, Console())
    except (BenchError, ValueError) as error:
        raise _fail(str(error)) from None


@app.command("bench-scale")
def bench_scale(
    assignment: AssignmentName = "digits",
    sizes: Annotated[str, typer.Option(help="three or more cohorts, from small to large")] = "100,1000,5000",
    out: Annotated[Path, typer.Option(help="the JSON file to write")] = Path("build/scale.json"),
) -> None:
    """Whether a large cohort costs more per submission than a small one; exit code 1 if it does, or takes memory."""
    from .bench_scale import measure, missed, write_report

    name, console = _assignment(assignment), Console()
    try:
        counts = tuple(int(size) for size in sizes.split(","))
    except ValueError:
        counts = ()
    if len(counts) < 3 or list(counts) != sorted({*counts}) or counts[0] < 1:
        raise typer.BadParameter(f"{sizes}: three or more whole numbers are needed, each larger than the one before")
    runs = []
    with console.status(f"{name}: handing in") as status:
        for run in measure(name, counts, lambda size, done: status.update(f"{name}: {done} of {size} graded")):
            runs.append(run)
            each = f"{run.wall_s / run.submissions:.2f} s, {run.cpu_s / run.submissions:.2f} CPU s each"
            console.print(f"{run.submissions} submissions: {run.wall_s:.0f} s ({each}), {run.driver_mb:.0f} MB")
    found = write_report(runs, out)
    for key, value in found.items():
        console.print(f"{key:24}{value:10.3f}")
    console.print(f"written: {out}")
    if misses := missed(found):
        console.print("; ".join(misses))
        raise typer.Exit(1)


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Whether this machine can grade safely, and the command that mends what is missing."""
    from dataclasses import asdict

    from .doctor import examine

    findings = examine()
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings]))
    else:
        table = Table()
        for title in ("", "what", "found", "what to do"):
            table.add_column(title, overflow="fold")
        for finding in findings:
            table.add_row("ok" if finding.ok else "NO", finding.name, finding.what, "" if finding.ok else finding.mend)
        Console().print(table)
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)
