"""What comes into a course folder."""

from __future__ import annotations

import json
import shlex
from collections import Counter
from dataclasses import asdict
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from ..course import Course
from .common import HERE, AsJson, AssignmentName, CourseFolder, app, failed, known_assignment

if TYPE_CHECKING:
    from ..gradebook.collected import Note

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
    course: CourseFolder = HERE,
    times: Annotated[
        Path | None,
        typer.Option(help="a table of who handed in when: Moodle's grading worksheet, or a CSV (docs/assistants.md)"),
    ] = None,
) -> None:
    """Put what was handed in into submitted/, over nothing; exit code 1 if a file was refused."""
    from ..collect.placing import NOT_ASKED
    from ..collect.placing import collect as collected
    from ..collect.reading import RefusedError
    from ..faults import Fault, in_words

    name, folder, console = known_assignment(assignment), Course(course), Console()
    states: Counter[str] = Counter()
    refused = unknown = 0
    try:
        for one in collected(folder, name, source, times):
            if one.student:
                states[one.state] += 1
                unknown += one.state != "refused" and not one.note.when and not one.note.late
                when = _time_in_words(one.note) if one.state != "refused" or one.note.when else "nothing taken"
                line = f"{one.student}: {one.state}, {one.files} files, {when}"
                console.print(line, markup=False, highlight=False, soft_wrap=True)
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


@app.command()
def times(
    assignment: AssignmentName,
    student: Annotated[str, typer.Argument(help="set the time of this student")] = "",
    when: Annotated[str, typer.Argument(help='the time, in the course\'s zone: "2027-02-02 20:00"')] = "",
    course: CourseFolder = HERE,
    unknown: Annotated[bool, typer.Option("--unknown", help="instead of a time: nobody knows it")] = False,
    everybody: Annotated[bool, typer.Option("--all", help="with --unknown: of everybody, without asking")] = False,
    as_json: AsJson = False,
) -> None:
    """List when submissions were handed in and who says so; set one, or clear them."""
    from ..deadlines import moment, zone_of
    from ..faults import Fault, in_words
    from ..gradebook.collected import BY_HAND, Note, note_collected, read_note

    name, folder = known_assignment(assignment, course), Course(course)
    known = folder.students(name)
    if student and student not in known:
        raise failed(f"nothing was submitted for {name} by {student} in {folder.root / 'submitted'}")
    if bool(when) == unknown and (when or student):
        raise failed(f'set a time, or --unknown: python -m grader times {name} {student} "2027-02-02 20:00"')
    try:
        zone = zone_of(folder, name)
        if when:
            try:
                set_to = moment(when, zone)
            except ValueError:
                raise failed(f'{when!r} is no date with a time of day, such as "2027-02-02 20:00"') from None
            note_collected(folder, name, student, set_to, BY_HAND)
        elif unknown:
            chosen = [student] if student else known
            if not student and not everybody:
                typer.confirm(f"Clear the times of all {len(known)} submissions of {name}?", abort=True)
            for each in chosen:
                note_collected(folder, name, each, None, BY_HAND)
        notes = {each: read_note(folder, name, each) or Note() for each in ([student] if student else known)}
    except (Fault, OSError) as error:
        raise failed(in_words(error, folder.root) or str(error)) from None
    if as_json:
        typer.echo(json.dumps({each: _as_json(note, zone) for each, note in notes.items()}, ensure_ascii=False))
        return
    for each, note in notes.items():
        typer.echo(f"{each}: {_time_in_words(note, zone)}")
    if when or unknown:
        typer.echo(f"counts from the next run on: python -m grader autograde {name} --course {course}")


def _time_in_words(note: Note, zone: tzinfo | None = None) -> str:
    """ "2027-02-01T18:00+02:00 (worksheet.csv)", or what is known instead."""
    if note.when is None:
        return "late, by how much is unknown" if note.late else "time unknown"
    source = note.source or "noted by an earlier version, perhaps from the date of a download: counts as unknown"
    return f"{note.when.astimezone(zone or note.when.tzinfo).isoformat(timespec='minutes')} ({source})"


def _as_json(note: Note, zone: tzinfo) -> dict[str, str | bool | None]:
    when = note.when.astimezone(zone).isoformat() if note.when else None
    return {**asdict(note), "when": when}


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
