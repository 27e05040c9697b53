# Your answers go here: save, and run `python -m exercises check architectures vgg`.
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

A = None  # Task 4.1: write the paper's columns A, B, C, D and E as A_LRN is written
B = None  # Task 4.1: write the paper's columns A, B, C, D and E as A_LRN is written
C = None  # Task 4.1: write the paper's columns A, B, C, D and E as A_LRN is written
D = None  # Task 4.1: write the paper's columns A, B, C, D and E as A_LRN is written
E = None  # Task 4.1: write the paper's columns A, B, C, D and E as A_LRN is written

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
        raise NotImplementedError("Task 4.2: write VGG.__init__")

    def forward(self, images: Tensor) -> Tensor:
        """images: (batch, 3, 224, 224) -> logits (batch, num_classes); other sizes need not work."""
        raise NotImplementedError("Task 4.2: write VGG.forward")


# Staff: generated from solutions/architectures/vgg.py by `make release`; edit that file.
