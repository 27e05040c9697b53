"""Checks judge alike at home, in the student's own process, and when graded, through the sandbox.

A few answers of digits here; answers of all galleries in test_galleries.py, which has judged them at home.
"""

from __future__ import annotations

from dataclasses import replace

from exercises.checking import Cause, Status, Verdict
from grader.authoring.galleries import right_answers, wrong_answers
from grader.measuring.validity.jobs import Job, Outcome, checks_in
from tests.grader.checks.told import AtHome, compared, differences

RIGHT = ("loops", "kept_kernels")
WRONG = ("field_as_array", "returns_numpy", "images_scaled_in_place")


def test_an_answer_is_told_the_same_at_home_and_when_graded() -> None:
    checks = tuple(check.id for check in checks_in("digits") if not check.trains)
    answers = [one for one in right_answers("digits") if one.name in RIGHT]
    mistakes = [one for one in wrong_answers("digits") if one.name in WRONG]
    jobs = [Job(one.name, "digits", one.files(), checks) for one in (*answers, *mistakes)]
    assert len(jobs) == len(RIGHT + WRONG)
    assert differences(jobs, AtHome(times=30).run(jobs)) == []


def test_differences_would_be_found() -> None:
    """One side that says less, or something else, is told."""
    passed = Verdict("blocks.skip", "blocks", "", Status.PASSED, 1.0, 1.0)
    wrong = Verdict("blocks.skip", "blocks", "", Status.FAILED, 0.0, 1.0, got="zeros", cause=Cause.WRONG)
    stopped = Verdict("blocks.skip", "blocks", "", Status.FAILED, 0.0, 1.0, got="4 s", cause=Cause.STOPPED)
    used = Verdict("blocks.skip", "blocks", "", Status.FAILED, 0.0, 1.0, got="2 s", cause=Cause.GIVEN_UP)
    behind, given_up = (replace(one, check="blocks.other") for one in (passed, used))
    assert compared("a", Outcome("a", (passed,)), Outcome("a", (passed,))) == []
    assert compared("a", Outcome("a", (stopped,)), Outcome("a", (used,))) == []
    assert compared("a", Outcome("a", (stopped, behind)), Outcome("a", (stopped, given_up))) == []
    assert len(compared("a", Outcome("a", (behind,)), Outcome("a", (given_up,)))) == 1
    for here, there in ((passed, wrong), (wrong, passed), (stopped, wrong), (stopped, passed), (passed, used)):
        assert len(compared("a", Outcome("a", (here,)), Outcome("a", (there,)))) == 1
    assert len(compared("a", Outcome("a", ()), Outcome("a", (passed,)))) == 1
    assert len(compared("a", Outcome("a", (passed,)), Outcome("a", (passed,), told=("an act",)))) == 1
