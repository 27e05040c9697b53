"""What checks ask where your code runs (given): what of torch and NumPy it calls, and what becomes of its arguments."""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode

# What convolves, correlates or filters, in torch, torchaudio, torchvision, NumPy and SciPy; "convert" does not.
CONVOLVES = re.compile(
    r"\w*conv(?!er|en)\w*|\w*correl\w*|polymul|\w*filt\w*|\w*biquad|upfirdn|sepfir2d|sobel|prewitt|gaussian_?blur",
    re.IGNORECASE,
)
TRANSFORMS = re.compile(r"i?[rh]?fft[2n]?")  # NumPy's and SciPy's
LIBRARIES = ("numpy", "scipy", "torchaudio", "torchvision")  # whose functions are heard by their names
FORWARD, INVERSE = 2.0, 3.0  # factors on what Fourier transforms give, see `tampered`


def _file() -> str:
    return sys._getframe().f_code.co_filename


GIVEN = (_file(), _file().removesuffix("listening.py") + "standins.py")  # files that may switch listening off
SWITCHES = {  # whoever calls one of these is not listened to any longer
    sys.setprofile: "sys",
    torch._C._pop_torch_dispatch_stack: "torch",
}


class _Operations(TorchDispatchMode):
    """Hands each of torch's basic operations on to `heard`, which gives what comes of it."""

    def __init__(self, heard: Callable[[str, tuple[Any, ...], Any], Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.heard = heard

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name = func.name().partition("::")[2].partition(".")[0]
        return self.heard(name, args, func(*args, **(kwargs or {})))


@contextmanager
def _profiled(names: re.Pattern[str], note: Callable[[str, str], None]) -> Iterator[None]:
    """Note which library's functions of such names are called while this lasts: `note("numpy", "convolve")`."""

    def listen(frame: FrameType, event: str, function: Any) -> None:
        if event == "call" and names.fullmatch(frame.f_code.co_name):
            parts = Path(frame.f_code.co_filename).parts
            library = next((one for one in LIBRARIES if one in parts), "")
        elif event == "c_call" and names.fullmatch(str(getattr(function, "__name__", ""))):
            library = str(getattr(function, "__module__", "")).partition(".")[0]
        elif event == "c_call" and function in SWITCHES and frame.f_code.co_filename not in GIVEN:
            note(SWITCHES[function], function.__name__)
            return
        else:
            return
        if library in LIBRARIES or (library == "torch" and threading.current_thread() is not threading.main_thread()):
            name = frame.f_code.co_name if event == "call" else function.__name__
            if not name.startswith("_"):  # within a function that is heard itself
                note(library, name)

    before, in_threads = sys.getprofile(), threading.getprofile()
    threading.setprofile(listen)
    sys.setprofile(listen)
    try:
        yield
    finally:
        sys.setprofile(before)
        threading.setprofile(in_threads)


def convolving(function: Callable[..., Any], *arguments: Any) -> list[str]:
    """What convolves, correlates or filters while a function runs, each once; it may stop with an exception."""
    names: dict[str, None] = {}

    def heard(name: str, _: tuple[Any, ...], result: Any) -> Any:
        if CONVOLVES.fullmatch(name):
            names[f"torch's {name}"] = None
        return result

    def noted(library: str, name: str) -> None:
        names[f"{library}'s {name}"] = None

    with _Operations(heard), _profiled(CONVOLVES, noted), suppress(Exception):
        function(*arguments)
    return list(names)


def operations(function: Callable[..., Any], *arguments: Any) -> int:
    """How many of torch's basic operations a function runs."""
    count = 0

    def heard(_: str, __: tuple[Any, ...], result: Any) -> Any:
        nonlocal count
        count += 1
        return result

    with _Operations(heard):
        function(*arguments)
    return count


def transforms(function: Callable[..., Any], *arguments: Any) -> list[tuple[str, int]]:
    """The Fourier transforms that a function runs, in their order: "forward" or "inverse", and of how many points.

    Of one that is not torch's (numpy.fft) the points are not known: 0.
    """
    found: list[tuple[str, int]] = []

    def heard(name: str, args: tuple[Any, ...], result: Any) -> Any:
        kind = _kind(name, args)
        if kind:
            found.append((kind, args[3] if name == "_fft_c2r" else args[0].shape[args[1][-1]]))
        return result

    def noted(_: str, name: str) -> None:
        found.append(("inverse" if name.startswith("i") else "forward", 0))

    with _Operations(heard), _profiled(TRANSFORMS, noted):
        function(*arguments)
    return found


def tampered(function: Callable[..., Any], *arguments: Any) -> Any:
    """What a function gives where each forward Fourier transform gives FORWARD, each inverse INVERSE times as much."""

    def heard(name: str, args: tuple[Any, ...], result: Any) -> Any:
        kind = _kind(name, args)
        return result * {"forward": FORWARD, "inverse": INVERSE}[kind] if kind else result

    with _Operations(heard):
        return function(*arguments)


def _kind(name: str, args: tuple[Any, ...]) -> str:
    if name == "_fft_r2c" or (name == "_fft_c2c" and args[3]):
        return "forward"
    return "inverse" if name in ("_fft_c2r", "_fft_c2c") else ""


def before_and_after(
    function: Callable[..., Any], *arguments: Any, write: bool = False
) -> tuple[list[Tensor], list[Tensor]]:
    """Call a function, and give the tensors among its arguments as they were before and as they are afterwards.

    Args:
        write: whether something is written into its results first.
    """
    given = [argument for argument in arguments if isinstance(argument, Tensor)]
    before = [tensor.clone() for tensor in given]
    result = function(*arguments)
    if write:
        for one in result if isinstance(result, tuple | list) else [result]:
            if isinstance(one, Tensor):
                with suppress(RuntimeError):  # a value that stands in several places, as `expand` gives, takes none
                    one.detach().fill_(-77)
    return before, given


def linear(weight: Tensor, bias: Tensor | None) -> nn.Linear:
    """A dense layer with these parameters, (out, in) and (out,)."""
    layer = nn.Linear(weight.shape[1], weight.shape[0], bias=bias is not None)
    with torch.no_grad():
        layer.weight.copy_(weight)
        if bias is not None:
            layer.bias.copy_(bias)
    return layer
