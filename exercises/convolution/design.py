# Your answers go here: save, and run `python -m exercises check convolution design`.
"""Task 2: designing a filter in the frequency domain.

Say what the filter should do with each frequency, transform that back into time, and cut it down to a number of taps
that somebody can afford. What is lost by cutting shows as a ripple, and a window trades the ripple for a wider
transition (lecture 3, "filter design").

All numbers are float64. Frequencies are fractions of the sample rate: 0.5 is the largest there is. Nothing changes its
input, and whoever writes into a result changes no argument. As in `filtering.py`, no function that convolves,
correlates or filters is used, of torch, torchaudio, torchvision, NumPy or SciPy; `torch.fft` is allowed.
"""

from __future__ import annotations

import torch
from torch import Tensor


def prototype(cutoff: float, n_fft: int) -> Tensor:
    """(Given) the response of the ideal low-pass filter: 1.0 up to the cutoff, 0.0 above.

    Args:
        cutoff: a fraction of the sample rate, 0 to 0.5; this frequency itself still passes.
        n_fft:  even; the frequencies are k / n_fft, k = 0 ... n_fft // 2.

    Returns:
        (n_fft // 2 + 1,) float64.
    """
    return (torch.arange(n_fft // 2 + 1, dtype=torch.float64) / n_fft <= cutoff).double()


def impulse_response(response: Tensor) -> Tensor:
    """What a filter with this response makes of a single 1: the inverse Fourier transform, with time 0 in the middle.

    Args:
        response: (n_fft // 2 + 1,) real values at the frequencies k / n_fft, n_fft being even; the phase is zero.

    Returns:
        (n_fft,) float64, n_fft = 2 * (len(response) - 1): the value of time 0 is at index n_fft // 2, those of
        negative times are before it.
    """
    raise NotImplementedError("Task 2.1: write impulse_response")


def truncate(impulse: Tensor, num_taps: int, window: Tensor | None = None) -> Tensor:
    """The taps around time 0, times a window if there is one.

    Args:
        impulse:  (n_fft,) as `impulse_response` gives it: time 0 is at index n_fft // 2.
        num_taps: odd, so that as many taps lie before time 0 as behind it, 1 to n_fft - 1.
        window:   (num_taps,) weights of the taps; None for as they are.

    Returns:
        (num_taps,) float64.

    Raises:
        ValueError: num_taps is even, below 1 or above n_fft - 1.
    """
    raise NotImplementedError("Task 2.2: write truncate")


def frequency_response(taps: Tensor, num_frequencies: int) -> Tensor:
    """What a filter does with each frequency: H(f) = sum over i of taps[i] * exp(-2 pi j f i).

    Args:
        taps:            (taps,) any number of them, of any real dtype.
        num_frequencies: at least 2; f_k = 0.5 * k / (num_frequencies - 1), from 0 to half the sample rate.

    Returns:
        (num_frequencies,) complex128: its size is how much louder the frequency becomes, its angle by how much it is
        delayed.
    """
    raise NotImplementedError("Task 2.3: write frequency_response")


def lowpass(cutoff: float, num_taps: int, window: Tensor | None = None, n_fft: int = 1024) -> Tensor:
    """(Given) a low-pass filter, designed with your functions.

    Args:
        cutoff:   a fraction of the sample rate, 0 to 0.5.
        num_taps: odd, 1 to n_fft - 1.
        window:   (num_taps,) see `truncate`.

    Returns:
        (num_taps,) float64.
    """
    return truncate(impulse_response(prototype(cutoff, n_fft)), num_taps, window)


def ripple(taps: Tensor, cutoff: float, transition: float) -> float:
    """(Given) how far a low-pass filter is from the ideal one, outside of a band of this width around the cutoff."""
    response = frequency_response(taps, 2049).abs()
    frequencies = torch.linspace(0, 0.5, 2049, dtype=torch.float64)
    passed = (response - 1).abs()[frequencies <= cutoff - transition / 2]
    stopped = response[frequencies >= cutoff + transition / 2]
    return float(torch.cat([passed, stopped]).max())


def highpass(taps: Tensor) -> Tensor:
    """What a low-pass filter leaves out: a unit impulse in the middle, less the taps.

    Args:
        taps: (taps,) an odd number, those of a symmetric low-pass filter (which is not checked).

    Returns:
        (taps,) float64.
    """
    raise NotImplementedError("Task 2.4: write highpass")


def bandpass(low: float, high: float, num_taps: int, window: Tensor | None = None) -> Tensor:
    """What passes below `high` and not below `low`: the difference of two `lowpass`.

    Args:
        low, high: fractions of the sample rate, 0 <= low < high <= 0.5.
        num_taps, window: of both, see `lowpass`.

    Returns:
        (num_taps,) float64.
    """
    raise NotImplementedError("Task 2.5: write bandpass")


# Staff: generated from solutions/convolution/design.py by `make release`; edit that file.
