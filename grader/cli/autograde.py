"""`autograde`: all submissions of an assignment, into the gradebook."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager, suppress
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console

from grader.course.folder import Course

from .common import WORKING_FOLDER, AsJson, AssignmentName, CourseFolder, app, failed, known_assignment


@app.command()
def autograde(
    assignment: AssignmentName,
    course: CourseFolder = WORKING_FOLDER,
    student: Annotated[list[str] | None, typer.Option(help="only these students; may be repeated")] = None,
    regrade: Annotated[bool, typer.Option(help="grade also what has not changed")] = False,
    run_notebooks: Annotated[
        bool, typer.Option("--run-notebooks", help="run the notebooks too: no points depend on it")
    ] = False,
    dask: Annotated[
        str, typer.Option(help="grade on a Dask cluster: the scheduler's address, or local (docs/scale.md)")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Grade all submissions in parallel, each in a sandbox of its own, into nbgrader's gradebook."""
    from sqlalchemy.exc import SQLAlchemyError

    from grader.batch.reading_list import reading_list
    from grader.cli.terminal.points_changed import changes_in_words
    from grader.cli.terminal.progress import graded_with_progress
    from grader.cli.terminal.worklist import Kept, by_student, times_in_words, worklist
    from grader.course.unknown_times import unstated
    from grader.gradebook.duedates import bring_up_to_date
    from grader.gradebook.point_changes import Change, regrades_file
    from grader.grades.to_mark import waiting
    from grader.grades.unknown_students import strangers
    from grader.model.faults import FaultError, in_words
    from grader.nbgrader_base.database import db_url_of
    from grader.settings.rubric import rubric_of

    name, folder = known_assignment(assignment, course), Course(course)
    try:
        notebooks = folder.notebooks(name)
    except FaultError as error:
        raise failed(str(error)) from None
    if not all(folder.released_notebook(name, notebook).is_file() for notebook in notebooks):
        raise failed(f"{name} is not released in {course}: python -m grader release {name} --course {course}")
    known = folder.students(name)
    if missing := set(student or ()) - set(known):
        raise failed(f"nothing was submitted for {name} by {', '.join(sorted(missing))} in {folder.root / 'submitted'}")
    console = Console(stderr=as_json)
    kept: list[Kept] = []
    changes: dict[str, Change] = {}
    try:
        with suppress(SQLAlchemyError):  # locked or damaged: what is booked meets it too, and says so
            if moved := bring_up_to_date(folder, name, db_url_of(folder.root)):
                console.print(str(moved), markup=False, highlight=False, soft_wrap=True)
        if run_notebooks and not folder.plan(name).on_demand:
            console.print(f"{name}: its notebooks run in any case, since its points come from them", highlight=False)
        with _workers(dask, folder, name) as (make_pool, workers):
            for one in graded_with_progress(
                folder,
                name,
                sorted(set(student or known)),
                console,
                make_pool,
                again=regrade,
                run_notebooks=run_notebooks,
                workers=workers,
            ):
                kept.append(Kept.of(one))
                if one.change is not None:
                    changes[one.student] = one.change
        to_mark = waiting(folder, name, (one.student for one in kept))
        to_read = reading_list(folder, name)
        kept = [one.undecided(to_mark) for one in kept]
        untimed = unstated(folder, name, (one.student for one in kept))
        warnings = list(strangers(folder, name))
        rubric = rubric_of(folder.root, name)
    except KeyboardInterrupt:
        done = f"stopped: {len(kept)} of {len(set(student or known))} submissions are done"
        typer.echo(f"{done}; the same command goes on from there", err=True)
        raise typer.Exit(130) from None
    except (FaultError, OSError, SQLAlchemyError) as error:
        raise failed(
            in_words(error, folder.root if isinstance(error, OSError) else folder.gradebook) or str(error)
        ) from None
    if as_json:
        theirs = by_student(to_mark)
        changed = {student: asdict(change) for student, change in changes.items()}
        typer.echo(json.dumps([{**one.to_json(theirs, to_read), "change": changed.get(one.student)} for one in kept]))
    else:
        for line in worklist(kept, to_mark, name, course, rubric, to_read):
            console.print(line, soft_wrap=True)
        for line in times_in_words(untimed, name, course):
            console.print(line, soft_wrap=True)
        for text in changes_in_words(list(changes.values()), regrades_file(folder, name)):
            console.print(text, markup=False, highlight=False, soft_wrap=True)
        unchanged, people = sum(one.known for one in kept), sum(one.needs_human for one in kept)
        summary = f"\n{len(kept)} submissions, {unchanged} of them unchanged since they were last graded"
        console.print(f"{summary}, {people} need a person", highlight=False)
    for text in warnings:
        typer.echo(f"warning: {text}", err=True)
    if any(one.needs_human for one in kept):
        raise typer.Exit(1)


@contextmanager
def _workers(dask: str, course: Course, assignment: str) -> Iterator[tuple[Callable[[], Executor], Callable[[], int]]]:
    """Who grades, and how many submissions at once: this machine's cores, or a Dask cluster.

    Raises:
        NotPreparedError: data that the course is judged on are missing here; a cluster's machines have their own.
    """
    from grader.batch.local_pool import cores, local_pool

    if not dask:
        course.plan(assignment).require_data()
        yield local_pool, cores
        return
    from grader.batch.dask.cluster import Cluster  # Dask is imported where it is asked for, and only there

    course.prepare(assignment)
    with Cluster(dask, course.plan(assignment)) as cluster:
        yield cluster.pool, lambda: cluster.workers
