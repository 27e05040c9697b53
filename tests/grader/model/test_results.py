"""What a submission got, put together."""

from __future__ import annotations

from exercises.checking import Status, Verdict
from grader.model.results import Graded


def test_tenths_of_a_point_add_up_to_whole_points() -> None:
    parts = [0.1, 0.15, 0.1, 0.15, 0.2, 0.2, 0.2, 0.15, 0.1, 0.15]
    verdicts = tuple(Verdict(f"a.{n}", "a", "i", Status.PASSED, one, one, extra=n > 5) for n, one in enumerate(parts))
    graded = Graded("s", "a", "0", verdicts)
    assert sum(parts[:6]) != 0.9 and graded.task_points("a") == 0.9 and graded.extra_points("a") == 0.6
