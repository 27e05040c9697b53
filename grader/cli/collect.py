"""`collect`: what was handed in, into a course folder."""

from __future__ import annotations

import shlex
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from grader.course.folder import Course

from .common import WORKING_FOLDER, AssignmentName, CourseFolder, app, failed, known_assignment
from .times import time_in_words

FORMS = (
    "Moodle's NAME_NUMBER_assignsubmission_file/…, Canvas' NAME_NUMBER_NUMBER_FILE, and nbgrader's STUDENT/{name}/… "
    "and STUDENT+{name}+TIME/…"
)


@app.command()
def collect(
    assignment: AssignmentName,
    source: Annotated[
        Path,
        typer.Argument(help="Moodle's or Canvas' zip, or a folder: that zip unpacked, nbgrader's submitted or inbound"),
    ],
    course: CourseFolder = WORKING_FOLDER,
    times: Annotated[
        Path | None,
        typer.Option(help="a table of who handed in when: Moodle's grading worksheet, or a CSV (docs/assistants.md)"),
    ] = None,
) -> None:
    """Put what was handed in into submitted/, over nothing; exit code 1 if a file was refused."""
    from grader.collect.placing import NOT_ASKED_REASON
    from grader.collect.placing import collect as collected
    from grader.collect.sources import RefusedError
    from grader.model.faults import FaultError, in_words
    from grader.model.text import fit

    name, folder, console = known_assignment(assignment), Course(course), Console()
    states: Counter[str] = Counter()
    refused = unknown = 0
    try:
        for one in collected(folder, name, source, times):
            if one.student:
                states[one.state] += 1
                unknown += one.state != "refused" and not one.note.when and not one.note.late
                when = time_in_words(one.note) if one.state != "refused" or one.note.when else "nothing taken"
                line = f"{one.student}: {one.state}, {one.files} files, {when}"
                console.print(fit(line), markup=False, highlight=False, soft_wrap=True)
            for remark in one.remarks:
                console.print(fit(f"    {remark}"), markup=False, soft_wrap=True)
            for path, reason in one.refused:
                refused += reason != NOT_ASKED_REASON or one.state == "refused"
                shown = path.encode("utf-8", "backslashreplace").decode()  # a name on disk need not be UTF-8
                console.print(fit(f"    left out: {shown}: {reason}"), markup=False, soft_wrap=True)
    except (RefusedError, FaultError, OSError) as error:
        raise failed(in_words(error, folder.root) or str(error)) from None
    summary = ", ".join(f"{count} {state}" for state, count in sorted(states.items())) or "nothing was found"
    console.print(f"{name}: {summary}; submissions lie in {folder.root / 'submitted'}", markup=False, soft_wrap=True)
    if unknown:
        again = f"python -m grader collect {name} {shlex.quote(str(source))} --times TABLE.csv --course {course}"
        console.print(
            f"time of hand-in unknown ({unknown}): lateness costs them nothing. A download does not know it; Moodle's "
            f"grading worksheet or another table does: {again}",
            markup=False,
            soft_wrap=True,
        )
    if not states:
        console.print(f"known are {FORMS.format(name=name)}", markup=False, highlight=False, soft_wrap=True)
    if refused or not states or states["refused"]:
        raise typer.Exit(1)
