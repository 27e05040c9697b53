"""An answer trains as data as it trains by itself: losses and weights, bit for bit.

All right answers, and every fourth mistake; with `--all-answers` all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import torch

from exercises.assignment import load_assignment
from exercises.checking import Expect, StudentError
from exercises.recording.claim import NotRecorded
from exercises.recording.lesson import Built, Lesson
from exercises.recording.taught import Network
from grader.authoring.answers import laid_out
from grader.authoring.galleries import right_answers, wrong_answers
from grader.checks.convolution import filterbank
from grader.checks.digits import accuracy as digits
from grader.checks.spoken_digits import accuracy as spoken_digits
from grader.grading.checked.reference import Reference

pytestmark = pytest.mark.slow

STEPS = 20
TRAININGS: dict[str, Any] = {"convolution": filterbank, "digits": digits, "spoken_digits": spoken_digits}  # modules
# Modules without a layer of the networks.
OTHERS = {"", "receptive_field", "recipe", "features", "baseline", "augment", "filtering", "images", "layers"}
ENDLESS = {"endless_forward"}
TOO_LARGE = {"blocks_in_a_list"}  # parameters that torch does not know are numbers that it brings along


class Stopped(Exception):  # noqa: N818 - where the test takes over
    def __init__(self, built: Built, lesson: Lesson, exam: Any) -> None:
        self.found = built, lesson, exam


def _stop(student: Any, solution: Any, expect: Any, built: Built, lesson: Lesson, exam: Any, audit: Any) -> Any:
    raise Stopped(built, lesson, exam)


def _answers(every: bool) -> Iterator[tuple[str, str, Any]]:
    for assignment in TRAININGS:
        wrong = [one for one in wrong_answers(assignment) if one.module not in OTHERS and one.name not in ENDLESS]
        some = [one for number, one in enumerate(wrong) if every or number % 4 == 0 or one.name in TOO_LARGE]
        for kind, answers in (("right", right_answers(assignment)), ("wrong", some)):
            for answer in answers:
                yield assignment, f"{kind}: {answer.name}", answer


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    answers = _answers(metafunc.config.getoption("all_answers"))
    shown = [pytest.param(name, answer, id=f"{name} {words}") for name, words, answer in answers]
    metafunc.parametrize(("assignment", "answer"), shown)


@pytest.fixture
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    with torch.random.fork_rng(devices=[]):
        yield
    torch.set_num_threads(before)
    torch.set_default_dtype(torch.float32)
    torch.set_grad_enabled(True)


def test_losses_and_weights_are_those_of_the_network_itself(
    assignment: str, answer: Any, one_thread: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    training = TRAININGS[assignment]
    monkeypatch.setattr(training, "learn", _stop)
    solution = Reference(assignment, 5, student="ada")
    with laid_out(assignment, answer.files()) as student:
        try:
            for module in (*training.TRAINED, load_assignment(assignment).task(training.TASK).module):
                dir(getattr(student, module))
            torch.set_default_dtype(torch.float32)  # as the sandbox does after each import
            torch.set_grad_enabled(True)
            training.measured(student, solution, Expect(), None, 3)
        except Stopped as stopped:
            built, lesson, exam = stopped.found
        except StudentError:
            pytest.skip("it has no recipe")
        try:
            net = built.by_itself(student, lesson.seed)
            mine = _trained(student, net, lesson)
        except StudentError:
            with pytest.raises((StudentError, NotRecorded)):
                _as_data(student, built, lesson, exam)
            return
        if answer.name in TOO_LARGE:
            with pytest.raises(NotRecorded, match="numbers that it brings along"):
                _as_data(student, built, lesson, exam)
            return
        theirs, replayed = _as_data(student, built, lesson, exam)
        assert len(mine) == STEPS and _same(torch.tensor(mine), torch.tensor(theirs))
        parameters = list(net._thing.parameters())
        assert all(_same(*both) for both in zip(parameters, replayed._thing.parameters(), strict=True))
        buffers = dict(net._thing.named_buffers())
        kept = replayed._thing.named_values()[1]
        assert buffers.keys() == kept.keys() and all(_same(buffers[name], kept[name]) for name in buffers)


def _same(one: torch.Tensor, other: torch.Tensor) -> bool:
    """Bit for bit; where NaN comes out, on both sides."""
    return torch.equal(one.isnan(), other.isnan()) and torch.equal(one.nan_to_num(), other.nan_to_num())


def _as_data(student: Any, built: Built, lesson: Lesson, exam: Any) -> tuple[Any, Any]:
    network = Network(student, built, lesson, [inputs for inputs, _ in exam])
    net = network._replayed(lesson.seed)
    if network._in_turn:
        network._follow(net, network._batches(STEPS), True)
    return _trained(student, net, lesson), net


def _trained(student: Any, net: Any, lesson: Lesson) -> Any:
    recipe = student.learning.Recipe(lesson.recipe.learning_rate, lesson.recipe.batch_size, lesson.recipe.weight_decay)
    budget = STEPS * lesson.recipe.batch_size
    return student.learning.train(net, lesson.inputs, lesson.labels, recipe, budget, lesson.seed).losses
