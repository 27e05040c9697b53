"""The validity of the checks: they pass right answers, and each mistake is caught by the checks that it names alone.

One seed each, of every fifth mistake, and of so many that each check fails for one of them; `make validity` takes all
mistakes, many seeds, all checks, and mutants.  Grading, through the sandbox, says the same word for word: of some right
answers, and of so many mistakes that each check fails for one of them.  With `--all-answers` all of all this.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from textwrap import dedent
from typing import Generic, TypeVar

import pytest

from exercises.assignment import assignment_names
from exercises.checking import Check
from grader import repository
from grader.authoring.galleries import right_answers, wrong_answers
from grader.authoring.overlay import Piece, code_of, pieces_of
from grader.measuring.validity.jobs import SEED, Job, Outcome, checks_in, run_jobs
from grader.measuring.validity.right import RightRow, judge_right
from grader.measuring.validity.wrong import WrongRow, judge_wrong
from tests.grader.checks.told import PROCESSES, AtHome, differences

ASSIGNMENTS = tuple(assignment_names())
RIGHT = {(name, answer.name): answer for name in ASSIGNMENTS for answer in right_answers(name)}
WRONG = {(name, answer.name): answer for name in ASSIGNMENTS for answer in wrong_answers(name)}
# Modules without a part in a training, of assignments whose mistakes say what they do to it.
APART = {"convolution": {"filtering", "images", "layers"}, "digits": {"receptive_field"}}
WITHOUT_TRAINING = {
    (assignment, name): answer
    for (assignment, name), answer in WRONG.items()
    if any((answer.catches(one.id) or one.id in answer.partly) and not one.trains for one in checks_in(assignment))
}
SAMPLE = frozenset(list(WITHOUT_TRAINING)[::10])  # mistakes that the quick run looks at; the slow one has others
FEW = 5  # checks: what fails more fails a whole module


@cache
def all_checks(assignment: str) -> dict[str, Check]:
    return {check.id: check for check in checks_in(assignment)}


def run(jobs: Sequence[Job]) -> list[Outcome]:
    return list(run_jobs(jobs, PROCESSES))


Row = TypeVar("Row", RightRow, WrongRow)


@dataclass(frozen=True)
class Judged(Generic[Row]):
    """What became of answers at home: a row for each, by name, and the runs themselves."""

    rows: dict[str, Row]
    home: AtHome


@cache
def right(assignment: str) -> Judged[RightRow]:
    """What the checks that train nothing make of the right answers."""
    home = AtHome(times=30)
    return Judged({row.name: row for row in judge_right(assignment, [SEED], [], home.run)}, home)


@cache
def slow_ones(every: bool) -> frozenset[tuple[str, str]]:
    """Mistakes that the slow run looks at, by assignment and name."""
    mistakes = list(WITHOUT_TRAINING)
    some = {*mistakes[::5], *((own, name) for own in ASSIGNMENTS for name in each_check_fails(own))}
    return frozenset(mistakes if every else some) - SAMPLE


@cache
def wrong(assignment: str, among: frozenset[tuple[str, str]]) -> Judged[WrongRow]:
    """What they make of an assignment's mistakes among these, those that each can reach."""
    names = [name for own, name in WITHOUT_TRAINING if own == assignment and (own, name) in among]
    home = AtHome(times=2)  # some never end
    rows = judge_wrong(assignment, False, home.run, everywhere=False, names=names)
    return Judged({row.name: row for row in rows}, home)


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_points_are_hundredths(assignment: str) -> None:
    assert [check.id for check in all_checks(assignment).values() if check.points != round(check.points, 2)] == []


@pytest.mark.parametrize(("assignment", "name"), [*((one, "solution") for one in ASSIGNMENTS), *RIGHT])
def test_right_answer_passes(assignment: str, name: str) -> None:
    assert right(assignment).rows[name].misses == ()


@pytest.mark.parametrize(("assignment", "name"), RIGHT)
def test_right_answer_repeats_nothing_of_the_solution(assignment: str, name: str) -> None:
    """A copy would go on as it is where the solution changes."""
    for path in (repository.solutions(assignment) / "right_answers" / name).glob("*.py"):
        solution, answer = (p.read_text(encoding="utf-8") for p in (repository.solutions(assignment) / path.name, path))
        assert repeated(pieces_of(solution), pieces_of(answer)) == [], path


