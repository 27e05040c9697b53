"""Frames between the trusted side and the sandbox: length-capped JSON and raw tensors, never pickle.

A frame is `magic, JSON length, blob length` (big-endian), the JSON, the blob.  A value inside the JSON is itself where
JSON has it, else an object of one key: {"t": tuple}, {"l": list}, {"d": [[key, value]]}, {"c": [real, imaginary]},
{"x": tensor number}, {"a": number of a NumPy array}, {"y": dtype}, {"h": handle number, "type": name}.  To the student
alone go {"m": [handle number, name of a method]} and {"p": [word, value]}, which is what `plain.packed` gives.  Data
type and shape of each tensor and array are listed in the JSON; the blob holds their bytes one after the other.
Everything is checked before memory is taken for it.  What travels at all is said in `exercises.checking.plain`, what a
frame's JSON says besides is `protocol`'s.
"""

from __future__ import annotations

import contextlib
import json
import math
import mmap
import select
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy
import torch
from torch import Tensor

from exercises.checking.plain import (
    ALL_DTYPES,
    DTYPES,
    MAX_DEPTH,
    MAX_DIMENSIONS,
    MAX_TENSORS,
    NAMES,
    STAYS,
    Room,
    kind_of,
    packed,
    raw,
    simple,
)

from .message import ProtocolError

MAGIC = b"GRF1"
HEADER = struct.Struct(">4sII")
MAX_JSON = 16 << 20
MAX_BLOB = 64 << 20
CHUNK = 1 << 18
LARGE = 1 << 20  # bytes of a blob that is not copied on its way
ALIGNED = 64  # bytes

Tensors = list[Tensor | None]  # None: taken
Blob = bytearray | memoryview


class WireError(ProtocolError):
    """A frame or a value breaks the protocol."""


@dataclass(frozen=True)
class Reference:
    """A thing that stayed on the other side.

    Attributes:
        type_name: the other side's word for its class.
        method:    the name of the method of it that is meant, if any.
    """

    number: int
    type_name: str = ""
    method: str = ""


def send(
    sock: socket.socket, head: dict[str, Any], blob: bytes | memoryview = b"", deadline: float | None = None
) -> None:
    """Send one frame.

    Args:
        deadline: on the clock of time.monotonic(); None waits for ever.

    Raises:
        TimeoutError: the other side did not take it by the deadline.
        WireError:    it is over the caps.
    """
    text = json.dumps(head).encode()
    if len(text) > MAX_JSON or len(blob) > MAX_BLOB:
        raise WireError(f"a frame of {len(text)} + {len(blob)} bytes is over the cap")
    start = HEADER.pack(MAGIC, len(text), len(blob)) + text
    try:
        sent = sock.sendmsg((start, blob), (), socket.MSG_DONTWAIT)  # nearly always all of it, in one system call
    except BlockingIOError:
        sent = 0
    if sent == len(start) + len(blob):
        return
    if deadline is not None:
        sock.settimeout(max(0.001, deadline - time.monotonic()))
    try:
        sock.sendall(memoryview(start)[sent:])
        sock.sendall(memoryview(blob)[max(0, sent - len(start)) :])
    finally:
        sock.settimeout(None)


def readable(sock: socket.socket, timeout_s: float) -> bool:
    """Wait until there is something to read, or the end; False where nothing came in time."""
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    return bool(poll.poll(max(0.0, timeout_s) * 1000))


def receive(
    sock: socket.socket, deadline: float | None = None, *, max_json: int = MAX_JSON, max_blob: int = MAX_BLOB
) -> tuple[dict[str, Any], Blob]:
    """Read one frame.  Memory is taken as bytes arrive, never on the word of a header.

    Args:
        deadline: on the clock of time.monotonic(); None waits for ever.
        max_json, max_blob: caps in bytes for what is expected here.

    Raises:
        TimeoutError: the frame was not complete by the deadline.
        EOFError:     the other side is gone.
        WireError:    the frame breaks the protocol.
    """
    magic, json_length, blob_length = HEADER.unpack(_read(sock, HEADER.size, deadline))
    if magic != MAGIC:
        raise WireError("not a frame")
    if json_length > max_json or blob_length > max_blob:
        raise WireError(f"a frame of {json_length} + {blob_length} bytes is over the cap")
    text = _read(sock, json_length, deadline)
    blob = _read(sock, blob_length, deadline) if blob_length < LARGE else _read_large(sock, blob_length, deadline)
    try:
        head = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise WireError(f"not JSON: {type(error).__name__}") from None
    if not isinstance(head, dict):
        raise WireError("the JSON is not an object")
    return head, blob


