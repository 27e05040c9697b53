"""The accuracy checks of spoken_digits: a recipe for stamps is tried once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

import pytest
import torch

from exercises.assignment import Training, load_assignment
from exercises.checking import Expect, StudentError
from exercises.digits.training import Recipe
from exercises.spoken_digits.training import stamp_budget
from grader.checks.private.data import HiddenData
from grader.checks.spoken_digits import accuracy as checks
from grader.checks.spoken_digits.data import HiddenSpeech, Words
from solutions.digits.classifier import CNNClassifier2d

HIDDEN = HiddenData("spoken_digits", 1, "generated")


@pytest.fixture(autouse=True)
def no_memory() -> Iterator[None]:
    checks.private_stamps_read.cache_clear()
    yield
    checks.private_stamps_read.cache_clear()


class _Hidden:
    """A few clips in which class k is a bright band k."""

    source, threshold = HIDDEN.source, HIDDEN.threshold

    @property
    def of_the_course(self) -> _Hidden:
        return self

    def __init__(self) -> None:
        self.asked = 0

    def rules(self, task: str) -> Training:
        return replace(load_assignment("spoken_digits").training[task], examples_seen=1600)

    def undisguised(self, task: str, attempt: int) -> HiddenSpeech:
        self.asked += 1
        labels = torch.arange(160) % 10
        stamps = torch.zeros(160, 1, 64, 32)
        for number, label in enumerate(labels.tolist()):
            stamps[number, 0, :32, 3 * label : 3 * label + 3] = 1.0
        words = Words(torch.zeros(160, 32, 4), torch.full((160,), 4), stamps, labels)
        return HiddenSpeech(words, words, words)


def test_stamps_are_learned_once_for_each_recipe_and_leave_random_numbers_alone() -> None:
    hidden, recipe = _Hidden(), Recipe(0.01, 16, 0.01, hidden=16, num_blocks=2)
    before = torch.get_rng_state()
    again = found, steps = checks.private_stamps_read(hidden, recipe, 0, seed=0)  # type: ignore[arg-type]
    assert torch.equal(torch.get_rng_state(), before)
    assert found == {"stamps_known": pytest.approx(1.0, abs=0.1), "stamps_unknown": pytest.approx(1.0, abs=0.1)}
    network = CNNClassifier2d(hidden=16, num_blocks=2)
    assert steps == stamp_budget(network, 1600) // 16 < 100  # a stamp costs more than an image
    assert checks.private_stamps_read(hidden, recipe, 0, seed=0) == again and hidden.asked == 1  # type: ignore[arg-type]
    checks.private_stamps_read(hidden, replace(recipe, batch_size=32), 0, seed=0)  # type: ignore[arg-type]
    assert hidden.asked == 2


def test_two_students_with_the_same_recipe_cost_one_training(monkeypatch: pytest.MonkeyPatch) -> None:
    course = _Hidden()
    monkeypatch.setattr(HiddenData, "undisguised", lambda self, task, attempt: course.undisguised(task, attempt))
    student = SimpleNamespace(recipe=SimpleNamespace(STAMP_RECIPE=Recipe(0.01, 16, 0.01, hidden=16, num_blocks=2)))
    scores, trainings = [], []
    for whose in ("a", "b"):
        expect = Expect()
        hidden = replace(HIDDEN, whose=whose)
        checks.network_of_last_week.run(student, SimpleNamespace(hidden=hidden), expect)
        scores.append(expect.fraction)
        trainings.append(course.asked)
    assert trainings[0] >= 1 and trainings[1] == trainings[0] and scores[0] == scores[1] > 0


def test_a_recipe_that_allows_no_step_is_refused_in_the_loops_own_words() -> None:
    student = SimpleNamespace(recipe=SimpleNamespace(STAMP_RECIPE=Recipe(0.01, 512)))
    with pytest.raises(StudentError, match="do not fill one batch of 512"):
        checks.network_of_last_week.run(student, SimpleNamespace(hidden=_Hidden()), Expect())


def test_few_steps_on_stamps_are_told_and_nobody_is_asked_about_lengths() -> None:
    """1,600 stamps in batches of 128: the loss falls, and the running averages lag behind."""
    student = SimpleNamespace(recipe=SimpleNamespace(STAMP_RECIPE=Recipe(0.0001, 128)))
    expect = Expect()
    checks.network_of_last_week.run(student, SimpleNamespace(hidden=_Hidden()), expect)
    _, got, hint = expect.scored
    assert got.endswith("after 8 steps")
    assert "running averages" in hint and "lengths" not in hint
