"""Runs the release: regenerate exercises/, gather the student's folder, check it, write it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from exercises.assignment import load_assignment
from grader import repository
from grader.settings.course_toml import WrongSettingError, contact_of
from grader.settings.deadlines import deadline_of

from .bundle import student_bundle, write_folder, write_if_changed, write_zip
from .consistency import refuse_what_does_not_add_up
from .errors import ReleaseError
from .interpreter import newer, too_old
from .into_course import release_into_course
from .leaks import leaks
from .notebook import source_notebook, student_notebook
from .questions import refuse_questions_without_cells
from .regions import MARK_PATTERN
from .stubs import FOOTER_LINE, stub


@dataclass(frozen=True)
class Release:
    """What a release wrote.

    Attributes:
        rewritten: generated files in exercises/ that were out of date, from the repository's root.
        folder:    the student's folder.
        zip:       the same folder as one file.
        files:     how many files the folder has.
        source, released: nbgrader's folders, where a course was given.
        remark:    what to consider about the Python that runs here; empty where all is well.
    """

    assignment: str
    rewritten: tuple[str, ...]
    folder: Path
    zip: Path
    files: int
    source: Path | None = None
    released: Path | None = None
    remark: str = ""


@dataclass(frozen=True)
class Drift:
    """A generated file in exercises/ that is not what solutions/ gives."""

    file: str
    problem: str

    def __str__(self) -> str:
        return f"{self.file}: {self.problem}; run `make release`"


def release(assignment: str, course_root: Path | None = None, out: Path | None = None) -> Release:
    """Build everything that students, and nbgrader, get of an assignment.

    Run twice, it writes the same bytes.

    Args:
        course_root: nbgrader's course folder, which gets source/ and release/; none without it.
        out:         where the folder and the zip go; build/release in the repository where nothing is said.

    Raises:
        ReleaseError: a solution is not marked properly, or the bundle gives something away (nothing is written then,
            apart from exercises/), or nbgrader refuses; or this Python is older than the one that is to grade; or
            checks, assignment.toml and notebook do not add up, or no cell says that a question is about it; or
            course.toml is wrong.
    """
    facts = load_assignment(assignment)
    if problem := too_old(facts):
        raise ReleaseError(problem)
    refuse_what_does_not_add_up(facts)
    refuse_questions_without_cells(facts)
    deadline, contact = _of_course(course_root, assignment)
    rewritten = regenerate(assignment)
    bundle = student_bundle(assignment, deadline, contact)
    found = leaks(bundle, assignment)
    if found:
        raise ReleaseError(f"{assignment} is not released, since students would get:\n" + "\n".join(found))
    out = out or repository.REPOSITORY / "build" / "release"
    folder, archive = out / assignment, out / f"{assignment}.zip"
    write_folder(bundle, folder, assignment)
    write_zip(bundle, archive)
    result = Release(assignment, rewritten, folder, archive, len(bundle), remark=newer(facts))
    if course_root is None:
        return result
    source, released = release_into_course(course_root, assignment, source_notebook(assignment), bundle)
    return replace(result, source=source, released=released)


def _of_course(course_root: Path | None, assignment: str) -> tuple[datetime | None, str]:
    """The deadline in a course, and whom its students ask; None and nobody without one."""
    try:
        return (deadline_of(course_root, assignment), contact_of(course_root)) if course_root else (None, "")
    except WrongSettingError as error:
        raise ReleaseError(str(error)) from None


def regenerate(assignment: str) -> tuple[str, ...]:
    """Write the stubs and the notebook in exercises/ that are out of date, and name these files.

    Raises:
        ReleaseError: a solution is not marked properly, or gone, or nbgrader refuses the notebook.
    """
    generated = _generated(assignment)
    rewritten = tuple(name for name, text in generated.items() if write_if_changed(repository.REPOSITORY / name, text))
    _refuse_left_overs(assignment, generated)
    return rewritten


def check_release(assignment: str) -> list[Drift]:
    """The generated files in exercises/ that are out of step with solutions/; empty where all is well.

    Raises:
        ReleaseError: a solution is not marked properly, or nbgrader refuses the notebook; or checks, assignment.toml
            and notebook do not add up, or no cell says that a question is about it.
    """
    facts = load_assignment(assignment)
    refuse_what_does_not_add_up(facts)
    refuse_questions_without_cells(facts)
    generated = _generated(assignment)
    drift = [Drift(name, "missing") for name in generated if not (repository.REPOSITORY / name).is_file()]
    for name, content in generated.items():
        path = repository.REPOSITORY / name
        if path.is_file() and path.read_bytes() != content:
            drift.append(Drift(name, "differs from what its solution gives"))
    drift += [Drift(name, "generated from a solution that is gone") for name in _left_overs(assignment, generated)]
    return drift


def _generated(assignment: str) -> dict[str, bytes]:
    """Every generated file of an assignment, by its path from the repository's root."""
    files: dict[str, bytes] = {}
    modules = load_assignment(assignment).modules
    for module in modules:
        path = repository.solutions(assignment) / f"{module}.py"
        if not path.is_file():
            raise ReleaseError(f"{repository.relative(path)} is missing: assignment.toml has a task for it")
        text = stub(path.read_text(encoding="utf-8"), repository.relative(path))
        files[repository.relative(repository.exercises(assignment) / path.name)] = text.encode()
    for path in sorted(repository.solutions(assignment).glob("*.py")):
        known = path.stem in modules or path == repository.notebook_source(assignment)
        if not known and MARK_PATTERN.search(path.read_text(encoding="utf-8")):
            raise ReleaseError(
                f"{repository.relative(path)} has solution marks, but no task in assignment.toml names it"
            )
    files[repository.relative(repository.notebook(assignment))] = student_notebook(assignment)
    return files


def _left_overs(assignment: str, generated: Mapping[str, bytes]) -> list[str]:
    """Modules in exercises/ that an earlier release generated and this one does not."""
    start = "\n" + FOOTER_LINE.split("{source}")[0]
    found = [
        repository.relative(path)
        for path in sorted(repository.exercises(assignment).rglob("*.py"))
        if start in path.read_text(encoding="utf-8")
    ]
    return [name for name in found if name not in generated]


def _refuse_left_overs(assignment: str, generated: Mapping[str, bytes]) -> None:
    left_overs = _left_overs(assignment, generated)
    if left_overs:
        names = ", ".join(left_overs)
        raise ReleaseError(f"{names}: generated from a solution that is gone; delete it, and run this again")
