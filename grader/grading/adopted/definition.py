"""Reads what an adopted assignment is, from nbgrader's gradebook, the course's folders and its configuration.

The gradebook is only read: it holds each cell as it came out of source/, after the course's own options have cleared
the solutions, with its hidden tests and the checksum that nbgrader compares.
"""

from __future__ import annotations

import ast
import functools
import importlib.util
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import nbformat
from IPython.core.inputtransformer2 import TransformerManager
from nbgrader import api
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import Execute, IgnorePattern
from nbgrader.utils import find_all_files
from sqlalchemy import NullPool, create_engine, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from traitlets.config import Config

from exercises.assignment import assignment_names
from grader.nbgrader_base.database import gradebook_file
from grader.nbgrader_base.options import load_options

from .assignment import AdoptedAssignment, AdoptedNotebook, PlainCell, SourceCell

FILES_BYTES = 32 << 20  # beside an assignment's notebooks
State = tuple[tuple[str, int, int], ...]
FOR_EVER_S = 600.0  # where the course has switched nbgrader's limit off


# By course and assignment, what was read last, and of which files: grading a cohort asks several times a submission.
_read: dict[tuple[str, str], tuple[State, AdoptedAssignment]] = {}


class NotAdoptableError(ValueError):
    """An assignment that cannot be graded here; the text says why, and what to do."""


@dataclass(frozen=True)
class Setup:
    """A course as nbgrader's configuration describes it."""

    directory: CourseDirectory
    config: Config

    def folder(self, step: str, assignment: str) -> Path:
        return Path(self.directory.format_path(step, ".", assignment))


def setup_of(config: Config) -> Setup:
    return Setup(CourseDirectory(config=config), config)


def assignments_in(setup: Setup) -> list[str]:
    """The names of all assignments in the gradebook, sorted.

    Raises:
        NotAdoptableError: the gradebook cannot be read.
    """
    with _gradebook(setup.directory.db_url) as session:
        return sorted(session.scalars(select(api.Assignment.name)))


def adopted_assignment(root: Path, assignment: str) -> AdoptedAssignment:
    """What an assignment of an adopted course is.

    Raises:
        NotAdoptableError: it cannot be graded here.
    """
    setup = setup_of(load_options(root))
    place, state = (str(root.resolve()), assignment), _state(setup, assignment)
    known = _read.get(place)
    if known is None or known[0] != state:
        known = _read[place] = (state, read_assignment(setup, assignment))
    return known[1]


def _state(setup: Setup, assignment: str) -> State:
    """Changes with all that `read_assignment` reads: nbgrader writes release/ when it changes the gradebook's cells."""
    directory = setup.directory
    folders = [setup.folder(step, assignment) for step in (directory.source_directory, directory.release_directory)]
    paths = [path for folder in folders for path in sorted(folder.glob("**/*"))]
    configs = [Path(directory.root) / name for name in ("nbgrader_config.py", "nbgrader_config.json")]
    found = [(path, path.stat()) for path in (*paths, *configs) if path.is_file()]
    return tuple((str(path), status.st_mtime_ns, status.st_size) for path, status in found)


def read_assignment(setup: Setup, assignment: str) -> AdoptedAssignment:
    """As `adopted_assignment`, from a configuration that need not be adopted yet."""
    if assignment in assignment_names():
        raise NotAdoptableError(
            f"{assignment}: this grader has an assignment of its own by this name; rename the course's"
        )
    with _gradebook(setup.directory.db_url) as session:
        found = session.scalars(select(api.Assignment).where(api.Assignment.name == assignment)).one_or_none()
        if found is None:
            raise NotAdoptableError(f"{assignment}: no such assignment is in the gradebook")
        if not found.notebooks:
            raise NotAdoptableError(f"{assignment}: not released yet; nbgrader generate_assignment {assignment}")
        notebooks = tuple(_notebook(setup, assignment, one) for one in found.notebooks)
    files = _files(setup, assignment)
    if missing := sorted(set(_missing_packages(notebooks, files))):
        raise NotAdoptableError(
            f"{assignment}: it imports {', '.join(missing)}, not installed in the Python that grades; install what it "
            "needs beside the grader"
        )
    options = setup.config
    timeout = Execute(config=options).timeout
    silence = IgnorePattern(config=options)
    kept = options.Autograde.get("exclude_overwriting", {}).get(assignment, [])
    return AdoptedAssignment(
        assignment,
        notebooks=notebooks,
        files=files,
        kept=frozenset(kept),
        ignored=tuple(setup.directory.ignore),
        cell_s=float(timeout) if timeout and timeout > 0 else FOR_EVER_S,
        unheard=silence.pattern if silence.enabled else "",
    )


