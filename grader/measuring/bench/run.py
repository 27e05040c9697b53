"""Runs the benchmark: lays everything out in a folder of its own, measures the contenders.

All of them grade the same submissions on the same processors, as many as there are jobs, in processes of their own.
The first student of each job is graded before the others, so that the start of the programs can be told apart: for
stock by a command of its own, in our batch by a round of its own (figures.py).  For compute C, processor time is that
of the forks, and there is no start.  Compute C and our batch, which are nearly equal, take turns (turns.py).

Stock runs the notebook in any case.  Ours shows its saved outputs, so that a last run, in which notebooks are asked for
and nothing else is left to do, says what the same work would take.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from grader import repository
from grader.authoring.cohort import Simulated, hand_in, held, held_in_words
from grader.authoring.saved_outputs import saved_outputs
from grader.checks.private.kinds import public_files
from grader.course.folder import Course
from grader.gradebook.config import write_config
from grader.grading.checked.plan import CheckedPlan
from grader.measuring.progress import rows
from grader.release.bundle import student_bundle, write_folder
from grader.release.into_course import release_into_course
from grader.release.notebook import source_notebook

from .cases import cases
from .checker import differences
from .figures import Cost, Measurements, Run, bars, cost, cost_within, figures
from .hidden_files import write_hidden_files
from .report import bars_table, table
from .spending import BenchError, Command, Spent, spent_on
from .stock import autograde_command, kernel_path, release_stock, stock_finished, stock_points
from .turns import rounds

ROUNDS = 4
IN_TURN = ("compute", "ours")

Rows = list[dict[str, Any]]
Watch = Callable[[Callable[[], int]], Callable[[], None]]  # from "how many are done" to what shows it


@dataclass(frozen=True)
class Bench:
    """One run: its folder, what is graded, and what the contenders see of the environment."""

    folder: Path
    assignment: str
    students: tuple[Simulated, ...]
    jobs: int
    environment: dict[str, str]

    @property
    def names(self) -> list[str]:
        return [one.student for one in self.students]


def run_bench(assignment: str, out: Path, submissions: int, jobs: int, console: Console) -> dict[str, Any]:
    """Measure, write the figures as JSON to `out`, and print them.

    Raises:
        BenchError: a contender failed.
        ValueError: see `cases` and `saved_outputs`.
    """
    students = tuple(cases(assignment, submissions, jobs, saved_outputs(assignment)))
    console.print(held_in_words(students), highlight=False)
    with tempfile.TemporaryDirectory(prefix="bench-") as name, _processors(jobs):
        folder = Path(name).resolve()
        bench = Bench(folder, assignment, students, jobs, environment(folder))
        found = figures(_measure(bench, console))
    out.parent.mkdir(parents=True, exist_ok=True)
    found["notebooks"] = held(students)
    found["bars_met"] = {bar.name: bar.met for bar in bars(found)}
    out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    console.print(table(found))
    console.print(bars_table(found))
    for line in found["differences"]:
        console.print(f"other points than ours: {line}", markup=False)
    console.print(f"figures: {out}")
    return found


@contextmanager
def _processors(count: int) -> Iterator[None]:
    """Keep this process, and all that it starts, to as many processors as there are jobs."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(before)[:count])
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def environment(folder: Path) -> dict[str, str]:
    """One thread each, generated data, and Jupyter's own files in the benchmark's folder."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    jupyter = {f"JUPYTER_{name}_DIR": str(folder / "jupyter" / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    threads = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    return {
        **threads,
        **jupyter,
        "PATH": path,
        "IPYTHONDIR": str(folder / "ipython"),
        "COURSE_DATA": str(folder / "no-data"),
        "COURSE_STATIC": "1",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    }


def _measure(bench: Bench, console: Console) -> Measurements:
    course = _our_course(bench)
    write_hidden_files(CheckedPlan.of(course.root, bench.assignment), bench.folder / "hidden")
    public_files(bench.assignment)  # now they lie in the cache, for everybody
    alone, *halves = _stock_courses(bench)
    with rows(console) as begin:

        def watch(label: str) -> Watch:
            row = begin(label, len(bench.students))
            return lambda count: lambda: row.move(count())

        (compute, compute_wall_s), (ours_cost, ours, peak) = _compute_and_ours(
            bench, course, watch("compute C"), watch("our batch")
        )
        regrade_s, anew = _regrade(bench, course, watch("our batch, unchanged"))
        notebooks = _notebooks(bench, course, watch("our batch, notebooks on demand"))
        stock_jobs = _stock(bench, halves, watch(f"nbgrader autograde, {bench.jobs} side by side"))
        stock = _stock(bench, [alone], watch("nbgrader autograde"))
    points = {row["student"]: row["points"] for row in ours}
    others = {
        "C": {row["student"]: row["points"] for row in compute},
        "nbgrader": stock_points(alone, bench.assignment),
    }
    differ = {
        name: {student: found for student in points if (found := differences(points[student], given.get(student, {})))}
        for name, given in others.items()
    }
    return Measurements(
        jobs=bench.jobs,
        compute_cpu_s=tuple(row["cpu_s"] for row in compute),
        compute_wall_s=compute_wall_s,
        ours=ours_cost,
        stock=cost(*stock),
        stock_jobs=cost(*stock_jobs),
        sandbox_cpu_s=sum(row["sandbox_cpu_s"] for row in ours) / len(ours),
        regrade_s=regrade_s,
        regraded_anew=anew,
        notebooks=notebooks,
        peak_driver_mb=peak,
        same_points=len(points) - len(differ["nbgrader"]),
        compute_same_points=len(points) - len(differ["C"]),
        differences=tuple(
            f"{name}, {student}: {'; '.join(found)}" for name in differ for student, found in differ[name].items()
        ),
    )


def _our_course(bench: Bench) -> Course:
    """A freshly released course with all submissions; exercises/ is used as it is and not built anew."""
    course, name = Course(bench.folder / "ours"), bench.assignment
    write_config(course, course_id="bench")
    release_into_course(course.root, name, source_notebook(name), student_bundle(name))
    hand_in(course, name, bench.students)
    return course


def _stock_courses(bench: Bench) -> list[Path]:
    """Course folders of stock nbgrader: one with all submissions, then one for each job with its share."""
    kernel_path(bench.folder / "path")
    first = bench.folder / "stock"
    notebook = release_stock(first, bench.assignment, bench.folder / "hidden")
    shares = [bench.folder / f"stock-{job}" for job in range(bench.jobs)]
    for share in shares:
        shutil.copytree(first, share)
    for number, one in enumerate(bench.students):
        for root in (first, shares[number % bench.jobs]):
            own = {f"exercises/{bench.assignment}/{m}.py": text.encode() for m, text in one.modules.items()}
            files = {**student_bundle(bench.assignment), **own, f"{bench.assignment}.ipynb": notebook}
            write_folder(files, root / "submitted" / one.student / bench.assignment)
    return [first, *shares]


def _program(
    bench: Bench, name: str, label: str, job: dict[str, Any], watch: Watch
) -> tuple[Spent, Rows, dict[str, Any]]:
    """Run one of our contenders.  Returns what it used, its line for each submission, and its summary."""
    paths = {key: bench.folder / f"{label}-{key}.json" for key in ("job", "results", "summary")}
    turns = {"folder": str(bench.folder / "turns"), "order": IN_TURN, "me": label}
    job = {**job, "assignment": bench.assignment, "jobs": bench.jobs, "turns": turns}
    job["rounds"] = rounds(bench.names, bench.jobs, ROUNDS)
    job |= {"results": str(paths["results"]), "summary": str(paths["summary"])}
    paths["job"].write_text(json.dumps(job), encoding="utf-8")
    paths["results"].touch()
    argv = (sys.executable, "-m", f"grader.measuring.bench.{name}", str(paths["job"]))
    command = Command(argv, str(repository.REPOSITORY), str(bench.folder / f"{label}.log"))

    def rows() -> Rows:
        return [json.loads(line) for line in paths["results"].read_text(encoding="utf-8").splitlines()]

    spent = spent_on([command], bench.environment, watch(lambda: len(paths["results"].read_text().splitlines())))
    return spent, rows(), json.loads(paths["summary"].read_text(encoding="utf-8"))


def _compute_and_ours(
    bench: Bench, course: Course, watch_compute: Watch, watch_ours: Watch
) -> tuple[tuple[Rows, float], tuple[Cost, Rows, float]]:
    """The two whose difference is looked for, in turns: one works while the other waits."""
    (bench.folder / "turns").mkdir()
    with ThreadPoolExecutor(len(IN_TURN)) as threads:
        compute = threads.submit(_compute, bench, course, watch_compute)
        ours = threads.submit(_ours, bench, course, watch_ours)
        return compute.result(), ours.result()


def _compute(bench: Bench, course: Course, watch: Watch) -> tuple[Rows, float]:
    folders = {one.student: bench.folder / "compute" / one.student for one in bench.students}
    for one in bench.students:
        write_folder({f"{name}.py": text.encode() for name, text in one.modules.items()}, folders[one.student])
    job = {
        "plan": asdict(CheckedPlan.of(course.root, bench.assignment)),
        "students": {student: str(folder) for student, folder in folders.items()},
    }
    _, rows, summary = _program(bench, "compute", "compute", job, watch)
    return rows, summary["wall_s"]


def _ours(bench: Bench, course: Course, watch: Watch) -> tuple[Cost, Rows, float]:
    """What it used, a line for each submission, and the largest memory of the process that hands out and books."""
    total, rows, summary = _program(bench, "ours", "ours", {"course": str(course.root)}, watch)
    if known := [row["student"] for row in rows if row["known"]]:
        raise BenchError(f"graded before, in a new course: {', '.join(known)}")
    total = Spent(total.wall_s - summary["waited_s"], total.cpu_s)
    found = cost_within(total, bench.jobs, Run(len(bench.names) - bench.jobs, _others(summary)))
    if found.each.cpu_s < sum(row["sandbox_cpu_s"] for row in rows) / len(rows):
        raise BenchError("the containers used more than all of our batch: processes are missing from the count")
    return found, rows, summary["peak_mb"]


def _regrade(bench: Bench, course: Course, watch: Watch) -> tuple[float, int]:
    """Seconds for all but the first ones, in a process that has begun with these; and how many were not known."""
    _, rows, summary = _program(bench, "ours", "regrade", {"course": str(course.root)}, watch)
    return _others(summary).wall_s, sum(not row["known"] for row in rows)


def _notebooks(bench: Bench, course: Course, watch: Watch) -> Spent:
    """What running the notebooks takes, for each of all but the first ones: their verdicts are known already."""
    job = {"course": str(course.root), "run_notebooks": True}
    _, rows, summary = _program(bench, "ours", "notebooks", job, watch)
    if known := [row["student"] for row in rows if row["known"]]:
        raise BenchError(f"no notebook was run: {', '.join(known)}")
    others, count = _others(summary), len(bench.names) - bench.jobs
    return Spent(others.wall_s / count, others.cpu_s / count)


def _others(summary: dict[str, Any]) -> Spent:
    """What all rounds after the first one used."""
    others = [Spent(**used) for used in summary["rounds"][1:]]
    return Spent(sum(one.wall_s for one in others), sum(one.cpu_s for one in others))


def _stock(bench: Bench, roots: list[Path], watch: Watch) -> tuple[Run, Run]:
    """Stock's two runs, with a command for each course folder at the same time."""

    def finished() -> int:
        return sum(stock_finished(root, bench.assignment) for root in roots)

    def run(students: str) -> Run:
        before = finished()
        argv = autograde_command(bench.assignment, students)
        commands = [Command(argv, str(root), str(root) + ".log") for root in roots]
        spent = spent_on(commands, {**bench.environment, "PYTHONPATH": path}, watch_it)
        return Run(finished() - before, spent)

    watch_it, path = watch(finished), str(bench.folder / "path")
    first, others = run("first-*"), run("then-*")
    if first.submissions + others.submissions != len(bench.students):
        raise BenchError(f"nbgrader autograde finished {finished()} of {len(bench.students)} submissions")
    return first, others
