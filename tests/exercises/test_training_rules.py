"""[training.TASK] in assignment.toml: read, completed, and refused in words."""

from __future__ import annotations

import pytest

from exercises.assignment import Training, _parse

TASKS = """
name = "letters"
title = "Letters"
version = 1
deadline = 2030-02-02T23:59:00+02:00
data = "letters"
given = "lessons"
{top}

[[task]]
name = "first"
title = "First"
module = "one"
points = 1

[[task]]
name = "second"
title = "Second"
module = "two"
points = 1

[training.first]
examples_seen = 100
train_examples = 50
test_examples = 20
chance_like = 0.25
{first}

[training.first.threshold.generated]
f_score = {threshold}

[training.first.threshold.real]
f_score = 1.0
{more}
"""
SECOND = """
[training.second]
examples_seen = 100
train_examples = 50
test_examples = 20
chance_like = 0.0
data = "others"
attempts = 5
[training.second.threshold.generated]
"""


def text(**parts: str) -> str:
    return TASKS.format(**{"top": "", "first": "", "threshold": "0.7", "more": "", **parts})


def test_each_training_has_its_own_rules_and_the_assignments_kind_where_it_names_none() -> None:
    facts = _parse(text(more=SECOND))
    thresholds = {"generated": {"f_score": 0.7}, "real": {"f_score": 1.0}}
    assert facts.training["first"] == Training(100, 50, 20, 0.25, 3, data="letters", threshold=thresholds)
    assert (facts.training["second"].data, facts.training["second"].attempts) == ("others", 5)
    assert facts.given == ("lessons",)


def test_a_course_can_be_judged_on_what_every_training_has_a_threshold_for() -> None:
    assert _parse(text()).sources == ("generated", "real")
    assert _parse(text(more=SECOND)).sources == ("generated",)
    assert _parse(text().partition("[training")[0]).sources == ("generated",)


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"threshold": "0.25"}, r"\[training.first\]: threshold.generated: f_score = 0.25 must be above chance_like"),
        ({"threshold": "1.1"}, "at most 1"),
        ({"first": "attempts = 0"}, r"\[training.first\]: attempts = 0, but it is a whole number, at least 1"),
        ({"first": "luck = 1.5"}, "luck must be at least 0 and at most 1, not 1.5"),
        ({"first": "images_seen = 3"}, r"\[training.first\]: there is no key images_seen: is examples_seen meant"),
        (
            {"more": SECOND.replace("second", "third")},
            r"\[training.third\]: there is no such task; the tasks are first",
        ),
        ({"more": SECOND.replace("chance_like = 0.0", "chance_like = 1.0")}, "chance_like must be"),
    ],
)
def test_rules_that_cannot_be_meant_are_refused(parts: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        _parse(text(**parts))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('given = "lessons"', 'given = ["one"]', "one is a student's module"),
        ('module = "two"', 'module = "learning"', "cannot be called 'learning'"),
        ('module = "two"', 'module = "clean"', "cannot be called 'clean'"),
        ('given = "lessons"', 'given = ["probe"]', "cannot be called 'probe'"),
    ],
)
def test_given_modules_and_students_have_names_of_their_own(old: str, new: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        _parse(text().replace(old, new))
