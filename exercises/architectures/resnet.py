# Your answers go here: save, and run `python -m exercises check architectures resnet`.
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
        raise NotImplementedError("Task 6.1: write BasicBlock.__init__")

    def forward(self, maps: Tensor) -> Tensor:
        """maps: (batch, in_channels, height, width) -> (batch, channels, height / stride, …), rounded up."""
        raise NotImplementedError("Task 6.1: write BasicBlock.forward")


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
        raise NotImplementedError("Task 6.2: write Bottleneck.__init__")

    def forward(self, maps: Tensor) -> Tensor:
        """maps: (batch, in_channels, height, width) -> (batch, 4 * channels, height / stride, width / stride)."""
        raise NotImplementedError("Task 6.2: write Bottleneck.forward")


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
        raise NotImplementedError("Task 6.3: write ResNet.__init__")

    def forward(self, images: Tensor) -> Tensor:
        """images: (batch, 3, height, width), of any size from 32x32 on -> logits (batch, num_classes)."""
        raise NotImplementedError("Task 6.3: write ResNet.forward")


def resnet18(num_classes: int = 1000, width: float = 1.0, plain: bool = False) -> ResNet:
    """ResNet-18 (given): 11,689,512 parameters, 1.814 * 10**9 multiply-adds."""
    return ResNet(BasicBlock, (2, 2, 2, 2), num_classes, width, plain)


def resnet34(num_classes: int = 1000, width: float = 1.0, plain: bool = False) -> ResNet:
    """ResNet-34 (given): 21,797,672 parameters, 3.664 * 10**9 multiply-adds."""
    return ResNet(BasicBlock, (3, 4, 6, 3), num_classes, width, plain)


def resnet50(num_classes: int = 1000, width: float = 1.0, plain: bool = False) -> ResNet:
    """ResNet-50 (given): 25,557,032 parameters, 4.089 * 10**9 multiply-adds."""
    return ResNet(Bottleneck, (3, 4, 6, 3), num_classes, width, plain)


# Staff: generated from solutions/architectures/resnet.py by `make release`; edit that file.