def repeated(under: Sequence[Piece], over: Sequence[Piece]) -> list[str]:
    """The pieces of an answer, and the methods in them, that the solution has as well."""
    own = {code_of(dedent("\n".join(piece.lines))) for piece in under}
    classes = {piece.heading: piece for piece in under if piece.heading}
    found = []
    for piece in over:
        if code_of(dedent("\n".join(piece.lines))) in own:
            found.append(piece.lines[0])
        elif piece.heading in classes:
            found += repeated(classes[piece.heading].body, piece.body)
    return found


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if metafunc.function is test_wrong_answer_is_caught_by_the_checks_it_names_alone:
        slow = slow_ones(metafunc.config.getoption("all_answers"))
        quick = [pytest.param(*one, SAMPLE, id="-".join(one)) for one in WITHOUT_TRAINING if one in SAMPLE]
        others = [
            pytest.param(*one, slow, id="-".join(one), marks=pytest.mark.slow)
            for one in WITHOUT_TRAINING
            if one in slow
        ]
        metafunc.parametrize(("assignment", "name", "among"), [*quick, *others])


def test_wrong_answer_is_caught_by_the_checks_it_names_alone(
    assignment: str, name: str, among: frozenset[tuple[str, str]]
) -> None:
    row = wrong(assignment, among).rows[name]
    assert row.unexpected == ()
    assert row.by_named_check


def each_check_fails(assignment: str) -> set[str]:
    """So few mistakes that each check that catches any catches one of these; what fails whole modules is taken last."""
    checks = [check.id for check in checks_in(assignment) if not check.trains]
    caught = {
        name: {check for check in checks if answer.catches(check)}
        for (own, name), answer in WITHOUT_TRAINING.items()
        if own == assignment
    }
    chosen, covered = set(), set()
    for most in (FEW, len(checks)):
        left = {name: found for name, found in caught.items() if len(found) <= most}
        while gain := max((len(found - covered) for found in left.values()), default=0):
            name = next(name for name, found in left.items() if len(found - covered) == gain)
            chosen.add(name)
            covered |= caught[name]
    return chosen


@pytest.mark.slow
@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_an_answer_is_told_the_same_at_home_and_when_graded(assignment: str, request: pytest.FixtureRequest) -> None:
    """With all checks that train nothing; minutes, with two answers side by side."""
    every = request.config.getoption("all_answers")
    asked = {f"{name}/{SEED}" for name in list(right(assignment).rows)[:: 1 if every else 4]}
    mistakes = {name for own, name in WITHOUT_TRAINING if own == assignment}
    asked |= mistakes if every else each_check_fails(assignment)
    both = SAMPLE, slow_ones(every)
    homes = [judged.home for judged in (right(assignment), *(wrong(assignment, some) for some in both))]
    jobs = [job for home in homes for job in home.jobs if job.name in asked]
    assert {job.name for job in jobs} == asked
    assert differences(jobs, [outcome for home in homes for outcome in home.outcomes.values()]) == []


@pytest.mark.parametrize("assignment", ["digits", "spoken_digits"])  # what docs/validity.md says rests on them
def test_galleries_are_large_enough(assignment: str) -> None:
    assert sum(name == assignment for name, _ in WRONG) >= 50
    assert sum(name == assignment for name, _ in RIGHT) >= 12


@pytest.mark.slow
@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_right_answers_learn(assignment: str) -> None:
    """With the solution's recipe, unless they bring their own."""
    assert [(row.name, row.misses) for row in judge_right(assignment, [], [SEED], run) if row.misses] == []


@pytest.mark.slow
@pytest.mark.parametrize(("assignment", "apart"), APART.items())
def test_wrong_answers_learn_as_much_as_they_say(assignment: str, apart: set[str]) -> None:
    graded = tuple(name for name, check in all_checks(assignment).items() if check.trains and check.points > 0)
    answers = {
        name: answer
        for (own, name), answer in WRONG.items()
        if own == assignment and answer.ends and answer.module not in apart
    }
    surprises = []
    for outcome in run([Job(name, assignment, answer.files(), graded) for name, answer in answers.items()]):
        answer = answers[outcome.name]
        for verdict in outcome.verdicts:
            full = all_checks(assignment)[verdict.check].points
            low, high = answer.partly.get(verdict.check, (full, full))
            if answer.catches(verdict.check):
                low, high = 0.0, 0.0
            if not low <= verdict.points <= high:
                surprises.append(f"{answer.name}: {verdict.check} gave {verdict.points}, due are {low} to {high}")
    assert surprises == []
