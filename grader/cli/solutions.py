"""`release --solutions`: the model solution for students, once nobody has time left."""

from __future__ import annotations

from pathlib import Path

import typer

from grader.course.folder import Course

from .common import failed


def release_solutions(names: list[str], course: Path | None, out: Path | None, *, now: bool) -> None:
    """Hand out the solutions of these assignments, in a course with a page for each student; say what was written.

    Args:
        now: also before the latest deadline.
    """
    from sqlalchemy.exc import SQLAlchemyError

    from grader import repository
    from grader.authoring.galleries import GalleryError
    from grader.feedback.solution.publish import folder_of, write_solutions
    from grader.model.faults import FaultError, in_words
    from grader.model.private import owner_only
    from grader.release.errors import ReleaseError

    for name in names:
        try:
            _refuse_before_the_end(name, course, now=now)
            for folder in _folders(course and folder_of(Course(course)), out, repository.REPOSITORY):
                with owner_only(course or Path()):
                    done = write_solutions(name, folder)
                typer.echo(f"{done.zip}: for students, who unpack it where exercises/ lies")
                typer.echo(f"{done.page}: the solution with {done.mistakes} common mistakes; it is in the zip, too")
            if course is not None:
                _own_pages(Course(course), name)
        except (ReleaseError, GalleryError, FaultError) as error:
            raise failed(str(error)) from None
        except SQLAlchemyError as error:
            raise failed(in_words(error, Course(course or Path()).gradebook) or str(error)) from None
        except OSError as error:
            raise failed(f"the solution of {name} is not handed out: {in_words(error, course or Path())}") from None


def _folders(of_course: Path | None, out: Path | None, repository: Path) -> list[Path]:
    """Where zip and page go: into the course, and where somebody asked for them; build/release without both."""
    chosen = [folder for folder in (of_course, out) if folder is not None]
    return chosen or [repository / "build" / "release"]


def _refuse_before_the_end(name: str, course: Path | None, *, now: bool) -> None:
    """Raise where anybody has time left and nobody said --now; say so where lateness still earns points."""
    from grader.course.closing import closing, this_moment
    from grader.settings.deadlines import in_utc, in_words

    end, moment = closing(course, name), this_moment()
    whose = f" (extended for {end.whose})" if end.whose else ""
    if in_utc(end.when) > moment:
        if not now:
            raise failed(
                f"the solution of {name} is not handed out before the deadline, {in_words(end.when)}{whose}; "
                "--now does it all the same"
            )
        typer.echo(f"warning: {name} may be handed in until {in_words(end.when)}{whose}", err=True)
    elif end.late is None or in_utc(end.late) > moment:
        until = f"until {in_words(end.late)}" if end.late else "whenever it comes"
        typer.echo(f"warning: {name} still earns points when it is handed in late, {until}", err=True)


def _own_pages(course: Course, name: str) -> None:
    from grader.feedback.solution.publish import own_page_name, write_own_pages

    written = 0
    for student, page in write_own_pages(course, name):
        if isinstance(page, OSError):
            typer.echo(f"warning: no page for {student}: {page}", err=True)
        else:
            written += 1
    typer.echo(f"{written} pages {own_page_name(name)} beside the feedback pages: a student's files beside it")
    if written:
        typer.echo(f"to name them on the feedback pages: python -m grader feedback {name} --course {course.root}")
