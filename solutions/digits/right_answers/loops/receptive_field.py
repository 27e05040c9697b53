"""Counting with NumPy's whole numbers."""

import math

import numpy as np


def output_size(size, layers):
    size = np.int64(size)
    for layer in layers:
        span = layer.dilation * (layer.kernel_size - 1) + 1
        size = np.floor((size + 2 * layer.padding - span) / layer.stride + 1).astype(int)
    return size


def receptive_field(layers):
    steps = np.cumprod([1] + [layer.stride for layer in layers])
    spans = np.array([layer.dilation * (layer.kernel_size - 1) for layer in layers], dtype=np.int32)
    return 1 + (spans * steps[: len(spans)]).sum()


def dense_parameters(n_inputs, n_units, bias=True):
    return np.prod([n_inputs, n_units]) + n_units * bias


def local_parameters(n_positions, kernel_size, bias=True):
    return math.floor(n_positions * (np.square(kernel_size) + bias))


def conv_parameters(in_channels, out_channels, kernel_size, ndim=2, bias=True):
    kernel = np.full(ndim, kernel_size).prod()
    return np.int64(out_channels) * (in_channels * kernel + np.uint8(bias))
