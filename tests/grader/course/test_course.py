"""A course folder: its secret, its settings, its students."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.course.folder import Course


def test_seed_is_the_same_on_every_run_and_private_to_the_course(tmp_path: Path) -> None:
    one, other = Course(tmp_path / "one"), Course(tmp_path / "other")
    assert one.seed("digits", 1) == one.seed("digits", 1)
    assert len({one.seed("digits", 1), one.seed("digits", 2), one.seed("words", 1), other.seed("digits", 1)}) == 4
    assert (one.root / "course.secret").stat().st_mode & 0o077 == 0


def test_damaged_secret_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "course.secret").write_bytes(b"short")
    with pytest.raises(ValueError, match="restore it"):
        Course(tmp_path).seed("digits", 1)


def test_terms_take_the_data_that_the_course_names(tmp_path: Path) -> None:
    course = Course(tmp_path)
    assert course.plan("digits").source == "generated"
    before = course.plan("digits").version("blocks")
    course.settings.write_text('[data]\ndigits = "mnist"\n')
    assert course.plan("digits").source == "mnist"
    assert course.plan("digits").version("blocks") != before
    assert course.plan("spoken_digits").source == "generated"
    course.settings.write_text('[data]\ndigits = "letters"\n')
    with pytest.raises(ValueError, match="letters.*generated, mnist"):
        course.plan("digits")
    course.settings.write_text('[data]\ndigit = "mnist"\n')
    with pytest.raises(ValueError, match=r"\[data\] digit: no such assignment.*mean digits.*spoken_digits"):
        course.plan("digits")
    course.settings.write_text('[data]\ndigits = ["mnist"]\n')
    with pytest.raises(ValueError, match="a name in quotes"):
        course.plan("digits")
    course.settings.write_text('data = "mnist"\n')
    with pytest.raises(ValueError, match=r"data is a table.*digits = "):
        course.plan("digits")


def test_students_are_those_who_submitted_this_assignment(tmp_path: Path) -> None:
    for folder in ("b/digits", "a/digits", "c/words"):
        (tmp_path / "submitted" / folder).mkdir(parents=True)
    (tmp_path / "submitted" / "d").mkdir()
    (tmp_path / "submitted" / "d" / "digits").write_text("a file, not a folder")
    course = Course(tmp_path)
    assert course.students("digits") == ["a", "b", "d"]  # which reading it will refuse, in words
    assert [name for name in "abcde" if course.has_submitted("digits", name)] == ["a", "b", "d"]
    for name in ("", ".", "..", "a/../b", "*", "a" * 300):
        assert not course.has_submitted("digits", name)
