"""Checks judge alike at home, in the student's own process, and when graded, through the sandbox."""

from __future__ import annotations

from functools import cache

import pytest

from exercises.checking import Verdict
from exercises.checking.run import run_check
from grader.authoring.galleries import RightAnswer, WrongAnswer, right_answers, wrong_answers
from grader.grading.checked.reference import Reference
from grader.grading.checked.run import given_files, shelf
from grader.measuring.validity.jobs import SEED, Job, checks_in, run_jobs
from grader.sandbox.outside.container import Container
from grader.sandbox.outside.student import Budget, RemoteStudent

CHECKS = tuple(c for c in checks_in("digits") if c.task != "accuracy" and not c.trains)
ANSWERS: dict[str, RightAnswer | WrongAnswer] = {
    **{f"right: {answer.name}": answer for answer in right_answers("digits")},
    **{answer.name: answer for answer in wrong_answers("digits") if answer.ends and answer.module != "recipe"},
}
QUICK = ("right: loops", "right: kept_kernels", "field_as_array", "returns_numpy", "images_scaled_in_place")


@cache
def at_home(names: tuple[str, ...]) -> dict[str, dict[str, Verdict]]:
    """Verdicts by check for each answer, each in a process of its own."""
    ids = tuple(check.id for check in CHECKS)
    jobs = [Job(name, "digits", ANSWERS[name].files(), ids) for name in names]
    return {done.name: {verdict.check: verdict for verdict in done.verdicts} for done in run_jobs(jobs, processes=2)}


def graded(name: str) -> dict[str, Verdict]:
    """The same through the sandbox."""
    modules = {module: text.encode() for module, text in ANSWERS[name].files().items()}
    files = {f"exercises/digits/{module}.py": content for module, content in modules.items()}
    reference = Reference("digits", SEED)
    found: dict[str, Verdict] = {}
    with Container({**given_files("digits"), **files}, given=shelf("digits")) as container:
        student = RemoteStudent(container, "digits", modules, Budget())
        for check in CHECKS:
            student.begin(seed=SEED)
            found[check.id] = run_check(check, student, reference, reveal=False, earlier=found)
    return found


def words(verdicts: dict[str, Verdict]) -> dict[str, tuple[str, str, str, str]]:
    return {check: (str(one.status), one.expected, one.got, one.hint) for check, one in verdicts.items()}


@pytest.mark.parametrize("name", QUICK)
def test_an_answer_is_told_the_same_at_home_and_when_graded(name: str) -> None:
    assert words(at_home(QUICK)[name]) == words(graded(name))


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in ANSWERS if name not in QUICK])
def test_every_answer_is_told_the_same_at_home_and_when_graded(name: str) -> None:
    others = tuple(name for name in ANSWERS if name not in QUICK)
    assert words(at_home(others)[name]) == words(graded(name))
