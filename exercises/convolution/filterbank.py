# Your answers go here: save, and run `python -m exercises check convolution filterbank`.
"""Task 5: a spectrogram is a filter bank, and a filter bank can be learnt.

In this file torch's convolutions are allowed; `torch.stft` and Fourier transforms of the signal are not. Sounds are
float32 or float64. Nothing changes its input, and whoever writes into a result changes no argument.
"""

from __future__ import annotations

import math
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .design import bandpass


def fourier_kernels(n_fft: int) -> Tensor:
    """The filters of a spectrogram: a windowed cosine and a windowed minus sine for each frequency.

    With w the periodic Hann window of n_fft points: w[n] * cos(2 pi k n / n_fft) and -w[n] * sin(2 pi k n / n_fft).

    Args:
        n_fft: points of a window, even.

    Returns:
        (2, n_fft // 2 + 1, n_fft) float64: cosines first, one row for each frequency k.
    """
    raise NotImplementedError("Task 5.1: write fourier_kernels")


def spectrogram(x: Tensor, n_fft: int, hop_length: int) -> Tensor:
    """How much of each frequency there is over time, by convolution with `fourier_kernels`: the power.

    Frame f begins at sample f * hop_length, and only frames that lie inside the signal are there.

    Args:
        x:          (batch, time) sounds, time >= n_fft.
        n_fft:      points of a window, even.
        hop_length: samples from one frame to the next.

    Returns:
        (batch, n_fft // 2 + 1, 1 + (time - n_fft) // hop_length), of the dtype of x: the square of the cosine's answer
        plus that of the sine's.
    """
    raise NotImplementedError("Task 5.2: write spectrogram")


def band_edges(num_filters: int, sample_rate: int) -> Tensor:
    """(Given) where bands begin and end: (num_filters + 1,) in Hz, equally far apart on the mel scale.

    (O'Shaughnessy 1987.) The first is at 100 Hz, the last a little below half of the sample rate.
    """
    low, high = (2595 * math.log10(1 + hertz / 700) for hertz in (100.0, 0.49 * sample_rate))
    mel = torch.linspace(low, high, num_filters + 1, dtype=torch.float64)
    return 700 * (10 ** (mel / 2595) - 1)


class FrontEnd(nn.Module):
    """A filter bank that is the first layer of a network: it begins as band-pass filters, and can be learnt.

    Filter i begins as bandpass(edge i / sample_rate, edge i + 1 / sample_rate, kernel_size, window) with the edges of
    `band_edges` and window = torch.hann_window(kernel_size, periodic=False), as float32.

    A small network (given, see training.py) learns words behind a FrontEnd(): from filters that begin so, it hears more
    words of speakers never heard than from random ones, and while it learns, the filters do as well.

    Args:
        num_filters: how many.
        kernel_size: taps of each, odd.
        stride:      samples from one output to the next.
        sample_rate: in Hz.

    Attributes:
        filters: a module with a parameter `weight` (num_filters, 1, kernel_size), float32, that can be learnt, and no
            other parameter: a "valid" convolution without bias that takes every `stride`-th place.
    """

    filters: nn.Module

    def __init__(
        self, num_filters: int = 24, kernel_size: int = 257, stride: int = 40, sample_rate: int = 8000
    ) -> None:
        super().__init__()
        raise NotImplementedError("Task 5.3: write FrontEnd.__init__")

    def forward(self, x: Tensor) -> Tensor:
        """(Given) the loudness of each band over time, in logarithms.

        With c[m] the filters' outputs at place m, out[m] = log((c[m]**2 + c[m + 1]**2) / 2 + 1e-6). It samples before
        it smooths; `energy` does it the other way round.

        x: (batch, time) -> (batch, num_filters, frames), frames = (time - kernel_size) // stride.
        """
        power = self.filters(x[:, None]).square()
        return ((power[:, :, :-1] + power[:, :, 1:]) / 2 + 1e-6).log()


# Staff: generated from solutions/convolution/filterbank.py by `make release`; edit that file.
