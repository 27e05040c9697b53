"""Python and what is installed for it: torch, torchvision and torchaudio that match, nbgrader, alembic."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from exercises.assignment import Assignment, assignment_names, load_assignment
from grader.release.interpreter import RUNNING_VERSION, newer, too_old
from grader.repository import REPOSITORY

from .finding import Finding

MATCHED_TRIO = ("torch", "torchvision", "torchaudio")
IMPORT_S = 300.0  # the first import after an installation reads gigabytes from disk

# What a mismatched wheel says when it is imported, and what it means.
SYMPTOMS = (
    ("operator torchvision::nms does not exist", "torchvision is built for another release of torch"),
    ("libc10_cuda.so", "torchaudio or torchvision is built for CUDA, and torch is a CPU build of another release"),
    ("undefined symbol", "torchaudio or torchvision is built for another release of torch"),
    ("No module named 'torch", "one of the three is not installed"),
)

Installed = Callable[[str], str | None]


def installed_version(name: str) -> str | None:
    """The version of an installed package without its local part: 2.11.0 of 2.11.0+cpu.  None if it is missing."""
    try:
        return version(name).partition("+")[0]
    except PackageNotFoundError:
        return None


def pinned_versions(constraints: Path = REPOSITORY / "constraints.txt") -> dict[str, str]:
    """Version by package name, as constraints.txt pins them."""
    lines = [line.split("#")[0].strip() for line in constraints.read_text(encoding="utf-8").splitlines()]
    return {name.lower(): pin for name, equal, pin in (line.partition("==") for line in lines) if equal}


def findings() -> list[Finding]:
    """Python, versions of the trio, their import, nbgrader, and the program that nbgrader starts."""
    pins = pinned_versions()
    return [
        python_version([load_assignment(name) for name in assignment_names()]),
        trio_versions(pins),
        trio_import(),
        nbgrader_version(pins),
        alembic_on_path(),
    ]


def python_version(assignments: Iterable[Assignment], running: tuple[int, int] = RUNNING_VERSION) -> Finding:
    """This Python against the one that the assignments name, to which students' code is held."""
    words = f"Python {running[0]}.{running[1]}"
    assignments = list(assignments)
    if problems := [problem for facts in assignments if (problem := too_old(facts, running))]:
        return Finding("python", False, words, "; ".join(problems))
    return Finding("python", True, "; ".join([words, *filter(None, (newer(facts, running) for facts in assignments))]))


def trio_versions(pins: Mapping[str, str], installed: Installed = installed_version) -> Finding:
    """The three versions against the ones that are known to match."""
    found = {name: installed(name) for name in MATCHED_TRIO}
    words = ", ".join(f"{name} {found[name] or 'missing'}" for name in MATCHED_TRIO)
    if all(found[name] == pins[name] for name in MATCHED_TRIO):
        return Finding("torch versions", True, words)
    wanted = ", ".join(f"{name} {pins[name]}" for name in MATCHED_TRIO)
    return Finding("torch versions", False, f"{words}; these match and were tested: {wanted}", _install(*MATCHED_TRIO))


def trio_import(run: Callable[[], str] | None = None) -> Finding:
    """Import the three in a fresh process.

    Args:
        run: gives what the import wrote to stderr, empty if it worked.
    """
    said = (run or _import_trio)()
    if not said:
        return Finding("torch import", True, "torch, torchvision and torchaudio can be imported together")
    meaning = next((words for symptom, words in SYMPTOMS if symptom in said), "the import failed")
    return Finding(
        "torch import", False, f"{meaning}: {said.splitlines()[-1][:300]}", _install(*MATCHED_TRIO, again=True)
    )


def _import_trio() -> str:
    command = [sys.executable, "-W", "ignore", "-c", f"import {', '.join(MATCHED_TRIO)}"]
    try:
        ended = subprocess.run(command, capture_output=True, text=True, timeout=IMPORT_S)
    except subprocess.TimeoutExpired:
        return f"the import did not end within {IMPORT_S:.0f} s"
    if ended.returncode == 0:
        return ""
    return ended.stderr.strip() or f"the import ended with exit code {ended.returncode}"


def nbgrader_version(pins: Mapping[str, str], installed: Installed = installed_version) -> Finding:
    """nbgrader's classes are extended, so its release counts."""
    found, wanted = installed("nbgrader"), pins["nbgrader"]
    if found == wanted:
        return Finding("nbgrader", True, f"version {found}")
    what = f"version {found or 'missing'}, and the grader extends {wanted}"
    return Finding("nbgrader", False, what, _install("nbgrader"))


def alembic_on_path(path: str | None = None) -> Finding:
    """nbgrader starts the program alembic from the PATH when it opens a gradebook.

    Args:
        path: searched in place of the environment's PATH.
    """
    programs = Path(sys.executable).parent
    found = shutil.which("alembic", path=path)
    if found is None:
        here = (programs / "alembic").is_file()
        mend = f'export PATH="{programs}:$PATH"' if here else _install("alembic")
        return Finding("alembic", False, "nbgrader runs the program alembic, and it is not on the PATH", mend)
    try:
        works = subprocess.run([found, "--version"], capture_output=True, timeout=60.0).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        works = False
    if not works:
        what = f"{found} does not run: was its environment moved?"
        return Finding("alembic", False, what, _install("alembic", again=True))
    return Finding("alembic", True, found)


def _install(*names: str, again: bool = False) -> str:
    force = "--force-reinstall --no-deps " if again else ""
    return f"{sys.executable} -m pip install {force}-c {REPOSITORY / 'constraints.txt'} {' '.join(names)}"
