"""Task 4: weights that nobody trained, and a linear layer on top."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from exercises.learning import Recipe
from exercises.toolkit.practice import FEATURES, given_weights

from ..digits.pooling import GlobalAvgPool2d


def features(images: Tensor) -> Tensor:
    """The positive part of what the given weights make of the pixels, row by row, and the image's mean behind it.

    images: (batch, 1, 28, 28) float32 -> (batch, 16385).
    """
    # Task 4.1: write features
    ### BEGIN SOLUTION
    found = (images.flatten(1) @ given_weights()).relu()
    return torch.cat([found, GlobalAvgPool2d()(images)], dim=1)
    ### END SOLUTION


class Drawing(nn.Module):
    """A linear layer on the features; the given weights are not trained, and are no part of its state."""

    def __init__(self, num_classes: int = 10) -> None:
        super().__init__()
        # Task 4.2: write Drawing.__init__
        ### BEGIN SOLUTION
        self.output = nn.Linear(FEATURES + 1, num_classes)
        ### END SOLUTION

    def forward(self, images: Tensor) -> Tensor:
        """images: (batch, 1, 28, 28) float32 -> logits (batch, num_classes)."""
        # Task 4.2: write Drawing.forward
        ### BEGIN SOLUTION
        return self.output(features(images))
        ### END SOLUTION


# Task 4.3: learning rate and batch size of the linear layer's training
### BEGIN SOLUTION
SKETCHING = Recipe(learning_rate=0.002, batch_size=16)
### END SOLUTION
