"""What every training shares: tokens stay whole numbers, recipes add fields, and a score tells the steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import ClassVar

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from exercises.checking import Cause, Expect
from exercises.checking.expect import MismatchError
from exercises.digits.training import Recipe as Digits
from exercises.learning import (
    Recipe,
    Whole,
    budget_of,
    far_off,
    multiply_adds,
    one_thread,
    predict,
    read_recipe,
    score,
    train,
)
from exercises.learning.scores import ENOUGH_STEPS, few_steps


@dataclass(frozen=True)
class Deep(Recipe):
    layers: int = 2

    WHOLE: ClassVar[Mapping[str, Whole]] = {**Recipe.WHOLE, "layers": Whole(1, 4, "lines are short")}


class Reader(nn.Module):
    """Lines of tokens -> a number for each of two classes."""

    def __init__(self) -> None:
        super().__init__()
        self.table = nn.Embedding(5, 4)
        self.output = nn.Linear(4, 2)

    def forward(self, lines: Tensor) -> Tensor:
        return self.output(self.table(lines).mean(dim=1))


def lines() -> tuple[Tensor, Tensor]:
    """Of class 1 where token 4 stands first."""
    tokens = torch.randint(0, 4, (80, 6), generator=torch.Generator().manual_seed(0))
    labels = torch.arange(80) % 2
    tokens[labels == 1, :3] = 4
    return tokens, labels


def test_tokens_are_read_as_whole_numbers() -> None:
    tokens, labels = lines()
    torch.manual_seed(0)
    model = Reader()
    history = train(model, tokens, labels, Recipe(0.1, 16), 1600)
    assert (history.steps, history.examples) == (100, 1600)
    assert (predict(model, tokens).argmax(dim=1) == labels).double().mean() > 0.9


def test_another_loss_is_the_one_that_is_trained() -> None:
    tokens, labels = lines()
    several = F.one_hot(labels, 2).float()
    torch.manual_seed(0)
    history = train(Reader(), tokens, several, Recipe(0.1, 16), 800, loss=F.binary_cross_entropy_with_logits)
    assert history.losses[-1] < 0.5 < history.losses[0]


def test_the_cost_of_a_network_for_tokens_is_counted_with_tokens() -> None:
    assert multiply_adds(Reader(), (6,), torch.int64) == 4 * 2
    dear, cheap = (budget_of(Reader(), 1000, reference, (6,), torch.int64, overhead=0) for reference in (2, 8))
    assert (dear, cheap) == (250, 1000)


def test_a_recipe_of_an_assignments_own_has_all_limits() -> None:
    with pytest.raises(ValueError, match=r"layers must be a whole number from 1 to 4, not 5: lines are short"):
        Deep(0.1, 16, layers=5)
    with pytest.raises(ValueError, match="batch_size must be a whole number from 8 to 512"):
        Deep(0.1, 7)


def test_a_recipe_is_read_by_its_fields_and_a_wrong_one_says_why() -> None:
    found = read_recipe(SimpleNamespace(PLAN=Deep(0.1, 16, 0.5, 3)), Expect(), "PLAN", Deep)
    assert found == Deep(0.1, 16, 0.5, 3)
    with pytest.raises(MismatchError) as missing:
        read_recipe(SimpleNamespace(PLAN=None), Expect(), "PLAN", Deep)
    assert (missing.value.cause, missing.value.about) == (Cause.NOT_WRITTEN, "PLAN")
    with pytest.raises(MismatchError) as plain:
        read_recipe(SimpleNamespace(PLAN=[0.1, 16]), Expect(), "PLAN", Deep)
    assert "PLAN = Deep(...)" in plain.value.expected
    wild = SimpleNamespace(learning_rate=3.0, batch_size=16, weight_decay=0.0, layers=1)
    with pytest.raises(MismatchError) as outside:
        read_recipe(SimpleNamespace(PLAN=wild), Expect(), "PLAN", Deep)
    assert "learning_rate must be at most 1" in outside.value.got


def scored(found: dict[str, float], steps: int) -> tuple[float, str, str]:
    expect = Expect()
    score(expect, found, {"one": 0.9, "two": 0.8, "other": 1.0}, 0.5, lambda name: f"of {name}", "Does it fall?", steps)
    assert expect.measured == found and expect.due == {name: {"one": 0.9, "two": 0.8}[name] for name in found}
    return expect.fraction, expect.scored[1], expect.scored[2]


def test_results_share_the_points_and_a_miss_is_told_the_steps() -> None:
    assert scored({"one": 0.9, "two": 1.0}, 200) == (1.0, "90.0% of one, 100.0% of two", "")
    assert scored({"one": 0.7, "two": 0.5}, 200) == (
        pytest.approx(0.25), "70.0% of one, 50.0% of two, after 200 steps", "Does it fall?",
    )  # fmt: skip


def test_few_steps_are_told_what_they_mean_for_running_averages() -> None:
    fraction, got, hint = scored({"one": 0.1}, 18)
    assert fraction == 0 and got.endswith("after 18 steps")
    assert "running averages" in hint and "15% of what they began with" in hint and hint.endswith("Does it fall?")
    assert few_steps(ENOUGH_STEPS) == "" != few_steps(ENOUGH_STEPS - 1)


def test_one_thread_is_put_back() -> None:
    before = torch.get_num_threads()
    with one_thread():
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == before


@pytest.mark.parametrize(
    ("recipe", "steps", "words"),
    [
        (Recipe(1.0, 32), 140, "moves each weight by about so much"),
        (Recipe(1e-5, 32), 140, "at most about 0.0007"),
        (Recipe(0.01, 32, 50.0), 140, "their product, 50%"),
        (Digits(0.01, 32, 0.0, hidden=6, num_blocks=1), 140, "hidden=6"),
        (Recipe(0.1, 32), 140, "moves each weight by about so much"),
        (Recipe(1e-3, 32), 140, "at most about 0.07"),
        (Recipe(0.02, 32, 3.0), 140, "their product, 6%"),
        (Recipe(0.01, 32, 0.01), 140, ""),
        (Digits(0.003, 32, 0.01, hidden=8, num_blocks=2), 70, ""),
        (Digits(0.03, 128, 1.0, hidden=16, num_blocks=2), 35, ""),
    ],
)
def test_a_recipe_that_is_far_off_is_told_by_its_number(recipe: Recipe, steps: int, words: str) -> None:
    said = far_off(recipe, steps)
    assert words in said and bool(words) == bool(said)
