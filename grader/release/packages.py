"""What lies where a student's code runs, as an allow-list: {path: content}.  A student's folder has more: `bundle`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from exercises.assignment import foundations, load_assignment
from exercises.limits import RANGES
from grader import repository

from .errors import ReleaseError
from .model_solution import model_solution

# The kinds of file that an assignment's folder may hold.  The notebook lies at the top of the folder instead.
GIVEN_SUFFIXES = frozenset(
    f".{suffix}"
    for suffix in (
        *("py", "toml", "png", "jpg", "jpeg", "svg", "gif"),
        *("wav", "flac", "npy", "npz", "safetensors", "json", "jsonl", "csv", "tsv", "txt", "md"),
    )
)
# What travels of exercises/ itself, with every assignment.
PROGRAMS = (
    "__init__.py",
    "__main__.py",
    "annotations.py",
    "assignment.py",
    "cells.py",
    "doctor.py",
    "foresight.py",
    "given.py",
    "limits.py",
    "own.py",
    "pack.py",
    "shadows.py",
    "syntax.py",
    "tables.py",
)
PACKAGES = ("checking", "learning", "recording", "showing")
EARLIER = "# The model solution of an earlier assignment."
CACHE_FOLDERS = frozenset({"__pycache__", ".ipynb_checkpoints"})


def sandbox_bundle(assignment: str, wanted: Callable[[str], bool] = lambda path: True) -> dict[str, bytes]:
    """The packages alone, without notebook and README: what a submission's modules are laid over while grading.

    Args:
        wanted: says of a path whether its file is read.

    Raises:
        ReleaseError: a file is missing, there is one of a kind that is not released, or there are more megabytes than
            the assignment's limits let through.
    """
    return _packages(assignment, _given_files, wanted)


def is_program(path: str) -> bool:
    """Whether a given file is code, which is small, or something that code reads."""
    return path.endswith(".py")


def given_bundle(assignment: str) -> dict[str, bytes]:
    """`sandbox_bundle` without the stubs, which need not have been made yet, and without files of other kinds.

    Raises:
        ReleaseError: one of the files that every assignment has is missing.
    """
    return _packages(assignment, _given_beside_stubs)


def _packages(
    assignment: str, given_files: Callable[[str], list[Path]], wanted: Callable[[str], bool] = lambda path: True
) -> dict[str, bytes]:
    root = repository.REPOSITORY
    files = [root / "exercises" / name for name in PROGRAMS]
    files += [path for name in PACKAGES for path in _python_files(root / "exercises" / name)]
    files += given_files(assignment)
    files += _python_files(root / "datasets")
    bases = _foundations(assignment)
    for base in bases:  # its own tasks are over: without its toml it is no assignment here
        files += [path for path in given_files(base) if path.name != "assignment.toml"]
    for path in files:
        if path.is_symlink() or not path.is_file():
            raise ReleaseError(f"{repository.relative(path)} is missing, or not a regular file")
    _require_not_too_large(assignment, files)
    bundle = {repository.relative(path): path.read_bytes() for path in files if wanted(repository.relative(path))}
    for base in bases:  # in the place of its stubs
        for module, text in model_solution(base).items():
            place = repository.relative(repository.exercises(base) / f"{module}.py")
            if wanted(place):
                bundle[place] = f"{EARLIER}\n{text}".encode()
    return dict(sorted(bundle.items()))


def _foundations(assignment: str) -> tuple[str, ...]:
    try:
        return foundations(assignment)
    except ValueError as error:
        raise ReleaseError(str(error)) from None


def _require_not_too_large(assignment: str, files: list[Path]) -> None:
    """Raise ReleaseError where the files that are no code have more megabytes together than may be given."""
    sizes = {repository.relative(path): path.stat().st_size for path in files if not is_program(path.name)}
    found_mb, most_mb = sum(sizes.values()) / (1 << 20), load_assignment(assignment).limits.given_mb
    if found_mb > most_mb:
        largest = max(sizes, key=lambda path: sizes[path])
        raise ReleaseError(
            f"{assignment} has {found_mb:.1f} MB of given files, and {most_mb} MB may be given "
            f"(the largest is {largest}): make them smaller, or set given_mb under [limits] in assignment.toml, "
            f"up to {RANGES['given_mb'].highest:g}"
        )


def _python_files(folder: Path) -> list[Path]:
    return [path for path in _walk(folder) if path.suffix == ".py"]


def _given_files(assignment: str) -> list[Path]:
    folder = repository.exercises(assignment)
    files = [path for path in _walk(folder) if path != repository.notebook(assignment)]
    for path in files:
        if path.suffix.lower() not in GIVEN_SUFFIXES:
            raise ReleaseError(
                f"{repository.relative(path)}: files of this kind are not released; move it away, "
                f"or add {path.suffix.lower()!r} to GIVEN_SUFFIXES in grader/release/packages.py"
            )
    missing = {folder / f"{module}.py" for module in load_assignment(assignment).modules} - set(files)
    if missing:
        names = ", ".join(sorted(repository.relative(path) for path in missing))
        raise ReleaseError(f"{names}: missing; run `make release`, which makes stubs from the solution")
    return files


def _given_beside_stubs(assignment: str) -> list[Path]:
    folder = repository.exercises(assignment)
    generated = {folder / f"{module}.py" for module in load_assignment(assignment).modules}
    return [path for path in _walk(folder) if path.suffix.lower() in GIVEN_SUFFIXES and path not in generated]


def _walk(folder: Path) -> Iterator[Path]:
    """The files below a folder, sorted, without caches and without what editors leave behind."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_dir() or CACHE_FOLDERS & set(parts) or any(part.startswith(".") for part in parts):
            continue
        if path.suffix not in (".pyc", ".pyo") and not path.name.endswith("~"):
            yield path
