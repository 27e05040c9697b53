"""Parts that the networks of several papers share (given)."""

from __future__ import annotations

from torch import nn


def scaled(number: int, width: float) -> int:
    """A number of channels or hidden units of a table, in a network of this width: at least 1.

    Every channel and hidden number of a table is scaled by itself, before anything is made of it: the sum of an
    Inception module's branches, the halves of two groups, and the fourfold of a bottleneck are made of scaled numbers.
    """
    return max(1, int(number * width))


class Shortcut(nn.Sequential):
    """What goes round a residual block where size or channels change: a 1x1 convolution and its norm.

    A class of its own, so that whoever counts a network's layers along its longest way can leave these out.
    """


def local_response_norm() -> nn.LocalResponseNorm:
    """Local response normalisation over five channels (Krizhevsky et al. 2012, section 3.3).

    torch divides alpha by the five channels; the paper does not.
    """
    return nn.LocalResponseNorm(size=5, alpha=1e-4, beta=0.75, k=2.0)


def dense_head(in_features: int, num_classes: int, width: float = 1.0) -> nn.Sequential:
    """The dense layers at the end of AlexNet and VGG: 4096, 4096, classes, with ReLUs and dropout between them.

    Args:
        in_features: numbers of one image that come in; (batch, channels, height, width) is flattened here.
        width:       scales the two 4096.
    """
    hidden = scaled(4096, width)
    return nn.Sequential(
        nn.Flatten(),
        nn.Linear(in_features, hidden),
        nn.ReLU(),
        nn.Dropout(0.5),
        nn.Linear(hidden, hidden),
        nn.ReLU(),
        nn.Dropout(0.5),
        nn.Linear(hidden, num_classes),
    )
