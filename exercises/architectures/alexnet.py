# Your answers go here: save, and run `python -m exercises check architectures alexnet`.
"""Task 3: AlexNet, the network of 2012.

Source: Krizhevsky, Sutskever, Hinton: ImageNet Classification with Deep Convolutional Neural Networks, 2012, section
3.5 and figure 2. The paper prints images of 224x224 and names no padding for the first layer: with 227x227, and none,
its own 55x55 maps come out. Its network lay on two graphics cards, which saw each other's maps in the third
convolution only: that is what two groups are. Torch's layers are allowed, torchvision's ready networks are not: each
convolution and dense layer is a layer of torch (or a class of yours made from one) that is called, and checks listen to
these.
"""

from __future__ import annotations

from torch import Tensor, nn

from exercises.architectures.parts import dense_head, local_response_norm, scaled


class AlexNet(nn.Module):
    """AlexNet: 60,965,224 parameters and 724,406,816 multiply-adds with 1,000 classes.

    | convolution          | groups | then                          | comes out     |
    |----------------------|--------|-------------------------------|---------------|
    | 96, 11x11, stride 4  | 1      | ReLU, response norm, pooling  | (96, 27, 27)  |
    | 256, 5x5, padding 2  | 2      | ReLU, response norm, pooling  | (256, 13, 13) |
    | 384, 3x3, padding 1  | 1      | ReLU                          | (384, 13, 13) |
    | 384, 3x3, padding 1  | 2      | ReLU                          | (384, 13, 13) |
    | 256, 3x3, padding 1  | 2      | ReLU, pooling                 | (256, 6, 6)   |

    The response norm is `local_response_norm()`, or the paper's formula, which does not divide alpha by 5. Pooling is
    the maximum of 3x3 with stride 2, without padding. Then follows the (given) `dense_head`. Convolutions have a bias.
    Two groups may be two layers, each from half of the maps to half of the maps, first half first; the response norm
    still runs over all maps, and so does what reads them next.

    Args:
        num_classes: logits of an image.
        width:       scales every channel and hidden number of the table with `scaled`; a multiple of 1/16, so that all
                     halves are whole.
    """

    def __init__(self, num_classes: int = 1000, width: float = 1.0) -> None:
        super().__init__()
        raise NotImplementedError("Task 3: write AlexNet.__init__")

    def forward(self, images: Tensor) -> Tensor:
        """images: (batch, 3, 227, 227) -> logits (batch, num_classes); other sizes need not work."""
        raise NotImplementedError("Task 3: write AlexNet.forward")


# Staff: generated from solutions/architectures/alexnet.py by `make release`; edit that file.
