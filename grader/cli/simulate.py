"""`simulate`: a cohort of simulated students."""

from __future__ import annotations

from typing import Annotated

import typer

from grader.course.folder import Course

from .common import WORKING_FOLDER, AssignmentName, CourseFolder, app, failed, known_assignment


@app.command()
def simulate(
    assignment: AssignmentName,
    course: CourseFolder = WORKING_FOLDER,
    size: Annotated[int, typer.Option(help="how many students", min=1)] = 70,
) -> None:
    """Hand in the submissions of a simulated cohort, each with the points that are due beside it."""
    from grader.authoring.cohort import cohort, hand_in, held_in_words, write_due
    from grader.authoring.galleries import GalleryError
    from grader.authoring.saved_outputs import NoOutputsError, saved_outputs
    from grader.release.errors import ReleaseError

    name, folder = known_assignment(assignment), Course(course)
    try:
        students = cohort(name, size, saved_outputs(name))
        count = hand_in(folder, name, students)
        write_due(students, folder.root / f"{name}-due.json")
    except (NoOutputsError, ReleaseError, GalleryError, OSError) as error:
        raise failed(str(error)) from None
    typer.echo(held_in_words(students))
    typer.echo(f"{count} submissions in {folder.root / 'submitted'}, what is due in {name}-due.json")
