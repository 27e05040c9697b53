"""Each block holds the blocks behind it; images in channels_last memory."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from .blocks import make_block
from .pooling import GlobalAvgPool2d


class Nested(nn.Module):
    """A block, and behind it all the others."""

    def __init__(self, count: int, hidden: int, kernel_size: int) -> None:
        super().__init__()
        self.first = make_block(hidden, hidden, kernel_size)
        self.others = Nested(count - 1, hidden, kernel_size) if count > 1 else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        return self.others(self.first(x))


class CNNClassifier2d(nn.Module):
    def __init__(
        self, in_channels: int = 1, num_classes: int = 10, hidden: int = 16, num_blocks: int = 2, kernel_size: int = 3
    ) -> None:
        super().__init__()
        self.output = nn.Linear(in_features=hidden, out_features=num_classes)
        self.input = nn.Conv2d(in_channels, hidden, kernel_size=(7, 7), stride=(4, 4), padding="valid")
        self.blocks = Nested(num_blocks, hidden, kernel_size)
        self.border = nn.ConstantPad2d(3, 0.0)
        nn.init.orthogonal_(self.output.weight, gain=0.5)

    def forward(self, x: Tensor) -> Tensor:
        x = self.border(x).contiguous(memory_format=torch.channels_last)
        features = GlobalAvgPool2d()(self.blocks(self.input(x)))
        return torch.addmm(self.output.bias, features, self.output.weight.T)


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
