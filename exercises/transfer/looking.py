# Your answers go here: save, and run `python -m exercises check transfer looking`.
"""Task 3: what the layers of a network look for.

Four ways to ask: which patches excite a filter most, what the network misses when a part of the image is covered, where
a maximum came from, and what a single activation looks like when it is led back to the image (Zeiler & Fergus 2014,
"Visualizing and understanding convolutional networks").

Torch's pooling and unpooling are not allowed here, neither as layers nor as functions; the layers that `reconstruct` is
given may run.  Allowed: `unfold`, slices, indices, reductions such as `amax`, and your own pooling of `digits`.

Tensors may be views of others (transposed, for example), whose values lie in another order in memory.  Nothing changes
its arguments: no tensor, no list, no model.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from exercises.digits.receptive_field import Layer


def best_patches(activations: Tensor, channel: int, k: int) -> Tensor:
    """Where a channel is largest: at most one place of each image, the best first.

    Args:
        activations: (n, channels, height, width).
        channel:     which channel is looked at.
        k:           how many places, at most n.

    Returns:
        (k, 3) int64, each row (image, row, column) of one of the channel's k largest activations, if each image takes
        part with its largest one.  Of equal activations any will do.  A list of k rows of whole numbers will do too.
    """
    raise NotImplementedError("Task 3.1: write best_patches")


def input_box(row: int, column: int, layers: Sequence[Layer]) -> tuple[int, int, int, int]:
    """The pixels of the image that one output of a stack of layers can see: its receptive field, as a box.

    Args:
        row, column: place of the output, from 0.
        layers:      the layers from the image to the output, each alike along both axes (`Layer` of `digits`); without
                     any, an output is its pixel.

    Returns:
        (top, left, bottom, right), whole numbers, bottom and right exclusive as in a slice.  They count the pixels of
        the image without its padding, so that a box at the border may begin below 0 or end beyond the image.
    """
    raise NotImplementedError("Task 3.2: write input_box")


def occlusion_map(model: nn.Module, image: Tensor, label: int, size: int, stride: int, fill: float = 0.0) -> Tensor:
    """How much of the label's probability is lost when a square of the image is covered.

    The model is used as it is, without gradients, so that nothing of the result hangs on its parameters; it is in
    evaluation mode already, and stays in it.

    Args:
        model:  gives logits (batch, classes) for images (batch, channels, height, width).
        image:  (channels, height, width), one image.
        label:  the class whose probability (softmax) is looked at.
        size:   side of the square, at most the image's; it is covered in all channels.
        stride: pixels from one square to the next, along both axes.
        fill:   the value that covers.

    Returns:
        ((height - size) // stride + 1, (width - size) // stride + 1): the probability without a cover less the one
        with it.  Large where the network needs what it sees, negative where it does better without.
    """
    raise NotImplementedError("Task 3.3: write occlusion_map")


def max_pool_with_switches(x: Tensor, kernel_size: int) -> tuple[Tensor, Any]:
    """Max pooling that remembers where each maximum came from.

    Args:
        x:           (batch, channels, height, width).
        kernel_size: side of the windows, and the step from one to the next; incomplete windows at the end are left out.

    Returns:
        values (batch, channels, height // kernel_size, width // kernel_size) in the dtype of x, and the switches, in
        whatever form `unpool` understands.  Of equal values in a window any may be the maximum, and only one is.
    """
    raise NotImplementedError("Task 3.4: write max_pool_with_switches")


def unpool(values: Tensor, switches: Any, size: tuple[int, int]) -> Tensor:
    """Values back at the places where the maxima came from, and zeros everywhere else.

    Args:
        values:   (batch, channels, rows, columns): perhaps others than the maxima themselves, negative ones too.
        switches: from `max_pool_with_switches`, of a tensor (batch, channels, *size); they can be used again.
        size:     (height, width) of what was pooled.

    Returns:
        (batch, channels, *size) in the dtype of the values.
    """
    raise NotImplementedError("Task 3.5: write unpool")


def project_back(features: Tensor, convolution: nn.Conv2d, size: tuple[int, int]) -> Tensor:
    """A layer's rectified activations led back through its filters: the transpose of the convolution (extra).

    The papers call it deconvolution; it undoes nothing.  For every x of this size and every y of the output's shape,
    with <a, b> the sum of the products of all entries,

        <convolution(x) - bias, relu(y)>  =  <x, project_back(y, convolution, size)>.

    Args:
        features:    (batch, out_channels, rows, columns), what the convolution gives for an input of `size`.
        convolution: with any kernel, stride, dilation, groups, and any padding in numbers with zeros; its bias takes no
                     part.
        size:        (height, width) of the convolution's input.

    Returns:
        (batch, in_channels, *size).
    """
    raise NotImplementedError("Task 3.6 (extra): write project_back")


def reconstruct(layers: nn.Sequential, x: Tensor, index: tuple[int, int, int]) -> Tensor:
    """The picture of one activation: it alone is led back through all layers, to the image (extra).

    The image goes through the layers, and each pooling keeps its switches.  Of the last result all but one activation
    are set to zero; then, from the last layer to the first, pooling is undone by `unpool`, a ReLU rectifies what comes
    back, and a convolution is led back by `project_back`.

    Args:
        layers: nn.Conv2d, nn.ReLU and nn.MaxPool2d (stride = kernel_size, no padding), in any order, also without one
                of them.  A kernel_size of the pooling is a number, or a tuple of twice the same.
        x:      (1, channels, height, width), one image.
        index:  (channel, row, column) of the activation.

    Returns:
        (1, channels, height, width).
    """
    raise NotImplementedError("Task 3.7 (extra): write reconstruct")


# Staff: generated from solutions/transfer/looking.py by `make release`; edit that file.
