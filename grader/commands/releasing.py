"""What makes an assignment: built from the solutions, and compared with them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..course import Course
from .common import AssignmentName, app, failed, known_assignment


@app.command()
def release(
    assignment: AssignmentName,
    course: Annotated[
        Path | None, typer.Option(help="also fill this course folder's source/ and release/", file_okay=False)
    ] = None,
    out: Annotated[Path | None, typer.Option(help="where the student's folder and zip go (build/release)")] = None,
) -> None:
    """Build the stubs, the notebook and the student's folder from solutions/, and nbgrader's release."""
    from ..gradebook.config import write_config
    from ..release.build import release as build
    from ..release.layout import ReleaseError

    name = known_assignment(assignment)
    if course is not None and not Course(course).config.exists():
        write_config(Course(course))
    try:
        done = build(name, course_root=course, out=out)
    except ReleaseError as error:
        raise failed(str(error)) from None
    for path in done.rewritten:
        typer.echo(f"rewritten: {path}")
    typer.echo(f"{done.files} files in {done.folder} and {done.zip}")
    if done.released:
        typer.echo(f"nbgrader's release: {done.released}")


@app.command("check-release")
def check_release(assignment: AssignmentName) -> None:
    """Whether the generated files in exercises/ are in step with solutions/."""
    from ..release.build import check_release as check
    from ..release.layout import ReleaseError

    try:
        drift = check(known_assignment(assignment))
    except ReleaseError as error:
        raise failed(str(error)) from None
    for one in drift:
        typer.echo(str(one))
    if drift:
        raise typer.Exit(1)
    typer.echo(f"{assignment}: in step")
