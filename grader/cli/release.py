"""`release` and `check-release`: an assignment, built from the solutions, compared with them, and proved."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from exercises.assignment import assignment_names, load_assignment
from grader.course.folder import Course

from .common import Assignments, app, failed, known_assignment
from .solutions import release_solutions

Prove = Annotated[
    bool, typer.Option("--proof/--no-proof", help="whether the model solution first has to pass in the sandbox")
]


@app.command()
def release(
    assignment: Assignments = None,
    course: Annotated[
        Path | None, typer.Option(help="also fill this course folder's source/ and release/", file_okay=False)
    ] = None,
    out: Annotated[Path | None, typer.Option(help="where the student's folder and zip go (build/release)")] = None,
    proof: Prove = True,
    solutions: Annotated[
        bool, typer.Option("--solutions", help="after the deadline: the model solution instead, with notes")
    ] = False,
    now: Annotated[bool, typer.Option("--now", help="with --solutions: also before the deadline")] = False,
) -> None:
    """Build the stubs, the notebook and the student's folder from solutions/, and nbgrader's release.

    Nothing goes to a course unless the model solution passes every check in the sandbox; those that train are left out.
    """
    if solutions:
        if not assignment:
            raise typer.BadParameter("--solutions is for an assignment by name: release digits --solutions")
        return release_solutions(_chosen(assignment), course, out, now=now)
    if now:
        raise typer.BadParameter("--now goes with --solutions")
    from sqlalchemy.exc import SQLAlchemyError

    from grader import repository
    from grader.authoring.galleries import GalleryError
    from grader.gradebook.config import write_config
    from grader.model.faults import in_words
    from grader.release.build import regenerate
    from grader.release.build import release as build
    from grader.release.errors import ReleaseError

    names = _chosen(assignment)
    for name in names:
        try:
            _refuse_what_does_not_fit(name)
            rewritten: tuple[str, ...] = ()
            if course is not None and proof:
                rewritten = regenerate(name)  # the box that grades the solution holds stubs of new modules too
                if not _proved(name, course):
                    raise failed(f"{name} is not released to {course}. Mend it, or say --no-proof")
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
        for path in (*rewritten, *done.rewritten):
            typer.echo(f"rewritten: {path}")
        typer.echo(f"{done.files} files in {done.folder} and {done.zip}")
        if done.remark:
            typer.echo(done.remark, err=True)
        if done.released:
            typer.echo(f"nbgrader's release: {done.released}")


@app.command("check-release")
def check_release(assignment: Assignments = None, proof: Prove = True) -> None:
    """Whether points, galleries and generated files agree with solutions/, and the model solution can be graded."""
    from grader.authoring.galleries import GalleryError
    from grader.release.build import check_release as check
    from grader.release.errors import ReleaseError

    drifted = unproved = False
    for name in _chosen(assignment):
        try:
            drift = check(name)
            _refuse_what_does_not_fit(name)
        except (ReleaseError, GalleryError) as error:
            raise failed(str(error)) from None
        for one in drift:
            typer.echo(str(one))
        if not drift:
            typer.echo(f"{name}: in step")
        drifted = drifted or bool(drift)
        unproved = unproved or (proof and not drift and not _proved(name))
    if drifted or unproved:
        raise typer.Exit(1)


def _refuse_what_does_not_fit(name: str) -> None:
    """Look at what stands beside checks and notebook.  Raises GalleryError or ReleaseError."""
    from grader.authoring.data_kinds import refuse_unknown_kinds
    from grader.authoring.gallery_fits import refuse_galleries_that_do_not_fit
    from grader.measuring.validity.harmless import harmless_mutants

    refuse_galleries_that_do_not_fit(name)
    harmless_mutants(name)
    refuse_unknown_kinds(name)


def _proved(name: str, course: Path | None = None) -> bool:
    """Say whether the model solution passes where it is graded; True also where this machine cannot try that."""
    from grader.authoring.proof import prove
    from grader.grading.checked.seed import DamagedSecretError, private_seed

    typer.echo(f"{name}: grading the model solution in the sandbox …", err=True)
    try:
        seed = None if course is None else private_seed(course, name, load_assignment(name).version)
        found = prove(name, seed)
    except (DamagedSecretError, OSError) as error:
        raise failed(f"{name} is not proved: {error}") from None
    except (ValueError, ImportError, SyntaxError, NameError) as error:
        raise failed(f"the checks of {name} cannot be read: {type(error).__name__}: {error}") from None
    for line in found.in_words():
        typer.echo(line, err=not found.holds)
    return found.holds or bool(found.unmade)


def _chosen(names: list[str] | None) -> list[str]:
    """The assignments named, all of them where none is."""
    return [known_assignment(name) for name in names or assignment_names()]
