"""`export`: grades for another system."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from grader.course.folder import Course

from .common import WORKING_FOLDER, AssignmentName, CourseFolder, app, failed, known_assignment


class Form(StrEnum):
    """Of exported grades."""

    csv = "csv"
    moodle = "moodle"
    canvas = "canvas"


@app.command()
def export(
    assignment: AssignmentName,
    course: CourseFolder = WORKING_FOLDER,
    out: Annotated[Path, typer.Option(help="the CSV file to write")] = Path("grades.csv"),
    form: Annotated[
        Form, typer.Option("--format", help="every part (csv), or what Moodle or Canvas imports")
    ] = Form.csv,
    column: Annotated[str, typer.Option(help="the heading in Canvas, as its own export has it")] = "",
    maximum: Annotated[
        float | None, typer.Option(help="the maximum grade set in Moodle, if not the assignment's points", min=0)
    ] = None,
    numbers_from_names: Annotated[
        bool, typer.Option("--numbers-from-names", help="of folders without a note, take the number at the name's end")
    ] = False,
) -> None:
    """Write the grades as CSV; what is not graded yet stays blank.  Exit code 1 if a student was left out."""
    from sqlalchemy.exc import SQLAlchemyError

    from grader.grades.exports.platforms import Exported, write_canvas, write_moodle
    from grader.grades.table import write_csv
    from grader.model.faults import in_words

    name, folder = known_assignment(assignment), Course(course)
    try:
        match form:
            case Form.csv:
                done = Exported(write_csv(folder, name, out))
            case Form.moodle:
                done = write_moodle(folder, name, out, maximum=maximum, numbers_from_names=numbers_from_names)
            case Form.canvas:
                done = write_canvas(folder, name, out, column, numbers_from_names=numbers_from_names)
    except ValueError as error:
        raise failed(str(error)) from None
    except (OSError, SQLAlchemyError) as error:
        raise failed(in_words(error, folder.gradebook) or str(error)) from None
    typer.echo(f"{done.written} students in {out}")
    for students, words in (
        (done.by_name, "number taken from the end of the folder's name; is each a number of {form}'s?"),
        (
            done.capped,
            "more points than the maximum of {most:g}, which was written instead, since Moodle passes over a larger "
            "grade: for all points set the assignment's maximum grade in Moodle higher, and give that as --maximum",
        ),
        (
            done.unnoted,
            "left out, since no number is noted (collected by an earlier version, or laid there by hand): collect the "
            "download again, which notes it, or add --numbers-from-names",
        ),
        (done.left_out, "left out, since {form} does not know them: nothing of theirs was collected from there"),
    ):
        if students:
            words = words.format(form=form.value.capitalize(), most=done.maximum)
            typer.echo(f"{words}: {', '.join(students)}", err=True)
    if done.left_out or done.unnoted:
        raise typer.Exit(1)
