"""Writes a new assignment from template/, whose folders lie as in the repository.

In the template's paths NAME stands for the assignment's name, and each file ends in ".in", so that none is taken for
Python or for an assignment; in the texts `$name` and `$deadline` are filled in.
"""

from __future__ import annotations

import keyword
import re
import shutil
import sys
from datetime import datetime, timedelta
from importlib.metadata import packages_distributions
from pathlib import Path
from string import Template

from grader import repository
from grader.release.build import regenerate

TEMPLATE_FOLDER = Path(__file__).resolve().parent / "template"
TIME_TO_WORK = timedelta(weeks=4)


class NameRefusedError(ValueError):
    """An assignment cannot have this name; the message says what one looks like, or what is in its way."""


def new_assignment(name: str) -> tuple[Path, ...]:
    """Write solutions/, exercises/ and grader/checks/ of a new assignment, with its stubs and notebook.

    Nothing that is there is overwritten, and what a failure leaves half done is removed again.

    Returns:
        the three folders.

    Raises:
        NameRefusedError: the name is none for a package, taken, or that of something else that is imported.
        ReleaseError: nbgrader refuses the notebook.
    """
    files = _files(name, datetime.now().astimezone() + TIME_TO_WORK)
    folders = (repository.solutions(name), repository.exercises(name), repository.hidden_checks(name))
    _refuse(name, folders)
    made: list[Path] = []
    try:
        for folder in folders:
            folder.mkdir()
            made.append(folder)
        for path, text in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        regenerate(name)
    except FileExistsError as error:  # somebody else was faster
        _remove(made)
        raise NameRefusedError(
            f"{error.filename} is there already: choose another name, nothing was written"
        ) from error
    except BaseException:
        _remove(made)
        raise
    return folders


def _files(name: str, deadline: datetime) -> dict[Path, str]:
    """The text of each file, by its path in the repository."""
    values = {"name": name, "deadline": deadline.replace(hour=23, minute=59, second=0, microsecond=0).isoformat()}
    found: dict[Path, str] = {}
    for source in sorted(path for path in TEMPLATE_FOLDER.rglob("*.in") if path.is_file()):
        place = source.relative_to(TEMPLATE_FOLDER).as_posix().replace("NAME", name).removesuffix(".in")
        path = repository.REPOSITORY / place
        if path in found:
            raise NameRefusedError(f"{name} is the name of a module in the new assignment: choose another name")
        found[path] = Template(source.read_text(encoding="utf-8")).substitute(values)
    return found


def _refuse(name: str, folders: tuple[Path, ...]) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or keyword.iskeyword(name):
        raise NameRefusedError(
            f"{name!r} cannot be an assignment's name: write it as a Python package's, in lower-case letters, digits "
            "and underscores, a letter first, and no word of the language; for example audio_events"
        )
    if name in sys.stdlib_module_names:
        raise NameRefusedError(f"{name} is a module of Python's own, which `import {name}` means; choose another name")
    if distributions := packages_distributions().get(name):
        owner = ", ".join(sorted(set(distributions)))
        raise NameRefusedError(
            f"{name} is an installed package ({owner}), which `import {name}` means; choose another name"
        )
    for folder in (repository.REPOSITORY / name, *folders):
        for path in (folder, folder.with_suffix(".py")):
            if path.exists() or path.is_symlink():
                raise NameRefusedError(f"{name} is taken: {repository.relative(path)} is there; choose another name")


def _remove(folders: list[Path]) -> None:
    for folder in folders:
        shutil.rmtree(folder)
