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
        # Task 1.1: write LeNet5.__init__
        ### BEGIN SOLUTION
        self.features = nn.Sequential(
            nn.Conv2d(1, 6, 5),
            nn.Tanh(),
            nn.AvgPool2d(2),
            nn.Conv2d(6, 16, 5),
            nn.Tanh(),
            nn.AvgPool2d(2),
            nn.Conv2d(16, 120, 5),
            nn.Tanh(),
        )
        self.head = nn.Sequential(nn.Flatten(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, num_classes))
        ### END SOLUTION

    def forward(self, images: Tensor) -> Tensor:
        """images: (batch, 1, 32, 32) -> logits (batch, num_classes)."""
        # Task 1.1: write LeNet5.forward
        ### BEGIN SOLUTION
        scores: Tensor = self.head(self.features(images))
        return scores
        ### END SOLUTION


class Subsampling(nn.Module):
    """(Extra) the paper's pooling: tanh(coefficient * sum of 2x2 + bias), a coefficient and a bias for each map.

    Two parameters with as many numbers as there are channels; 2 * channels in all.

    Args:
        channels: maps that come in, and out.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        # Task 1.2: write Subsampling.__init__
        ### BEGIN SOLUTION
        self.coefficient = nn.Parameter(torch.full((channels, 1, 1), 0.25))
        self.bias = nn.Parameter(torch.zeros(channels, 1, 1))
        self.average = nn.AvgPool2d(2)
        ### END SOLUTION

    def forward(self, maps: Tensor) -> Tensor:
        """maps: (batch, channels, height, width), height and width even -> half as high and wide."""
        # Task 1.2: write Subsampling.forward
        ### BEGIN SOLUTION
        pooled: Tensor = (self.coefficient * (4 * self.average(maps)) + self.bias).tanh()
        return pooled
        ### END SOLUTION


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
        # Task 1.3: write LeNet5Original.__init__
        ### BEGIN SOLUTION
        self.activation = nn.Tanh()
        self.first = nn.Conv2d(1, 6, 5)
        self.first_pooling = Subsampling(6)
        self.second = nn.ModuleList(nn.Conv2d(len(maps), 1, 5) for maps in CONNECTIONS)
        self.second_pooling = Subsampling(16)
        self.third = nn.Conv2d(16, 120, 5)
        self.head = nn.Sequential(nn.Flatten(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, num_classes))
        ### END SOLUTION

    def forward(self, images: Tensor) -> Tensor:
        """images: (batch, 1, 32, 32) -> logits (batch, num_classes)."""
        # Task 1.3: write LeNet5Original.forward
        ### BEGIN SOLUTION
        maps = self.first_pooling(self.activation(self.first(images)))  # (batch, 6, 14, 14)
        seen = [self.second[o](maps[:, some]) for o, some in enumerate(CONNECTIONS)]
        maps = self.second_pooling(self.activation(torch.cat(seen, dim=1)))  # (batch, 16, 5, 5)
        scores: Tensor = self.head(self.third(maps).tanh())
        return scores
        ### END SOLUTION
