"""Adopts a course, and undoes it: a few lines at the end of its nbgrader_config.py, and a note beside it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import NullPool, create_engine, inspect, text
from sqlalchemy.exc import SQLAlchemyError
from traitlets.config import Config

from grader.course.adoption import NOTE_FILE, Adoption, Layout, read_adoption
from grader.course.folder import Course
from grader.course.lock import BOOKING_FILE, RUNS_FILE, booking_lock, no_grading_run
from grader.gradebook.config import configure, load_config
from grader.gradebook.point_changes import CHECKED
from grader.gradebook.steps.book import BOOKINGS
from grader.gradebook.up_to_date import STANDING
from grader.grading.adopted.assignment import AdoptedAssignment
from grader.grading.adopted.definition import NotAdoptableError, Setup, assignments_in, read_assignment, setup_of
from grader.nbgrader_base.database import gradebook_file
from grader.nbgrader_base.options import load_course_config
from grader.nbgrader_base.runs import INDEXED_COLUMNS
from grader.repository import REPOSITORY

# The line break is ours too: the line before may have none.
BEGIN_LINE = b"\n# >>> python -m grader adopt: these lines have to stay as they are; adopt --undo removes them\n"
END_LINE = b"# <<< python -m grader adopt\n"
CONFIG_BLOCK = """\
import os as _os
import sys as _sys
from pathlib import Path as _Path

# COURSE_REPOSITORY names another place of the grader's repository.
_repository = _os.environ.get("COURSE_REPOSITORY", {repository!r})
_sys.path.insert(0, _repository)
try:
    from grader.adopt.taking import configure_adopted as _configure

    _configure(get_config(), _Path(__file__).parent)
except Exception as _error:
    # Going on would be worse: nbgrader's own configuration runs students' code outside the sandbox.
    raise SystemExit(
        f"The grader in {{_repository}} cannot be loaded ({{type(_error).__name__}}: {{_error}}). Use the Python "
        "environment it was installed in, and set COURSE_REPOSITORY to the folder of its repository."
    )
"""
OWN_FILES = ("verdicts.db*", BOOKING_FILE, RUNS_FILE, "course.secret", "*-regraded.csv")  # patterns of names
OWN_TABLES = (BOOKINGS.name, STANDING.name, CHECKED.name)
# Options that decide how a cell's points come about: in an adopted course ours stand in their place.
REPLACED = {
    "Autograde": ("exporter_class", "sanitize_preprocessors", "autograde_preprocessors"),
    "Execute": ("kernel_name", "extra_arguments", "kernel_manager_class", "startup_timeout"),
    "ExecutePreprocessor": ("kernel_name", "extra_arguments", "kernel_manager_class", "startup_timeout"),
    "OverwriteCells": ("add_missing_cells", "missing_cell_notification"),
    "HTMLExporter": ("filters",),
}


class AdoptionRefusedError(ValueError):
    """The course cannot be adopted, or that cannot be undone; the text says why, and what to do."""


@dataclass(frozen=True)
class Found:
    """An assignment of the course: what it is, or why it is not taken."""

    name: str
    definition: AdoptedAssignment | None
    reason: str = ""


@dataclass(frozen=True)
class Taken:
    """What came of adopting a course.

    Attributes:
        replaced: options of the course's configuration that do not count any more.
    """

    assignments: tuple[Found, ...]
    replaced: tuple[str, ...]


def adopt(course: Course) -> Taken:
    """Put a course under this grader.

    Raises:
        AdoptionRefusedError: there is no nbgrader_config.py, it is adopted already, or its configuration is of no use.
    """
    if not course.config.is_file():
        raise AdoptionRefusedError(
            f"{course.config} is missing: adopt takes the folder of a course that nbgrader runs in"
        )
    theirs = course.config.read_bytes()
    if read_adoption(course.root) is not None or BEGIN_LINE in theirs:
        raise AdoptionRefusedError(
            f"{course.root} is adopted already; python -m grader adopt {course.root} --undo undoes it"
        )
    config = _their_config(course)
    setup = setup_of(config)
    before = tuple(_there(course, setup))
    Adoption(layout_of(setup), hashlib.sha256(theirs).hexdigest(), before).write(course.root)
    try:
        block = BEGIN_LINE + CONFIG_BLOCK.format(repository=str(REPOSITORY)).encode() + END_LINE
        _replace(course.config, theirs + block)
        taken = Taken(tuple(survey(_setup_now(course))), tuple(_replaced(config)))
    except BaseException:
        _replace(course.config, theirs)
        (course.root / NOTE_FILE).unlink()
        raise
    return taken


def undo(course: Course) -> bool:
    """Take the lines out of nbgrader_config.py again, and remove what grading has added but for grades.

    Returns:
        whether nbgrader_config.py is byte for byte what it was; False where somebody has changed other lines since,
        which stay.

    Raises:
        AdoptionRefusedError: the course is not adopted, or our lines have been changed.
        BusyError: somebody is grading in it.
    """
    ours = course.config.read_bytes() if course.config.is_file() else b""
    try:
        adoption = read_adoption(course.root)
    except ValueError:
        adoption = None
    if BEGIN_LINE not in ours and not (course.root / NOTE_FILE).exists():
        raise AdoptionRefusedError(f"{course.root} is not adopted: there is nothing to undo")
    rest = _without_block(course.config, ours)
    # Where nobody knows what was there before, all of it stays.
    before = adoption.before if adoption else (*_files(course), *OWN_TABLES)
    with no_grading_run(course.root), booking_lock(course.root):
        if rest != ours:
            _replace(course.config, rest)
        with suppress(Exception):  # a gradebook that cannot be opened holds nothing that could be in the way
            _drop_tables(setup_of(_their_config(Course(course.root))), before)
        for name in (*_files(course), NOTE_FILE):
            if name not in before:
                (course.root / name).unlink(missing_ok=True)
    return adoption is not None and hashlib.sha256(rest).hexdigest() == adoption.config


def survey(setup: Setup) -> Iterator[Found]:
    """Every assignment of the course, and of each whether it can be graded here."""
    try:
        names = assignments_in(setup)
    except NotAdoptableError as error:
        raise AdoptionRefusedError(str(error)) from None
    for name in names:
        try:
            yield Found(name, read_assignment(setup, name))
        except NotAdoptableError as error:
            yield Found(name, None, str(error).removeprefix(f"{name}: "))


def configure_adopted(config: Config, root: Path) -> None:
    """What the lines in nbgrader_config.py call.

    Raises:
        ValueError: the course is not adopted (any more), or its folders have other names than when it was.
    """
    adoption = read_adoption(root)
    again = f"run `python -m grader adopt {root} --undo`, then adopt the course again"
    if adoption is None:
        raise ValueError(f"{root / NOTE_FILE} is missing; {again}")
    configure(config, root)
    if layout_of(setup_of(config)) != adoption.layout:
        raise ValueError(f"the course's folders have got other names since it was adopted; {again}")


def _setup_now(course: Course) -> Setup:
    """The course as nbgrader sees it from now on."""
    try:
        return setup_of(load_config(Course(course.root)))
    except SystemExit as error:
        raise AdoptionRefusedError(str(error)) from None


def _their_config(course: Course) -> Config:
    """The course's own configuration, alone."""
    try:
        config = load_course_config(course.root)
    except Exception as error:
        raise AdoptionRefusedError(f"{course.config} cannot be loaded: {type(error).__name__}: {error}") from None
    root = Path(config.CourseDirectory.get("root", str(course.root)))
    if root.resolve() != course.root.resolve():
        raise AdoptionRefusedError(f"{course.config} says that the course lies in {root}: adopt that folder")
    config.CourseDirectory.root = str(course.root.resolve())
    return config


