"""The batch: goes on whatever one submission does, asks the ledger first, replaces a pool that broke."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest

from exercises.checking import Status, Verdict
from grader.batch import run as batch
from grader.batch.desk import Done
from grader.batch.run import grade_batch
from grader.course.folder import Course
from grader.course.lookup import Work
from grader.gradebook.writer import Outcome
from grader.grading.checked.plan import CheckedPlan
from grader.model.results import Graded, Part
from grader.model.submission import Submission


class Inline(Executor):
    """Runs each call at once; `fail` says what happens instead, by student and attempt."""

    def __init__(self, calls: list[str], fail: Callable[[str, int], Exception | None]) -> None:
        self.calls, self.fail = calls, fail

    def submit(self, function: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        student = args[0].student
        self.calls.append(student)
        future: Future[Any] = Future()
        error = self.fail(student, self.calls.count(student))
        if error is None:
            future.set_result(function(*args, **kwargs))
        else:
            future.set_exception(error)
        return future


class FakeWriter:
    """Books into a list; refuses the student "unwritable"."""

    booked: ClassVar[list[str]] = []
    standing: ClassVar[dict[str, str]] = {}

    def __init__(self, course: Course) -> None:
        pass

    def stands(self, graded: Graded) -> bool:
        return self.standing.get(graded.student) == graded.digest

    def write(self, work: Work, *, again: bool) -> Outcome:
        graded = work.graded
        self.booked.append(graded.student)
        self.standing[graded.student] = graded.digest
        return Outcome(graded.student, graded.assignment, "locked" if graded.student == "unwritable" else "")


def fake_grade(submission: Submission, plan: CheckedPlan, names: tuple[str, ...]) -> tuple[Part, ...]:
    failed = submission.student == "unfinished"
    verdict = Verdict("blocks.skip", "blocks", "an idea", Status.ERROR if failed else Status.PASSED, 1.0, 1.0)
    return tuple(Part(name, (verdict,) if name == "blocks" else (), finished=not failed) for name in names)


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    monkeypatch.setattr("grader.batch.desk.GradebookWriter", FakeWriter)
    monkeypatch.setattr(batch, "grade_groups", fake_grade)
    monkeypatch.setattr(FakeWriter, "booked", [])
    monkeypatch.setattr(FakeWriter, "standing", {})
    return Course(tmp_path)


def hand_in(course: Course, *students: str) -> list[str]:
    for student in students:
        change(course, student, student)
    return list(students)


def change(course: Course, student: str, text: str) -> None:
    path = course.submitted("digits", student) / "exercises" / "digits" / "blocks.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def run(
    course: Course, students: list[str], fail: Any = lambda *_: None, **options: Any
) -> tuple[list[Done], list[str]]:
    calls: list[str] = []
    done = list(grade_batch(course, "digits", students, lambda: Inline(calls, fail), **options))
    return done, calls


def test_every_submission_is_graded_and_booked_once(course: Course) -> None:
    students = hand_in(course, *(f"s{n}" for n in range(9)))
    done, calls = run(course, students)
    assert sorted(one.student for one in done) == students == sorted(calls) == sorted(FakeWriter.booked)
    assert not any(one.known for one in done)


def test_unchanged_submission_is_neither_run_nor_booked_again(course: Course) -> None:
    students = hand_in(course, "a", "b")
    run(course, students)
    change(course, "b", "changed")
    done, calls = run(course, students)
    assert calls == ["b"] and FakeWriter.booked == ["a", "b", "b"]
    assert {one.student: one.known for one in done} == {"a": True, "b": False}
    assert run(course, students, again=True)[1] == ["a", "b"] and FakeWriter.booked == ["a", "b", "b", "a", "b"]


def test_notebooks_run_on_demand_only_and_are_kept(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, ...]] = []
    shown = {"cell-1": [{"output_type": "stream", "name": "stdout", "text": "anew"}]}

    def grade(submission: Submission, plan: CheckedPlan, names: tuple[str, ...]) -> tuple[Part, ...]:
        asked.append(names)
        parts = fake_grade(submission, plan, names)
        return tuple(replace(part, cells=shown) if part.group == "notebook" else part for part in parts)

    monkeypatch.setattr(batch, "grade_groups", grade)
    students = hand_in(course, "a")
    tasks = tuple(group.name for group in course.plan("digits").groups)
    (first,) = run(course, students)[0]
    (again,) = run(course, students, run_notebooks=True)[0]
    assert asked == [tasks, ("notebook",)] and "notebook" not in tasks
    assert first.graded and first.graded.cells == {} and again.graded and again.graded.cells == shown
    for options in ({}, {"run_notebooks": True}):  # kept, as long as neither the files nor the code change
        (later,) = run(course, students, **options)[0]
        assert later.known and later.graded == again.graded
    (regraded,) = run(course, students, again=True)[0]
    assert asked[2:] == [tasks] and regraded.graded and regraded.graded.cells == shown
    (path,) = course.root.rglob("blocks.py")
    (path.parents[2] / "digits.ipynb").write_text("another notebook")
    (renewed,) = run(course, students)[0]
    assert len(asked) == 3 and renewed.graded and renewed.graded.cells == {} and FakeWriter.booked[-1] == "a"


def test_known_result_that_the_gradebook_lost_is_booked_without_being_run(course: Course) -> None:
    students = hand_in(course, "a", "b")
    run(course, students)
    del FakeWriter.standing["b"]
    done, calls = run(course, students)
    assert calls == [] and FakeWriter.booked == ["a", "b", "b"] and all(one.known for one in done)


def test_two_who_hand_in_the_same_bytes_are_each_graded_and_found_again(course: Course) -> None:
    for student in ("a", "b"):
        change(course, student, "copied")
    assert run(course, ["a", "b"])[1] == ["a", "b"]
    done, calls = run(course, ["a", "b"])
    assert calls == [] and all(one.known for one in done)


def test_only_groups_that_are_not_known_are_run(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    students = hand_in(course, "a")
    run(course, students)
    asked: list[tuple[str, ...]] = []

    def grade(submission: Submission, plan: CheckedPlan, names: tuple[str, ...]) -> tuple[Part, ...]:
        asked.append(names)
        return fake_grade(submission, plan, names)

    monkeypatch.setattr(batch, "grade_groups", grade)
    version = CheckedPlan.version
    monkeypatch.setattr(CheckedPlan, "version", lambda self, group: version(self, group) + "x" * (group == "pooling"))
    done, _ = run(course, students)
    assert asked == [("pooling",)]
    assert done[0].graded and [verdict.check for verdict in done[0].graded.verdicts] == ["blocks.skip"]


def test_missing_submission_is_a_problem_and_the_batch_goes_on(course: Course) -> None:
    hand_in(course, "a")
    done, _ = run(course, ["gone", "a"])
    assert [(one.student, bool(one.problem)) for one in done] == [("gone", True), ("a", False)]
    assert "cannot be read" in done[0].problem and done[0].needs_human


def test_failing_grader_is_asked_once_more_and_then_reported(course: Course) -> None:
    students = hand_in(course, "a", "shaky", "hopeless")

    def fail(student: str, attempt: int) -> Exception | None:
        broken = student == "hopeless" or (student == "shaky" and attempt == 1)
        return RuntimeError("out of luck") if broken else None

    done, calls = run(course, students, fail)
    problems = {one.student: one.problem for one in done}
    assert problems == {"a": "", "shaky": "", "hopeless": "the grader failed: RuntimeError: out of luck"}
    assert calls.count("hopeless") == batch.MAX_TRIES


def test_broken_pool_is_replaced_and_only_who_breaks_it_is_given_up(course: Course) -> None:
    students = hand_in(course, "a", "b", "c", "d")
    pools: list[Inline] = []
    calls: list[str] = []

    class Breaking(Inline):
        """Breaks for good when it meets "b"."""

        def __init__(self) -> None:
            super().__init__(calls, lambda *_: None)
            pools.append(self)

        def submit(self, function: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            if args[0].student != "b":
                return super().submit(function, *args, **kwargs)
            calls.append("b")
            future: Future[Any] = Future()
            future.set_exception(BrokenProcessPool("killed"))
            return future

    done = list(grade_batch(course, "digits", students, Breaking, workers=lambda: 1))
    assert sorted(one.student for one in done) == students
    assert {one.student for one in done if one.problem} == {"b"} and calls.count("b") == batch.MAX_TRIES
    assert len(pools) == batch.MAX_TRIES + 1


def test_lost_result_is_asked_for_again(course: Course) -> None:
    students = hand_in(course, "a", "lost")

    class Losing(Inline):
        def submit(self, function: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            future = super().submit(function, *args, **kwargs)
            first = args[0].student == "lost" and self.calls.count("lost") == 1
            return Future() if first else future

    calls: list[str] = []
    pool = Losing(calls, lambda *_: None)
    done = list(grade_batch(course, "digits", students, lambda: pool, patience_s=0.05))
    assert sorted(one.student for one in done) == students and not any(one.problem for one in done)
    assert calls.count("lost") == 2


def test_cancelled_result_is_asked_for_again(course: Course) -> None:
    students = hand_in(course, "a")
    cancelled: Future[Any] = Future()
    cancelled.cancel()
    cancelled.set_running_or_notify_cancel()
    answers = [cancelled]

    class Cancelling(Inline):
        def submit(self, function: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            return answers.pop() if answers else super().submit(function, *args, **kwargs)

    done = list(grade_batch(course, "digits", students, lambda: Cancelling([], lambda *_: None)))
    assert [one.problem for one in done] == [""]


def test_full_disk_under_the_ledger_is_told_and_the_grades_are_booked(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("grader.batch.desk.Ledger.put", full)
    done, _ = run(course, hand_in(course, "a", "b"))
    assert all("disk is full" in one.problem and one.graded for one in done)
    assert FakeWriter.booked == ["a", "b"]


def test_damaged_ledger_is_told_for_each_submission(course: Course) -> None:
    students = hand_in(course, "a")
    course.ledger.write_text("not a database" * 100)
    done, calls = run(course, students)
    assert calls == [] and "file is not a database" in done[0].problem and str(course.ledger) in done[0].problem


def test_unfinished_result_is_not_remembered(course: Course) -> None:
    students = hand_in(course, "unfinished")
    assert run(course, students)[0][0].needs_human
    assert run(course, students)[1] == ["unfinished"]


def test_failure_to_write_is_a_problem_of_that_student_alone(course: Course) -> None:
    done, _ = run(course, hand_in(course, "a", "unwritable"))
    problems = {one.student: one.problem for one in done}
    assert problems == {"a": "", "unwritable": "not written to the gradebook: locked"}


def test_no_more_submissions_are_under_way_than_the_window_allows(course: Course) -> None:
    most = 0

    class Counting(Inline):
        waiting = 0

        def submit(self, function: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            nonlocal most
            Counting.waiting += 1
            most = max(most, Counting.waiting)
            future = super().submit(function, *args, **kwargs)
            return future

    students = hand_in(course, *(f"s{n:02d}" for n in range(20)))
    for done in grade_batch(course, "digits", students, lambda: Counting([], lambda *_: None), workers=lambda: 2):
        assert done.graded
        Counting.waiting -= 1
    assert most <= 2 * batch.WINDOW_PER_WORKER + 1
