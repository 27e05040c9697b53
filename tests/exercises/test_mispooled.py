"""Slips in pooling are told by their numbers: windows as torch has them, and no slip that another one hides."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from exercises.checking import awkward
from exercises.digits.checks.mispooled import (
    OF_MAXIMA,
    OF_MEANS,
    Slips,
    about_pooled,
    mean_by_probabilities,
    windows_of,
)
from solutions.digits.pooling import StochasticPool2d

IMAGES = awkward(2, 3, 9, 11, dtype=torch.float32) - 2


@pytest.mark.parametrize(("kernel_size", "stride"), [(2, None), (3, 2), (2, 3), (3, 1)])
def test_windows_are_those_of_torch(kernel_size: int, stride: int | None) -> None:
    windows = windows_of(IMAGES, kernel_size, stride)
    due = F.unfold(IMAGES, kernel_size, stride=stride or kernel_size)
    assert torch.equal(windows.flatten(start_dim=1, end_dim=2).flatten(start_dim=2), due)
    assert torch.equal(windows.amax(dim=2), F.max_pool2d(IMAGES, kernel_size, stride))
    clips = IMAGES[:, :, 0]
    assert torch.equal(windows_of(clips, kernel_size, stride).amax(dim=2), F.max_pool1d(clips, kernel_size, stride))


@pytest.mark.parametrize(("slips", "x"), [(OF_MAXIMA, IMAGES), (OF_MAXIMA, IMAGES[:, :, 0]), (OF_MEANS, IMAGES.abs())])
def test_each_slip_is_told_as_itself(slips: Slips, x: Tensor) -> None:
    for question, way in slips.items():
        for kernel_size, stride in ((2, None), (3, 2), (3, 1)):
            assert about_pooled(slips, way(windows_of(x, kernel_size, stride)), x, kernel_size, stride) == question


def test_right_values_and_what_is_no_tensor_are_no_slip() -> None:
    assert about_pooled(OF_MAXIMA, F.max_pool2d(IMAGES, 3), IMAGES, 3, None) == ""
    x = IMAGES.abs()
    x[0, 1] = 0
    due = StochasticPool2d(3, 2).eval()(x)
    assert torch.allclose(mean_by_probabilities(x, 3, 2), due, atol=1e-6)
    assert about_pooled(OF_MEANS, due, x, 3, 2) == "" == about_pooled(OF_MEANS, (due, due), x, 3, 2)


def test_places_of_maxima_are_told_in_whole_numbers_too() -> None:
    places = windows_of(IMAGES, 2, None).argmax(dim=2)
    assert "stands" in about_pooled(OF_MAXIMA, places, IMAGES, 2, None)
