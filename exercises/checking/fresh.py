"""Checks from a notebook: on the saved files, in a fresh process, so that a stale import cannot confuse."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from ..shadows import advice, shadows
from .old_code import old_code
from .show import Report, report_from_json

ROOT = Path(__file__).resolve().parent.parent.parent  # the folder that holds exercises/
TIMEOUT_S = 300
GRACE_S = 10  # for its last words
# What the fault handler writes.
CRASH_PATTERN = re.compile("(?:Fatal Python error|Windows fatal exception): (.*)")
FRAME_PATTERN = re.compile('File "(.+)", line ([0-9]+) in ')


def check_in_fresh_process(assignment: str, task: str) -> None:
    """Run `python -m exercises check ASSIGNMENT TASK` and show its report, in a notebook or a terminal."""
    report = _run(assignment, task)
    report = replace(report, notes=(*report.notes, *old_code(assignment)))
    try:
        from IPython.display import display
    except ImportError:
        print(report)
    else:
        display(report)


def _run(assignment: str, task: str) -> Report:
    if hidden := shadows(str(ROOT)):  # Python itself may not begin
        return Report(assignment, task, (), (), advice(str(ROOT), hidden))
    command = [sys.executable, "-m", "exercises", "check", assignment, task, "--json"]
    # -m puts the folder that holds exercises/ first on the path, whatever was installed under the same names
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONIOENCODING": "utf-8"}
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    with process:
        said, complained, stopped = _listen(process)
    try:
        return report_from_json(json.loads(said.splitlines()[-1]))
    except (ValueError, KeyError, TypeError, IndexError):
        if stopped:
            fault = f"{stopped}: does a loop never end?"
        else:
            fault = _early_end(assignment, process.returncode, (complained or said).strip())
        return Report(assignment, task, (), (), fault.strip())


def _early_end(assignment: str, code: int, words: str) -> str:
    """How a run ended without a report: `words` are what it wrote, and in a crash what the fault handler says of it."""
    crash = CRASH_PATTERN.search(words)
    if crash is None:
        return f"the checks ended early (exit code {code}): does your code end Python?\n{words[-1500:]}"
    innermost_first = [
        f"Python crashed in {Path(file).name}, line {line}: {crash[1]}"
        for file, line in FRAME_PATTERN.findall(words)
        if Path(file).parent == ROOT / "exercises" / assignment
    ]
    return (innermost_first or [f"Python crashed: {words[crash.start() :][:1500]}"])[0]


def _listen(process: subprocess.Popen[str]) -> tuple[str, str, str]:
    """What a run says and complains of, and why it was stopped.  One that is stopped says where it stood, if it can."""
    try:
        return *process.communicate(timeout=TIMEOUT_S), ""
    except subprocess.TimeoutExpired:
        stopped = f"the checks did not end within {TIMEOUT_S} s"
    except KeyboardInterrupt:
        stopped = "the checks were stopped"
    if os.name == "posix":
        process.send_signal(signal.SIGINT)
        try:
            return *process.communicate(timeout=GRACE_S), stopped
        except subprocess.TimeoutExpired:
            pass
    process.kill()
    return *process.communicate(), stopped