def _read(sock: socket.socket, length: int, deadline: float | None) -> bytearray:
    data = bytearray()
    while len(data) < length:
        piece = bytearray(min(CHUNK, length - len(data)))
        data += memoryview(piece)[: _read_into(sock, memoryview(piece), deadline)]
    return data


def _read_large(sock: socket.socket, length: int, deadline: float | None) -> memoryview:
    """The same without copies: addresses are taken at once, and their memory, in large pages, as bytes arrive."""
    data = _pages(length)
    count = 0
    while count < length:
        count += _read_into(sock, data[count:], deadline)
    return data


def _pages(length: int) -> memoryview:
    """So many zeros, whose memory is taken where it is written to."""
    pages = mmap.mmap(-1, length, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    with contextlib.suppress(OSError):  # a kernel without large pages
        pages.madvise(mmap.MADV_HUGEPAGE)
    return memoryview(pages)


def _read_into(sock: socket.socket, place: memoryview, deadline: float | None) -> int:
    """Read what there is, up to the length of the place; returns how many bytes."""
    while True:
        try:
            count = sock.recv_into(place, 0, 0 if deadline is None else socket.MSG_DONTWAIT)
        except BlockingIOError:
            if deadline is None or not readable(sock, deadline - time.monotonic()):
                raise TimeoutError from None
            continue
        except ConnectionError:
            count = 0
        if deadline is not None and time.monotonic() > deadline:  # a dribble of bytes would never let it block
            raise TimeoutError
        if not count:
            raise EOFError
        return count


class Encoder:
    """Collects the tensors and arrays of one frame while its values are turned into JSON.

    Args:
        refer: gives a Reference for a thing that does not travel; without it such a thing is a WireError.
        room:  for what is encoded from now on.
        sends: whether what travels to the student alone may be among it.
    """

    def __init__(
        self, refer: Callable[[Any], Reference] | None = None, room: Room | None = None, *, sends: bool = False
    ) -> None:
        self.refer, self.room, self._sends = refer, room or Room(MAX_JSON, MAX_BLOB), sends
        self.shapes: list[list[Any]] = []
        self.parts: list[bytes] = []

    @property
    def blob(self) -> bytes | memoryview:
        if self.size < LARGE:
            return b"".join(self.parts)
        whole, end = _pages(self.size), 0
        for part in self.parts:
            whole[end : end + len(part)] = part
            end += len(part)
        return whole

    @property
    def size(self) -> int:
        """Bytes of the blob."""
        return sum(map(len, self.parts))

    def back_to(self, count: int) -> None:
        """Forget the tensors and arrays after the first ones."""
        del self.shapes[count:], self.parts[count:]

    def encode(self, value: Any, depth: int = 0) -> Any:
        """A value as JSON.

        Raises:
            TooLargeError: there is no room for it.
            WireError:     it does not travel, and nothing refers to it.
        """
        found = simple(value)
        kind = type(found)
        if kind is Tensor:
            self.room.take(found)
            return self._values("x", NAMES[found.dtype], found)
        if found is STAYS or (depth >= MAX_DEPTH and kind in (tuple, list, dict)):
            return self._elsewhere(value, depth)
        self.room.take(found)
        if kind is tuple:
            return {"t": [self.encode(item, depth + 1) for item in found]}
        if kind is list:
            return {"l": [self.encode(item, depth + 1) for item in found]}
        if kind is dict:
            return {"d": [[key, self.encode(item, depth + 1)] for key, item in found.items()]}
        if kind is complex:
            return {"c": [found.real, found.imag]}
        if isinstance(found, numpy.ndarray):
            return self._values("a", found.dtype.name, found)
        return {"y": str(found)} if kind is torch.dtype else found

    def _values(self, tag: str, name: str, value: Any) -> Any:
        self.shapes.append([name, list(value.shape)])
        self.parts.append(raw(value).tobytes())
        return {tag: len(self.shapes) - 1}

    def _elsewhere(self, value: Any, depth: int) -> Any:
        if not isinstance(value, Reference):
            self.room.take(kind_of(value))
            parts = packed(value) if self._sends else None
            if parts is not None:
                return {"p": [parts[0], self.encode(parts[1], depth + 1)]}
            if self.refer is None:
                raise WireError(f"a {type(value).__qualname__} does not travel")
            value = self.refer(value)
        return {"m": [value.number, value.method]} if value.method else {"h": value.number, "type": value.type_name}


def tensors(announced: Any, blob: Blob) -> Tensors:
    """The tensors that a frame announces, each a copy of its own, or most of the blob.

    Args:
        announced: data type and shape of each, as `Encoder.shapes` has them.

    Raises:
        WireError: dtype, shape or length are not what they should be.
    """
    if not isinstance(announced, list) or len(announced) > MAX_TENSORS:
        raise WireError("tensors: not a list, or too many")
    plan = []
    for entry in announced:
        if not (isinstance(entry, list) and len(entry) == 2 and isinstance(entry[0], str) and entry[0] in DTYPES):
            raise WireError("tensors: dtype not known")
        shape = entry[1]
        if not (isinstance(shape, list) and len(shape) <= MAX_DIMENSIONS):
            raise WireError("tensors: shape of too many dimensions")
        if not all(type(size) is int and 0 <= size <= MAX_BLOB for size in shape):
            raise WireError("tensors: sizes are whole numbers from 0")
        if math.prod(size for size in shape if size) > MAX_BLOB:
            raise WireError("tensors: a shape beside zeros that no memory could hold")
        plan.append((DTYPES[entry[0]][0], numpy.dtype(DTYPES[entry[0]][1]), shape, math.prod(shape)))
    if sum(count * form.itemsize for _, form, _, count in plan) != len(blob):
        raise WireError("tensors: the bytes do not match the shapes")
    result: Tensors = []
    offset = 0
    for dtype, form, shape, count in plan:
        raw = blob[offset : offset + count * form.itemsize]
        if isinstance(raw, memoryview) and (offset % ALIGNED or 2 * len(raw) < len(blob)):
            raw = bytearray(raw)
        if dtype is torch.bool and any(byte > 1 for byte in set(raw)):
            raise WireError("tensors: a truth value is 0 or 1")
        array = numpy.frombuffer(raw, dtype=form).reshape(shape) if count else numpy.empty(shape, form)
        tensor = torch.from_numpy(array)
        result.append(tensor.view(dtype) if dtype is torch.bfloat16 else tensor)
        offset += count * form.itemsize
    return result


def decode(
    value: Any,
    given: Tensors,
    resolve: Callable[[int, str], Any],
    unpack: Callable[[str, Any], Any] | None = None,
    depth: int = 0,
) -> Any:
    """Turn JSON back into a value.

    Each tensor is taken out of `given`: one that stands for thousands of values would cost thousands of copies later.

    Args:
        resolve: gives the thing for a handle's number and type name.
        unpack:  as `plain.unpacked`; without it nothing comes that travels to the student alone.

    Raises:
        WireError: the JSON is not of the form that `Encoder` writes.
    """
    if value is None or type(value) in (bool, int, float, str):
        return value
    if depth > MAX_DEPTH + 1 or not isinstance(value, dict):
        raise WireError("a value is not of the protocol's form")
    match value:
        case {"t": list() as items}:
            return tuple([decode(item, given, resolve, unpack, depth + 1) for item in items])
        case {"x": number}:
            return _taken(number, given)
        case {"l": list() as items}:
            return [decode(item, given, resolve, unpack, depth + 1) for item in items]
        case {"d": list() as items}:
            return {key: decode(item, given, resolve, unpack, depth + 1) for key, item in map(_pair, items)}
        case {"h": int() as number}:
            return resolve(number, str(value.get("type", ""))[:80])
        case {"c": [float() as real, float() as imaginary]}:
            return complex(real, imaginary)
        case {"a": number}:
            tensor = _taken(number, given)
            if tensor.dtype is not torch.bfloat16:  # NumPy has none
                return tensor.numpy()
        case {"y": str() as name} if name in ALL_DTYPES:
            return ALL_DTYPES[name]
        case {"p": [str() as word, content]} if unpack is not None:
            return unpack(word, decode(content, given, resolve, unpack, depth + 1))
        case {"m": [int() as number, str() as name]} if unpack is not None:
            return getattr(resolve(number, ""), name)
    raise WireError("a value is not of the protocol's form")


def _taken(number: Any, given: Tensors) -> Tensor:
    """A tensor that a frame brought, once."""
    if type(number) is not int or not 0 <= number < len(given):
        raise WireError("a value names a tensor that did not come")
    tensor, given[number] = given[number], None
    if tensor is None:
        raise WireError("two values name one tensor")
    return tensor


def _pair(item: Any) -> tuple[str | int, Any]:
    if not (isinstance(item, list) and len(item) == 2 and type(item[0]) in (str, int)):
        raise WireError("a dictionary's entry is not of the protocol's form")
    return item[0], item[1]
