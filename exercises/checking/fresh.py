"""Checks from a notebook: on the saved files, in a fresh process, so that a stale import cannot confuse."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from .show import Report, report_from_json

ROOT = Path(__file__).resolve().parent.parent.parent  # the folder that holds exercises/
TIMEOUT_S = 300


def check_in_fresh_process(assignment: str, task: str) -> None:
    """Run `python -m exercises check ASSIGNMENT TASK` and show its report, in a notebook or a terminal."""
    report = _run(assignment, task)
    try:
        from IPython.display import display
    except ImportError:
        print(report)
    else:
        display(report)


def _run(assignment: str, task: str) -> Report:
    command = [sys.executable, "-m", "exercises", "check", assignment, task, "--json"]
    # -m puts the folder that holds exercises/ first on the path, whatever was installed under the same names
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=TIMEOUT_S, check=False
        )
    except subprocess.TimeoutExpired:
        return Report(assignment, task, (), (), f"the checks did not end within {TIMEOUT_S} s: does a loop never end?")
    try:
        return report_from_json(json.loads(done.stdout.splitlines()[-1]))
    except (ValueError, KeyError, TypeError, IndexError):
        said = (done.stderr or done.stdout).strip()[-1500:]
        return Report(assignment, task, (), (), f"the checks ended early (exit code {done.returncode}):\n{said}")
