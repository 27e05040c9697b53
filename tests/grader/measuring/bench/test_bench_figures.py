from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest
from rich.console import Console
from typer.testing import CliRunner

from grader.cli import app
from grader.measuring.bench.figures import Cost, Measurements, Run, bars, cost, cost_within, figures
from grader.measuring.bench.report import bars_table, table
from grader.measuring.bench.spending import Spent

KEYS = {
    "submissions",
    "jobs",
    "compute_cpu_s",
    "ours_cpu_s",
    "stock_cpu_s",
    "ours_wall_s",
    "stock_wall_s",
    "stock_two_jobs_wall_s",
    "cpu_share_of_stock",
    "ours_overhead_s",
    "stock_overhead_s",
    "speedup_vs_nbgrader",
    "speedup_equal_jobs",
    "regrade_unchanged_s",
    "peak_driver_mb",
    "ours_start_s",
    "stock_start_s",
    "same_points",
}


def runs(start: Spent, each: Spent, *, jobs: int = 2, count: int = 10) -> tuple[Run, Run]:
    """What two commands use that start with `start` and use `each` for a submission."""
    first, others = (
        Run(n, Spent(start.wall_s + n * each.wall_s, start.cpu_s + n * each.cpu_s)) for n in (jobs, count - jobs)
    )
    return first, others


MEASURED = Measurements(
    jobs=2,
    compute_cpu_s=(1.0,) * 10,
    compute_wall_s=6.0,
    ours=Cost(Spent(0.75, 1.25), Spent(9.0, 11.0)),
    stock=Cost(Spent(6.0, 6.5), Spent(3.0, 3.5)),
    stock_jobs=Cost(Spent(3.0, 5.0), Spent(4.0, 7.0)),
    sandbox_cpu_s=1.2,
    regrade_s=0.04,
    regraded_anew=0,
    notebooks=Spent(0.25, 0.5),
    peak_driver_mb=300.0,
    same_points=10,
    compute_same_points=10,
)


def test_cost_tells_start_and_submissions_apart() -> None:
    found = cost(*runs(Spent(9.0, 20.0), Spent(0.75, 1.25)))
    assert (found.each.wall_s, found.each.cpu_s) == pytest.approx((0.75, 1.25))
    assert (found.start.wall_s, found.start.cpu_s) == pytest.approx((9.0, 20.0))


def test_cost_within_one_command_takes_the_rest_for_start() -> None:
    found = cost_within(Spent(16.5, 32.5), 2, Run(8, Spent(6.0, 10.0)))
    assert (found.each.wall_s, found.each.cpu_s) == pytest.approx((0.75, 1.25))
    assert (found.start.wall_s, found.start.cpu_s) == pytest.approx((9.0, 20.0))


def test_cost_refuses_two_runs_of_the_same_size() -> None:
    run = Run(2, Spent(1.0, 1.0))
    with pytest.raises(ValueError, match="too few"):
        cost(run, run)


def test_figures_are_per_submission_without_the_start() -> None:
    found = figures(MEASURED)
    assert found["submissions"] == 10
    assert found["ours_cpu_s"] == pytest.approx(1.25)
    assert found["ours_overhead_s"] == pytest.approx(0.25)
    assert found["stock_cpu_s"] == pytest.approx(5.0)  # of the commands side by side
    assert found["stock_overhead_s"] == pytest.approx(4.0)
    assert found["cpu_share_of_stock"] == pytest.approx(0.25)
    assert found["overhead_share_of_stock"] == pytest.approx(0.0625)
    assert found["speedup_vs_nbgrader"] == pytest.approx(8.0)  # of one command
    assert found["speedup_equal_jobs"] == pytest.approx(4.0)
    assert found["speedup_same_work"] == pytest.approx(3.0)  # 3 s against 0.75 s and 0.25 s for the notebook
    assert found["regrade_unchanged_s"] == pytest.approx(0.005)  # of the eight that are not the first ones
    assert (found["ours_start_s"], found["stock_start_s"]) == pytest.approx((9.0, 3.0))


def test_figures_have_all_keys_and_are_json() -> None:
    found = figures(MEASURED)
    assert set(found) >= KEYS
    assert json.loads(json.dumps(found)) == found


def test_bars_are_met_by_these_figures_and_missed_by_worse_ones() -> None:
    assert all(bar.met for bar in bars(figures(MEASURED)))
    worse = replace(MEASURED, ours=Cost(Spent(2.0, 2.0), Spent(9.0, 20.0)), regrade_s=0.1)
    assert not any(bar.met for bar in bars(figures(worse)))


def test_tables_show_the_figures_beside_their_bars() -> None:
    console = Console(width=160, record=True, file=io.StringIO())
    found = figures(MEASURED)
    console.print(table(found))
    console.print(bars_table(found))
    text = console.export_text()
    line = next(line for line in text.splitlines() if "our batch" in line)
    assert "1.25" in line and "0.25" in line and "9.00" in line
    assert "10 of 10" in text
    line = next(line for line in text.splitlines() if "cpu_share_of_stock" in line)
    assert "≤ 0.333" in line and "met" in line and "NOT" not in line


@pytest.mark.parametrize(("differences", "code"), [([], 0), (["C, first-001: accuracy.hidden_test 0 instead of 2"], 1)])
def test_the_command_fails_where_contenders_gave_other_points(
    differences: list[str], code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.measuring.bench.run.run_bench", lambda *arguments: {"differences": differences})
    assert CliRunner().invoke(app, ["bench", "digits"]).exit_code == code
