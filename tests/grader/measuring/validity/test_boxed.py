"""Answers judged through the sandbox: what `validity` says of one is what grading says of a submission."""

from __future__ import annotations

from typing import Any

import pytest

from exercises.checking import Cause, Check, Status, Verdict
from grader.authoring.galleries import solution_files, wrong_answers
from grader.batch.local_pool import local_pool
from grader.grading.checked.plan import CheckedPlan
from grader.grading.run import grade
from grader.measuring.validity import boxed
from grader.measuring.validity.boxed import judge, run_boxed
from grader.measuring.validity.jobs import SEED, Job, JobError
from grader.model.submission import Submission
from grader.sandbox.outside.warm import TIER, close_warm_process

BODY = "        windows = x.unfold(-1, self.kernel_size, self.stride)  # (batch, channels, time out, kernel)\n"
CHECKS = ("pooling.max_1d_example", "pooling.max_shape_1d", "pooling.global_shape_2d", "blocks.skip_1d")


def pooling(line: str) -> Job:
    files = solution_files("digits")
    return Job(line.strip(), "digits", files | {"pooling": files["pooling"].replace(BODY, line)}, CHECKS)


def statuses(found: tuple[Verdict, ...]) -> dict[str, Status]:
    return {verdict.check: verdict.status for verdict in found}


def test_code_that_never_ends_is_stopped_by_the_limits_of_grading() -> None:
    found = judge(pooling("        while True:\n            pass\n"))
    first, shape, other, skip = found.verdicts
    assert (first.status, first.cause) == (Status.FAILED, Cause.STOPPED) and "2 s of processor time" in first.got
    assert [shape.status, other.status, skip.status] == [Status.FAILED, Status.PASSED, Status.PASSED]
    assert found.problem == "" and found.told == ()


def test_code_that_ends_its_process_fails_what_asks_for_it_and_the_others_go_on() -> None:
    found = judge(pooling("        import os\n        os._exit(3)\n"))
    assert statuses(found.verdicts)["pooling.global_shape_2d"] is Status.PASSED
    assert (found.verdicts[0].cause, found.verdicts[0].status) == (Cause.ENDED, Status.FAILED)


def test_an_answer_is_judged_as_the_same_submission_is_graded() -> None:
    answer = next(one for one in wrong_answers("digits") if one.name == "pooling_over_channels")
    (found,) = run_boxed([Job(answer.name, "digits", answer.files(), ("pooling.*", "blocks.*"))], Here())
    modules = {name: text.encode() for name, text in answer.files().items()}
    graded = grade(Submission(answer.name, "digits", modules, None), Pooling("digits", SEED))
    theirs = [verdict for verdict in graded.verdicts if verdict.max_points]
    mine = {one.check: one for one in found.verdicts}
    assert {one.status for one in theirs} >= {Status.FAILED, Status.PASSED}
    for one in theirs:
        assert vars(mine[one.check]) | {"seconds": 0} == vars(one) | {"seconds": 0}


class Pooling(CheckedPlan):
    """The plan without what takes long."""

    @property
    def groups(self) -> Any:
        return tuple(group for group in super().groups if group.name in ("pooling", "blocks"))


class Here:
    """An executor that runs what it is given in this process."""

    def submit(self, function: Any, *args: Any) -> Any:
        from concurrent.futures import Future

        future: Future[Any] = Future()
        try:
            future.set_result(function(*args))
        except Exception as error:
            future.set_exception(error)
        return future


def test_a_check_that_fails_itself_is_no_verdict_on_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(student: Any, solution: Any, expect: Any) -> None:
        student.pooling.GlobalAvgPool2d()
        expect.equal(1, one)  # type: ignore[name-defined]  # noqa: F821

    monkeypatch.setattr(boxed, "checks_in", lambda name: (Check("pooling.own", 1.0, "", (), False, run),))
    (verdict,) = judge(Job("solution", "digits", solution_files("digits"))).verdicts
    assert verdict.status is Status.ERROR and "name 'one' is not defined (test_boxed.py, line" in verdict.fault


def test_several_are_judged_at_once_each_by_itself() -> None:
    files = solution_files("digits")
    jobs = [Job(f"solution {seed}", "digits", files, ("receptive_field.*",), seed) for seed in range(4)]
    pool = local_pool(2)
    try:
        found = {one.name: one for one in run_boxed(jobs, pool)}
    finally:
        pool.shutdown(cancel_futures=True)
    assert list(sorted(found)) == [job.name for job in jobs]
    for one in found.values():
        assert len(one.verdicts) > 3 and set(statuses(one.verdicts).values()) == {Status.PASSED}


def test_a_sandbox_that_cannot_start_is_no_verdict_on_anybody(monkeypatch: pytest.MonkeyPatch) -> None:
    close_warm_process()
    monkeypatch.setenv(TIER, "nonsense")
    with pytest.raises(JobError, match="GRADER_ISOLATION=nonsense"):
        judge(Job("solution", "digits", solution_files("digits"), ("receptive_field.*",)))
