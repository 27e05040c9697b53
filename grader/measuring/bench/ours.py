"""Our batch, as `autograde` runs it, with times and points noted.

Run as a program with one argument, a JSON file: course, assignment, jobs, rounds (lists of students), turns, results,
summary, and run_notebooks where notebooks are asked for too.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from concurrent.futures import Executor
from dataclasses import asdict
from pathlib import Path
from typing import Any

from grader.batch.desk import Done
from grader.batch.local_pool import Lasting, local_pool
from grader.batch.processes import peak_mb, tree_cpu_s
from grader.batch.run import grade_batch
from grader.course.folder import Course

from .spending import Spent
from .turns import Turns

MEETING_S = 120.0


def main(job: dict[str, Any]) -> None:
    """Grade round after round, each a batch of its own; a line for each submission goes into `results`.

    The summary holds, for each round, seconds on the clock and CPU seconds of this process and all that it started.

    Raises:
        RuntimeError: a submission was not graded, or not booked.
    """
    course, jobs, turns = Course(Path(job["course"])), job["jobs"], Turns(**job["turns"])
    spent_on: list[Spent] = []
    with local_pool(jobs) as pool, open(job["results"], "a", encoding="utf-8") as lines:
        _await_all(pool, jobs)
        for number, students in enumerate(job["rounds"]):
            with turns.turn(number):
                begin, spent = time.perf_counter(), tree_cpu_s()
                batch = grade_batch(
                    course,
                    job["assignment"],
                    students,
                    lambda: Lasting(pool),
                    run_notebooks=job.get("run_notebooks", False),
                    workers=lambda: jobs,
                )
                for done in batch:
                    print(json.dumps(_row(done)), file=lines, flush=True)
                spent_on.append(Spent(time.perf_counter() - begin, tree_cpu_s() - spent))
    summary = {"rounds": [asdict(one) for one in spent_on], "waited_s": turns.waited_s, "peak_mb": peak_mb()}
    Path(job["summary"]).write_text(json.dumps(summary), encoding="utf-8")


def _await_all(pool: Executor, jobs: int) -> None:
    """Return when all workers are there, so that each one gets a submission of the first batch."""
    with tempfile.TemporaryDirectory() as folder:
        for meeting in [pool.submit(_meet, Path(folder), jobs) for _ in range(jobs)]:
            meeting.result()


def _meet(folder: Path, jobs: int) -> None:
    """In a worker: wait until as many others have come.

    Raises:
        TimeoutError: they do not come.
    """
    (folder / str(os.getpid())).touch()
    deadline = time.monotonic() + MEETING_S
    while len(list(folder.iterdir())) < jobs:
        if time.monotonic() > deadline:
            raise TimeoutError(f"after {MEETING_S:.0f} s there are no {jobs} workers yet")
        time.sleep(0.05)


def _row(done: Done) -> dict[str, Any]:
    if done.graded is None or done.problem or done.graded.unfinished:
        problems = done.graded.problems if done.graded else ()
        raise RuntimeError(f"{done.student}: {done.problem} {'; '.join(map(str, problems))}")
    return {
        "student": done.student,
        "known": done.known,
        "sandbox_cpu_s": done.graded.cpu_s,
        "points": {verdict.check: verdict.points for verdict in done.graded.verdicts},
    }


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
