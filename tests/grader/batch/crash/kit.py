"""A course to break things in: real ledger, real gradebook, and where a test says so real sandboxes."""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, Future
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil

from exercises.assignment import load_assignment
from exercises.checking import Status, Verdict
from grader import repository
from grader.batch import run as batch
from grader.batch.desk import Done
from grader.batch.run import grade_batch
from grader.course.folder import Course
from grader.course.ledger import Ledger
from grader.grading.checked.plan import CheckedPlan
from grader.model.results import Part
from grader.model.submission import Submission
from grader.repository import REPOSITORY

DIGITS = load_assignment("digits")
FULL = {task.name: task.points for task in DIGITS.tasks}
ENVIRONMENT = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
PR_SET_CHILD_SUBREAPER = 36


class Inline(Executor):
    """Runs each call at once, here."""

    def submit(self, function: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(function(*args, **kwargs))
        return future


def full_points(submission: Submission, plan: CheckedPlan, names: Iterable[str]) -> tuple[Part, ...]:
    """In the place of grading: full points for everything, or as many for blocks as the module's first line says."""
    parts = []
    for name in names:
        first = submission.modules.get("blocks", b"").splitlines()[:1] or [b""]
        points = float(first[0].removeprefix(b"# ")) if name == "blocks" and first[0][2:] else FULL.get(name, 0.0)
        whole = points == FULL.get(name)
        verdict = Verdict(
            f"{name}.check", name, "idea", Status.PASSED if whole else Status.PARTLY, points, FULL.get(name, 0)
        )
        parts.append(Part(name, (verdict,)))
    return tuple(parts)


def hand_in(course: Course, *students: str, blocks: float | None = None) -> list[str]:
    """Submissions with distinct bytes; `blocks`: the points that `full_points` gives for that task."""
    for student in students:
        inner = course.submitted("digits", student) / "exercises" / "digits"
        inner.mkdir(parents=True, exist_ok=True)
        for name in DIGITS.modules:
            (inner / f"{name}.py").write_text("")
        (inner / "blocks.py").write_text(f"# {'' if blocks is None else blocks}\nstudent = {student!r}\n")
        shutil.copy(course.released_notebook("digits"), course.submitted("digits", student) / "digits.ipynb")
    return list(students)


def run(course: Course, students: list[str]) -> dict[str, Done]:
    """The batch with the real ledger and gradebook; grading itself is `full_points`."""
    done = list(grade_batch(course, "digits", students, Inline, workers=lambda: 1))
    assert sorted(one.student for one in done) == sorted(students)  # each exactly once
    return {one.student: one for one in done}


def without_sandbox(monkeypatch: Any) -> list[str]:
    """Let `full_points` grade; returns the list to which it adds whom it has graded."""
    asked: list[str] = []

    def grade(submission: Submission, plan: CheckedPlan, names: Iterable[str]) -> tuple[Part, ...]:
        asked.append(submission.student)
        return full_points(submission, plan, names)

    monkeypatch.setattr(batch, "grade_groups", grade)
    return asked


def fill_ledger(course: Course, students: Iterable[str]) -> None:
    """As a batch would have left it that had graded everybody and written nothing."""
    plan, ledger = course.plan("digits"), Ledger(course.ledger)
    for student in students:
        submission = course.submission("digits", student)
        ledger.put(submission, plan, full_points(submission, plan, FULL))


def sound(path: Path) -> bool:
    with closing(sqlite3.connect(path)) as database:
        return database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def scores(course: Course) -> dict[str, dict[str, float | None]]:
    """Autograded points by student and cell, straight from the tables; a doubled row fails."""
    with closing(sqlite3.connect(course.gradebook)) as database:
        rows = database.execute(
            "SELECT s.student_id, c.name, g.auto_score FROM submitted_assignment s"
            " JOIN submitted_notebook n ON n.assignment_id = s.id JOIN grade g ON g.notebook_id = n.id"
            " JOIN base_cell c ON c.id = g.cell_id WHERE c.name LIKE 'task-%'"
        ).fetchall()
    found: dict[str, dict[str, float | None]] = {}
    for student, cell, score in rows:
        assert cell not in found.setdefault(student, {}), f"{student} has {cell} twice"
        found[student][cell.removeprefix("task-")] = score
    return found


def recorded(course: Course) -> dict[tuple[str, str, str], tuple[str, str]]:
    """Every part in the ledger, with when it was recorded and what it says (its seconds included)."""
    with closing(sqlite3.connect(course.ledger)) as database:
        try:
            rows = database.execute("SELECT submission, checks, version, recorded, part FROM parts").fetchall()
        except sqlite3.OperationalError:  # killed before the table was made
            return {}
    return {row[:3]: row[3:] for row in rows}


def autograded(course: Course, student: str) -> Path:
    return course.root / "autograded" / student / "digits" / "digits.ipynb"


@contextmanager
def holding(path: Path, statement: str = "BEGIN EXCLUSIVE") -> Iterator[subprocess.Popen[str]]:
    """Another program that keeps a lock on a SQLite file."""
    script = (
        "import sqlite3, sys; base = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "for one in sys.argv[2].split(';'): rows = base.execute(one); rows.fetchone()\n"
        "print('held', flush=True); sys.stdin.read()"
    )
    with other_program(script, str(path), statement) as process:
        yield process


@contextmanager
def other_program(script: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A Python process that has printed a line and waits for the end of its input."""
    process = subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=REPOSITORY,
    )
    assert process.stdin and process.stdout
    try:
        assert process.stdout.readline()
        yield process
    finally:
        process.stdin.close()
        process.wait(30)
        process.stdout.close()


def real_module(points: float, remark: str) -> str:
    """receptive_field.py as the solution has it (4 points) or as it was given (0), never the same bytes twice."""
    folder = repository.solutions("digits") if points else repository.exercises("digits")
    return f"{(folder / 'receptive_field.py').read_text(encoding='utf-8')}\n# {remark}\n"


def hand_in_cheap(course: Course, student: str, points: float, remark: str, damage: int = 0) -> None:
    """A real submission that trains nothing: receptive_field.py, the other modules as they were given.

    Args:
        points: due for receptive_field, 0 or 4; nothing is due for the rest.
        damage: 0 leaves the notebook whole, 1 cuts it off, 2 takes it away.
    """
    folder = course.submitted("digits", student)
    inner = folder / "exercises" / "digits"
    inner.mkdir(parents=True, exist_ok=True)
    for name in DIGITS.modules:
        shutil.copy(repository.exercises("digits") / f"{name}.py", inner / f"{name}.py")
    (inner / "receptive_field.py").write_text(real_module(points, remark), encoding="utf-8")
    notebook = course.released_notebook("digits").read_bytes()
    (folder / "digits.ipynb").unlink(missing_ok=True)
    if damage < 2:
        (folder / "digits.ipynb").write_bytes(notebook[: len(notebook) // 2] if damage else notebook)


def start_autograde(course: Course, *options: str) -> subprocess.Popen[str]:
    """`python -m grader autograde`, in a process group of its own, as a terminal would start it."""
    return subprocess.Popen(
        [sys.executable, "-m", "grader", "autograde", "digits", "--course", str(course.root), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=REPOSITORY,
        env=ENVIRONMENT,
        process_group=0,
    )


def autograde(course: Course) -> tuple[int, list[dict[str, Any]], str]:
    """Run the command to its end: exit code, its rows, and what it said beside."""
    process = start_autograde(course, "--json")
    out, err = process.communicate(timeout=900)
    return process.returncode, json.loads(out) if out.strip() else [], err


def become_subreaper() -> None:
    """Whoever loses its parent below this process comes to it, and can be found."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def leftovers(before: set[int], within_s: float) -> list[str]:
    """What still runs below this process after so long, but for what was there `before`."""
    end = time.monotonic() + within_s
    while True:
        found = []
        for process in psutil.Process().children(recursive=True):
            with suppress(psutil.Error, ChildProcessError):
                if process.pid in before:
                    continue
                if process.status() == psutil.STATUS_ZOMBIE:
                    os.waitpid(process.pid, os.WNOHANG)
                else:
                    found.append(f"{process.pid} {' '.join(process.cmdline())[:100] or process.name()}")
        if not found or time.monotonic() > end:
            return found
        time.sleep(0.1)


def children() -> set[int]:
    return {process.pid for process in psutil.Process().children(recursive=True)}


def kill(process: subprocess.Popen[str]) -> None:
    """As the kernel does when memory is short: this process alone."""
    with suppress(ProcessLookupError):
        os.kill(process.pid, signal.SIGKILL)
    process.wait()
    for stream in (process.stdout, process.stderr):
        if stream:
            stream.close()
