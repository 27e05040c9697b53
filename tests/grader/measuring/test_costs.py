"""What grading costs: every graded check and every cell that runs is measured, and the sums are sums."""

from __future__ import annotations

import io
import json

import pytest
from rich.console import Console

from grader.grading.checked.groups import graded_checks
from grader.grading.checked.notebook import cells_to_run
from grader.measuring import costs
from grader.measuring.costs import CellCost, CheckCost, Costs, measure, table
from grader.model.submission import Submission

MADE_UP = Costs(
    assignment="digits",
    repetitions=3,
    checks=(CheckCost("pooling", "pooling.max_1d", 0.5, 0.002), CheckCost("accuracy", "accuracy.hidden", 2, 0.5)),
    cells=tuple(CellCost(f"cell {k}", 0.01 * k) for k in range(8)),
    modules_s=0.02,
    shell_s=0.01,
)


def test_compute_is_the_sum_of_the_checks() -> None:
    assert MADE_UP.checks_s == pytest.approx(0.502)
    assert MADE_UP.cells_s == pytest.approx(0.28)
    assert MADE_UP.compute_s == pytest.approx(0.502)


def test_json_holds_the_parts_and_the_sums() -> None:
    data = json.loads(json.dumps(MADE_UP.to_json()))
    assert data["compute_s"] == pytest.approx(0.502)
    assert data["checks"][1] == {"task": "accuracy", "check": "accuracy.hidden", "points": 2, "cpu_s": 0.5}
    assert len(data["cells"]) == 8
    assert list(data["rests_on"]["tasks"])[-2:] == ["accuracy", "notebook"] and "torch" in data["rests_on"]["versions"]


def test_table_shows_every_check_and_the_dearest_cells_only() -> None:
    page = io.StringIO()
    Console(width=140, file=page).print(table(MADE_UP))
    text = page.getvalue()
    assert "pooling.max_1d" in text and "99.6%" in text  # 0.5 of 0.502
    assert "502.0" in text and "all 2 checks" in text and "all 8 cells" in text
    assert "cell 7" in text and "cell 3" in text and "cell 2" not in text


def test_measuring_takes_at_least_one_repetition() -> None:
    with pytest.raises(ValueError, match="repetition"):
        measure("digits", repetitions=0)


def test_solution_that_fails_a_check_is_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """A failing check stops early, so that its time would say nothing."""
    checks = [check for check in graded_checks("digits") if check.id == "receptive_field.output_size"]
    monkeypatch.setattr(costs, "graded_checks", lambda _: checks)
    monkeypatch.setattr("solutions.digits.receptive_field.output_size", lambda size, layers: 0)
    with pytest.raises(ValueError, match=r"does not pass receptive_field\.output_size"):
        measure("digits", repetitions=1)


@pytest.mark.slow
def test_every_graded_check_and_every_cell_is_measured() -> None:
    found = measure("digits", repetitions=1)
    assert [one.check for one in found.checks] == [check.id for check in graded_checks("digits")]
    assert len(found.cells) == len(cells_to_run(Submission("", "digits", {}, None)))
    assert all(one.cpu_s > 0 for one in (*found.checks, *found.cells))
    assert 0 < found.modules_s < found.compute_s and 0 < found.shell_s < found.compute_s
