"""Names what is wrong with a Python installation, each fault with the command that mends it."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from exercises.shadows import advice, shadows

OLDEST = (3, 11)
NEEDED = ("torch", "torchvision", "torchaudio", "numpy", "matplotlib", "ipywidgets", "soundfile", "typer")
BUILT_FOR_TORCH = ("torchvision", "torchaudio")
INSTALL = "python -m pip install -r requirements.txt"
CPU_TRIO = "python -m pip install --force-reinstall torch torchvision torchaudio"
WAIT_S = 120


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        what:   what was looked at, in a few words.
        fault:  what is wrong, empty if all is well.
        mended: the command, or what to do.
    """

    what: str
    fault: str = ""
    mended: str = ""


def findings(root: Path) -> Iterator[Finding]:
    """Look at everything, the cheap things first.

    Args:
        root: the folder that holds exercises/ and datasets/.
    """
    yield _python(sys.version_info[:2])
    hidden = shadows(str(root))
    yield Finding("names of files", advice(str(root), hidden) if hidden else "", "rename them")
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    fault = f"not installed for this Python ({sys.executable}): {', '.join(missing)}" if missing else ""
    yield Finding("packages", fault, f"{INSTALL}, or activate the environment where you ran it")
    for name in ("exercises", "datasets"):
        yield _own(name, root)
    yield from (_match(name) for name in BUILT_FOR_TORCH if name not in missing and "torch" not in missing)
    yield from (_imported(name) for name in ("torch", *BUILT_FOR_TORCH, "soundfile") if name not in missing)


def tell(root: Path) -> int:
    """Print what was looked at; gives how many faults there are."""
    faults = 0
    for finding in findings(root):
        if finding.fault:
            faults += 1
            print(f"FAULT  {finding.what}: {finding.fault}\n       do this: {finding.mended}")
        else:
            print(f"ok     {finding.what}")
    return faults


def _python(version: tuple[int, int]) -> Finding:
    now, oldest = (".".join(map(str, one)) for one in (version, OLDEST))
    fault = f"this is {now}, and {oldest} or newer is needed" if version < OLDEST else ""
    return Finding(f"Python {now}", fault, f"install Python {oldest} or newer, and make a new virtual environment")


def _own(name: str, root: Path) -> Finding:
    """Whether a package is that of this folder: there are others of the same name."""
    spec = importlib.util.find_spec(name)
    places = list(spec.submodule_search_locations or []) if spec else []
    if places and Path(places[0]).resolve() == (root / name).resolve():
        return Finding(f"package {name}")
    found = places[0] if places else "nowhere"
    why = " (Hugging Face has one of this name)" if name == "datasets" else ""
    return Finding(
        f"package {name}",
        f"Python finds another one{why}: {found}",
        f"start Python and Jupyter in {root}, or put it first on the path: "
        f"import sys; sys.path.insert(0, {str(root)!r})",
    )


def _match(name: str) -> Finding:
    """Whether a package was built for the torch that is installed."""
    torch, other = importlib.metadata.version("torch"), importlib.metadata.version(name)
    what = f"{name} {other} beside torch {torch}"
    needed = [re.search(r"^torch\s*\(?==\s*([\d.]+)", line) for line in importlib.metadata.requires(name) or []]
    wanted = next((found[1] for found in needed if found), "")
    if wanted and wanted != torch.partition("+")[0]:
        return Finding(what, f"this {name} was built for torch {wanted}", CPU_TRIO)
    builds = [version.partition("+")[2] for version in (torch, other)]
    if all(builds) and builds[0] != builds[1]:
        return Finding(what, f"they are of different builds, {builds[0]} and {builds[1]}", CPU_TRIO)
    return Finding(what)


def _imported(name: str) -> Finding:
    """Whether a package can be imported, in a process of its own: one that crashes takes nobody with it."""
    try:
        done = subprocess.run(
            [sys.executable, "-c", f"import {name}"],
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",  # a Windows console has another encoding, and the user's name may be in a path
            timeout=WAIT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Finding(
            f"import {name}", f"it does not end within {WAIT_S} seconds", "close other programs, and try again"
        )
    if done.returncode == 0:
        return Finding(f"import {name}")
    last = (done.stderr.strip().splitlines() or [f"it ended with exit code {done.returncode}"])[-1]
    if "sndfile" in last:
        return Finding(f"import {name}", last, "sudo apt-get install libsndfile1 (Debian, Ubuntu), or " + INSTALL)
    return Finding(f"import {name}", last, CPU_TRIO if name.startswith("torch") else INSTALL)
