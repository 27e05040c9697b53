# Your answers go here: save, and run `python -m exercises check architectures lenet`.
"""Task 1: LeNet-5, the first network of them all that read digits for money.

Source: LeCun, Bottou, Bengio, Haffner: Gradient-Based Learning Applied to Document Recognition, 1998, section II.B.
Use torch's layers: nn.Conv2d, nn.AvgPool2d, nn.Linear, nn.Tanh … One layer of torch for each convolution and each dense
layer of the table; inner names are free, and so is how weights start.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

# The maps of the first pooling that each of the 16 maps of the second convolution sees (given; table I of the paper).
CONNECTIONS: tuple[tuple[int, ...], ...] = (
    (0, 1, 2),
    (1, 2, 3),
    (2, 3, 4),
    (3, 4, 5),
    (0, 4, 5),
    (0, 1, 5),
    (0, 1, 2, 3),
    (1, 2, 3, 4),
    (2, 3, 4, 5),
    (0, 3, 4, 5),
    (0, 1, 4, 5),
    (0, 1, 2, 5),
    (0, 1, 3, 4),
    (1, 2, 4, 5),
    (0, 2, 3, 5),
    (0, 1, 2, 3, 4, 5),
)


class LeNet5(nn.Module):
    """LeNet-5 as it is built today: 61,706 parameters and 416,520 multiply-adds with ten classes.

    | layer       | what                | comes out    |
    |-------------|---------------------|--------------|
    | convolution | 6 kernels of 5x5    | (6, 28, 28)  |
    | pooling     | average of 2x2      | (6, 14, 14)  |
    | convolution | 16 kernels of 5x5   | (16, 10, 10) |
    | pooling     | average of 2x2      | (16, 5, 5)   |
    | convolution | 120 kernels of 5x5  | (120, 1, 1)  |
    | dense       | 84                  | (84,)        |
    | dense       | num_classes         | logits       |

    No convolution is padded. A tanh follows each convolution, and the dense layer of 84. The third convolution sees the
    whole map: a dense layer of 120 on the flattened (16, 5, 5) is the same, and as right.
    """

    def __init__(self, num_classes: int = 10) -> None:
        super().__init__()
        raise NotImplementedError("Task 1.1: write LeNet5.__init__")

    def forward(self, images: Tensor) -> Tensor:
        """images: (batch, 1, 32, 32) -> logits (batch, num_classes)."""
        raise NotImplementedError("Task 1.1: write LeNet5.forward")


class Subsampling(nn.Module):
    """(Extra) the paper's pooling: tanh(coefficient * sum of 2x2 + bias), a coefficient and a bias for each map.

    Two parameters with as many numbers as there are channels; 2 * channels in all.

    Args:
        channels: maps that come in, and out.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        raise NotImplementedError("Task 1.2: write Subsampling.__init__")

    def forward(self, maps: Tensor) -> Tensor:
        """maps: (batch, channels, height, width), height and width even -> half as high and wide."""
        raise NotImplementedError("Task 1.2: write Subsampling.forward")


class LeNet5Original(nn.Module):
    """(Extra) LeNet-5 as it was: `Subsampling` for pooling, and a second convolution that sees some maps only.

    As `LeNet5`, but for: `Subsampling` after the first two convolutions, and map o of the second convolution sees the
    maps CONNECTIONS[o] alone, with a kernel of 5x5 for each of them and a bias: 1,516 parameters, in one layer or in
    many, of torch's or your own. Exactly 60,000 parameters come before the output layer, which is dense here; weights
    that are there and multiplied by 0 count. A tanh after both of the first two convolutions is right, and so is none
    after either: the paper does not say.
    """

    def __init__(self, num_classes: int = 10) -> None:
        super().__init__()
        raise NotImplementedError("Task 1.3: write LeNet5Original.__init__")

    def forward(self, images: Tensor) -> Tensor:
        """images: (batch, 1, 32, 32) -> logits (batch, num_classes)."""
        raise NotImplementedError("Task 1.3: write LeNet5Original.forward")


# Staff: generated from solutions/architectures/lenet.py by `make release`; edit that file.
