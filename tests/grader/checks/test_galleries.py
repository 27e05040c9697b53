"""The validity of the checks: they pass right answers, and each mistake is caught by the checks that it names alone."""

from __future__ import annotations

from functools import cache

import pytest

from exercises.assignment import load_assignment
from exercises.checking import Check
from exercises.checking.catalogue import checks_of
from grader.galleries import GalleryError, WrongAnswer, right_answers, solution_files, wrong_answers
from tests.grader.checks.gallery_runner import Result, in_fresh_process

EXTRA = {"digits": {"pooling": 1}, "spoken_digits": {"features": 1, "baseline": 1}}  # points beside those of the tasks
ASSIGNMENTS = tuple(EXTRA)
TRAINING = ("classifier.overfits", "accuracy.*")
RIGHT = {(name, answer.name): answer for name in ASSIGNMENTS for answer in right_answers(name)}
WRONG = {(name, answer.name): answer for name in ASSIGNMENTS for answer in wrong_answers(name)}
ENDING = {key: answer for key, answer in WRONG.items() if answer.ends}
Results = dict[str, dict[str, list[Result]]]


@cache
def all_checks(assignment: str) -> dict[str, Check]:
    checks = checks_of(load_assignment(assignment), f"exercises.{assignment}.checks", f"grader.checks.{assignment}")
    return {check.id: check for check in checks}


def trains(check_id: str) -> bool:
    return WrongAnswer("", "", "", "", caught_by=TRAINING).catches(check_id)


def right_files(assignment: str) -> list[tuple[str, dict[str, str]]]:
    mine = [answer for (name, _), answer in RIGHT.items() if name == assignment]
    return [("solution", solution_files(assignment)), *((answer.name, answer.files()) for answer in mine)]


def not_passed(results: list[Result]) -> list[str]:
    return [f"{r['check']}: {r['status']}: {r['got']} {r['note']}" for r in results if r["status"] != "passed"]


@pytest.fixture(scope="module")
def quick_results() -> Results:
    """All checks but those that train, on every answer of both galleries."""
    found = {}
    for assignment in ASSIGNMENTS:
        quick = tuple(check for check in all_checks(assignment) if not trains(check))
        wrong = [(name, answer.files()) for (whose, name), answer in ENDING.items() if whose == assignment]
        found[assignment] = in_fresh_process([*right_files(assignment), *wrong], quick, assignment)
    return found


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_points_of_the_checks_add_up_to_the_tasks(assignment: str) -> None:
    for task in load_assignment(assignment).tasks:
        mine = [check for check in all_checks(assignment).values() if check.task == task.name]
        assert sum(check.points for check in mine if not check.extra) == task.points
        assert sum(check.points for check in mine if check.extra) == EXTRA[assignment].get(task.name, 0)


@pytest.mark.parametrize(("assignment", "name"), [*((one, "solution") for one in ASSIGNMENTS), *RIGHT])
def test_right_answer_passes(assignment: str, name: str, quick_results: Results) -> None:
    assert not_passed(quick_results[assignment][name]) == []


@pytest.mark.parametrize(("assignment", "name"), ENDING)
def test_wrong_answer_is_caught_by_the_checks_it_names_alone(
    assignment: str, name: str, quick_results: Results
) -> None:
    results, answer = quick_results[assignment][name], WRONG[assignment, name]
    caught = {result["check"] for result in results if result["status"] != "passed"}
    assert caught == {check for check in all_checks(assignment) if answer.catches(check) and not trains(check)}
    assert [result["note"] for result in results if result["status"] == "error"] == []


@pytest.mark.parametrize(("assignment", "name"), WRONG)
def test_wrong_answer_names_checks_that_exist(assignment: str, name: str) -> None:
    answer = WRONG[assignment, name]
    for pattern in answer.caught_by:
        alone = WrongAnswer("", "", assignment, "", caught_by=(pattern,))
        assert any(alone.catches(check) for check in all_checks(assignment)), pattern
    for check, (low, high) in answer.partly.items():
        assert 0 <= low <= high <= all_checks(assignment)[check].points
        assert not answer.catches(check)
    assert answer.caught_by or answer.partly


@pytest.mark.parametrize(("assignment", "name"), WRONG)
def test_wrong_answer_differs_from_the_solution(assignment: str, name: str) -> None:
    assert WRONG[assignment, name].files() != solution_files(assignment)


def test_galleries_are_large_enough() -> None:
    for assignment in ASSIGNMENTS:
        assert sum(name == assignment for name, _ in WRONG) >= 50
    assert sum(name == "spoken_digits" for name, _ in RIGHT) >= 12


def test_edit_that_does_not_fit_is_refused() -> None:
    answer = WrongAnswer("twice", "", "digits", "pooling", edits=(("self.kernel_size = kernel_size", ""),))
    with pytest.raises(GalleryError, match="occurs 5 times"):
        answer.files()


@pytest.mark.slow
@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_right_answers_learn(assignment: str) -> None:
    """With the solution's recipe, unless they bring their own."""
    for name, results in in_fresh_process(right_files(assignment), TRAINING, assignment).items():
        assert not_passed(results) == [], name


@pytest.mark.slow
def test_wrong_answers_learn_as_much_as_they_say() -> None:
    graded = tuple(name for name, check in all_checks("digits").items() if trains(name) and check.points > 0)
    answers = [
        (name, answer.files())
        for (assignment, name), answer in ENDING.items()
        if assignment == "digits" and answer.module != "receptive_field"
    ]
    surprises = []
    for name, results in in_fresh_process(answers, graded).items():
        answer = WRONG["digits", name]
        for result in results:
            full = all_checks("digits")[result["check"]].points
            low, high = answer.partly.get(result["check"], (full, full))
            if answer.catches(result["check"]):
                low, high = 0.0, 0.0
            if not low <= result["points"] <= high:
                surprises.append(f"{name}: {result['check']} gave {result['points']}, due are {low} to {high}")
    assert surprises == []
