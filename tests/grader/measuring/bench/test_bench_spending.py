from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from grader.measuring.bench.spending import BenchError, Command, spent_on

BURN = "import time\nwhile time.process_time() < 0.5: pass"


def command(folder: Path, *argv: str) -> Command:
    return Command(argv, str(folder), str(folder / "log"))


def python(folder: Path, code: str) -> Command:
    return command(folder, sys.executable, "-I", "-S", "-c", code)


def test_spent_adds_up_commands_side_by_side(tmp_path: Path) -> None:
    polled: list[None] = []
    spent = spent_on([python(tmp_path, BURN), python(tmp_path, BURN)], {}, lambda: polled.append(None))
    assert 1.0 <= spent.cpu_s < 2.0
    assert spent.wall_s >= 0.5
    assert polled


def test_spent_counts_grandchildren_that_nobody_waited_for(tmp_path: Path) -> None:
    """The grandchild works on after its parent and the command have ended."""
    code = f"import os\nif os.fork() == 0:\n os.setsid()\n if os.fork() == 0:\n  exec({BURN!r})\n os._exit(0)"
    assert spent_on([python(tmp_path, code)], {}).cpu_s >= 0.5


def test_spent_gives_commands_the_environment(tmp_path: Path) -> None:
    spent_on([python(tmp_path, "import os; print(os.environ['BENCH_WORD'])")], {"BENCH_WORD": "seven"})
    assert (tmp_path / "log").read_text() == "seven\n"


def test_spent_raises_with_the_log_of_a_failed_command(tmp_path: Path) -> None:
    with pytest.raises(BenchError, match=r"ended with 3:\nnot today"):
        spent_on([python(tmp_path, "print('not today'); raise SystemExit(3)")], {})


def test_spent_ends_the_commands_when_it_is_interrupted(tmp_path: Path) -> None:
    """What is shown meanwhile is where an interrupt from the keyboard arrives."""
    code = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"
    log = tmp_path / "log"

    def interrupt() -> None:
        if log.exists() and log.read_text().strip():
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        spent_on([python(tmp_path, code)], {}, interrupt)
    pid = int(log.read_text())
    deadline = time.monotonic() + 20
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(f"/proc/{pid}").exists()
