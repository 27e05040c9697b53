"""The private seed, and the secret that it follows from: made when a course is, and never by asking."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.course import lookup
from grader.course.folder import Course
from grader.gradebook.config import write_config
from grader.grading.checked.plan import CheckedPlan
from grader.grading.checked.seed import DamagedSecretError, make_secret, private_seed
from grader.grading.plan import NotPreparedError


def test_seed_is_the_same_on_every_run_and_private_to_the_course(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    make_secret(one)
    make_secret(other)
    first = private_seed(one, "digits", 1)
    make_secret(one)  # one that is there stays
    assert first is not None and first == private_seed(one, "digits", 1)
    others = (private_seed(one, "digits", 2), private_seed(one, "words", 1), private_seed(other, "digits", 1))
    assert len({first, *others}) == 4
    assert (one / "course.secret").stat().st_mode & 0o077 == 0
    assert [path.name for path in one.iterdir()] == ["course.secret"]


def test_damaged_secret_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "course.secret").write_bytes(b"short")
    with pytest.raises(DamagedSecretError, match="restore it"):
        Course(tmp_path).plan("digits")


def test_asking_leaves_no_trace_and_says_what_to_do(tmp_path: Path) -> None:
    course = Course(tmp_path)
    course.submitted("digits", "ada").mkdir(parents=True)
    plan, submission = course.plan("digits"), course.submission("digits", "ada")
    assert plan.groups and plan.looked_at(submission, "blocks") and plan.notebook_names == ("digits",)
    says = r"course\.secret is missing.*python -m grader autograde digits --course "
    with pytest.raises(NotPreparedError, match=says):
        plan.version("blocks")
    with pytest.raises(NotPreparedError, match=says):
        plan.grade(submission, ("blocks",))
    with pytest.raises(NotPreparedError, match=says):
        lookup.graded(course, "digits", "ada")
    assert not (tmp_path / "course.secret").exists() and not course.ledger.exists()


def test_a_new_course_has_a_secret(tmp_path: Path) -> None:
    course = Course(tmp_path / "course")
    write_config(course)
    plan = course.plan("digits")
    assert isinstance(plan, CheckedPlan) and plan.seed is not None
