# Your answers go here: save, and run `python -m exercises check architectures inception`.
"""Task 5: the Inception module, and GoogLeNet out of nine of them.

Source: Szegedy et al.: Going Deeper with Convolutions, 2014 (CVPR 2015), figure 2b and table 1,
https://arxiv.org/abs/1409.4842. The network has no batch norms, which came a year later, and kernels of 5x5, for which
torchvision's has 3x3. Torch's layers are allowed, torchvision's ready networks are not.
One layer of torch for each convolution and each dense layer of the table; inner names are free.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from exercises.architectures.parts import local_response_norm, scaled


class Inception(nn.Module):
    """Four branches that see the same maps, and whose outputs lie one behind the other.

    | branch | what                                                                    |
    |--------|-------------------------------------------------------------------------|
    | 1      | `n1x1` convolutions of 1x1                                              |
    | 2      | `n3x3_reduce` of 1x1, then `n3x3` of 3x3                                |
    | 3      | `n5x5_reduce` of 1x1, then `n5x5` of 5x5                                |
    | 4      | the maximum of 3x3 with stride 1, then `pool_proj` convolutions of 1x1  |

    Every convolution has a bias, a ReLU follows each of them, and height and width stay as they are: convolutions are
    padded with zeros, and a padded place is never the maximum. The branches' outputs are concatenated along
    the channels, in this order.
    """

    def __init__(
        self,
        in_channels: int,
        n1x1: int,
        n3x3_reduce: int,
        n3x3: int,
        n5x5_reduce: int,
        n5x5: int,
        pool_proj: int,
    ) -> None:
        super().__init__()
        raise NotImplementedError("Task 5.1: write Inception.__init__")

    def forward(self, maps: Tensor) -> Tensor:
        """maps: (batch, in_channels, height, width) -> (batch, n1x1 + n3x3 + n5x5 + pool_proj, height, width)."""
        raise NotImplementedError("Task 5.1: write Inception.forward")


# The nine modules of table 1, 3a to 5b, each with the six numbers of an `Inception` after its in_channels.
ROWS = None  # Task 5.2: write ROWS = {"3a": (64, 96, 128, 16, 32, 32), "3b": …, "4a": …}, in the table's order


class GoogLeNet(nn.Module):
    """GoogLeNet without its auxiliary heads: 6,998,552 parameters, 1.583 * 10**9 multiply-adds with 1,000 classes.

    | what                                                          | comes out of a 224x224 image |
    |---------------------------------------------------------------|------------------------------|
    | (given, `stem`) everything before the first module            | (192, 28, 28)                |
    | modules 3a and 3b, pooling                                    | (480, 14, 14)                |
    | modules 4a to 4e, pooling                                     | (832, 7, 7)                  |
    | modules 5a and 5b                                             | (1024, 7, 7)                 |
    | (given, `head`) the average of each map, dropout, dense layer | logits                       |

    Pooling is the maximum of 3x3 with stride 2 and padding 1, or without padding and with ceil_mode.

    Args:
        num_classes: logits of an image.
        width:       scales every channel number of ROWS and of the stem with `scaled`. What comes out of a module
                     is the sum of scaled numbers.
    """

    def __init__(self, num_classes: int = 1000, width: float = 1.0) -> None:
        super().__init__()
        self.stem = stem(width)
        raise NotImplementedError(
            "Task 5.3: write GoogLeNet.__init__: modules of ROWS, pooling, and self.head = head(…, num_classes)"
        )

    def forward(self, images: Tensor) -> Tensor:
        """images: (batch, 3, height, width), of any size from 32x32 on -> logits (batch, num_classes)."""
        raise NotImplementedError("Task 5.3: write GoogLeNet.forward")


def stem(width: float) -> nn.Sequential:
    """What comes before the first module (given): (batch, 3, height, width) -> (batch, scaled 192, / 8, / 8)."""
    first, second = scaled(64, width), scaled(192, width)
    return nn.Sequential(
        nn.Conv2d(3, first, 7, stride=2, padding=3),
        nn.ReLU(),
        nn.MaxPool2d(3, stride=2, padding=1),
        local_response_norm(),
        nn.Conv2d(first, first, 1),
        nn.ReLU(),
        nn.Conv2d(first, second, 3, padding=1),
        nn.ReLU(),
        local_response_norm(),
        nn.MaxPool2d(3, stride=2, padding=1),
    )


def head(channels: int, num_classes: int) -> nn.Sequential:
    """What comes after the last module (given): the average of each map, dropout, a dense layer."""
    return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.4), nn.Linear(channels, num_classes))


# Staff: generated from solutions/architectures/inception.py by `make release`; edit that file.
