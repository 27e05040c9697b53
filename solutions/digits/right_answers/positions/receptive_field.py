"""No formulas: places of kernels are laid out, and the way back to the input is walked."""

import itertools
from collections.abc import Iterator


def _places(size: int, layer: Layer) -> Iterator[int]:
    """The first tap of every kernel that lies fully inside the padded samples -padding … size + padding - 1."""
    for first in itertools.count(-layer.padding, layer.stride):
        last = first + (layer.kernel_size - 1) * layer.dilation
        if last > size + layer.padding - 1:
            return
        yield first


def output_size(size: int, layers: Sequence[Layer]) -> int:
    if not layers:
        return size
    first, *others = layers
    return output_size(sum(1 for _ in _places(size, first)), others)


def receptive_field(layers: Sequence[Layer]) -> int:
    """From output 0 back to the first and the last input that it reaches."""
    first = last = 0
    for layer in layers[::-1]:
        first, last = (
            first * layer.stride - layer.padding,
            last * layer.stride - layer.padding + (layer.kernel_size - 1) * layer.dilation,
        )
    return last - first + 1


def dense_parameters(n_inputs: int, n_units: int, bias: bool = True) -> int:
    return sum(n_inputs + (1 if bias else 0) for _ in range(n_units))


def local_parameters(n_positions: int, kernel_size: int, bias: bool = True) -> int:
    return sum(dense_parameters(kernel_size * kernel_size, 1, bias) for _ in range(n_positions))


def conv_parameters(in_channels: int, out_channels: int, kernel_size: int, ndim: int = 2, bias: bool = True) -> int:
    taps = sum(1 for _ in itertools.product(range(kernel_size), repeat=ndim))
    return dense_parameters(in_channels * taps, out_channels, bias)
