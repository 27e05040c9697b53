"""From measurements to figures per submission.

The start of a program is told apart in two ways; in both, whatever it does once for its first submissions is start.

- nbgrader's is a program that only runs as a whole: one command grades the first submission of each job, another one
  all others.  With a cost of start + n * each, each = (other - first) / (n_other - n_first).
- Our batch starts for ten seconds and longer (five processes that import torch, in parallel), and the difference of two
  commands would hold the noise of that.  So one process grades the first submissions and then the others, with workers
  that stay, and clock and processor time of all its processes are read in between (ours.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .spending import Spent

OVERHEAD_SHARE = 1 / 10  # of stock's overhead
CPU_SHARE = 1 / 3  # of stock's processor time, the compute included; 1/4 is wished for
SPEEDUP = 6.0  # against one stock command; 8 is wished for
START_CPU_S = 12.0
REGRADE_S = 0.010


@dataclass(frozen=True)
class Run:
    """What a program used for so many submissions."""

    submissions: int
    spent: Spent


@dataclass(frozen=True)
class Cost:
    """What a program uses for one more submission, and to start."""

    each: Spent
    start: Spent


@dataclass(frozen=True)
class Measurements:
    """All that one run of the benchmark measures.

    Attributes:
        compute_cpu_s: of each submission's fork.
        compute_wall_s: of all forks, `jobs` at a time.
        ours, stock, stock_jobs: with our batch of `jobs` workers, with one stock command, with `jobs` of them.
        sandbox_cpu_s: what our batch says that its containers used for one submission, a part of the above.
        regrade_s: of all submissions but the first ones, graded again unchanged, in a process that has begun already.
        regraded_anew: how many of them were not known, though they had not changed.
        notebooks: of each of them, where its notebook is asked for besides.
        same_points, compute_same_points: submissions that got ours for every check, from stock and in compute C.
        differences: the others, with their checks, in words.
    """

    jobs: int
    compute_cpu_s: tuple[float, ...]
    compute_wall_s: float
    ours: Cost
    stock: Cost
    stock_jobs: Cost
    sandbox_cpu_s: float
    regrade_s: float
    regraded_anew: int
    notebooks: Spent
    peak_driver_mb: float
    same_points: int
    compute_same_points: int
    differences: tuple[str, ...] = ()


@dataclass(frozen=True)
class Bar:
    """A figure and what it should be."""

    name: str
    value: float
    limit: float
    at_most: bool

    @property
    def met(self) -> bool:
        return self.value <= self.limit if self.at_most else self.value >= self.limit


def cost(first: Run, others: Run) -> Cost:
    """Tell start and submissions apart from two commands, each with its own start.

    Raises:
        ValueError: both runs had the same number of submissions.
    """
    more = others.submissions - first.submissions
    if more <= 0:
        raise ValueError(f"{others.submissions} submissions after {first.submissions}: too few to tell the start apart")
    wall_s = (others.spent.wall_s - first.spent.wall_s) / more
    cpu_s = (others.spent.cpu_s - first.spent.cpu_s) / more
    start = Spent(first.spent.wall_s - first.submissions * wall_s, first.spent.cpu_s - first.submissions * cpu_s)
    return Cost(Spent(wall_s, cpu_s), start)


def cost_within(total: Spent, first: int, others: Run) -> Cost:
    """Tell start and submissions apart where the others were measured by themselves, within one command.

    Args:
        total: of the whole command.
        first: how many submissions came before the others.
    """
    each = Spent(others.spent.wall_s / others.submissions, others.spent.cpu_s / others.submissions)
    count = first + others.submissions
    return Cost(each, Spent(total.wall_s - count * each.wall_s, total.cpu_s - count * each.cpu_s))


def figures(measured: Measurements) -> dict[str, Any]:
    """What bench.json holds: seconds for one submission, unless the name says start."""
    count = len(measured.compute_cpu_s)
    compute = sum(measured.compute_cpu_s) / count
    ours, stock, stock_jobs = measured.ours, measured.stock, measured.stock_jobs
    return {
        "submissions": count,
        "jobs": measured.jobs,
        "compute_cpu_s": compute,
        "ours_cpu_s": ours.each.cpu_s,
        "stock_cpu_s": stock_jobs.each.cpu_s,
        "compute_wall_s": measured.compute_wall_s / count,
        "ours_wall_s": ours.each.wall_s,
        "stock_wall_s": stock.each.wall_s,
        "stock_two_jobs_wall_s": stock_jobs.each.wall_s,
        "ours_overhead_s": ours.each.cpu_s - compute,
        "stock_overhead_s": stock_jobs.each.cpu_s - compute,
        "cpu_share_of_stock": ours.each.cpu_s / stock_jobs.each.cpu_s,
        "overhead_share_of_stock": (ours.each.cpu_s - compute) / (stock_jobs.each.cpu_s - compute),
        "speedup_vs_nbgrader": stock.each.wall_s / ours.each.wall_s,
        "speedup_equal_jobs": stock_jobs.each.wall_s / ours.each.wall_s,
        # Stock runs the notebook too; and it gets as many processors as our batch.
        "speedup_same_work": stock_jobs.each.wall_s / (ours.each.wall_s + measured.notebooks.wall_s),
        "ours_notebook_cpu_s": measured.notebooks.cpu_s,
        "ours_notebook_wall_s": measured.notebooks.wall_s,
        "regrade_unchanged_s": measured.regrade_s / (count - measured.jobs),
        "regraded_anew": measured.regraded_anew,
        "peak_driver_mb": measured.peak_driver_mb,
        "ours_start_s": ours.start.wall_s,
        "stock_start_s": stock.start.wall_s,
        "ours_start_cpu_s": ours.start.cpu_s,
        "stock_start_cpu_s": stock.start.cpu_s,
        "ours_sandbox_cpu_s": measured.sandbox_cpu_s,
        "stock_one_job_cpu_s": stock.each.cpu_s,
        "same_points": measured.same_points,
        "compute_same_points": measured.compute_same_points,
        "differences": list(measured.differences),
    }


def bars(found: dict[str, Any]) -> list[Bar]:
    """The figures that have a limit."""
    return [
        Bar("overhead_share_of_stock", found["overhead_share_of_stock"], OVERHEAD_SHARE, at_most=True),
        Bar("cpu_share_of_stock", found["cpu_share_of_stock"], CPU_SHARE, at_most=True),
        Bar("speedup_vs_nbgrader", found["speedup_vs_nbgrader"], SPEEDUP, at_most=False),
        Bar("ours_start_cpu_s", found["ours_start_cpu_s"], START_CPU_S, at_most=True),
        Bar("regrade_unchanged_s", found["regrade_unchanged_s"], REGRADE_S, at_most=True),
    ]
