"""What the warm process is given of this machine: folders that it may see, and its environment variables."""

from __future__ import annotations

import os
import site
import sys
from pathlib import Path

from grader.repository import REPOSITORY

ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "USER": "student",
    "MPLBACKEND": "agg",
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "CUDA_VISIBLE_DEVICES": "",  # whoever computes gradients would start a thread for each graphics card
}


def environment(box: str) -> dict[str, str]:
    """The environment variables of a warm process that may write below `box`.  Nothing of ours is handed on."""
    packages = os.pathsep.join([str(REPOSITORY), *_packages()])
    return {**ENVIRONMENT, **_caches(box), "PYTHONPATH": packages, **_library_path()}


def visible_folders() -> tuple[str, ...]:
    """The interpreter and every folder of installed packages."""
    candidates = [sys.base_prefix, sys.prefix, *site.getsitepackages(), *_packages()]
    found = sorted({str(Path(path).resolve()) for path in candidates if Path(path).is_dir()}, key=len)
    links = [path for path in candidates if Path(path).is_dir() and str(Path(path).resolve()) != path]
    kept: list[str] = []
    for path in found:
        if path != "/usr" and not any(Path(path).is_relative_to(other) for other in ("/usr", *kept)):
            kept.append(path)
    return (*kept, *(link for link in links if not any(Path(link).is_relative_to(other) for other in kept)))


def _packages() -> list[str]:
    """Folders of installed packages on the path, the user's own included."""
    return [path for path in sys.path if path.endswith(("site-packages", "dist-packages"))]


def _caches(box: str) -> dict[str, str]:
    """Where libraries write while they are imported."""
    names = ("HOME", "TMPDIR", "TORCHINDUCTOR_CACHE_DIR", "MPLCONFIGDIR")
    return dict.fromkeys(names, f"{box}/tmp")


def _library_path() -> dict[str, str]:
    """Interpreters built with a shared libpython outside the system's folders need to find it."""
    folder = Path(sys.base_prefix, "lib")
    return (
        {"LD_LIBRARY_PATH": str(folder)} if list(folder.glob("libpython3*.so*")) and folder != Path("/usr/lib") else {}
    )
