"""Names files in a folder that Python takes for a module of its own, or for a needed package.

It runs before everything else, so it imports nothing that such a file could stand in for: `os` and `sys` are there
before any program starts.
"""

import os
import sys

# Packages, and on the lines below what these import themselves.
NEEDED = """
    torch torchvision torchaudio soundfile safetensors numpy matplotlib ipywidgets jupyterlab typer
    _cffi_backend _soundfile _soundfile_data annotated_doc asttokens cffi click comm contourpy cycler dateutil
    decorator defusedxml executing filelock fontTools fsspec functorch ipykernel IPython jedi jinja2
    kiwisolver markupsafe matplotlib_inline mpl_toolkits mpmath networkx packaging parso PIL prompt_toolkit
    psutil pure_eval pygments pyparsing rich shellingham six stack_data sympy torchgen tornado traitlets
    triton typing_extensions wcwidth zmq
"""
PACKAGES = frozenset(NEEDED.split())


def shadows(folder: str) -> list[str]:
    """The names in a folder that hide a module of the standard library or a needed package from Python, sorted."""
    known = {*sys.stdlib_module_names, *PACKAGES}
    found = []
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        if name.endswith(".py"):
            hides = name[:-3] in known
        else:  # a folder without this file is found last
            hides = name in known and os.path.exists(os.path.join(path, "__init__.py"))
        if hides:
            found.append(name)
    return found


def advice(folder: str, names: list[str]) -> str:
    """What to do about such files, in one sentence."""
    module = names[0].removesuffix(".py")
    kind = "of Python's own" if module in sys.stdlib_module_names else "that the course needs"
    return (
        f"{', '.join(names)} in {folder} {'hides' if len(names) == 1 else 'hide'} what has the same name: "
        f"`import {module}` finds your file and not the module {kind}. Rename it (my_{names[0]}), and restart the "
        "notebook's kernel"
    )
