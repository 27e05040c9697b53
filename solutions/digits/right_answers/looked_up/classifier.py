"""The parts behind the input layer in a dictionary."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from . import pooling
from .blocks import ConvBlock2d
from .pooling import GlobalAvgPool2d


class CNNClassifier2d(nn.Module):
    def __init__(
        self, in_channels: int = 1, num_classes: int = 10, hidden: int = 16, num_blocks: int = 2, kernel_size: int = 3
    ) -> None:
        super().__init__()
        self.input = getattr(nn, f"Conv{2}d")(in_channels, hidden, 7, stride=4, padding=3)
        blocks = {f"max_pool{number}d": ConvBlock2d(hidden, hidden, kernel_size) for number in range(num_blocks)}
        self.blocks = nn.ModuleDict(blocks)
        self.head = nn.ModuleDict({"adaptive_avg_pool2d": vars(pooling)["GlobalAvgPool2d"]()})
        self.output = nn.Linear(hidden, num_classes)

    def forward(self, x: Tensor) -> Tensor:
        x = self.input(x)
        for number in range(len(self.blocks)):
            x = self.blocks[f"max_pool{number}d"](x)
        return self.output(self.head["adaptive_avg_pool2d"](x))


class FlattenClassifier(nn.Module):
    """Three convolutions and a flatten head (given): the head has a weight for each *position*, so the size is fixed.

    Args:
        image_size:  side of the images, which have one channel.
        num_classes: classes to tell apart.
        hidden:      channels inside.
    """

    def __init__(self, image_size: int = 28, num_classes: int = 10, hidden: int = 16) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, hidden, kernel_size=5, stride=2, padding=2),
            nn.BatchNorm2d(hidden),
            nn.ReLU(),
            nn.Conv2d(hidden, hidden, kernel_size=3, stride=2, padding=1),
            nn.BatchNorm2d(hidden),
            nn.ReLU(),
            nn.Conv2d(hidden, hidden, kernel_size=3, padding=1),
            nn.BatchNorm2d(hidden),
            nn.ReLU(),
        )
        side = -(-image_size // 4)  # two strides of 2, each rounded up
        self.head = nn.Sequential(nn.Flatten(), nn.Linear(hidden * side * side, num_classes))

    def forward(self, x: Tensor) -> Tensor:
        """x: (batch, 1, image_size, image_size) -> logits (batch, num_classes)."""
        return self.head(self.features(x))


class TinyNet(nn.Module):
    """A small network without any norm (given), to find out why it does not learn.

    Args:
        hidden:     channels inside.
        activation: what comes after each convolution, for example torch.sigmoid or torch.relu.
    """

    def __init__(self, hidden: int = 3, activation: Callable[[Tensor], Tensor] = torch.sigmoid) -> None:
        super().__init__()
        self.activation = activation
        self.convs = nn.ModuleList(
            [
                nn.Conv2d(1, hidden, kernel_size=7, stride=4, padding=3),
                nn.Conv2d(hidden, hidden, kernel_size=3, padding=1),
                nn.Conv2d(hidden, hidden, kernel_size=3, padding=1),
            ]
        )
        self.pool = GlobalAvgPool2d()
        self.output = nn.Linear(hidden, 10)

    def forward(self, x: Tensor) -> Tensor:
        """x: (batch, 1, height, width) -> logits (batch, 10)."""
        for conv in self.convs:
            x = self.activation(conv(x))
        return self.output(self.pool(x))
