"""Points that can be foreseen: what `check` says of a task, and of its hidden checks."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from exercises.assignment import assignment_names, load_assignment
from exercises.checking import Check, Status, Verdict, check
from exercises.checking.points import Foreseen, foreseen
from exercises.checking.show import Report, report_from_json
from exercises.given import HiddenPart, manifest
from grader.release.consistency import all_checks

FACTS = load_assignment("digits")
TASK = FACTS.tasks[0]


def public(points: float, name: str = "one", *, extra: bool = False) -> Check:
    return Check(f"{TASK.name}.{name}", points, "an idea", (), extra, lambda *_: None)


def verdict(points: float, *, extra: bool = False) -> Verdict:
    return Verdict(f"{TASK.name}.one", TASK.name, "an idea", Status.PARTLY, points, 9, extra)


def test_a_task_is_what_passed_and_what_is_hidden() -> None:
    parts = [HiddenPart(TASK.name, topic, 0.5) for topic in ("dilation", "strides", "dilation", "")]
    (found,) = foreseen(FACTS, [TASK.name], [public(0.1), public(0.2)], [verdict(0.1), verdict(0.2)], parts)
    assert found == Foreseen(TASK.name, 0.3, TASK.points, round(TASK.points - 0.3, 2), ("dilation", "strides"))
    assert str(replace(found, passed=1.5, points=4, hidden=2.5)) == (
        f"{TASK.name}: passed 1.5 of 4 points; 2.5 are hidden: dilation, strides"
    )


def test_without_a_release_the_points_are_hidden_and_nobody_says_of_what() -> None:
    (found,) = foreseen(FACTS, [TASK.name], [public(TASK.points - 1)], [], ())
    assert str(found) == f"{TASK.name}: passed 0 of {TASK.points:g} points; 1 is hidden"
    (found,) = foreseen(FACTS, [TASK.name], [public(TASK.points)], [verdict(TASK.points)], ())
    assert str(found) == f"{TASK.name}: passed {TASK.points:g} of {TASK.points:g} points"


def test_extra_credit_has_a_line_of_its_own() -> None:
    parts = [HiddenPart(TASK.name, "paths", 0.5, extra=True), HiddenPart("another", "nothing here", 1)]
    checks = [public(TASK.points), public(0.25, "more", extra=True)]
    lines = foreseen(FACTS, [TASK.name], checks, [verdict(0.25, extra=True)], parts)
    assert str(lines[1]) == f"{TASK.name}, extra credit: passed 0.25 of 0.75 points; 0.5 are hidden: paths"


def test_report_ends_with_the_points_of_each_task_in_text_and_notebook_and_json() -> None:
    lines = (Foreseen("blocks", 1.5, 4, 2.5, ("bias", "strides")), Foreseen("pooling", 1, 1, 0))
    report = Report("digits", "", (), (), notes=("slow",), points=lines)
    assert str(report).splitlines()[1:] == [
        "blocks: passed 1.5 of 4 points; 2.5 are hidden: bias, strides",
        "pooling: passed 1 of 1 points",
        "note: slow",
    ]
    assert "2.5 are hidden: bias, strides<br>pooling" in report._repr_html_()
    assert report_from_json(json.loads(json.dumps(report.to_json()))) == report


@pytest.mark.parametrize("topic", ["a.b", "pooling_max", "x" * 41, " strides", "return x;", 5])
def test_a_topic_is_a_word_or_two(topic: str) -> None:
    with pytest.raises(ValueError, match=r"check t\.one: its topic is a word or two for students"):
        check("t.one", points=1, idea="i", topic=topic)


@pytest.mark.parametrize("name", assignment_names())
def test_every_hidden_check_with_points_says_what_it_is_about(name: str) -> None:
    hidden = [one for one in all_checks(name) if not one.public and one.points]
    assert not [one.id for one in hidden if not one.topic]
    said = manifest({}, [], [HiddenPart(one.task, one.topic, one.points, one.extra) for one in hidden]).decode()
    assert not [one.id for one in hidden if one.id in said or one.idea in said]


@pytest.mark.parametrize("name", assignment_names())
def test_at_least_half_of_each_tasks_points_are_public(name: str) -> None:
    checks = all_checks(name)
    for task in load_assignment(name).tasks:
        for extra in (False, True):
            points = {public: 0.0 for public in (True, False)}
            for one in checks:
                if (one.task, one.extra) == (task.name, extra):
                    points[one.public] += one.points
            assert points[True] >= points[False] - 1e-9, (task.name, "extra credit" if extra else "points", points)
