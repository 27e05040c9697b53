# Your answers go here: save, and run `python -m exercises check convolution filtering`.
"""Task 1: filtering by hand, and by multiplying spectra.

A filter is a short list of numbers, its taps. It slides along a signal, and at each place it adds up what lies below
it, weighted with the taps. That is all that a convolution layer does, too; here the taps are yours.

Signals are (..., time), float32 or float64: what stands before the time axis (a batch, channels, nothing at all) is
kept, and each signal is filtered by itself. Filters are (taps,). A result has the dtype of the signal, and taps of
another dtype are converted to it first: filters are designed in float64, and sounds are float32. There is at least one
tap and one sample, and a filter may be longer than the signal. Nothing changes its input, and whoever writes into a
result changes no argument.

Write all of it with slices, loops over taps, `unfold`, matrix products or whatever else you like, with your own
functions of other tasks, too. In this file as in `design.py`, `images.py` and `layers.py` no convolution, correlation
or filtering function is used: none of torch (conv*, Conv*, conv_transpose*, torch.convolution, torch.ops), of
torchaudio, of torchvision, of NumPy (convolve, correlate, polymul) or of SciPy. `torch.fft` is allowed. The given files
`listening.py` and `standins.py` are for the checks: none of these files uses them.
"""

from __future__ import annotations

import torch
from torch import Tensor


def convolve(x: Tensor, taps: Tensor) -> Tensor:
    """The full convolution of signals with a filter: y[n] = sum over i of taps[i] * x[n - i], x being 0 outside.

    With P = len(taps) - 1 it is P samples longer than the signal: the filter begins to answer with the first sample,
    and is still answering P samples after the last one (lecture 3, "linear filtering").

    Args:
        x:    (..., time) signals.
        taps: (taps,) the filter; taps[0] weighs the present sample, taps[1] the one before.

    Returns:
        (..., time + P), of the dtype of x.
    """
    raise NotImplementedError("Task 1.1: write convolve")


def cross_correlate(x: Tensor, taps: Tensor) -> Tensor:
    """The full cross-correlation: entry m is the sum over i of taps[i] * x[m - P + i], x being 0 outside.

    So entry m belongs to lag m - P, by how much the filter is moved along the signal: the first P = len(taps) - 1
    entries are those of negative lags, where the filter begins before the signal does. A convolution layer of a
    network does this, and not `convolve` (lecture 3, "convolution or cross-correlation").

    Args:
        x:    (..., time) signals.
        taps: (taps,) what is looked for; taps[0] lies on the earliest sample.

    Returns:
        (..., time + P), of the dtype of x.
    """
    raise NotImplementedError("Task 1.2: write cross_correlate")


def fft_convolve(x: Tensor, taps: Tensor) -> Tensor:
    """The values of `convolve`, by multiplying spectra (the convolution theorem).

    The signals and the taps are transformed, their spectra multiplied, and the product is transformed back: two calls
    of a forward transform and one of an inverse, `torch.fft.rfft` and `irfft` or `fft` and `ifft`, for all signals at
    once and all of the same number of points, at least time + P, so that nothing wraps round. Nothing convolves
    besides.

    Args:
        x:    (..., time) signals.
        taps: (taps,) the filter.

    Returns:
        (..., time + P), of the dtype of x.
    """
    raise NotImplementedError("Task 1.3: write fft_convolve")


def fft_cross_correlate(x: Tensor, taps: Tensor) -> Tensor:
    """(Extra) the values of `cross_correlate`, by multiplying spectra.

    The sum over i of f[i] * g[n + i] has the spectrum conj(F) * G: the taps' spectrum is conjugated, and the negative
    lags come out at the end of the circle. (Or the taps are turned round first, and nothing is conjugated.) Transforms
    and their points are those of `fft_convolve`.

    Args:
        x:    (..., time) signals.
        taps: (taps,) what is looked for.

    Returns:
        (..., time + P), of the dtype of x: entry m belongs to lag m - P.
    """
    raise NotImplementedError("Task 1.4: write fft_cross_correlate")


def circular_convolve(x: Tensor, taps: Tensor) -> Tensor:
    """(Given) what comes of multiplying spectra without padding: the end of the result wraps round to its beginning.

    Args:
        x:    (..., time) signals.
        taps: (taps,) the filter, no longer than the signal.

    Returns:
        (..., time), of the dtype of x.
    """
    time = x.shape[-1]
    return torch.fft.irfft(torch.fft.rfft(x) * torch.fft.rfft(taps.to(x.dtype), time), time)


def find(x: Tensor, template: Tensor) -> Tensor:
    """Where a template begins in signals: the lag of the largest cross-correlation at which it lies inside the signal.

    The correlation is not normalised, so that something louder may win.

    Args:
        x:        (..., time) signals.
        template: (taps,) what is looked for, no longer than the signals.

    Returns:
        (...,) int64: the sample on which template[0] lies, 0 to time - taps.
    """
    raise NotImplementedError("Task 1.5: write find")


def energy(x: Tensor, smooth: Tensor) -> Tensor:
    """How much goes on in signals over time: each sample squared, and then smoothed.

    A filter of P + 1 taps delays by P / 2 samples. That delay is taken away: the first and the last P / 2 values of
    the full convolution are cut off. A detector, a filter that lets through what is looked for, goes before.

    Args:
        x:      (..., time) signals.
        smooth: (taps,) a low-pass filter of an odd number of taps.

    Returns:
        (..., time), of the dtype of x.
    """
    raise NotImplementedError("Task 1.6: write energy")


# Staff: generated from solutions/convolution/filtering.py by `make release`; edit that file.
