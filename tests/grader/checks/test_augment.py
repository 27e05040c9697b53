"""What the checks of `augment` see in many clips at once, and how sure they are of it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest
import torch

from exercises.spoken_digits.checks.moved import Part, hidden_parts, shifts
from grader.checks.chance import Table, dependence, unlikely
from grader.checks.spoken_digits.augment import DRAWS

TRIES = 400  # of a right or wrong way to draw numbers


def test_shifts_of_all_clips_are_found() -> None:
    clips = torch.arange(1.0, 31).view(5, 6)
    moved = torch.zeros(5, 6)
    moved[0] = clips[0]
    moved[1, 2:] = clips[1, :4]
    moved[2, :5] = clips[2, 1:]
    moved[3] = clips[3].roll(1)  # what left comes back: no shift
    moved[4, 3:] = clips[4, :3]  # further than allowed
    assert shifts(moved, clips, 2) == [0, 2, -1, None, None]


def test_hidden_parts_of_all_clips_are_found() -> None:
    clips = torch.rand(8, 5, 6, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    masked = clips.clone()
    mean = clips.mean(dim=(1, 2), keepdim=True).expand_as(clips)
    for clip, bands, frames in (
        (1, [2, 3], []),
        (2, [], [0]),
        (3, [4], [3, 4, 5]),
        (4, [0, 2], []),  # not beside each other
        (5, [], [1, 3]),
    ):
        masked[clip, bands] = mean[clip, bands]
        masked[clip, :, frames] = mean[clip, :, frames]
    masked[6, 1, 1] += 1.0
    masked[7, 1, 1] = mean[7, 1, 1]  # one number, no band and no stretch of time
    found = [Part(0, 0, 0, 0), Part(2, 2, 0, 0), Part(0, 0, 0, 1), Part(4, 1, 3, 3)]
    assert hidden_parts(masked, clips) == [*found, None, None, None, None]


def counts(chances: Sequence[float], seed: int) -> list[int]:
    """How often each of several things happens in DRAWS draws."""
    drawn = torch.multinomial(torch.tensor(chances), DRAWS, True, generator=torch.Generator().manual_seed(seed))
    return drawn.bincount(minlength=len(chances)).tolist()


def rounded(places: int) -> list[float]:
    """Chances of places where a real number between the first and the last is rounded."""
    return [1 / (places - 1) / (2 if place in (0, places - 1) else 1) for place in range(places)]


@pytest.mark.parametrize("places", [2, 4, 5, 7, 9])
def test_what_is_equally_likely_is_never_unlikely(places: int) -> None:
    assert not any(unlikely(Table.of(counts([1 / places] * places, seed))) for seed in range(TRIES))


@pytest.mark.parametrize("places", [5, 7])
def test_rounded_shifts_are_always_unlikely(places: int) -> None:
    """The distance is at least 278 on average, with a deviation of 33, and 52 is too much: 6.8 deviations."""
    assert all(unlikely(Table.of(counts(rounded(places), seed))) for seed in range(TRIES))


@pytest.mark.parametrize("size", [6, 7, 8, 9])
def test_rounded_places_are_always_unlikely(size: int) -> None:
    """Each width of 1, 2, 3 happens in a quarter of the draws."""

    def tables(seed: int) -> list[Table]:
        random = torch.Generator().manual_seed(seed)
        found = []
        for width in (1, 2, 3):
            chances = torch.tensor(rounded(size - width + 1))
            drawn = torch.multinomial(chances, DRAWS // 4, True, generator=random)
            found.append(Table.of(drawn.bincount(minlength=len(chances)).tolist()))
        return found

    assert all(unlikely(*tables(seed)) for seed in range(TRIES))


@pytest.mark.parametrize("values", [3, 4, 7])
def test_numbers_that_are_drawn_one_by_one_are_never_dependent(values: int) -> None:
    for seed in range(100):
        first, second = torch.randint(values, (2, DRAWS), generator=torch.Generator().manual_seed(seed)).tolist()
        assert not dependence(first, second)
        assert not dependence(first[:-1], first[1:])


def test_numbers_of_pairs_and_of_one_draw_are_always_dependent() -> None:
    for seed in range(100):
        random = torch.Generator().manual_seed(seed)
        pairs = torch.randint(7, (DRAWS // 2,), generator=random).repeat_interleave(2).tolist()
        assert dependence(pairs[:-1], pairs[1:])
        one = torch.rand(DRAWS, generator=random)
        assert dependence((one * 4).long().tolist(), (one * 3).long().tolist())
        assert dependence((one * 3).long().tolist(), ((1 - one) * 3).long().tolist())
        assert dependence((one * 3).long().tolist(), ((2 * one - 1).abs() * 3).long().tolist())  # no correlation


def test_few_values_are_no_table() -> None:
    assert not unlikely(Table.of([5]))
    assert not dependence([1, 1, 1], [0, 1, 2])
    assert not any(unlikely(Table.of(pair)) for pair in itertools.product((10, 11), repeat=2))
