"""What is asked about clips that an augmentation has moved or masked wrongly fits what it has done."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from exercises.checking import awkward
from exercises.spoken_digits.checks.asked import ROUNDED, TOWARDS_ZERO, about_counts, about_no_shift, in_frames
from exercises.spoken_digits.checks.augment import MANY, evenly
from exercises.spoken_digits.checks.moved import with_one_lost

CLIPS = awkward(40, 12, dtype=torch.float32) + 3


def moved(lost: int | None) -> Tensor:
    """Clips moved by -4 to 4 samples with zeros; one sample of each is lost besides."""
    place = torch.arange(12) - (torch.arange(40) % 9 - 4)[:, None]
    found = CLIPS.gather(1, place.clamp(0, 11)).masked_fill((place < 0) | (place > 11), 0)
    return found if lost is None else found.masked_fill(place == lost, 0)


@pytest.mark.parametrize("lost", [0, 11])
def test_sample_that_is_always_lost_is_named(lost: int) -> None:
    assert with_one_lost(moved(lost), CLIPS, 4) == lost
    assert f"is place {lost} inside a clip of 12" in about_no_shift(moved(lost), CLIPS, 4)


def test_nothing_is_called_lost_where_something_else_is_wrong() -> None:
    assert with_one_lost(moved(5), CLIPS, 4) is None
    assert about_no_shift(moved(5), CLIPS, 4, "usual") == "usual"
    assert about_no_shift(CLIPS[:, :5], CLIPS, 4, "usual") == "usual" == about_no_shift(None, CLIPS, 4, "usual")


def test_counts_are_told_by_where_they_differ() -> None:
    assert about_counts([500, 510, 490, 1000, 505, 495, 500]) == TOWARDS_ZERO
    assert about_counts([330, 660, 670, 660, 340]) == ROUNDED
    assert "upper end" in about_counts([500, 500, 500, 500, 0])


@pytest.mark.parametrize("shares", [3, 4, 9, 11])
def test_even_shares_are_even_and_others_are_not(shares: int) -> None:
    draws = torch.Generator().manual_seed(shares)

    def counts(weights: Tensor) -> list[int]:
        drawn = torch.multinomial(weights, MANY, replacement=True, generator=draws)
        return torch.bincount(drawn, minlength=shares).tolist()

    weights = torch.ones(shares)
    assert all(evenly(counts(weights)) for _ in range(200))
    ends, middle = weights.clone(), weights.clone()
    ends[[0, -1]] = 0.5
    middle[shares // 2] = 2.0
    for uneven in (ends, middle):
        assert not any(evenly(counts(uneven)) for _ in range(200))


def test_frames_are_told_as_a_range_where_they_are_many() -> None:
    assert in_frames([]) == "in no frame"
    assert in_frames([3, 4, 5]) == "in the frames [3, 4, 5]"
    assert in_frames(list(range(2, 60))) == "in the frames from 2 to 59"
