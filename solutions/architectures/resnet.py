"""Task 6: residual networks, and the same without their shortcuts.

Source: He, Zhang, Ren, Sun: Deep Residual Learning for Image Recognition, 2015 (CVPR 2016), table 1 and figure 5,
https://arxiv.org/abs/1512.03385. This is the form of 2015: the last ReLU of a block comes after the sum. Torch's layers
are allowed, torchvision's ready networks are not.
One layer of torch for each convolution and each dense layer of the table; inner names are free.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from torch import Tensor, nn

from exercises.architectures.parts import Shortcut, scaled


class BasicBlock(nn.Module):
    """Two convolutions of 3x3 and what goes round them.

    3x3 with the stride, norm, ReLU, 3x3, norm; then the sum with the shortcut, and a ReLU. Convolutions are padded by 1
    and have no bias, norms are nn.BatchNorm2d. The shortcut is the input itself; just where size or channels change it
    is a `Shortcut` of a 1x1 convolution with the stride, without bias, and a norm. The input is not changed.

    Args:
        in_channels: of what comes in.
        channels:    of both convolutions.
        stride:      of the first convolution, and of the shortcut.
        plain:       without shortcut and sum: what is left is 3x3, norm, ReLU, 3x3, norm, ReLU.
    """

    expansion = 1  # channels that come out, for each of `channels`

    def __init__(self, in_channels: int, channels: int, stride: int = 1, plain: bool = False) -> None:
        super().__init__()
        # Task 6.1: write BasicBlock.__init__
        ### BEGIN SOLUTION
        self.branch = nn.Sequential(
            nn.Conv2d(in_channels, channels, 3, stride=stride, padding=1, bias=False),
            nn.BatchNorm2d(channels),
            nn.ReLU(),
            nn.Conv2d(channels, channels, 3, padding=1, bias=False),
            nn.BatchNorm2d(channels),
        )
        self.shortcut: nn.Module | None = None
        if not plain:
            self.shortcut = nn.Identity()
            if stride != 1 or in_channels != channels:
                self.shortcut = Shortcut(
                    nn.Conv2d(in_channels, channels, 1, stride=stride, bias=False), nn.BatchNorm2d(channels)
                )
        ### END SOLUTION

    def forward(self, maps: Tensor) -> Tensor:
        """maps: (batch, in_channels, height, width) -> (batch, channels, height / stride, …), rounded up."""
        # Task 6.1: write BasicBlock.forward
        ### BEGIN SOLUTION
        found: Tensor = self.branch(maps)
        return (found if self.shortcut is None else found + self.shortcut(maps)).relu()
        ### END SOLUTION


class Bottleneck(nn.Module):
    """A 3x3 convolution between two of 1x1, which make the maps few and then many again.

    1x1, norm, ReLU, 3x3 with the stride, norm, ReLU, 1x1 with 4 * channels, norm; then as in `BasicBlock`. (The paper's
    own models have the stride in the first 1x1: 3.86 instead of 4.09 * 10**9 multiply-adds for ResNet-50.)

    Args:
        in_channels: of what comes in.
        channels:    of the first two convolutions.
        stride:      of the 3x3 convolution, and of the shortcut.
        plain:       without shortcut and sum.
    """

    expansion = 4

    def __init__(self, in_channels: int, channels: int, stride: int = 1, plain: bool = False) -> None:
        super().__init__()
        # Task 6.2: write Bottleneck.__init__
        ### BEGIN SOLUTION
        out_channels = self.expansion * channels
        self.branch = nn.Sequential(
            nn.Conv2d(in_channels, channels, 1, bias=False),
            nn.BatchNorm2d(channels),
            nn.ReLU(),
            nn.Conv2d(channels, channels, 3, stride=stride, padding=1, bias=False),
            nn.BatchNorm2d(channels),
            nn.ReLU(),
            nn.Conv2d(channels, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
        )
        self.shortcut: nn.Module | None = None
        if not plain:
            self.shortcut = nn.Identity()
            if stride != 1 or in_channels != out_channels:
                self.shortcut = Shortcut(
                    nn.Conv2d(in_channels, out_channels, 1, stride=stride, bias=False), nn.BatchNorm2d(out_channels)
                )
        ### END SOLUTION

    def forward(self, maps: Tensor) -> Tensor:
        """maps: (batch, in_channels, height, width) -> (batch, 4 * channels, height / stride, width / stride)."""
        # Task 6.2: write Bottleneck.forward
        ### BEGIN SOLUTION
        found: Tensor = self.branch(maps)
        return (found if self.shortcut is None else found + self.shortcut(maps)).relu()
        ### END SOLUTION


class ResNet(nn.Module):
    """A residual network, as table 1 has it.

    | what                                                                            | comes out of 224x224 |
    |---------------------------------------------------------------------------------|----------------------|
    | 64 convolutions of 7x7, stride 2, padding 3, without bias; norm, ReLU           | (64, 112, 112)       |
    | the maximum of 3x3 with stride 2 and padding 1                                  | (64, 56, 56)         |
    | four stages of layers[0] … layers[3] blocks with 64, 128, 256 and 512 channels; | … * expansion, 56,   |
    | the first block of the last three has stride 2, all others stride 1             | 28, 14, 7            |
    | the average of each map, a dense layer                                          | logits               |

    Args:
        block:       `BasicBlock` or `Bottleneck`, and no other.
        layers:      blocks of each stage: (2, 2, 2, 2) for ResNet-18.
        num_classes: logits of an image.
        width:       scales 64, 128, 256 and 512 with `scaled`; a bottleneck gives four times the scaled number.
        plain:       all blocks without shortcuts.
    """

    def __init__(
        self, block: Any, layers: Sequence[int], num_classes: int = 1000, width: float = 1.0, plain: bool = False
    ) -> None:
        super().__init__()
        # Task 6.3: write ResNet.__init__
        ### BEGIN SOLUTION
        channels = scaled(64, width)
        parts: list[nn.Module] = [
            nn.Conv2d(3, channels, 7, stride=2, padding=3, bias=False),
            nn.BatchNorm2d(channels),
            nn.ReLU(),
            nn.MaxPool2d(3, stride=2, padding=1),
        ]
        for stage, blocks in enumerate(layers):
            number = scaled(64 * 2**stage, width)
            for place in range(blocks):
                parts.append(block(channels, number, stride=2 if stage and not place else 1, plain=plain))
                channels = block.expansion * number
        self.features = nn.Sequential(*parts)
        self.head = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, num_classes))
        ### END SOLUTION

    def forward(self, images: Tensor) -> Tensor:
        """images: (batch, 3, height, width), of any size from 32x32 on -> logits (batch, num_classes)."""
        # Task 6.3: write ResNet.forward
        ### BEGIN SOLUTION
        scores: Tensor = self.head(self.features(images))
        return scores
        ### END SOLUTION


def resnet18(num_classes: int = 1000, width: float = 1.0, plain: bool = False) -> ResNet:
    """ResNet-18 (given): 11,689,512 parameters, 1.814 * 10**9 multiply-adds."""
    return ResNet(BasicBlock, (2, 2, 2, 2), num_classes, width, plain)


def resnet34(num_classes: int = 1000, width: float = 1.0, plain: bool = False) -> ResNet:
    """ResNet-34 (given): 21,797,672 parameters, 3.664 * 10**9 multiply-adds."""
    return ResNet(BasicBlock, (3, 4, 6, 3), num_classes, width, plain)


def resnet50(num_classes: int = 1000, width: float = 1.0, plain: bool = False) -> ResNet:
    """ResNet-50 (given): 25,557,032 parameters, 4.089 * 10**9 multiply-adds."""
    return ResNet(Bottleneck, (3, 4, 6, 3), num_classes, width, plain)
