"""A course folder: its settings, its students."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from exercises.assignment import load_assignment
from grader.course.folder import Course
from grader.grading.checked import plan
from grader.grading.checked.plan import CheckedPlan, data_source


def test_plan_takes_the_data_that_the_course_names(tmp_path: Path) -> None:
    course = Course(tmp_path)
    course.prepare("digits")
    assert CheckedPlan.of(course.root, "digits").source == "generated"
    before = course.plan("digits").version("blocks")
    course.settings.write_text('[data]\ndigits = "mnist"\n')
    assert CheckedPlan.of(course.root, "digits").source == "mnist"
    assert course.plan("digits").version("blocks") != before
    assert CheckedPlan.of(course.root, "spoken_digits").source == "generated"
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
    with pytest.raises(ValueError, match=r"data is a table.*such as \w+ = "):
        course.plan("digits")


def test_without_a_word_of_the_course_the_data_are_generated_or_the_first_that_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    digits = load_assignment("digits")
    for sources, due in ((("mnist", "generated"), "generated"), (("letters", "mnist"), "letters")):
        threshold = {source: {"digits": 0.9} for source in sources}
        training = {"accuracy": replace(digits.training["accuracy"], threshold=threshold)}
        facts = replace(digits, training=training)
        monkeypatch.setattr(plan, "load_assignment", lambda name, facts=facts: facts)
        assert data_source(tmp_path, "digits") == due


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
