"""`feedback`: the students' pages."""

from __future__ import annotations

from typing import Annotated

import typer

from grader.course.folder import Course

from .common import WORKING_FOLDER, AssignmentName, CourseFolder, app, failed, known_assignment


@app.command()
def feedback(
    assignment: AssignmentName,
    course: CourseFolder = WORKING_FOLDER,
    student: Annotated[str, typer.Option(help="only this student")] = "*",
) -> None:
    """Write a feedback page for every student, as `nbgrader generate_feedback` does."""
    from grader.feedback.write import write_feedback
    from grader.model.faults import in_words

    try:
        count = write_feedback(Course(course), known_assignment(assignment, course), student)
    except ValueError as error:
        raise failed(str(error)) from None
    except OSError as error:
        raise failed(in_words(error, course / "feedback")) from None
    typer.echo(f"{count} feedback pages in {course / 'feedback'}")
