"""Task 2: the two classical ways to read a word whose length is not known.

Either the features are averaged over time, and a small network reads the average; then "seven" backwards is "seven".
Or a network decides for every frame, and the frames' decisions are put together.

`lengths` come in any order, and a batch may be longer than its longest clip.  Features may be a view, as `log_mel`
gives them.  Nothing changes its input.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .features import MFSC_MELS, context_windows


def time_average(features: Tensor, lengths: Tensor) -> Tensor:
    """The average of each clip's own frames; frames past its length do not count, whatever finite values they hold.

    Args:
        features: (batch, bands, time).
        lengths:  (batch,) frames of each clip, 1 to time.

    Returns:
        (batch, bands).
    """
    # Task 2.1: write time_average
    ### BEGIN SOLUTION
    inside = torch.arange(features.shape[2]) < lengths[:, None]  # (batch, time)
    return features.masked_fill(~inside[:, None], 0).sum(dim=2) / lengths[:, None]
    ### END SOLUTION


class AverageDNN(nn.Module):
    """A small network that reads the time average of a clip (given).

    Args:
        bands:       numbers in a frame.
        num_classes: classes to tell apart.
        hidden:      units inside.
    """

    def __init__(self, bands: int, num_classes: int = 10, hidden: int = 64) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.BatchNorm1d(bands), nn.Linear(bands, hidden), nn.ReLU(), nn.Linear(hidden, num_classes)
        )

    def forward(self, average: Tensor) -> Tensor:
        """average: (batch, bands) -> logits (batch, num_classes)."""
        return self.layers(average)


class FrameDNN(nn.Module):
    """A network that decides for every frame (given): three layers on the frame, or on a window around it.

    Args:
        bands:       numbers in a frame.
        num_classes: classes to tell apart.
        hidden:      units inside.
        width:       frames in the window around each frame, odd; 1 sees the frame alone.
    """

    def __init__(self, bands: int = MFSC_MELS, num_classes: int = 10, hidden: int = 64, width: int = 1) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.BatchNorm1d(bands),
            nn.Conv1d(bands, hidden, kernel_size=width, padding=width // 2),
            nn.ReLU(),
            nn.Conv1d(hidden, hidden, kernel_size=1),
            nn.ReLU(),
            nn.Conv1d(hidden, num_classes, kernel_size=1),
        )

    def forward(self, features: Tensor) -> Tensor:
        """features: (batch, bands, time) -> log-probabilities (batch, num_classes, time)."""
        return self.layers(features).log_softmax(dim=1)


def sum_decision(log_probs: Tensor, lengths: Tensor) -> Tensor:
    """The class whose log-probabilities have the largest sum over a clip's own frames.

    Frames past its length do not count, whatever finite values they hold.

    Args:
        log_probs: (batch, num_classes, time), of `FrameDNN`.
        lengths:   (batch,) frames of each clip, 1 to time.

    Returns:
        (batch,) class numbers.
    """
    # Task 2.2: write sum_decision
    ### BEGIN SOLUTION
    inside = torch.arange(log_probs.shape[2]) < lengths[:, None]
    return log_probs.masked_fill(~inside[:, None], 0).sum(dim=2).argmax(dim=1)
    ### END SOLUTION


def viterbi(log_probs: Tensor, min_duration: int, switch_penalty: float = 0.0) -> Tensor:
    """The best path through several words: a class for every frame (extra).

    Of all paths whose segments (stretches of one class) last at least `min_duration` frames each, the one with the
    largest score: the sum of its frames' log-probabilities, less `switch_penalty` for every change of the class.

    Args:
        log_probs:    (num_classes, time), with time >= min_duration.
        min_duration: frames, at least 1.

    Returns:
        (time,) class numbers.
    """
    # Task 2.3 (extra): write viterbi
    ### BEGIN SOLUTION
    num_classes, time = log_probs.shape
    sums = torch.cat([log_probs.new_zeros(num_classes, 1), log_probs.cumsum(dim=1)], dim=1)
    nothing = float("-inf")
    # best[c, t]: the best score of frames 0 ... t - 1 whose last segment has class c; start[c, t]: where that begins
    best = log_probs.new_full((num_classes, time + 1), nothing)
    start = torch.zeros(num_classes, time + 1, dtype=torch.int64)
    for t in range(min_duration, time + 1):
        begin = t - min_duration
        before, _ = best[:, begin].max(dim=0) if begin > 0 else (log_probs.new_tensor(switch_penalty), None)
        new = before - switch_penalty + sums[:, t] - sums[:, begin]
        longer = best[:, t - 1] + log_probs[:, t - 1]
        best[:, t] = torch.maximum(new, longer)
        start[:, t] = torch.where(new > longer, begin, start[:, t - 1])
    path = torch.zeros(time, dtype=torch.int64)
    t = time
    while t > 0:
        c = int(best[:, t].argmax())
        begin = int(start[c, t])
        path[begin:t] = c
        t = begin
    return path
    ### END SOLUTION


def decide_by_windows(model: nn.Module, features: Tensor, width: int = 15) -> Tensor:
    """Frame by frame with the context windows of task 1.3 (given): (3, 40, frames) -> (num_classes, frames).

    `model` reads (frames, 3 * 40 * width) and gives logits.
    """
    windows = context_windows(features, width).flatten(start_dim=1)
    return model(windows).log_softmax(dim=1).T
