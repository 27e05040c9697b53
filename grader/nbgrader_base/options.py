"""nbgrader's options in a course: what its nbgrader_config.py says."""

from __future__ import annotations

import os
from pathlib import Path

from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from grader.repository import REPOSITORY

REPOSITORY_VARIABLE = "COURSE_REPOSITORY"  # environment variable: where nbgrader_config.py looks for the grader first


def load_course_config(root: Path) -> Config:
    """The configuration in a course's nbgrader_config.py; empty where there is none.

    The file may name another copy of the grader, in which an earlier version lies.  The one that runs counts, also in
    processes that are started from here.
    """
    os.environ[REPOSITORY_VARIABLE] = str(REPOSITORY)
    file = root / "nbgrader_config.py"
    return PyFileConfigLoader(file.name, path=str(root)).load_config() if file.is_file() else Config()


def load_options(root: Path) -> Config:
    """The configuration of a course as nbgrader's command sees it, for this very folder."""
    config = load_course_config(root)
    config.CourseDirectory.root = str(root.resolve())
    return config
