"""What travels between a check and the student's code: one rule for the same process and for the sandbox.

As themselves: None, truth values, whole numbers of up to 2048 bits, floats, complex numbers, texts, dtypes; tensors and
NumPy arrays of the types in `DTYPES`; tuples (named ones and torch.Size as plain tuples), lists, and dicts whose keys
are texts or whole numbers (ordered ones and the like as plain dicts).  NumPy's scalars are the Python numbers that they
are.  Tensors arrive on the CPU, contiguous, without a history, and as copies.

To the student alone: a generator of torch, NumPy or Python in its state, a slice, an ellipsis, and a function by its
name.

All else stays where it is: what the student gives, behind a handle; a check that sends it has a fault.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from json.encoder import encode_basestring_ascii
from types import EllipsisType
from typing import Any

import numpy
import torch
from torch import Tensor
from torch.nn.parameter import is_lazy

from .named import CannotTravelError, Named, function_of

MAX_DEPTH = 16  # of values in values
MAX_DIMENSIONS = 8
MAX_SIZE = 64 << 20  # along one axis, and of all others beside an empty one
MAX_BITS = 2048  # of a whole number: Python reads no text of much more, and may be told to read less
MAX_TENSORS = 4096  # and arrays, in one answer or call
ANSWER_WORDS = 1 << 20  # characters of JSON, besides tensors, as `Room` reckons them
CALL_WORDS = 4 << 20
CALL_BYTES = 64 << 20  # of tensors and arrays in one call

# What tensors and arrays consist of: torch's name -> type, NumPy's name for the same bytes.
DTYPES: dict[str, tuple[torch.dtype, str]] = {
    "float16": (torch.float16, "<f2"),
    "bfloat16": (torch.bfloat16, "<i2"),
    "float32": (torch.float32, "<f4"),
    "float64": (torch.float64, "<f8"),
    "complex64": (torch.complex64, "<c8"),
    "complex128": (torch.complex128, "<c16"),
    "uint8": (torch.uint8, "|u1"),
    "uint16": (torch.uint16, "<u2"),
    "uint32": (torch.uint32, "<u4"),
    "uint64": (torch.uint64, "<u8"),
    "int8": (torch.int8, "|i1"),
    "int16": (torch.int16, "<i2"),
    "int32": (torch.int32, "<i4"),
    "int64": (torch.int64, "<i8"),
    "bool": (torch.bool, "|b1"),
}
NAMES = {dtype: name for name, (dtype, _) in DTYPES.items()}
ARRAYS = {numpy.dtype(form): name for name, (dtype, form) in DTYPES.items() if dtype is not torch.bfloat16}
ALL_DTYPES = {str(one): one for one in vars(torch).values() if isinstance(one, torch.dtype)}

SCALARS = (
    (numpy.bool_, bool),
    (numpy.integer, int),
    (numpy.floating, float),
    (numpy.complexfloating, complex),
    (numpy.str_, str),
)
BIT_GENERATORS = ("MT19937", "PCG64", "PCG64DXSM", "Philox", "SFC64")
STAYS: Any = object()  # in the place of what does not travel as itself


class TooLargeError(CannotTravelError):
    """A value of more parts, or a call of more bytes, than travel at once."""


def simple(value: Any) -> Any:
    """A value in the class that it arrives in, with its items as they are; STAYS where it does not travel."""
    kind = type(value)
    if kind is Tensor:
        return value if _has_values(value) else STAYS
    if value is None or kind in (tuple, list, bool, float, complex, str, torch.dtype):
        return value
    if kind is int:
        return value if value.bit_length() <= MAX_BITS else STAYS
    if kind is dict and all([type(key) is str for key in value]):
        return value
    if isinstance(value, dict):
        return _dict(value)
    if isinstance(value, tuple):
        return tuple.__getitem__(value, slice(None))
    if isinstance(value, Tensor):
        return _tensor(value)
    if kind in (numpy.ndarray, numpy.memmap):
        return value if value.dtype.newbyteorder("<") in ARRAYS and fits(value.shape) else STAYS
    if isinstance(value, numpy.generic) and not isinstance(value, numpy.timedelta64):
        return next((python(value) for known, python in SCALARS if isinstance(value, known)), STAYS)
    return STAYS


def _dict(value: dict[Any, Any]) -> Any:
    plain = {simple(key) if isinstance(key, numpy.generic) else key: item for key, item in dict.items(value)}
    fit = all(type(key) is str or (type(key) is int and simple(key) is not STAYS) for key in plain)
    return plain if fit else STAYS


def _tensor(value: Tensor) -> Any:
    """A tensor of a class of its own as torch's own class has it."""
    if is_lazy(value) or torch._C._dispatch_keys(value).has(torch._C.DispatchKey.Python):
        return STAYS
    with torch._C.DisableTorchFunctionSubclass():
        value = value.detach().as_subclass(Tensor)
        return value if _has_values(value) else STAYS


