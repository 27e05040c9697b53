"""What comes of usual slips in pooling, so that wrong values can be told by what gives them too."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from .slips import same

Slips = dict[str, Callable[[Tensor], Tensor]]  # of windows (batch, channels, places in a window, *sizes), by question

OF_MAXIMA: Slips = {
    "These are the right values with 0 for what is negative: with which number does the maximum begin?": (
        lambda windows: windows.amax(dim=2).clamp(min=0)
    ),
    "This is where in its window each largest value stands: which of the two things that `max` gives along an axis is "
    "due?": lambda windows: windows.argmax(dim=2).to(windows.dtype),
    "These are the smallest values of the windows: which is due?": lambda windows: windows.amin(dim=2),
    "These are the averages of the windows: which pooling is due?": lambda windows: windows.mean(dim=2),
    "The last value of each window does not count: how far does the loop over a window's places go?": (
        lambda windows: windows[:, :, :-1].amax(dim=2)
    ),
    "The first value of each window does not count: where does the loop over a window's places begin?": (
        lambda windows: windows[:, :, 1:].amax(dim=2)
    ),
    "These are maxima over places of several channels: which axis is the channels', and which the places', after your "
    "unfold or reshape?": lambda windows: _read_anew(windows).amax(dim=2),
}
OF_MEANS: Slips = {
    "These are the averages of the windows: by what does each value count?": lambda windows: windows.mean(dim=2),
    "These are the largest values of the windows: when is that the mean?": lambda windows: windows.amax(dim=2),
    "These are the sums of the squares, divided by the sum of all windows of a channel: what do the probabilities of "
    "one window have to sum to?": lambda windows: (
        (windows**2).sum(dim=2) / windows.sum(dim=tuple(range(2, windows.dim()))).reshape(*windows.shape[:2], 1, 1)
    ),
    "These are the sums of the squares: what do the probabilities of a window have to sum to?": (
        lambda windows: (windows**2).sum(dim=2)
    ),
    "These are means by a softmax of the values: how do the probabilities come from the values?": (
        lambda windows: (windows.softmax(dim=2) * windows).sum(dim=2)
    ),
    "These are the mean probabilities: what is weighted with them?": (
        lambda windows: ((windows / windows.sum(dim=2, keepdim=True)) ** 2).nan_to_num(0).sum(dim=2)
    ),
}


def windows_of(x: Tensor, kernel_size: int, stride: int | None) -> Tensor:
    """The windows that lie in x, (batch, channels, *sizes).

    Returns:
        (batch, channels, places in a window, *places of windows).
    """
    axes = x.dim() - 2
    for axis in range(2, x.dim()):
        x = x.unfold(axis, kernel_size, stride or kernel_size)
    places = x.flatten(start_dim=-axes)
    return places.movedim(-1, 2)


def about_pooled(slips: Slips, found: object, x: Tensor, kernel_size: int, stride: int | None) -> str:
    """What to ask about what came of pooling x, where one of these slips gives it too; else nothing."""
    windows = windows_of(x, kernel_size, stride)
    for question, way in slips.items():
        if windows.shape[2] > 1 and same(way(windows), found):
            return question
    return ""


def mean_by_probabilities(x: Tensor, kernel_size: int, stride: int | None) -> Tensor:
    """Of each window its values' mean, weighted with p_i = a_i / sum_j a_j (Zeiler & Fergus 2013); 0 of zeros."""
    windows = windows_of(x, kernel_size, stride)
    return ((windows**2).sum(dim=2) / windows.sum(dim=2)).nan_to_num(0)


def _read_anew(windows: Tensor) -> Tensor:
    """The same, with the channels and the places of a window read the other way round."""
    batch, channels, places, *sizes = windows.shape
    return windows.reshape(batch, places, channels, *sizes).transpose(1, 2)
