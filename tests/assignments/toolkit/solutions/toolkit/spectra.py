"""Task 1: a spectrum is complex."""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor


class Peak(NamedTuple):
    """The strongest frequency of a signal.

    Attributes:
        bin:       its place in the spectrum, 0 to time // 2.
        amplitude: the spectrum's value there.
    """

    bin: int
    amplitude: complex


def spectrum(x: Tensor) -> Tensor:
    """The discrete Fourier transform: X[k] = sum over n of x[n] exp(-2 pi i k n / time).

    x: (..., time), float32, float64, complex64 or complex128 -> (..., time), complex64 for float32 and complex64,
    complex128 for the others.
    """
    # Task 1.1: write spectrum
    ### BEGIN SOLUTION
    time = x.shape[-1]
    n = torch.arange(time)
    angle = -2 * math.pi * (torch.outer(n, n) % time).double() / time
    waves = torch.complex(angle.cos(), angle.sin())
    single = x.dtype in (torch.float32, torch.complex64)
    return (x.to(torch.complex128) @ waves).to(torch.complex64 if single else torch.complex128)
    ### END SOLUTION


def respond(x: Tensor, response: Tensor) -> Tensor:
    """The signal whose spectrum is that of x times a filter's frequency response, value by value.

    x: (..., time), float32 or float64; response: (time,), complex64 or complex128 -> (..., time), the real part, of x's
    type.
    """
    # Task 1.2: write respond
    ### BEGIN SOLUTION
    product = spectrum(x.double()) * response
    back = spectrum(product.conj()).conj() / x.shape[-1]
    return back.real.to(x.dtype)
    ### END SOLUTION


def peak(x: Tensor) -> Peak:
    """The strongest frequency of a real signal: the bin from 0 to time // 2 with the largest magnitude.

    x: (time,), float32 or float64.
    """
    # Task 1.3: write peak
    ### BEGIN SOLUTION
    half = spectrum(x)[: len(x) // 2 + 1]
    strongest = int(half.abs().argmax())
    return Peak(strongest, complex(half[strongest]))
    ### END SOLUTION