def _has_values(value: Tensor) -> bool:
    """Whether a tensor has values that can be listed, of a type that travels."""
    return (
        value.dtype in NAMES
        and value.layout is torch.strided
        and not value.is_meta
        and not value.is_nested
        and fits(value.shape)
    )


def fits(shape: tuple[int, ...]) -> bool:
    """Whether a tensor or an array may be of this shape.  How many bytes it may have is not said here."""
    if len(shape) > MAX_DIMENSIONS:
        return False
    return 0 not in shape or math.prod(size for size in shape if size) <= MAX_SIZE


def raw(value: Tensor | numpy.ndarray[Any, Any]) -> numpy.ndarray[Any, Any]:
    """The values of a tensor or an array that travels, as an array of the form that `DTYPES` names."""
    if isinstance(value, Tensor):
        if value.dtype is torch.bfloat16:
            value = value.detach().view(torch.int16)
        array = value.numpy(force=True)
        return _truth(array) if value.dtype is torch.bool else array
    array = value.astype(value.dtype.newbyteorder("<"), copy=False)
    return _truth(array) if array.dtype.kind == "b" else array


def _truth(array: numpy.ndarray[Any, Any]) -> numpy.ndarray[Any, Any]:
    """Truth values whose bytes are 0 and 1: a view of other bytes may have any."""
    return numpy.asarray(array.view(numpy.uint8) != 0)


def copied(value: Any) -> Any:
    """A copy of a tensor or an array as it arrives."""
    array = raw(value).copy(order="C")
    if not isinstance(value, Tensor):
        return array
    tensor = torch.from_numpy(array)
    return tensor.view(torch.bfloat16) if value.dtype is torch.bfloat16 else tensor


class Room:
    """How much may travel at once.  Both sides reckon alike, and a little more than what a frame then holds.

    Args:
        words: characters of JSON.
        size:  bytes of tensors and arrays.
    """

    def __init__(self, words: int = ANSWER_WORDS, size: float = math.inf) -> None:
        self.words, self.size, self.tensors = words, size, MAX_TENSORS

    def take(self, value: Any) -> None:
        """Make room for a plain value, without its items.

        Raises:
            TooLargeError: there is none.
        """
        kind = type(value)
        self.words -= 32
        if kind is Tensor or isinstance(value, numpy.ndarray):
            self.words -= 128
            self.tensors -= 1
            self.size -= value.nbytes
        elif kind is str:
            self.words -= 12 * len(value) if len(value) < 256 else len(encode_basestring_ascii(value))
        elif kind is int:
            self.words -= value.bit_length() // 3
        elif kind is complex:
            self.words -= 32
        elif kind is dict:
            for key in value:
                self.take(key)
        if self.words < 0 or self.tensors < 0 or self.size < 0:
            raise TooLargeError(
                "a check sends more in one call than can travel at once: "
                f"{CALL_BYTES >> 20} MB of tensors, {MAX_TENSORS:,} of them, {CALL_WORDS >> 20} MB of all else"
            )


