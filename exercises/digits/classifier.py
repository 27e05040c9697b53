# Your answers go here: save, and run `python -m exercises check digits classifier`.
"""Task 4: a classifier for images of any size.

The lecture's plan: an input layer embeds the image to the hidden dimension, blocks learn and gradually downsample,
global pooling takes whatever size remains, so that every part of the image counts, and an output layer projects to the
classes.  In evaluation the logits of an image are the same each time, whatever other images are in the batch.  Every
parameter is known to torch, and a gradient reaches it; lazy layers will do.  Torch's pooling is not allowed here.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from .blocks import ConvBlock2d
from .pooling import GlobalAvgPool2d


class CNNClassifier2d(nn.Module):
    """Convolutional classifier: input -> blocks -> global pooling -> output.

    Attributes:
        input:  a convolution from `in_channels` to `hidden` channels; 7x7 with stride 4 is suggested, and padding 3.
                It downsamples early: a small stride costs time, and in task 5 a costly network sees fewer images.
                Every row and column of pixels counts: a kernel smaller than its stride leaves some out.
        blocks: `num_blocks` blocks ConvBlock2d(hidden, hidden, kernel_size), each with parameters of its own, one after
                the other; either `pool` will do.
        output: a plain Linear from `hidden` numbers (one for each channel, after global pooling) to `num_classes`: its
                weight is a parameter itself, not computed from others as weight_norm or orthogonal do.

    Args:
        in_channels: channels of the image, 1 for grey.
        num_classes: classes to tell apart.
        hidden:      channels inside.
        num_blocks:  number of blocks, at least 1.
        kernel_size: side of the kernels in the blocks, odd.
    """

    def __init__(
        self, in_channels: int = 1, num_classes: int = 10, hidden: int = 16, num_blocks: int = 2, kernel_size: int = 3
    ) -> None:
        super().__init__()
        raise NotImplementedError("Task 4: write CNNClassifier2d.__init__")

    def forward(self, x: Tensor) -> Tensor:
        """Logits for each class, as cross_entropy wants them: any real numbers, larger for a likelier class.

        x: (batch, in_channels, height, width), height and width at least 2**num_blocks times the stride of `input`
        -> (batch, num_classes), also for a batch of one.  `x` itself is left as it is.
        """
        raise NotImplementedError("Task 4: write CNNClassifier2d.forward")


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


# Staff: generated from solutions/digits/classifier.py by `make release`; edit that file.
