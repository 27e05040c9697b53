"""The table of figures, with the bars beside them."""

from __future__ import annotations

from typing import Any

from rich.table import Table

from .figures import Bar, bars


def table(found: dict[str, Any]) -> Table:
    """One row for each contender: seconds per submission, and the program's start apart."""
    shown = Table(title=f"{found['submissions']} submissions, seconds for each, program start apart")
    shown.add_column("")
    for title in ("jobs", "CPU", "overhead", "wall", "start (wall)", "same points as ours"):
        shown.add_column(title, justify="right")
    jobs, count = found["jobs"], found["submissions"]

    def row(name: str, jobs: int, cpu: str, overhead: str, wall: str, start: str, same: str) -> None:
        values = [f"{found[key]:.2f}" if key else "" for key in (cpu, overhead, wall, start)]
        shown.add_row(name, str(jobs), *values, f"{found[same]} of {count}" if same else "")

    row("compute C: the checks alone", jobs, "compute_cpu_s", "", "compute_wall_s", "", "compute_same_points")
    row("our batch", jobs, "ours_cpu_s", "ours_overhead_s", "ours_wall_s", "ours_start_s", "")
    row("our batch, notebooks on demand: besides", jobs, "ours_notebook_cpu_s", "", "ours_notebook_wall_s", "", "")
    row(
        "nbgrader autograde, commands side by side",
        jobs,
        "stock_cpu_s",
        "stock_overhead_s",
        "stock_two_jobs_wall_s",
        "",
        "",
    )
    row("nbgrader autograde, as it is", 1, "stock_one_job_cpu_s", "", "stock_wall_s", "stock_start_s", "same_points")
    return shown


def bars_table(found: dict[str, Any]) -> Table:
    """Each figure with a limit, and whether it keeps to it; then those without."""
    shown = Table()
    shown.add_column("figure")
    for title in ("measured", "bar", ""):
        shown.add_column(title, justify="right")
    for bar in bars(found):
        shown.add_row(bar.name, f"{bar.value:.3g}", _limit(bar), "met" if bar.met else "NOT met")
    for name in ("speedup_equal_jobs", "speedup_same_work", "peak_driver_mb", "regraded_anew"):
        shown.add_row(name, f"{found[name]:.3g}", "", "")
    return shown


def _limit(bar: Bar) -> str:
    return f"{'≤' if bar.at_most else '≥'} {bar.limit:g}"
