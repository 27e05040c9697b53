"""`release` and `check-release`: an assignment, built from the solutions and compared with them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from exercises.assignment import assignment_names
from grader.course.folder import Course

from .common import Assignments, app, failed, known_assignment


@app.command()
def release(
    assignment: Assignments = None,
    course: Annotated[
        Path | None, typer.Option(help="also fill this course folder's source/ and release/", file_okay=False)
    ] = None,
    out: Annotated[Path | None, typer.Option(help="where the student's folder and zip go (build/release)")] = None,
) -> None:
    """Build the stubs, the notebook and the student's folder from solutions/, and nbgrader's release."""
    from sqlalchemy.exc import SQLAlchemyError

    from grader import repository
    from grader.authoring.galleries import GalleryError
    from grader.authoring.gallery_fits import refuse_galleries_that_do_not_fit
    from grader.gradebook.config import write_config
    from grader.model.faults import in_words
    from grader.release.build import release as build
    from grader.release.errors import ReleaseError

    names = _chosen(assignment)
    for name in names:
        try:
            refuse_galleries_that_do_not_fit(name)
            if course is not None and not Course(course).config.exists():
                write_config(Course(course))
            done = build(name, course_root=course, out=out)
            if course is not None:
                Course(course).prepare(name)
        except (ReleaseError, GalleryError) as error:
            raise failed(str(error)) from None
        except OSError as error:
            default = repository.REPOSITORY / "build"
            here = out is None and Path(str(error.filename)).is_relative_to(default)
            advice = ". --out FOLDER names another place for the student's folder and zip" if here else ""
            raise failed(f"{name} is not released: {in_words(error, default)}{advice}") from None
        except SQLAlchemyError as error:
            where = Course(course or Path()).gradebook
            raise failed(f"{name} is not released: {in_words(error, where) or error}") from None
        for path in done.rewritten:
            typer.echo(f"rewritten: {path}")
        typer.echo(f"{done.files} files in {done.folder} and {done.zip}")
        if done.remark:
            typer.echo(done.remark, err=True)
        if done.released:
            typer.echo(f"nbgrader's release: {done.released}")


@app.command("check-release")
def check_release(assignment: Assignments = None) -> None:
    """Whether points, checks, galleries and the generated files in exercises/ are in step with solutions/."""
    from grader.authoring.galleries import GalleryError
    from grader.authoring.gallery_fits import refuse_galleries_that_do_not_fit
    from grader.release.build import check_release as check
    from grader.release.errors import ReleaseError

    drifted = False
    for name in _chosen(assignment):
        try:
            drift = check(name)
            refuse_galleries_that_do_not_fit(name)
        except (ReleaseError, GalleryError) as error:
            raise failed(str(error)) from None
        for one in drift:
            typer.echo(str(one))
        if not drift:
            typer.echo(f"{name}: in step")
        drifted = drifted or bool(drift)
    if drifted:
        raise typer.Exit(1)


def _chosen(names: list[str] | None) -> list[str]:
    """The assignments named, all of them where none is."""
    return [known_assignment(name) for name in names or assignment_names()]
