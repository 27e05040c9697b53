"""Whether a network gives other logits each time is told apart from wrong logits that it gives each time."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from exercises.digits.checks.observe import RANDOM
from exercises.spoken_digits.checks.slips import about_repeating

CLIPS, LENGTHS = torch.ones(2, 3, 5), torch.tensor([5, 4])


@pytest.mark.parametrize("value", [1.5, float("nan"), float("inf")])
def test_the_same_each_time_is_not_random(value: float) -> None:
    assert about_repeating(lambda x, lengths: torch.full((2, 4), value), CLIPS, LENGTHS, "usual") == "usual"
    assert about_repeating(lambda x, lengths: None, CLIPS, LENGTHS, "usual") == "usual"


def test_others_each_time_are_random() -> None:
    def network(x: Tensor, lengths: Tensor) -> Tensor:
        return torch.nn.functional.dropout(x.sum(dim=2) + torch.arange(3), 0.5)

    torch.manual_seed(0)
    assert about_repeating(network, CLIPS, LENGTHS, "usual") == RANDOM
