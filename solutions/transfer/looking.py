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
    # Task 3.1: write best_patches
    ### BEGIN SOLUTION
    values, places = activations[:, channel].flatten(start_dim=1).max(dim=1)
    images = values.argsort(descending=True)[:k]
    width = activations.shape[3]
    return torch.stack([images, places[images] // width, places[images] % width], dim=1)
    ### END SOLUTION


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
    # Task 3.2: write input_box
    ### BEGIN SOLUTION
    top, left, bottom, right = row, column, row, column  # the last ones are inclusive on the way
    for layer in reversed(layers):
        span = layer.dilation * (layer.kernel_size - 1)
        top, left = top * layer.stride - layer.padding, left * layer.stride - layer.padding
        bottom, right = bottom * layer.stride - layer.padding + span, right * layer.stride - layer.padding + span
    return top, left, bottom + 1, right + 1
    ### END SOLUTION


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
    # Task 3.3: write occlusion_map
    ### BEGIN SOLUTION
    _, height, width = image.shape
    tops, lefts = range(0, height - size + 1, stride), range(0, width - size + 1, stride)
    covered = []
    for top in tops:
        for left in lefts:
            copy = image.clone()
            copy[:, top : top + size, left : left + size] = fill
            covered.append(copy)
    with torch.no_grad():
        probability = model(torch.stack([image, *covered])).softmax(dim=1)[:, label]
    return (probability[0] - probability[1:]).view(len(tops), len(lefts))
    ### END SOLUTION


def max_pool_with_switches(x: Tensor, kernel_size: int) -> tuple[Tensor, Any]:
    """Max pooling that remembers where each maximum came from.

    Args:
        x:           (batch, channels, height, width).
        kernel_size: side of the windows, and the step from one to the next; incomplete windows at the end are left out.

    Returns:
        values (batch, channels, height // kernel_size, width // kernel_size) in the dtype of x, and the switches, in
        whatever form `unpool` understands.  Of equal values in a window any may be the maximum, and only one is.
    """
    # Task 3.4: write max_pool_with_switches
    ### BEGIN SOLUTION
    height, width = x.shape[2:]
    rows, columns = height // kernel_size, width // kernel_size
    windows = x.unfold(2, kernel_size, kernel_size).unfold(3, kernel_size, kernel_size).flatten(start_dim=4)
    values, place = windows.max(dim=4)  # place: within the window
    row = torch.arange(rows)[:, None] * kernel_size + place // kernel_size
    column = torch.arange(columns) * kernel_size + place % kernel_size
    return values, row * width + column
    ### END SOLUTION


def unpool(values: Tensor, switches: Any, size: tuple[int, int]) -> Tensor:
    """Values back at the places where the maxima came from, and zeros everywhere else.

    Args:
        values:   (batch, channels, rows, columns): perhaps others than the maxima themselves, negative ones too.
        switches: from `max_pool_with_switches`, of a tensor (batch, channels, *size); they can be used again.
        size:     (height, width) of what was pooled.

    Returns:
        (batch, channels, *size) in the dtype of the values.
    """
    # Task 3.5: write unpool
    ### BEGIN SOLUTION
    batch, channels = values.shape[:2]
    flat = values.new_zeros(batch, channels, size[0] * size[1])
    return flat.scatter(2, switches.flatten(start_dim=2), values.flatten(start_dim=2)).view(batch, channels, *size)
    ### END SOLUTION


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
    # Task 3.6 (extra): write project_back
    ### BEGIN SOLUTION
    y = F.relu(features)
    plain = F.conv_transpose2d(
        y,
        convolution.weight,
        stride=convolution.stride,
        dilation=convolution.dilation,
        groups=convolution.groups,
    )
    top, left = convolution.padding
    whole = y.new_zeros(*plain.shape[:2], size[0] + 2 * top, size[1] + 2 * left)
    whole[:, :, : plain.shape[2], : plain.shape[3]] = plain  # a stride may leave pixels at the end that nothing sees
    return whole[:, :, top : top + size[0], left : left + size[1]]
    ### END SOLUTION


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
    # Task 3.7 (extra): write reconstruct
    ### BEGIN SOLUTION
    way: list[tuple[nn.Module, tuple[int, int], Any]] = []
    with torch.no_grad():
        for layer in layers:
            size = (x.shape[2], x.shape[3])
            if isinstance(layer, nn.MaxPool2d):
                side = layer.kernel_size
                x, switches = max_pool_with_switches(x, side if isinstance(side, int) else side[0])
                way.append((layer, size, switches))
            else:
                x = layer(x)
                way.append((layer, size, None))
        back = torch.zeros_like(x)
        back[0, *index] = x[0, *index]
        for layer, size, switches in reversed(way):
            if isinstance(layer, nn.MaxPool2d):
                back = unpool(back, switches, size)
            elif isinstance(layer, nn.Conv2d):
                back = project_back(back, layer, size)
            else:
                back = F.relu(back)
    return back
    ### END SOLUTION
