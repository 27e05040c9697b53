"""What comes into a course folder."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ..course import Course
from .common import HERE, AssignmentName, CourseFolder, app, failed, known_assignment


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
    from ..collect.placing import NOT_ASKED
    from ..collect.placing import collect as collected
    from ..collect.reading import RefusedError
    from ..faults import Fault, in_words

    name, folder, console = known_assignment(assignment), Course(course), Console()
    states: Counter[str] = Counter()
    refused = 0
    try:
        for one in collected(folder, name, source):
            when = one.when.isoformat(timespec="minutes") if one.when else "time unknown"
            if one.student:
                states[one.state] += 1
                console.print(f"{one.student}: {one.state}, {one.files} files, {when}", markup=False)
            for remark in one.remarks:
                console.print(f"    {remark}", markup=False, soft_wrap=True)
            for path, reason in one.refused:
                refused += reason != NOT_ASKED or one.state == "refused"
                shown = path.encode("utf-8", "backslashreplace").decode()  # a name on disk need not be UTF-8
                console.print(f"    left out: {shown}: {reason}", markup=False, soft_wrap=True)
    except (RefusedError, Fault, OSError) as error:
        raise failed(in_words(error, folder.root) or str(error)) from None
    summary = ", ".join(f"{count} {state}" for state, count in sorted(states.items())) or "nothing was found"
    console.print(f"{name}: {summary}; submissions lie in {folder.root / 'submitted'}", markup=False, soft_wrap=True)
    if refused or not states or states["refused"]:
        raise typer.Exit(1)


@app.command()
def simulate(
    assignment: AssignmentName,
    course: CourseFolder = HERE,
    size: Annotated[int, typer.Option(help="how many students", min=1)] = 70,
) -> None:
    """Hand in the submissions of a simulated cohort, each with the points that are due beside it."""
    from ..release.layout import ReleaseError
    from ..simulate import cohort, hand_in, write_due

    name, folder = known_assignment(assignment), Course(course)
    students = cohort(name, size)
    try:
        count = hand_in(folder, name, students)
        write_due(students, folder.root / f"{name}-due.json")
    except (ReleaseError, OSError) as error:
        raise failed(str(error)) from None
    typer.echo(f"{count} submissions in {folder.root / 'submitted'}, what is due in {name}-due.json")
