"""A small lesson that any network of eight inputs and four outputs can learn."""

from __future__ import annotations

import torch
from torch import Tensor

from exercises.learning import Recipe
from exercises.recording.lesson import Lesson


def lesson_of(n: int = 320) -> tuple[Lesson, list[tuple[Tensor, Tensor]]]:
    """Rows of eight numbers, whose class is where the largest of the first four stands."""
    x = torch.randn(n + 60, 8, generator=torch.Generator().manual_seed(1))
    labels = x[:, :4].argmax(1)
    lesson = Lesson(
        "rows",
        x[:n],
        labels[:n],
        Recipe(0.05, 16),
        budget=lambda who, net: 960,
        counted=torch.zeros(2, 8),
        sample=torch.randn(20, 8, generator=torch.Generator().manual_seed(2)),
        seed=3,
        chance_like=0.3,
    )
    return lesson, [(x[n:], labels[n:])]
