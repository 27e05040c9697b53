"""Where data and caches lie: an argument, an environment variable, or a folder of the user's own."""

import os
from pathlib import Path

DATA_VARIABLE = "COURSE_DATA"
CACHE_VARIABLE = "COURSE_CACHE"


def data_root(root: str | os.PathLike[str] | None = None) -> Path:
    """Folder with the real data sets: `root` if given, else $COURSE_DATA, else ~/.cache/course-data."""
    return Path(root).expanduser() if root is not None else _from_environment(DATA_VARIABLE, "course-data")


def cache_folder() -> Path:
    """Folder for what can be made again: $COURSE_CACHE, else ~/.cache/course-cache."""
    return _from_environment(CACHE_VARIABLE, "course-cache")


def _from_environment(variable: str, name: str) -> Path:
    value = os.environ.get(variable)
    if value:
        return Path(os.path.expanduser(value))
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(os.path.expanduser(base)) / name
