from __future__ import annotations

import resource
import subprocess
import sys

from grader.batch.processes import peak_mb, tree_cpu_s

BURN = "import time\nwhile time.process_time() < 0.5: pass\n"
STAY = "print(flush=True); input()"


def test_tree_counts_living_grandchildren_and_children_that_ended() -> None:
    """The child has waited for one process, and another one of its own is still there."""
    code = (
        "import subprocess, sys\n"
        f"subprocess.run([sys.executable, '-c', {BURN!r}])\n"
        f"subprocess.run([sys.executable, '-c', {BURN + STAY!r}])\n"
    )
    before = tree_cpu_s()
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin and child.stdout
        child.stdout.readline()
        assert 0.9 <= tree_cpu_s() - before < 2.0
        child.stdin.close()


def test_peak_is_that_of_this_process() -> None:
    assert 10 < peak_mb() <= resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6 + 1
