"""Runs commands side by side and says what they used together, all their descendants included.

A program of its own, of the standard library alone:  python -I -S measured.py COMMANDS.json RESULT.json

It is the reaper of all that the commands start, so that a process counts also where its parent did not wait for it.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

PR_SET_CHILD_SUBREAPER = 36
GRACE_S = 20.0  # how long descendants may outlive the commands


def measure(commands: list[dict[str, Any]]) -> dict[str, Any]:
    """Run the commands ({"argv", "cwd", "log"}) at the same time, and wait for them and all their descendants.

    Returns:
        wall_s: until the last command ended;  cpu_s: user and system time of all processes;  codes: exit codes;
        left_running: whether descendants were still there after a time of grace.
    """
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "cannot become the reaper of the commands' processes")
    begin = time.perf_counter()
    started: list[int] = []
    codes: dict[int, int] = {}
    signal.signal(signal.SIGTERM, lambda *_: _give_up(set(started) - set(codes)))
    for command in commands:
        started.append(_start(command))
    cpu_s = 0.0
    while len(codes) < len(started):
        pid, status, usage = os.wait4(-1, 0)
        cpu_s += usage.ru_utime + usage.ru_stime
        if pid in started:
            codes[pid] = os.waitstatus_to_exitcode(status)
    wall_s = time.perf_counter() - begin
    late_s, left_running = _wait_for_the_rest(time.monotonic() + GRACE_S)
    return {
        "wall_s": wall_s,
        "cpu_s": cpu_s + late_s,
        "codes": [codes[pid] for pid in started],
        "left_running": left_running,
    }


def _give_up(running: set[int]) -> None:
    for pid in running:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    os._exit(1)


def _start(command: dict[str, Any]) -> int:
    with open(command["log"], "ab") as log:
        process = subprocess.Popen(
            command["argv"], cwd=command["cwd"], stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
        )
    process.returncode = 0  # waited for here, not by the object
    return process.pid


def _wait_for_the_rest(deadline: float) -> tuple[float, bool]:
    """CPU seconds of those who end before the deadline, and whether anybody is left."""
    cpu_s = 0.0
    while time.monotonic() < deadline:
        try:
            pid, _, usage = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            return cpu_s, False
        if pid == 0:
            time.sleep(0.05)
        else:
            cpu_s += usage.ru_utime + usage.ru_stime
    return cpu_s, True


if __name__ == "__main__":
    result = measure(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    Path(sys.argv[2]).write_text(json.dumps(result), encoding="utf-8")
