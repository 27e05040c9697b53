"""The process that has imported torch once, and forks a child for each job.  `jobs.run_jobs` starts it.

    python -m grader.measuring.validity.warm JOBS.json PROCESSES

Each job gives one line of JSON on standard output, in the order in which they end.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
import tempfile
import time
import traceback
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from exercises.assignment import load_assignment
from exercises.checking.verdict import Cause, Status, Verdict
from grader.grading.checked.reference import Reference

from .inside import CHECKS_AT_MOST, run_job
from .jobs import Job, checks_in, matches

PATIENCE = 6  # a child may take so many times its processor time: other work may keep the cores busy
POLL_S = 0.01


@dataclass(frozen=True)
class Child:
    job: Job
    written: Path
    deadline: float


def main() -> None:
    jobs = [Job(**{**job, "checks": tuple(job["checks"])}) for job in json.loads(Path(sys.argv[1]).read_text())]
    # before the forks, so that each child has them; the last is what torch imports when a mode is first used
    for assignment in sorted({job.assignment for job in jobs}):
        checks_in(assignment)
    for name in ("torchaudio", "torch._dynamo"):
        importlib.import_module(name)
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(1))
    children: dict[int, Child] = {}
    with tempfile.TemporaryDirectory() as folder:
        try:
            _work(jobs, int(sys.argv[2]), Path(folder), children)
        finally:
            for child in children:
                os.kill(child, signal.SIGKILL)


def _work(jobs: list[Job], processes: int, folder: Path, children: dict[int, Child]) -> None:
    waiting = list(reversed(list(enumerate(jobs))))
    prepared: set[tuple[str, int]] = set()
    while waiting or children:
        while waiting and len(children) < processes:
            number, job = waiting.pop()
            _prepare(job, prepared)
            written = folder / f"{number}.jsonl"
            deadline = time.monotonic() + PATIENCE * CHECKS_AT_MOST * job.check_s
            children[_fork(job, written)] = Child(job, written, deadline)
        ended, status = os.waitpid(-1, os.WNOHANG)
        if ended:
            child = children.pop(ended)
            print(json.dumps(_summary(child, status)), flush=True)
            child.written.unlink(missing_ok=True)
            continue
        for number, child in children.items():
            if time.monotonic() > child.deadline:
                os.kill(number, signal.SIGKILL)
        time.sleep(POLL_S)


def _prepare(job: Job, prepared: set[tuple[str, int]]) -> None:
    """Draw the private data of graded training once for all jobs with the same seed, before the fork."""
    training = load_assignment(job.assignment).training
    judged = (check for check in checks_in(job.assignment) if check.task in training and check.points > 0)
    if (job.assignment, job.seed) not in prepared and any(matches(check.id, job.checks) for check in judged):
        Reference(job.assignment, job.seed).hidden.prepare()
        prepared.add((job.assignment, job.seed))


def _fork(job: Job, written: Path) -> int:
    """Run a job in a child process, so that nothing an answer does reaches the next one."""
    child = os.fork()
    if child:
        return child
    status = 1
    with written.open("w") as lines:
        try:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            tempfile.tempdir = str(written.parent)  # what a child that is killed leaves behind goes with the parent's
            for output in (1, 2):  # what answers print is not ours
                os.dup2(os.open(os.devnull, os.O_WRONLY), output)
            for check, verdict, ran in run_job(job):
                said = {"check": check, "verdict": None if verdict is None else asdict(verdict), "lines": ran}
                print(json.dumps(said), file=lines, flush=True)
            status = 0
        except BaseException:
            print(json.dumps({"problem": traceback.format_exc(limit=-4)}), file=lines, flush=True)
        finally:
            lines.flush()
            os._exit(status)


def _summary(child: Child, status: int) -> dict[str, Any]:
    """The verdicts that a child has written; the check that it died in has failed."""
    verdicts, traced, begun, problem = [], {}, "", ""
    for line in child.written.read_text().splitlines() if child.written.exists() else ():
        said = json.loads(line)
        if "problem" in said:
            problem = said["problem"]
        elif said["verdict"] is None:
            begun = said["check"]
        else:
            begun = ""
            verdicts.append(said["verdict"])
            traced[said["check"]] = said["lines"]
    if status and not problem:
        how = (
            f"signal {os.WTERMSIG(status)}"
            if os.WIFSIGNALED(status)
            else f"exit code {os.waitstatus_to_exitcode(status)}"
        )
        problem = f"the process ended with {how}"
    if begun and status:
        cause = Cause.CRASHED if os.WIFSIGNALED(status) else Cause.ENDED
        task = begun.split(".")[0]
        died = Verdict(begun, task, "", Status.FAILED, 0.0, 0.0, got=problem, cause=cause)
        verdicts.append(asdict(died))
    return {
        "name": child.job.name,
        "verdicts": verdicts,
        "lines": traced if child.job.traced else {},
        "problem": problem,
    }


if __name__ == "__main__":
    main()
