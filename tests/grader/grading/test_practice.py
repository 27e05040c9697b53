"""What trains at home on public data is not trained again while grading: the hidden training gives its points too."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from exercises.assignment import Assignment, load_assignment
from exercises.checking import Check, Status, Verdict, check
from exercises.checking.catalogue import checks_of
from grader.grading.checked import one_check
from grader.grading.checked.one_check import judge

REFERENCE: Any = SimpleNamespace(
    hidden=SimpleNamespace(assignment="digits", numbers_seed=lambda **_: 5), private_seed=0
)
STUDENT: Any = SimpleNamespace(settle=lambda: None)


def trainings(share: float, made: list[str]) -> list[Check]:
    """A public training for 1 point and the hidden one for 0.5 that it practises for."""

    def of(where: str) -> Callable[[Any, Any, Any], None]:
        def train(student: Any, solution: Any, expect: Any) -> None:
            made.append(where)
            expect.score(share, expected="much", got="some", measured={"digits": share}, due={"digits": 1.0})

        train.__module__ = f"{where}.checks"
        return train

    return [
        check("accuracy.home", points=1, idea="At home", trains=True)(of("exercises")),
        check("accuracy.graded", points=0.5, idea="Graded", trains=True, practice="accuracy.home")(of("grader")),
    ]


def verdicts(monkeypatch: pytest.MonkeyPatch, checks: list[Check], order: list[Check]) -> dict[str, Verdict]:
    monkeypatch.setattr(one_check, "graded_checks", lambda name: checks)
    found: dict[str, Verdict] = {}
    for one in order:
        found[one.id] = judge(one, STUDENT, REFERENCE, found)
    return found


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("backwards", [False, True])
def test_both_get_the_same_share_of_one_training(
    share: float, backwards: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    checks = trainings(share, made)
    found = verdicts(monkeypatch, checks, checks[::-1] if backwards else checks)
    home, graded = found["accuracy.home"], found["accuracy.graded"]
    assert made == ["grader"]
    assert (home.points, graded.points) == (share, round(share / 2, 2))
    assert (home.max_points, home.idea, home.status, home.got) == (1, "At home", graded.status, graded.got)
    assert graded.measured == {"digits": share} and not home.measured  # the report counts each training once


def test_a_fault_of_the_hidden_one_is_no_mark_in_either(monkeypatch: pytest.MonkeyPatch) -> None:
    checks = trainings(2.0, [])  # no share
    found = verdicts(monkeypatch, checks, checks)
    assert {one.status for one in found.values()} == {Status.ERROR}


PRACTICE = dict(trains=True, practice="receptive_field.home")


@pytest.mark.parametrize(
    ("facts", "at_home"),
    [
        ({**PRACTICE, "practice": "receptive_field.nobody"}, "exercises"),  # no such check
        (PRACTICE, "grader"),  # which is hidden
        ({**PRACTICE, "trains": False}, "exercises"),
        ({**PRACTICE, "points": 0}, "exercises"),
    ],
)
def test_what_cannot_be_practised_is_refused(
    facts: dict[str, Any], at_home: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, graded = trainings(1, [])
    modules = {
        "public": made_of(check("receptive_field.home", points=1, idea="i", trains=True)(home.run), at_home),
        "hidden": made_of(check("receptive_field.graded", **{"points": 1, "idea": "i", **facts})(graded.run), "grader"),
    }
    monkeypatch.setattr("importlib.import_module", lambda name: modules[name.split(".")[0]])
    first = load_assignment("digits")
    with pytest.raises(ValueError, match=r"check receptive_field\.graded is practised by receptive_field\."):
        checks_of(of_one_task(first), "public", "hidden")


def made_of(one: Check, where: str) -> ModuleType:
    one.run.__module__ = f"{where}.checks"
    module = ModuleType("module")
    module.one = one  # type: ignore[attr-defined]
    return module


def of_one_task(facts: Assignment) -> Any:
    return SimpleNamespace(tasks=facts.tasks[:1])
