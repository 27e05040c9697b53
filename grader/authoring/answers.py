"""Lays an answer of the galleries down as a package, to be run in this process."""

from __future__ import annotations

import importlib
import itertools
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from exercises.assignment import foundations
from grader import repository
from grader.checks.answer import Answer

_numbers = itertools.count(1)


@contextmanager
def laid_out(assignment: str, files: Mapping[str, str]) -> Iterator[Answer]:
    """Lay modules down as a package of its own, with the solutions that they build on beside it.

    Args:
        files: text of each module, by name without ".py".
    """
    with tempfile.TemporaryDirectory() as folder:
        top = f"answer_{next(_numbers)}"
        package = Path(folder) / top / assignment
        package.mkdir(parents=True)
        for place in (package, package.parent):
            (place / "__init__.py").write_text("", encoding="utf-8")
        for module, text in files.items():
            (package / f"{module}.py").write_text(text, encoding="utf-8")
        for base in foundations(assignment):
            (package.parent / base).symlink_to(repository.solutions(base))
        sys.path.insert(0, folder)
        importlib.invalidate_caches()
        try:
            yield Answer(f"{top}.{assignment}", assignment)
        finally:
            sys.path.remove(folder)
            for name in [name for name in sys.modules if name == top or name.startswith(f"{top}.")]:
                del sys.modules[name]
