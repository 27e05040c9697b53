"""A notebook that still runs old code: modules of the student's whose saved text is not what was loaded.

`%autoreload 2` loads a saved module before the next cell.  Where it cannot (a SyntaxError, an import that fails) it
says so once, and everything goes on with what was loaded before.

IPython 9 loads single functions: it parses the new text, writes it down again (`ast.unparse`) and compiles the
function alone.  So the code of a loaded function tells nothing about its lines, has lost the module's imports (that of
`annotations` from `__future__`, and those by which CPython knows that `torch.relu` is no method of an object, which it
compiles to other instructions), and may have other spaces in its docstring.  Only what a function does is compared, and
with the saved text in both layouts.
"""

from __future__ import annotations

import ast
import contextlib
import inspect
import sys
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from ..assignment import EXERCISES, load_assignment
from ..own import given_names

AGREED: dict[str, str] = {}  # of each module the last syntax tree that was seen to be loaded
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
            tree = ast.parse(text)
            layouts = compile(text, file, "exec", dont_inherit=True), _as_autoreload_has_it(text, file)
    except SyntaxError as error:
        return f"{begin}: Python cannot read the saved one (line {error.lineno}: {error.msg}); mend it, and save"
    except (ValueError, RecursionError, MemoryError):
        return f"{begin}: Python cannot read the saved one; save it as UTF-8"
    now = ast.dump(tree)
    saved = _functions(layouts)
    loaded = [one for value in list(vars(module).values()) for one in _loaded(value, module.__name__, file)]
    if any(name in saved and _does(code) not in saved[name] for name, code in loaded):
        # lines laid out anew load nothing, and can change the jumps of a function's code
        return "" if AGREED.get(file) == now else f"{begin}, and the saved one is another: {AGAIN}"
    AGREED[file] = now
    return ""


def _as_autoreload_has_it(text: bytes, file: str) -> CodeType:
    """The code of a module as IPython compiles its functions one by one."""
    return compile(ast.unparse(_WithoutImports().visit(ast.parse(text))), file, "exec", dont_inherit=True)


class _WithoutImports(ast.NodeTransformer):
    """Takes a module's own imports away, and leaves those in its functions."""

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> ast.AST:
        return ast.copy_location(ast.Pass(), node)

    visit_ImportFrom = visit_Import

    def visit_FunctionDef(self, node: ast.AST) -> ast.AST:
        return node

    visit_AsyncFunctionDef = visit_Lambda = visit_ClassDef = visit_FunctionDef


def _functions(modules: Iterable[CodeType]) -> dict[str, list[Any]]:
    """What each function in the code of a module does, by its qualified name."""
    found: dict[str, list[Any]] = {}
    waiting = list(modules)
    while waiting:
        inner = [one for one in waiting.pop().co_consts if isinstance(one, CodeType)]
        waiting += inner
        for one in inner:
            found.setdefault(one.co_qualname, []).append(_does(one))
    return found


def _does(constant: Any) -> Any:
    """A function's code, or a constant of it, without lines, file, flags and the spaces in its strings."""
    if isinstance(constant, CodeType):
        if "__firstlineno__" in constant.co_names:  # a class in a function, since Python 3.13
            return tuple(_does(one) for one in constant.co_consts if isinstance(one, CodeType))
        names = constant.co_names, constant.co_varnames, constant.co_freevars, constant.co_cellvars
        arguments = constant.co_argcount, constant.co_posonlyargcount, constant.co_kwonlyargcount
        return constant.co_code, arguments, names, tuple(_does(one) for one in constant.co_consts)
    if isinstance(constant, str):
        return str, tuple(constant.split())
    if isinstance(constant, tuple):
        return tuple, tuple(_does(one) for one in constant)
    return type(constant), constant


def _loaded(value: Any, module: str, file: str) -> Iterator[tuple[str, CodeType]]:
    """The qualified name and the code of a function, or of the functions of a class, that a module itself defines."""
    if isinstance(value, type) and value.__module__ == module:
        for inner in list(vars(value).values()):
            if not isinstance(inner, type) or inner.__qualname__.startswith(f"{value.__qualname__}."):
                yield from _loaded(inner, module, file)
    for one in (value, getattr(value, "__func__", None), getattr(value, "fget", None)):
        if inspect.isfunction(one):
            function = inspect.unwrap(one)
            if function.__code__.co_filename == file:
                yield function.__qualname__, function.__code__


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
