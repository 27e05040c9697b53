"""What the figures of bench-scale say, and that its submissions are distinct."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from grader.course.folder import Course
from grader.measuring.bench.scale import Run, hand_in_without_training, missed, slopes, write_report

RUNS = [Run(100, 60.0, 90.0, 20.0, 600.0, 50.0), Run(1000, 510.0, 810.0, 155.0, 605.0, 500.0)]
LARGE = Run(5000, 2510.0, 4010.0, 755.0, 615.0, 2500.0)


def test_slopes_leave_the_start_out() -> None:
    found = slopes([*RUNS, LARGE])
    assert found["slope_small"] == pytest.approx(0.5) and found["slope_large"] == pytest.approx(0.5)
    assert found["slope_small_cpu"] == pytest.approx(0.8) and found["slope_small_driver_cpu"] == pytest.approx(0.15)
    assert found["slope_change"] == pytest.approx(0.0) and found["driver_growth_mb"] == pytest.approx(10.0)
    assert missed(found) == []


@pytest.mark.parametrize(
    ("large", "words"),
    [
        (replace(LARGE, wall_s=2510.0 + 4000 * 0.11), "slope changes by +22%"),
        (replace(LARGE, wall_s=2510.0 - 4000 * 0.11), "slope changes by -22%"),
        (replace(LARGE, driver_mb=626.0), "grows by 21.0 MB"),
    ],
)
def test_missed_bar_is_told(large: Run, words: str) -> None:
    [told] = missed(slopes([*RUNS, large]))
    assert words in told


def test_two_sizes_are_not_enough() -> None:
    with pytest.raises(ValueError, match="three sizes"):
        slopes(RUNS)


def test_report_holds_the_slopes_and_every_size(tmp_path: Path) -> None:
    write_report([*RUNS, LARGE], tmp_path / "build" / "scale.json")
    report = json.loads((tmp_path / "build" / "scale.json").read_text())
    assert {"slope_small", "slope_large", "driver_growth_mb"} < set(report)
    assert [run["submissions"] for run in report["runs"]] == [100, 1000, 5000]


def test_submissions_are_distinct_and_have_no_notebook(tmp_path: Path) -> None:
    course = Course(tmp_path)
    students = hand_in_without_training(course, "digits", 3)
    submissions = [course.submission("digits", student) for student in students]
    assert course.students("digits") == students == ["student-00001", "student-00002", "student-00003"]
    assert len({one.hash for one in submissions}) == 3
    assert all(one.notebook is None and len(one.modules) > 1 for one in submissions)
