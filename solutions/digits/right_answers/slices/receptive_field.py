"""Counting from the output back to the input, with reduce and recursion."""

from functools import reduce
from math import prod


def _one(size: int, layer: Layer) -> int:
    padded = size + 2 * layer.padding
    return len(range(0, padded - layer.dilation * (layer.kernel_size - 1), layer.stride))


def output_size(size: int, layers: Sequence[Layer]) -> int:
    return reduce(_one, layers, size)


def receptive_field(layers: Sequence[Layer]) -> int:
    field = 1
    for layer in reversed(layers):
        field = (field - 1) * layer.stride + layer.dilation * (layer.kernel_size - 1) + 1
    return field


def dense_parameters(n_inputs: int, n_units: int, bias: bool = True) -> int:
    return n_inputs * n_units + (n_units if bias else 0)


def local_parameters(n_positions: int, kernel_size: int, bias: bool = True) -> int:
    return n_positions * kernel_size * kernel_size + bias * n_positions


def conv_parameters(in_channels: int, out_channels: int, kernel_size: int, ndim: int = 2, bias: bool = True) -> int:
    return prod([in_channels, out_channels, *[kernel_size] * ndim]) + (out_channels if bias else 0)