def seen(value: Any, room: Room, stays: Callable[[Any], Any], depth: int = 0) -> Any:
    """What arrives of a value: copies, and in the place of what does not travel what `stays` gives for it.

    Raises:
        TooLargeError: there is no room for it.
    """
    found = simple(value)
    kind = type(found)
    if found is STAYS or (depth >= MAX_DEPTH and kind in (tuple, list, dict)):
        room.take(kind_of(value))
        return stays(value)
    room.take(found)
    if kind is Tensor or isinstance(found, numpy.ndarray):
        return copied(found)
    if kind is tuple or kind is list:
        return kind([seen(item, room, stays, depth + 1) for item in found])
    if kind is dict:
        return {key: seen(item, room, stays, depth + 1) for key, item in found.items()}
    return found


def is_plain(value: Any) -> bool:
    """Whether a value travels as itself, with all that it holds."""
    stayed: list[Any] = []
    try:
        seen(value, Room(), stayed.append)
    except TooLargeError:
        return False
    return not stayed


def is_built(maker: Any, thing: Any) -> bool:
    """Whether a thing stays where it is because its own class has been called for it, as that of a NamedTuple."""
    return isinstance(maker, type) and isinstance(thing, tuple | list | dict) and type(thing) not in (tuple, list, dict)


def kind_of(thing: Any) -> str:
    """What a check is told of a thing that stays: a word for its class, and why it stays where that is not clear."""
    name = type(thing).__qualname__
    if isinstance(thing, Tensor):
        if thing.is_meta:
            name = "tensor on the device meta, where there are no values"
        elif thing.dtype not in NAMES:
            name = f"tensor of {thing.dtype}"
        elif thing.layout is not torch.strided:
            name = f"tensor in the layout {thing.layout}"
        elif not is_lazy(thing) and thing.dim() > MAX_DIMENSIONS:
            name = f"tensor of {thing.dim()} dimensions, of which {MAX_DIMENSIONS} travel"
    elif type(thing) is int:
        name = f"int of {thing.bit_length()} bits"
    elif type(thing) is str:
        name = f"text of {len(thing)} characters"
    elif type(thing) in (tuple, list, dict):
        name = f"{name} of {len(thing)}"
    return name[:80]


def packed(value: Any) -> tuple[str, Any] | None:
    """What travels to the student alone, as a word for it and a plain value; None for all else."""
    if isinstance(value, Named):
        return "named", value.name
    if isinstance(value, torch.Generator) and value.device.type == "cpu":
        return "generator", value.get_state()
    if type(value) is numpy.random.Generator and type(value.bit_generator).__name__ in BIT_GENERATORS:
        return "numpy_generator", dict(value.bit_generator.state)
    if type(value) is numpy.random.RandomState:
        return "numpy_random_state", value.get_state(legacy=False)
    if type(value) is random.Random:
        return "python_random", value.getstate()
    if type(value) is slice:
        return "slice", (value.start, value.stop, value.step)
    return ("ellipsis", None) if isinstance(value, EllipsisType) else None


def unpacked(word: str, content: Any) -> Any:
    """What `packed` has made a word and a plain value of."""
    if word == "named":
        return function_of(content)
    if word == "generator":
        made = torch.Generator()
        made.set_state(content)
        return made
    if word == "numpy_generator":
        bits = getattr(numpy.random, content["bit_generator"])()
        bits.state = content
        return numpy.random.Generator(bits)
    if word == "numpy_random_state":
        legacy = numpy.random.RandomState()
        legacy.set_state(content)
        return legacy
    if word == "python_random":
        own = random.Random()
        own.setstate(content)
        return own
    return slice(*content) if word == "slice" else ...


def cannot_travel(thing: Any) -> CannotTravelError:
    """What to raise for a thing that a check sends and that does not travel."""
    words = "send plain values, tensors, and what the student's code has built"
    if isinstance(thing, Tensor):
        words = "send values, and have the student's code work on them"
    elif callable(thing) and hasattr(thing, "__name__"):
        words = "name a function, by_name('torch.relu') or one of a given module"
    return CannotTravelError(f"a check sends what cannot travel ({kind_of(thing)}): {words}")
