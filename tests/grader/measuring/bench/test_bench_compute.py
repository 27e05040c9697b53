"""Compute C has to give what the grader gives, or the overhead that is measured against it means nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.authoring.cohort import cohort
from grader.measuring.bench.run import Bench, _compute, _our_course, environment


@pytest.mark.slow
def test_compute_gives_the_model_solution_its_points(tmp_path: Path) -> None:
    student = cohort("digits", 1)[0]
    bench = Bench(tmp_path.resolve(), "digits", (student,), 1, environment(tmp_path))
    (tmp_path / "turns").mkdir()
    rows, _ = _compute(bench, _our_course(bench), lambda count: lambda: None)
    assert [row["student"] for row in rows] == [student.student]
    assert student.as_due(rows[0]["points"]), student.differences(rows[0]["points"])
