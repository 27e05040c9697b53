"""Stand-ins for functions of yours (given): a mistake in one of them is none of those that call it.

They are slow, and use what you may not; nothing of them is an answer.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils._python_dispatch import _disable_current_modes


@contextmanager
def _unheard() -> Iterator[None]:
    """What runs in here is nobody's: whoever listens hears nothing of it."""
    before = sys.getprofile()
    sys.setprofile(None)
    try:
        with _disable_current_modes():
            yield
    finally:
        sys.setprofile(before)


def _cross_correlate(x: Tensor, taps: Tensor) -> Tensor:
    with _unheard():
        rows = x.reshape(-1, 1, x.shape[-1])
        found = F.conv1d(rows, taps.to(x.dtype)[None, None], padding=len(taps) - 1)
        return found.reshape(*x.shape[:-1], -1)


def _convolve(x: Tensor, taps: Tensor) -> Tensor:
    return _cross_correlate(x, taps.flip(0))


def _fft_convolve(x: Tensor, taps: Tensor) -> Tensor:
    """There and back again: it runs the transforms that it should."""
    y = _convolve(x, taps)
    impulse = torch.eye(y.shape[-1], dtype=x.dtype)[0]
    return torch.fft.irfft(torch.fft.rfft(y) * torch.fft.rfft(impulse), y.shape[-1])


def _fft_cross_correlate(x: Tensor, taps: Tensor) -> Tensor:
    return _fft_convolve(x, taps.flip(0))


def _impulse_response(response: Tensor) -> Tensor:
    return torch.fft.fftshift(torch.fft.irfft(response.double()))


def _truncate(impulse: Tensor, num_taps: int, window: Tensor | None = None) -> Tensor:
    begin = len(impulse) // 2 - num_taps // 2
    if not num_taps % 2 or not 1 <= num_taps < len(impulse):
        raise ValueError(f"num_taps = {num_taps}")
    taps = impulse.double().narrow(0, begin, num_taps).clone()
    return taps if window is None else window.double() * taps


def _bandpass(low: float, high: float, num_taps: int, window: Tensor | None = None) -> Tensor:
    places = torch.arange(513, dtype=torch.float64) / 1024
    return _truncate(_impulse_response((places > low) & (places <= high)), num_taps, window)


def _gaussian_kernel(size: int, sigma: float) -> Tensor:
    if size < 1 or not size % 2 or sigma <= 0:
        raise ValueError(f"size = {size}, sigma = {sigma}")
    bell = torch.signal.windows.gaussian(size, std=sigma, dtype=torch.float64)
    return torch.outer(bell, bell) / bell.sum() ** 2


class _Conv1d(nn.Conv1d):
    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int,
        stride: int = 1,
        padding: int | str = 0,
        dilation: int = 1,
        bias: bool = True,
    ) -> None:
        super().__init__(in_channels, out_channels, kernel_size, stride, padding, dilation, bias=bias)

    def forward(self, x: Tensor) -> Tensor:
        with _unheard():
            return super().forward(x)


class _Conv2d(nn.Conv2d):
    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int,
        stride: int = 1,
        padding: int | str = 0,
        bias: bool = True,
    ) -> None:
        super().__init__(in_channels, out_channels, kernel_size, stride, padding, bias=bias)

    def forward(self, x: Tensor) -> Tensor:
        with _unheard():
            return super().forward(x)


def _fourier_kernels(n_fft: int) -> Tensor:
    windowed = torch.eye(n_fft, dtype=torch.float64) * torch.hann_window(n_fft, dtype=torch.float64)
    with _unheard():
        return torch.view_as_real(torch.fft.rfft(windowed).T).permute(2, 0, 1).contiguous()


# By module, in the order in which they are written: a function is judged with stand-ins for those before it.
STAND_INS: dict[str, dict[str, Callable[..., Any]]] = {
    "filtering": {
        "convolve": _convolve,
        "cross_correlate": _cross_correlate,
        "fft_convolve": _fft_convolve,
        "fft_cross_correlate": _fft_cross_correlate,
    },
    "design": {
        "impulse_response": _impulse_response,
        "truncate": _truncate,
        "bandpass": _bandpass,
    },
    "images": {
        "gaussian_kernel": _gaussian_kernel,
    },
    "layers": {
        "Conv1d": _Conv1d,
        "Conv2d": _Conv2d,
    },
    "filterbank": {
        "fourier_kernels": _fourier_kernels,
    },
}


class Alone:
    """One of your functions, where those before it do what they should.

    Args:
        module, name: of the function.
        function:     the same, or a module of torch's that it made.
    """

    def __init__(self, function: Callable[..., Any], module: str, name: str) -> None:
        self.function, self.module, self.name = function, module, name

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """What the function gives."""
        with self._stood_in():
            return self.function(*arguments, **named)

    @contextmanager
    def _stood_in(self) -> Iterator[None]:
        """Put stand-ins in the places of the functions before this one, wherever a module has them by a name."""
        package = f"{self.function.__module__.rpartition('.')[0]}."
        size = len(package)
        # by slices: whoever listens hears each call, and there are two thousand modules
        modules = {key: one for key, one in list(sys.modules.items()) if key[:size] == package}
        undone: list[tuple[dict[str, Any], str, Any]] = []
        for module, functions in STAND_INS.items():
            there = getattr(modules.get(f"{package}{module}"), "__dict__", {})
            for name, stand_in in functions.items():
                if (module, name) == (self.module, self.name):
                    break
                own = there.get(name)
                for names in (vars(one) for one in modules.values()):
                    for key in [key for key, value in names.items() if own is not None and value is own]:
                        undone.append((names, key, own))
                        names[key] = stand_in
            if module == self.module:
                break
        try:
            yield
        finally:
            for names, key, own in undone:
                names[key] = own
