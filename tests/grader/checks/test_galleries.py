"""The validity of the checks: they pass right answers, and each mistake is caught by the checks that it names alone."""

from __future__ import annotations

from functools import cache

import pytest

from exercises.assignment import load_assignment
from exercises.checking import Check
from exercises.checking.catalogue import checks_of
from grader.galleries import GalleryError, WrongAnswer, right_answers, solution_files, wrong_answers
from tests.grader.checks.gallery_runner import Result, in_fresh_process

TRAINING = ("classifier.overfits", "accuracy.recipe", "accuracy.validation", "accuracy.hidden_test")
RIGHT = {answer.name: answer for answer in right_answers("digits")}
WRONG = {answer.name: answer for answer in wrong_answers("digits")}
ENDING = {name: answer for name, answer in WRONG.items() if answer.ends}


@cache
def all_checks() -> dict[str, Check]:
    checks = checks_of(load_assignment("digits"), "exercises.digits.checks", "grader.checks.digits")
    return {check.id: check for check in checks}


def right_files() -> list[tuple[str, dict[str, str]]]:
    return [("solution", solution_files("digits")), *((name, answer.files()) for name, answer in RIGHT.items())]


def not_passed(results: list[Result]) -> list[str]:
    return [f"{r['check']}: {r['status']}: {r['got']} {r['note']}" for r in results if r["status"] != "passed"]


@pytest.fixture(scope="module")
def quick_results() -> dict[str, list[Result]]:
    """All checks but those that train, on every answer of both galleries."""
    quick = tuple(name for name in all_checks() if name not in TRAINING)
    return in_fresh_process([*right_files(), *((name, answer.files()) for name, answer in ENDING.items())], quick)


def test_points_of_the_checks_add_up_to_the_tasks() -> None:
    for task in load_assignment("digits").tasks:
        mine = [check for check in all_checks().values() if check.task == task.name]
        assert sum(check.points for check in mine if not check.extra) == task.points
        assert sum(check.points for check in mine if check.extra) == (1 if task.name == "pooling" else 0)


@pytest.mark.parametrize("name", ["solution", *RIGHT])
def test_right_answer_passes(name: str, quick_results: dict[str, list[Result]]) -> None:
    assert not_passed(quick_results[name]) == []


@pytest.mark.parametrize("name", ENDING)
def test_wrong_answer_is_caught_by_the_checks_it_names_alone(name: str, quick_results: dict[str, list[Result]]) -> None:
    caught = {result["check"] for result in quick_results[name] if result["status"] != "passed"}
    assert caught == {check for check in all_checks() if WRONG[name].catches(check)} - set(TRAINING)
    assert [result["note"] for result in quick_results[name] if result["status"] == "error"] == []


@pytest.mark.parametrize("name", WRONG)
def test_wrong_answer_names_checks_that_exist(name: str) -> None:
    answer = WRONG[name]
    for pattern in answer.caught_by:
        alone = WrongAnswer("", "", "digits", "", caught_by=(pattern,))
        assert any(alone.catches(check) for check in all_checks()), pattern
    for check, (low, high) in answer.partly.items():
        assert 0 <= low <= high <= all_checks()[check].points
        assert not answer.catches(check)
    assert answer.caught_by or answer.partly


@pytest.mark.parametrize("name", WRONG)
def test_wrong_answer_differs_from_the_solution(name: str) -> None:
    assert WRONG[name].files() != solution_files("digits")


def test_edit_that_does_not_fit_is_refused() -> None:
    answer = WrongAnswer("twice", "", "digits", "pooling", edits=(("self.kernel_size = kernel_size", ""),))
    with pytest.raises(GalleryError, match="occurs 5 times"):
        answer.files()


@pytest.mark.slow
def test_right_answers_learn() -> None:
    """With the solution's recipe, unless they bring their own."""
    for name, results in in_fresh_process(right_files(), TRAINING).items():
        assert not_passed(results) == [], name


@pytest.mark.slow
def test_wrong_answers_learn_as_much_as_they_say() -> None:
    graded = [name for name in TRAINING if name == "classifier.overfits" or all_checks()[name].points > 0]
    answers = [(name, answer.files()) for name, answer in ENDING.items() if answer.module != "receptive_field"]
    surprises = []
    for name, results in in_fresh_process(answers, tuple(graded)).items():
        for result in results:
            full = all_checks()[result["check"]].points
            low, high = WRONG[name].partly.get(result["check"], (full, full))
            if WRONG[name].catches(result["check"]):
                low, high = 0.0, 0.0
            if not low <= result["points"] <= high:
                surprises.append(f"{name}: {result['check']} gave {result['points']}, due are {low} to {high}")
    assert surprises == []
