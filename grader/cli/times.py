"""`times`: when submissions were handed in, listed and set."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING, Annotated

import typer

from grader.course.folder import Course

from .common import WORKING_FOLDER, AsJson, AssignmentName, CourseFolder, app, failed, known_assignment

if TYPE_CHECKING:
    from grader.course.handed_in import Note


@app.command()
def times(
    assignment: AssignmentName,
    student: Annotated[str, typer.Argument(help="set the time of this student")] = "",
    when: Annotated[str, typer.Argument(help='the time, in the course\'s zone: "2027-02-02 20:00"')] = "",
    course: CourseFolder = WORKING_FOLDER,
    unknown: Annotated[bool, typer.Option("--unknown", help="instead of a time: nobody knows it")] = False,
    everybody: Annotated[bool, typer.Option("--all", help="with --unknown: of everybody, without asking")] = False,
    as_json: AsJson = False,
) -> None:
    """List when submissions were handed in and who says so; set one, or clear them."""
    from grader.course.handed_in import BY_HAND_SOURCE, Note, note_collected, read_note
    from grader.model.faults import FaultError, in_words
    from grader.model.text import fit
    from grader.settings.deadlines import moment

    name, folder = known_assignment(assignment, course), Course(course)
    known = folder.students(name)
    if student and student not in known:
        raise failed(f"nothing was submitted for {name} by {student} in {folder.root / 'submitted'}")
    if bool(when) == unknown and (when or student):
        raise failed(f'set a time, or --unknown: python -m grader times {name} {student} "2027-02-02 20:00"')
    try:
        zone = folder.zone(name) or UTC
        if when:
            try:
                set_to = moment(when, zone)
            except ValueError:
                raise failed(f'{when!r} is no date with a time of day, such as "2027-02-02 20:00"') from None
            note_collected(folder, name, student, set_to, BY_HAND_SOURCE)
        elif unknown:
            chosen = [student] if student else known
            if not student and not everybody:
                typer.confirm(f"Clear the times of all {len(known)} submissions of {name}?", abort=True)
            for each in chosen:
                note_collected(folder, name, each, None, BY_HAND_SOURCE)
        notes = {each: read_note(folder, name, each) or Note() for each in ([student] if student else known)}
    except (FaultError, OSError) as error:
        raise failed(in_words(error, folder.root) or str(error)) from None
    if as_json:
        typer.echo(json.dumps({each: _as_json(note, zone) for each, note in notes.items()}, ensure_ascii=False))
        return
    for each, note in notes.items():
        typer.echo(f"{fit(each)}: {time_in_words(note, zone)}")
    if when or unknown:
        typer.echo(f"counts from the next run on: python -m grader autograde {name} --course {course}")


def time_in_words(note: Note, zone: tzinfo | None = None) -> str:
    """ "2027-02-01T18:00+02:00 (worksheet.csv)", or what is known instead."""
    if note.when is None:
        return "late, by how much is unknown" if note.late else "time unknown"
    source = note.source or "noted by an earlier version, perhaps from the date of a download: counts as unknown"
    return f"{note.when.astimezone(zone or note.when.tzinfo).isoformat(timespec='minutes')} ({source})"


def _as_json(note: Note, zone: tzinfo) -> dict[str, str | bool | None]:
    when = note.when.astimezone(zone).isoformat() if note.when else None
    return {**asdict(note), "when": when}
