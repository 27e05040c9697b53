"""Given modules as bytecode, so that not every session compiles them anew."""

from __future__ import annotations

import importlib.util
import py_compile
import tempfile
from collections.abc import Mapping
from pathlib import Path


def compiled(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The bytecode files of the Python files among these, where an import of this very interpreter looks for them.

    They hold no times: the interpreter takes them without looking at the source.

    Raises:
        py_compile.PyCompileError: a file is not Python.
    """
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "source.py"), Path(folder, "source.pyc")
        for path, content in files.items():
            if path.endswith(".py"):
                source.write_bytes(content)
                mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
                py_compile.compile(str(source), str(target), dfile=path, doraise=True, invalidation_mode=mode)
                found[importlib.util.cache_from_source(path)] = target.read_bytes()
    return found
