"""What a command used, measured in a process of its own (measured.py)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from . import measured

POLL_S = 0.5
TAIL = 2000  # characters of a log that an error shows


class BenchError(Exception):
    """A contender failed, so that there is nothing to compare."""


@dataclass(frozen=True)
class Command:
    """A program to run; `log` gets what it prints."""

    argv: tuple[str, ...]
    cwd: str
    log: str


@dataclass(frozen=True)
class Spent:
    """Seconds on the clock, and CPU seconds of all processes together."""

    wall_s: float
    cpu_s: float


def spent_on(
    commands: Sequence[Command], environment: Mapping[str, str], poll: Callable[[], None] = lambda: None
) -> Spent:
    """Run the commands side by side.

    Args:
        environment: what the commands see beside this process's own environment.
        poll:        called twice a second meanwhile.

    Raises:
        BenchError: a command failed, or left a process running; the message holds the end of its log.
    """
    with tempfile.TemporaryDirectory() as folder:
        request, result = Path(folder, "commands.json"), Path(folder, "result.json")
        request.write_text(json.dumps([asdict(command) for command in commands]), encoding="utf-8")
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(Path(measured.__file__)), str(request), str(result)],
            env={**os.environ, **environment},
        )
        try:
            code = _wait(process, poll)
        finally:
            process.terminate()  # if we were interrupted; it takes its commands with it
            process.wait()
        if code != 0 or not result.is_file():
            raise BenchError(f"the measuring process ended with {code}")
        found = json.loads(result.read_text(encoding="utf-8"))
    for command, ended in zip(commands, found["codes"], strict=True):
        if ended != 0:
            tail = Path(command.log).read_text(encoding="utf-8", errors="replace")[-TAIL:]
            raise BenchError(f"{' '.join(command.argv)} ended with {ended}:\n{tail}")
    if found["left_running"]:
        raise BenchError(f"{commands[0].argv[0]} left a process running, whose time is not counted")
    poll()
    return Spent(found["wall_s"], found["cpu_s"])


def _wait(process: subprocess.Popen[bytes], poll: Callable[[], None]) -> int:
    while True:
        try:
            return process.wait(POLL_S)
        except subprocess.TimeoutExpired:
            poll()
