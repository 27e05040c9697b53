"""A test of four clips, drawn many times: how often 0, 1, 2, 3 or all 4 are right."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from matplotlib.figure import Figure
from torch import Tensor

from ...showing.style import COLOURS, HATCHES, new_figure
from ...showing.telling import each


def four_clips(right: Tensor, labels: Tensor, times: int = 2000, seed: int = 0) -> list[float]:
    """Shares of tests with 0, 1, … right clips, where each test draws one clip of each word.

    Args:
        right:  (n,) bool, whether each clip is heard rightly.
        labels: (n,) which word it is.
        times:  how many tests are drawn.
    """
    random = torch.Generator().manual_seed(seed)
    count = torch.zeros(times, dtype=torch.int64)
    words = labels.unique()
    for word in words:
        own = right[labels == word]
        count += own[torch.randint(len(own), (times,), generator=random)]
    found: list[float] = (count.bincount(minlength=len(words) + 1) / times).tolist()
    return found


def four_clips_picture(shares: Mapping[str, list[float]]) -> Figure:
    """Bars for each number of right clips, beside each other for what is compared."""
    figure, axis = new_figure(size=(6.4, 3.2))
    width = 0.8 / len(shares)
    for k, (name, own) in enumerate(shares.items()):
        places = [number + (k - (len(shares) - 1) / 2) * width for number in range(len(own))]
        bars = axis.bar(
            places, [100 * one for one in own], width, label=name, color=COLOURS[k], hatch=HATCHES[k], edgecolor="white"
        )
        axis.bar_label(bars, fmt="%.0f", fontsize=8)
    axis.margins(y=0.12)
    axis.set_xlabel("right clips in a test of four, one of each word")
    axis.set_ylabel("of all tests (%)")
    axis.legend(fontsize=8)
    told = {name: ", ".join(f"{100 * one:.0f}" for one in own) for name, own in shares.items()}
    figure.alt = f"Percent of the tests with 0, 1, 2 and so on right clips: {each(told)}."
    return figure
