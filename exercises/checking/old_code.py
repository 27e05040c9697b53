"""A notebook that still runs old code: modules of the student's whose saved text is not what was loaded.

`%autoreload 2` loads a saved module before the next cell.  Where it cannot (a SyntaxError, an import that fails) it
says so once, and everything goes on with what was loaded before.
"""

from __future__ import annotations

import contextlib
import inspect
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from ..assignment import EXERCISES, load_assignment
from ..own import given_names

AGAIN = "run this cell again, and if it stays so, restart the kernel"


def old_code(assignment: str) -> tuple[str, ...]:
    """A sentence for each module of the student's that this process runs in another version than the saved one."""
    modules, given = load_assignment(assignment).modules, given_names(assignment)
    found = []
    for name, module in list(sys.modules.items()):
        package, _, last = name.rpartition(".")
        if package == f"exercises.{assignment}" and (last in modules or last not in given):
            found.append(_older(module))
    return tuple(sentence for sentence in found if sentence)


def _older(module: ModuleType) -> str:
    """How the saved text of a module differs from what was loaded; "" where no difference is found."""
    try:
        file = str(module.__file__)  # as the code names it: on Windows a Path may write it in another way
        path = Path(file)
        text = path.read_bytes()
    except (OSError, AttributeError):
        return ""
    begin = f"this notebook still runs {path.name} as it was before"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the import has told them
            saved = _codes(compile(text, str(path), "exec", dont_inherit=True))
    except SyntaxError as error:
        return f"{begin}: Python cannot read the saved one (line {error.lineno}: {error.msg}); mend it, and save"
    except (ValueError, RecursionError, MemoryError):
        return f"{begin}: Python cannot read the saved one; save it as UTF-8"
    loaded = [code for value in list(vars(module).values()) for code in _loaded(value, module.__name__, file)]
    if any(code.co_qualname in saved and code not in saved[code.co_qualname] for code in loaded):
        return f"{begin}, and the saved one is another: {AGAIN}"
    return ""


def _codes(code: CodeType) -> dict[str, list[CodeType]]:
    """The code of each function in a module's code, by its qualified name."""
    found: dict[str, list[CodeType]] = {}
    waiting = [code]
    while waiting:
        inner = [one for one in waiting.pop().co_consts if isinstance(one, CodeType)]
        waiting += inner
        for one in inner:
            found.setdefault(one.co_qualname, []).append(one)
    return found


def _loaded(value: Any, module: str, file: str) -> Iterator[CodeType]:
    """The code of a function, or of the functions of a class, that a module itself defines."""
    if isinstance(value, type) and value.__module__ == module:
        for inner in list(vars(value).values()):
            if not isinstance(inner, type) or inner.__qualname__.startswith(f"{value.__qualname__}."):
                yield from _loaded(inner, module, file)
    for one in (value, getattr(value, "__func__", None), getattr(value, "fget", None)):
        if inspect.isfunction(one):
            code = inspect.unwrap(one).__code__
            if code.co_filename == file:
                yield code


def watch() -> None:
    """In a notebook, have each cell that is run with old code say so; elsewhere nothing happens."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is not None and _tell not in shell.events.callbacks["pre_run_cell"]:
        shell.events.register("pre_run_cell", _tell)


def _tell(info: Any = None) -> None:
    """Say which modules are old; never in the way of the cell."""
    with contextlib.suppress(Exception):  # whatever lies in the folder, the cell is to run
        names = {name.split(".")[1] for name in sys.modules if name.startswith("exercises.") and name.count(".") > 1}
        for assignment in sorted(name for name in names if (EXERCISES / name / "assignment.toml").is_file()):
            for sentence in old_code(assignment):
                print(f"note: {sentence}", file=sys.stderr)
