# Your answers go here: save, and run `python -m exercises check digits receptive_field`.
"""Task 1: how far a stack of layers sees, how large its output is, and how many parameters it has.

Everything here is counting: no tensor, no torch, and each function returns a whole number (int). One axis is enough,
since height and width behave alike.

A layer slides a kernel of `kernel_size` taps over its input. With `dilation` d, neighbouring taps lie d samples apart,
so the kernel spans d * (kernel_size - 1) + 1 samples. It moves by `stride` samples, and `padding` zeros are added at
*both* ends. A convolution and a pooling layer are the same in this respect.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Layer:
    """A convolution or a pooling layer, along one axis.  All four are counted in samples of the layer's input."""

    kernel_size: int
    stride: int = 1
    padding: int = 0
    dilation: int = 1


def output_size(size: int, layers: Sequence[Layer]) -> int:
    """How many samples come out of the last layer when `size` samples go into the first one.

    One layer turns n samples into floor((n + 2 * padding - span) / stride) + 1, where the span of the kernel is
    dilation * (kernel_size - 1) + 1; see "Shape" in the documentation of torch.nn.Conv1d.  Torch rounds down: samples
    at the end that no full step reaches are left out.

    Args:
        size:   samples of the input, large enough that every layer has at least one output.
        layers: the layers from the input to the output; without any, nothing changes.

    Returns:
        A whole number (int), for example 14 for size 28 and [Layer(3, padding=1), Layer(2, stride=2)].
    """
    raise NotImplementedError("Task 1.1: write output_size")


def receptive_field(layers: Sequence[Layer]) -> int:
    """How many neighbouring input samples one output sample can depend on, far away from the borders.

    One layer sees the span of its kernel. A later layer sees that many samples of *its own* input; how many samples of
    the network's input lie between two of those depends on the strides of the layers before it.

    Args:
        layers: the layers from the input to the output; without any, an output sample is its input sample.

    Returns:
        A whole number (int), for example 5 for [Layer(3), Layer(3)]: two 3x3 convolutions see as far as one 5x5.
    """
    raise NotImplementedError("Task 1.2: write receptive_field")


def dense_parameters(n_inputs: int, n_units: int, bias: bool = True) -> int:
    """Parameters of a dense (fully connected) layer: every unit has a weight for every input.

    Args:
        n_inputs: numbers that go in; an image of 200 x 200 pixels has 40,000.
        n_units:  numbers that come out.
        bias:     whether every unit also has a bias.
    """
    raise NotImplementedError("Task 1.3: write dense_parameters")


def local_parameters(n_positions: int, kernel_size: int, bias: bool = True) -> int:
    """Parameters of a locally connected layer on an image of one channel: every position has a kernel of its own.

    Args:
        n_positions: positions in the image at which a kernel lies; one output number each.
        kernel_size: side of the square kernel, so that it has kernel_size * kernel_size weights.
        bias:        whether every position also has a bias.
    """
    raise NotImplementedError("Task 1.4: write local_parameters")


def conv_parameters(in_channels: int, out_channels: int, kernel_size: int, ndim: int = 2, bias: bool = True) -> int:
    """Parameters of a convolution: one kernel for each output channel, shared by all positions.

    Args:
        in_channels:  channels of the input; a kernel has weights for all of them.
        out_channels: channels of the output, which is the number of kernels.
        kernel_size:  side of the kernel, the same along each axis.
        ndim:         axes that the kernel slides along: 1 for sound, 2 for images, 3 for video.
        bias:         whether every output channel also has a bias.
    """
    raise NotImplementedError("Task 1.5: write conv_parameters")


# Staff: generated from solutions/digits/receptive_field.py by `make release`; edit that file.
