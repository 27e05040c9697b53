"""Task 4: VGG, a table of networks.

Source: Simonyan, Zisserman: Very Deep Convolutional Networks for Large-Scale Image Recognition, 2014 (ICLR 2015),
table 1, https://arxiv.org/abs/1409.1556. Torch's layers are allowed, torchvision's ready networks are not: each
convolution and dense layer is a layer of torch (or a class of yours made from one) that is called, and checks listen to
these.
"""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn

from exercises.architectures.parts import dense_head, local_response_norm, scaled

Row = tuple[str] | tuple[str, int, int]
Column = tuple[Row, ...]

# Columns of table 1 as data: ("conv", kernel, channels), ("lrn",) or ("pool",), from input to the last maxpool. What
# all columns share, the ReLUs and the dense layers, does not stand in them.
LRN: Row = ("lrn",)
POOL: Row = ("pool",)
A_LRN: Column = (  # given
    ("conv", 3, 64),
    LRN,
    POOL,
    ("conv", 3, 128),
    POOL,
    ("conv", 3, 256),
    ("conv", 3, 256),
    POOL,
    ("conv", 3, 512),
    ("conv", 3, 512),
    POOL,
    ("conv", 3, 512),
    ("conv", 3, 512),
    POOL,
)

# Task 4.1: write the paper's columns A, B, C, D and E as A_LRN is written
### BEGIN SOLUTION
A: Column = (
    ("conv", 3, 64),
    POOL,
    ("conv", 3, 128),
    POOL,
    ("conv", 3, 256),
    ("conv", 3, 256),
    POOL,
    ("conv", 3, 512),
    ("conv", 3, 512),
    POOL,
    ("conv", 3, 512),
    ("conv", 3, 512),
    POOL,
)
B: Column = (
    ("conv", 3, 64),
    ("conv", 3, 64),
    POOL,
    ("conv", 3, 128),
    ("conv", 3, 128),
    POOL,
    ("conv", 3, 256),
    ("conv", 3, 256),
    POOL,
    ("conv", 3, 512),
    ("conv", 3, 512),
    POOL,
    ("conv", 3, 512),
    ("conv", 3, 512),
    POOL,
)
C: Column = (
    ("conv", 3, 64),
    ("conv", 3, 64),
    POOL,
    ("conv", 3, 128),
    ("conv", 3, 128),
    POOL,
    ("conv", 3, 256),
    ("conv", 3, 256),
    ("conv", 1, 256),
    POOL,
    ("conv", 3, 512),
    ("conv", 3, 512),
    ("conv", 1, 512),
    POOL,
    ("conv", 3, 512),
    ("conv", 3, 512),
    ("conv", 1, 512),
    POOL,
)
D: Column = (
    ("conv", 3, 64),
    ("conv", 3, 64),
    POOL,
    ("conv", 3, 128),
    ("conv", 3, 128),
    POOL,
    ("conv", 3, 256),
    ("conv", 3, 256),
    ("conv", 3, 256),
    POOL,
    ("conv", 3, 512),
    ("conv", 3, 512),
    ("conv", 3, 512),
    POOL,
    ("conv", 3, 512),
    ("conv", 3, 512),
    ("conv", 3, 512),
    POOL,
)
E: Column = (
    ("conv", 3, 64),
    ("conv", 3, 64),
    POOL,
    ("conv", 3, 128),
    ("conv", 3, 128),
    POOL,
    ("conv", 3, 256),
    ("conv", 3, 256),
    ("conv", 3, 256),
    ("conv", 3, 256),
    POOL,
    ("conv", 3, 512),
    ("conv", 3, 512),
    ("conv", 3, 512),
    ("conv", 3, 512),
    POOL,
    ("conv", 3, 512),
    ("conv", 3, 512),
    ("conv", 3, 512),
    ("conv", 3, 512),
    POOL,
)
### END SOLUTION

CONFIGURATIONS: dict[str, Any] = {"A": A, "A-LRN": A_LRN, "B": B, "C": C, "D": D, "E": E}


class VGG(nn.Module):
    """A network of the table, of 132.86 (A) to 143.67 (E) million parameters with 1,000 classes.

    Its convolutions and poolings are the rows of a column, in their order; five poolings leave maps of 7x7.

    Convolutions have a bias; those with kernels of 3x3 are padded by 1, those of 1x1 not at all. A ReLU follows each of
    them, and `local_response_norm()` follows that where the column has one (or the paper's formula, which does not
    divide alpha by 5); pooling is the maximum of 2x2. Then comes the (given) `dense_head`.

    Args:
        configuration: a key of CONFIGURATIONS, which is looked up when the network is built: a key that somebody added
            works too.
        num_classes: logits of an image.
        width:       scales every channel and hidden number of the table with `scaled`.

    Raises:
        ValueError: there is no such configuration.
    """

    def __init__(self, configuration: str, num_classes: int = 1000, width: float = 1.0) -> None:
        super().__init__()
        # Task 4.2: write VGG.__init__
        ### BEGIN SOLUTION
        if configuration not in CONFIGURATIONS:
            raise ValueError(f"{configuration!r} is none of {', '.join(CONFIGURATIONS)}")
        layers: list[nn.Module] = []
        channels = 3
        for kind, *numbers in CONFIGURATIONS[configuration]:
            if kind == "pool":
                layers.append(nn.MaxPool2d(2))
            elif kind == "lrn":
                layers.append(local_response_norm())
            else:
                kernel, number = numbers
                layers += [nn.Conv2d(channels, scaled(number, width), kernel, padding=kernel // 2), nn.ReLU()]
                channels = scaled(number, width)
        self.features = nn.Sequential(*layers)
        self.head = dense_head(channels * 7 * 7, num_classes, width)
        ### END SOLUTION

    def forward(self, images: Tensor) -> Tensor:
        """images: (batch, 3, 224, 224) -> logits (batch, num_classes); other sizes need not work."""
        # Task 4.2: write VGG.forward
        ### BEGIN SOLUTION
        scores: Tensor = self.head(self.features(images))
        return scores
        ### END SOLUTION