@contextmanager
def _gradebook(db_url: str) -> Iterator[Session]:
    file = gradebook_file(db_url)
    if file is not None and not file.is_file():  # SQLite would make an empty one
        raise NotAdoptableError(f"{file} is missing: release an assignment first (nbgrader generate_assignment)")
    try:
        with Session(create_engine(db_url, poolclass=NullPool)) as session:
            yield session
    except SQLAlchemyError as error:
        first = str(error).splitlines()[0]
        raise NotAdoptableError(f"the gradebook cannot be read ({first}); does `nbgrader db upgrade` help?") from None


def _notebook(setup: Setup, assignment: str, row: Any) -> AdoptedNotebook:
    path = setup.folder(setup.directory.release_directory, assignment) / f"{row.name}.ipynb"
    again = f"run nbgrader generate_assignment {assignment}"
    try:
        released = nbformat.read(path, as_version=4)
    except FileNotFoundError:
        raise NotAdoptableError(f"{assignment}: {path} is missing; {again}") from None
    except (ValueError, OSError) as error:
        raise NotAdoptableError(f"{assignment}: {path} cannot be read ({error}); {again}") from None
    kernel = json.loads(row.kernelspec or "{}") or released.metadata.get("kernelspec", {})
    if language := _foreign_language(kernel, released.metadata.get("language_info", {})):
        raise NotAdoptableError(
            f"{assignment}: {row.name}.ipynb runs on the kernel {kernel.get('name')!r} ({language}); "
            "only Python's is graded here"
        )
    known = {cell.name: cell for cell in _known(row)}
    cells: list[SourceCell | PlainCell] = []
    for cell in released.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in known:
            cells.append(replace(known.pop(name), id=str(cell.get("id", ""))))
        else:
            cells.append(PlainCell(cell.cell_type, cell.source, str(cell.get("id", ""))))
    if known:
        raise NotAdoptableError(f"{assignment}: {path} lacks the cells {', '.join(sorted(known))}; {again}")
    metadata: dict[str, object] = {"kernelspec": dict(kernel), "language_info": {"name": "python"}}
    return AdoptedNotebook(row.name, tuple(cells), metadata)


def _foreign_language(kernel: dict[str, Any], info: dict[str, Any]) -> str:
    """The language of a kernel that does not run Python; empty for one that does, or none."""
    name = str(kernel.get("name", ""))
    language = str(kernel.get("language") or info.get("name") or ("python" if not name or "py" in name else "unknown"))
    return "" if language.lower() in ("python", "ipython") else language


def _known(row: Any) -> Iterator[SourceCell]:
    grades = {cell.name: cell.max_score for cell in row.grade_cells}
    tasks = {cell.name: cell.max_score for cell in row.task_cells}
    solutions = {cell.name for cell in row.solution_cells}
    for cell in row.source_cells:
        yield SourceCell(
            name=cell.name,
            cell_type=str(cell.cell_type),
            source=cell.source or "",
            checksum=cell.checksum,
            locked=bool(cell.locked),
            grade=cell.name in grades,
            solution=cell.name in solutions,
            task=cell.name in tasks,
            points=float(grades.get(cell.name, tasks.get(cell.name, 0.0))),
        )


def _files(setup: Setup, assignment: str) -> dict[str, bytes]:
    """What nbgrader would copy over a submission: source/'s files but for notebooks and what the course ignores."""
    folder = setup.folder(setup.directory.source_directory, assignment)
    found = sorted(Path(name) for name in find_all_files(str(folder), [*setup.directory.ignore, "*.ipynb"]))
    size = sum(path.stat().st_size for path in found)
    if size > FILES_BYTES:
        raise NotAdoptableError(
            f"{assignment}: the files beside its notebooks have {size >> 20} MB, and {FILES_BYTES >> 20} MB find room "
            "in the sandbox; make them smaller"
        )
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def _missing_packages(notebooks: tuple[AdoptedNotebook, ...], files: dict[str, bytes]) -> Iterator[str]:
    """Packages that a notebook imports by a plain line, and that neither Python has nor the files beside it.

    An import inside a function, an `if` or a `try` may be meant to fail.
    """
    own = {path.split("/")[0].removesuffix(".py") for path in files}
    for notebook in notebooks:
        for cell in notebook.cells:
            if cell.cell_type == "code":
                yield from (name for name in _imports(cell.source) if name not in own and not _installed(name))


def _imports(source: str) -> Iterator[str]:
    try:
        tree = ast.parse(TransformerManager().transform_cell(source))
    except SyntaxError:
        return
    for line in tree.body:
        if isinstance(line, ast.Import):
            yield from (alias.name.split(".")[0] for alias in line.names)
        elif isinstance(line, ast.ImportFrom) and line.module and not line.level:
            yield line.module.split(".")[0]


@functools.cache
def _installed(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return True
