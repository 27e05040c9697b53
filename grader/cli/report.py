"""`report`: the lecturer's page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from grader.course.folder import Course

from .common import WORKING_FOLDER, AssignmentName, CourseFolder, app, failed, known_assignment


@app.command()
def report(
    assignment: AssignmentName,
    course: CourseFolder = WORKING_FOLDER,
    out: Annotated[
        Path | None, typer.Option(help="where the page and its figures go (report/ASSIGNMENT in the course)")
    ] = None,
    slides: Annotated[bool, typer.Option(help="also slides.html, to open the next lecture with")] = False,
) -> None:
    """Write the lecturer's page: how it went, and the commonest mistakes; names nobody."""
    import sqlite3

    from sqlalchemy.exc import SQLAlchemyError

    from grader.model.faults import in_words
    from grader.model.private import owner_only
    from grader.report import write_report

    name = known_assignment(assignment)
    try:
        with owner_only(course):
            pages = write_report(Course(course), name, out or course / "report" / name, slides=slides)
    except (ValueError, OSError, sqlite3.Error) as error:
        raise failed(str(error)) from None
    except SQLAlchemyError as error:
        raise failed(in_words(error, Course(course).gradebook) or str(error)) from None
    for page in pages:
        typer.echo(f"written: {page}")
