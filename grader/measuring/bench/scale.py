"""Whether a large cohort costs more per submission than a small one, and how much memory it takes to grade it.

The submissions train nothing: one module is written, the others are as they were released, and no two have the same
bytes.  Each size has a course folder and a grading process of its own; everything else is as in `autograde`, nbgrader's
gradebook included.  Run as a program with one argument, a JSON file, it is that grading process.
"""

from __future__ import annotations

import functools
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from exercises.assignment import load_assignment
from grader import repository
from grader.authoring.galleries import solution_files
from grader.batch.local_pool import local_pool
from grader.batch.run import grade_batch
from grader.course.folder import Course
from grader.course.handed_in import note_collected
from grader.gradebook.config import write_config
from grader.release.build import release
from grader.release.bundle import write_folder

SIZES = (100, 1000, 5000)
WRITTEN = "receptive_field"  # the module that is written: counting, without tensors
WORKERS = 2
REPORT_S = 5.0  # between two lines of progress
MOST_GROWTH_MB = 20.0  # of the grading process, from the second size to the third
MOST_CHANGE = 0.2  # of the slope
MB = 1e6


@dataclass(frozen=True)
class Run:
    """One size.

    Attributes:
        wall_s, cpu_s: of the whole batch, the start of its processes included; all processes together.
        driver_cpu_s:  of the grading process alone, which also writes the gradebook.
        driver_mb:     the most memory that it had in use, without its workers.
        folder_mb:     what the course folder holds afterwards.
    """

    submissions: int
    wall_s: float
    cpu_s: float
    driver_cpu_s: float
    driver_mb: float
    folder_mb: float


def measure(assignment: str, sizes: tuple[int, ...], say: Callable[[int, int], None]) -> Iterator[Run]:
    """Grade a cohort of each size, in a folder that is removed afterwards.

    Args:
        say: called with (size, graded so far) every few seconds.

    Raises:
        RuntimeError: a submission was not graded or not booked, or not with the points that are due.
    """
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="bench-scale-") as folder:
            course = Course(Path(folder, "course"))
            write_config(course, course_id="scale")
            release(assignment, course_root=course.root, out=Path(folder, "handout"))
            students = hand_in_without_training(course, assignment, size)
            yield _graded(course, assignment, students, Path(folder), functools.partial(say, size))


def hand_in_without_training(course: Course, assignment: str, count: int) -> list[str]:
    """Lay `count` submissions without a notebook into submitted/, no two with the same bytes; returns the students."""
    written = solution_files(assignment)[WRITTEN]
    others = [name for name in load_assignment(assignment).modules if name != WRITTEN]
    stubs = {name: (repository.exercises(assignment) / f"{name}.py").read_text(encoding="utf-8") for name in others}
    students = [f"student-{number:05d}" for number in range(1, count + 1)]
    for student in students:
        modules = {**stubs, WRITTEN: f"# by {student}\n{written}"}
        files = {f"exercises/{assignment}/{name}.py": text.encode() for name, text in modules.items()}
        write_folder(files, course.submitted(assignment, student))
        note_collected(course, assignment, student, datetime.now(UTC))
    return students


def slopes(runs: list[Run]) -> dict[str, float]:
    """Seconds for a further submission between neighbouring sizes, and how the last two compare.

    Raises:
        ValueError: there are fewer than three sizes.
    """
    if len(runs) < 3:
        raise ValueError("three sizes are needed to compare two slopes")
    *_, small, large = pairwise(runs)
    wall = [(b.wall_s - a.wall_s) / (b.submissions - a.submissions) for a, b in (small, large)]
    cpu = [(b.cpu_s - a.cpu_s) / (b.submissions - a.submissions) for a, b in (small, large)]
    driver = [(b.driver_cpu_s - a.driver_cpu_s) / (b.submissions - a.submissions) for a, b in (small, large)]
    return {
        "slope_small": wall[0],
        "slope_large": wall[1],
        "slope_change": wall[1] / wall[0] - 1,
        "slope_small_cpu": cpu[0],
        "slope_large_cpu": cpu[1],
        "slope_change_cpu": cpu[1] / cpu[0] - 1,
        "slope_small_driver_cpu": driver[0],
        "slope_large_driver_cpu": driver[1],
        "driver_growth_mb": large[1].driver_mb - large[0].driver_mb,
    }


def missed(found: dict[str, float]) -> list[str]:
    """In words, each bar that was missed."""
    words = []
    if abs(found["slope_change"]) > MOST_CHANGE:
        words.append(f"the slope changes by {found['slope_change']:+.0%}, and may by {MOST_CHANGE:.0%}")
    if found["driver_growth_mb"] > MOST_GROWTH_MB:
        words.append(f"the driver grows by {found['driver_growth_mb']:.1f} MB, and may by {MOST_GROWTH_MB:.0f}")
    return words


def write_report(runs: list[Run], path: Path) -> dict[str, float]:
    """Write scale.json and return the slopes."""
    found = slopes(runs)
    path.parent.mkdir(parents=True, exist_ok=True)
    rounded = {key: round(value, 4) for key, value in found.items()}
    table = [{key: round(value, 3) for key, value in asdict(run).items()} for run in runs]
    path.write_text(json.dumps({**rounded, "workers": WORKERS, "runs": table}, indent=1) + "\n", encoding="utf-8")
    return found


def _graded(course: Course, assignment: str, students: list[str], folder: Path, say: Callable[[int], None]) -> Run:
    """Run the grading process, and pass on how far it is."""
    job, result = folder / "job.json", folder / "result.json"
    names = {"course": str(course.root), "assignment": assignment, "students": students, "result": str(result)}
    job.write_text(json.dumps(names), encoding="utf-8")
    command = [sys.executable, "-m", "grader.measuring.bench.scale", str(job)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    with subprocess.Popen(
        command, cwd=repository.REPOSITORY, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            say(int(line))
    if process.returncode != 0:
        raise RuntimeError(f"grading {len(students)} submissions ended with {process.returncode}")
    size = sum(path.lstat().st_size for path in course.root.rglob("*"))
    return Run(submissions=len(students), **json.loads(result.read_text(encoding="utf-8")), folder_mb=size / MB)


def main(job: dict[str, Any]) -> None:
    """Grade, and write what it took into `result`."""
    course, assignment, students = Course(Path(job["course"])), job["assignment"], job["students"]
    due = next(task.points for task in load_assignment(assignment).tasks if task.name == WRITTEN)
    begin, spoken = time.perf_counter(), time.perf_counter()
    pool = functools.partial(local_pool, WORKERS)
    for count, done in enumerate(grade_batch(course, assignment, students, pool, workers=lambda: WORKERS), start=1):
        if done.problem or done.graded is None or done.graded.task_points(WRITTEN) != due:
            found = done.graded and "; ".join(map(str, done.graded.problems))
            raise RuntimeError(f"{done.student} was not graded as due: {done.problem or found}")
        if time.perf_counter() - spoken > REPORT_S or count == len(students):
            spoken = time.perf_counter()
            print(count, flush=True)
    wall_s = time.perf_counter() - begin
    mine, others = _spent(resource.RUSAGE_SELF), _spent(resource.RUSAGE_CHILDREN)
    figures = {"wall_s": wall_s, "cpu_s": mine + others, "driver_cpu_s": mine, "driver_mb": _peak_mb()}
    Path(job["result"]).write_text(json.dumps(figures), encoding="utf-8")


def _spent(who: int) -> float:
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


def _peak_mb() -> float:
    """Not `ru_maxrss`: that one starts with what the parent had in use."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024 / MB
    raise RuntimeError("/proc/self/status has no VmHWM")


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
