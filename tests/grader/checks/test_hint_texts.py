"""The texts of the further hints: of each task of each assignment, from a question to the line of thought."""

from __future__ import annotations

import re

import pytest

from exercises.assignment import assignment_names, load_assignment
from grader.release.confidential import find_secrets, packed
from grader.release.consistency import all_checks

LAST = "Line of thought: "
# A call with arguments, an assignment, a subscript, an attribute: "(1, 2, 0, 5)" and "m - P" are none.
CODE = re.compile(r"\w\(\w|\)\.|[^=<>!]=[^=]|\w\[|\b(self|torch|nn|F|x|np)\.\w|\b(def|lambda|import|return) \w")


@pytest.mark.parametrize("name", assignment_names())
def test_each_task_has_hints_that_go_from_questions_to_a_line_of_thought_without_code(name: str) -> None:
    checks = [check for check in all_checks(name) if check.hints]
    assert {check.task for check in checks if check.public} == {task.name for task in load_assignment(name).tasks}
    for check in checks:
        *questions, last = check.hints
        assert len(questions) >= 2 and all("?" in hint and LAST not in hint for hint in questions), check.id
        assert last.startswith(LAST) and last.endswith(".") and "?" not in last, check.id
        assert not [hint for hint in check.hints if CODE.search(hint)], check.id


@pytest.mark.parametrize("name", assignment_names())
def test_no_hint_holds_a_line_of_the_solution(name: str) -> None:
    secrets = find_secrets(name)
    hints = [packed(hint) for check in all_checks(name) for hint in check.hints]
    assert hints and secrets.answers
    assert not [where for answer, where in secrets.answers.items() if any(answer in hint for hint in hints)]


@pytest.mark.parametrize("name", assignment_names())
def test_each_task_says_about_how_long_it_takes_and_how_difficult_it_is(name: str) -> None:
    facts = load_assignment(name)
    assert all(task.minutes and task.difficulty for task in facts.tasks)
    assert 150 <= sum(task.minutes or 0 for task in facts.tasks) <= 200  # half to two thirds of five to six hours