def _without_block(path: Path, ours: bytes) -> bytes:
    """The file without our lines.

    Raises:
        AdoptionRefusedError: the lines are not as we wrote them.
    """
    if BEGIN_LINE not in ours:
        return ours
    head, _, tail = ours.partition(BEGIN_LINE)
    _, end, rest = tail.partition(END_LINE)
    if not end or BEGIN_LINE in tail:
        raise AdoptionRefusedError(
            f"{path}: the lines from {BEGIN_LINE.decode().strip()!r} to {END_LINE.decode().strip()!r} "
            "have been changed: remove them by hand, then run this again"
        )
    return head + rest


def _replaced(config: Config) -> Iterator[str]:
    for section, names in REPLACED.items():
        yield from (f"{section}.{name}" for name in names if name in config.get(section, {}))


def _there(course: Course, setup: Setup) -> Iterator[str]:
    """Of the files and tables that grading adds, those that are there."""
    yield from _files(course)
    file = gradebook_file(setup.directory.db_url)
    if file is None or file.is_file():
        with suppress(SQLAlchemyError):
            tables = inspect(create_engine(setup.directory.db_url, poolclass=NullPool)).get_table_names()
            yield from (name for name in OWN_TABLES if name in tables)


def _files(course: Course) -> list[str]:
    return sorted(path.name for pattern in OWN_FILES for path in course.root.glob(pattern))


def _drop_tables(setup: Setup, before: tuple[str, ...]) -> None:
    file = gradebook_file(setup.directory.db_url)
    if file is not None and not file.is_file():
        return
    with create_engine(setup.directory.db_url, poolclass=NullPool).begin() as connection:
        for table, column in INDEXED_COLUMNS:
            connection.execute(text(f"DROP INDEX IF EXISTS course_{table}_{column}"))
        for table in OWN_TABLES:
            if table not in before:
                connection.execute(text(f"DROP TABLE IF EXISTS {table}"))


def _replace(path: Path, content: bytes) -> None:
    """Write a file as a whole or not at all; it keeps its permissions, and a link stays one."""
    path = path.resolve()
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_bytes(content)
    draft.chmod(path.stat().st_mode)
    draft.replace(path)


def layout_of(setup: Setup) -> Layout:
    """The names of folders that the configuration gives."""
    found = setup.directory
    return Layout(
        found.directory_structure,
        found.source_directory,
        found.release_directory,
        found.submitted_directory,
        found.autograded_directory,
        found.feedback_directory,
    )
