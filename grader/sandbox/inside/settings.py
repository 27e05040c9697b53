"""What student code sets for its whole process: put back before each step, or taken without effect.

Both serve code that means well, in its own process; nothing outside rests on them, and limits are kept elsewhere.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import numpy
import torch
from torch.utils._python_dispatch import _pop_mode

T = TypeVar("T")

_set_threads, _set_more_threads = torch.set_num_threads, torch.set_num_interop_threads


def take_without_effect() -> None:
    """In the warm process: how many threads there are, and that code is compiled, changes no answer.

    One thread is all that there is, and torch refuses another number of some once it has computed.  There is no
    compiler, and torch would look for one for seconds.
    """
    torch.set_num_threads = torch.set_num_interop_threads = _take_number
    torch.compile = _not_compiled  # type: ignore[assignment]
    torch.nn.Module.compile = _take_anything  # type: ignore[method-assign]
    torch._dynamo.config.disable = True  # whoever comes to the compiler by another way


def _take_number(nthreads: int) -> None:
    pass


def _take_anything(*args: Any, **kwargs: Any) -> None:
    pass


def _not_compiled(model: T | None = None, **options: Any) -> T | Callable[[T], T]:
    """In the place of torch.compile: what it is given, as it is; without a model, a decorator that does so."""
    return (lambda later: later) if model is None else model


def one_thread() -> None:
    """In the warm process, before it has computed anything."""
    _set_more_threads(1)
    _set_threads(1)


class Settings:
    """What holds when a process begins, and again in each step of a check."""

    def __init__(self) -> None:
        self._warnings = list(warnings.filters)
        self._floats = numpy.geterr()
        self._precision = torch.get_float32_matmul_precision()
        self._mkldnn = torch._C._get_mkldnn_enabled()

    @contextmanager
    def put_back(self) -> Iterator[None]:
        """Undo what student code may have set, and keep what it sets in here to here.

        The guard holds what torch keeps for a thread: gradients, inference mode, autocast.
        """
        with torch._C._InferenceMode(False):
            torch.set_anomaly_enabled(False)
            torch.set_default_dtype(torch.float32)
            _set_threads(1)
            _leave_modes()
            numpy.seterr(**self._floats)
            # How the same sums are worked out: in the clean room as here.
            torch.set_float32_matmul_precision(self._precision)
            torch._C._set_mkldnn_enabled(self._mkldnn)
            torch._C._set_deterministic_algorithms(False, warn_only=False)
            if warnings.filters != self._warnings:
                warnings.filters[:] = self._warnings  # type: ignore[index]
                warnings._filters_mutated()  # type: ignore[attr-defined]
            yield


def _leave_modes() -> None:
    """Leave whatever was entered and never left: a default device is one of these, and so is what counts operations."""
    while torch._C._len_torch_function_stack():
        torch.overrides._pop_mode()
    torch._GLOBAL_DEVICE_CONTEXT.device_context = None
    while torch._C._len_torch_dispatch_stack():
        _pop_mode()
    torch.clear_autocast_cache()
