"""Names files in a folder that Python takes for a module of its own, or for a needed package.

It runs before everything else, so it imports nothing that such a file could stand in for: `os` and `sys` are there
before any program starts.
"""

import os
import sys

# Needed packages, and what these import themselves.
PACKAGES = (
    *("torch", "torchvision", "torchaudio", "soundfile", "numpy", "matplotlib", "ipywidgets", "jupyterlab", "typer"),
    *("IPython", "PIL", "_cffi_backend", "asttokens", "cffi", "click", "comm", "contourpy", "cycler", "dateutil"),
    *("decorator", "executing", "filelock", "fsspec", "functorch", "ipykernel", "jedi", "jinja2", "kiwisolver"),
    *("markupsafe", "matplotlib_inline", "mpl_toolkits", "mpmath", "networkx", "packaging", "parso", "prompt_toolkit"),
    *("psutil", "pure_eval", "pygments", "pyparsing", "rich", "shellingham", "six", "stack_data", "sympy", "torchgen"),
    *("tornado", "traitlets", "typing_extensions", "wcwidth", "zmq"),
)


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
