"""Numbers of checks: the same at home each time, those of the course while it grades, and each check's its own."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import torch

from exercises.checking import Check, Expect, LocalStudent, Status, awkward, draw, generator, randomise
from exercises.checking.run import run_check


def drawn(check: str = "t.one", seed: int | None = None, topic: object = "") -> list[Any]:
    """What a check of this id draws, as lists that can be compared."""
    found: list[Any] = []

    def run(student: Any, solution: Any, expect: Expect) -> None:
        layer = torch.nn.Linear(2, 2)
        randomise(layer)
        values = torch.rand(3, generator=generator(1))
        found.extend([draw(topic).random(), awkward(3).tolist(), values.tolist(), layer.weight.flatten().tolist()])
        expect.equal(len(found), 4)

    solution = None if seed is None else SimpleNamespace(private_seed=seed)
    student = LocalStudent("exercises.digits")
    verdict = run_check(Check(check, 1.0, "i", (), False, run), student, solution, reveal=True, earlier={})
    assert verdict.status is Status.PASSED, verdict
    return found


def differ(one: list[Any], other: list[Any]) -> bool:
    return all(a != b for a, b in zip(one, other, strict=True))


def test_at_home_a_check_draws_the_same_each_time() -> None:
    assert drawn() == drawn()


def test_while_grading_numbers_come_from_the_courses_private_seed() -> None:
    assert drawn(seed=5) == drawn(seed=5)
    assert differ(drawn(seed=5), drawn(seed=6)) and differ(drawn(seed=5), drawn())


def test_each_check_and_each_topic_draws_its_own() -> None:
    assert differ(drawn("t.one", seed=5), drawn("t.two", seed=5))
    assert drawn(topic="size")[0] != drawn(topic="kernel")[0]
    assert drawn(topic="size")[1:] == drawn(topic="kernel")[1:]
    assert drawn(topic="size")[1] != awkward(3).tolist()  # outside of a check: of none of them
