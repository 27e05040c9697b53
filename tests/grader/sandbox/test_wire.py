"""The trusted side's parser: what it gives back, and that nothing broken gets further than a WireError."""

from __future__ import annotations

import json
import socket
import struct
import time
from collections.abc import Iterator
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.sandbox import wire
from grader.sandbox.protocol import Answer

Pair = tuple[socket.socket, socket.socket]


@pytest.fixture
def pair() -> Iterator[Pair]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def there_and_back(value: Any) -> Any:
    encoder = wire.Encoder()
    text = json.loads(json.dumps({"value": encoder.encode(value), "tensors": encoder.shapes}))
    return wire.decode(
        text["value"], wire.tensors(text["tensors"], bytearray(encoder.blob)), lambda number, name: (number, name)
    )


plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


@given(plain)
def test_plain_values_come_back_as_they_were(value: Any) -> None:
    assert there_and_back(value) == value


@pytest.mark.parametrize("dtype", list(wire.NAMES))
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 0, 4), (2, 3, 4)])
def test_tensors_come_back_with_dtype_and_shape(dtype: torch.dtype, shape: tuple[int, ...]) -> None:
    tensor = (torch.rand(shape) * 3).to(dtype)
    back = there_and_back({"a": tensor, "b": (tensor.T if tensor.dim() == 2 else tensor,)})
    assert back["a"].dtype == dtype and torch.equal(back["a"], tensor)


def test_nan_and_infinity_travel() -> None:
    back = there_and_back(torch.tensor([float("nan"), float("inf")]))
    assert back.isnan().tolist() == [True, False] and back.isinf().tolist() == [False, True]


def test_thing_that_does_not_travel_is_refused_or_referred_to() -> None:
    with pytest.raises(wire.WireError, match="object does not travel"):
        wire.Encoder().encode(object())
    encoder = wire.Encoder(lambda thing: wire.Reference(5, type(thing).__name__))
    assert encoder.encode([object()]) == {"l": [{"h": 5, "type": "object"}]}


@pytest.mark.parametrize(
    "announced",
    [
        "float32",
        [["float32", [2]], 3],
        [["complex32", [2]]],
        [["float32", [-1]]],
        [["float32", [True]]],
        [["float32", [1.0]]],
        [["float32", [1] * 9]],
        [["float32", [2**40, 2**40]]],
        [["float32", [3]]],
        [["float64", [2]]],
        [[["float32"], [2]]],
        [],
    ],
)
def test_announced_shapes_that_do_not_fit_the_bytes_are_refused(announced: Any) -> None:
    with pytest.raises(wire.WireError):
        wire.tensors(announced, bytearray(8))


def test_truth_values_other_than_0_and_1_are_refused() -> None:
    with pytest.raises(wire.WireError, match="truth value"):
        wire.tensors([["bool", [2]]], bytearray([1, 7]))


def test_value_nested_too_deeply_is_refused() -> None:
    value: Any = 1
    for _ in range(100):
        value = {"l": [value]}
    with pytest.raises(wire.WireError):
        wire.decode(value, [], lambda number, name: None)


def test_frame_arrives_whole(pair: Pair) -> None:
    wire.send(pair[0], {"a": 1}, b"xyz")
    assert wire.receive(pair[1], time.monotonic() + 1) == ({"a": 1}, bytearray(b"xyz"))


def test_frame_over_the_cap_is_refused_before_memory_is_taken(pair: Pair) -> None:
    pair[0].sendall(wire.HEADER.pack(wire.MAGIC, 2, wire.MAX_BLOB + 1) + b"{}")
    with pytest.raises(wire.WireError, match="over the cap"):
        wire.receive(pair[1], time.monotonic() + 1)


def test_announced_but_missing_bytes_take_no_memory_and_end_at_the_deadline(pair: Pair) -> None:
    import tracemalloc

    pair[0].sendall(wire.HEADER.pack(wire.MAGIC, 2, wire.MAX_BLOB) + b"{}")
    tracemalloc.start()
    begin = time.monotonic()
    with pytest.raises(TimeoutError):
        wire.receive(pair[1], time.monotonic() + 0.2)
    assert time.monotonic() - begin < 1
    assert tracemalloc.get_traced_memory()[1] < 2 << 20
    tracemalloc.stop()


def test_slow_drip_does_not_outlive_the_deadline(pair: Pair) -> None:
    import threading

    def drip() -> None:
        for byte in wire.HEADER.pack(wire.MAGIC, 50, 0):
            time.sleep(0.05)
            pair[0].send(bytes([byte]))

    thread = threading.Thread(target=drip)
    thread.start()
    with pytest.raises(TimeoutError):
        wire.receive(pair[1], time.monotonic() + 0.3)
    thread.join()


def test_end_of_the_other_side_is_told(pair: Pair) -> None:
    pair[0].close()
    with pytest.raises(EOFError):
        wire.receive(pair[1], time.monotonic() + 1)


def read_all(data: bytes) -> None:
    """Receive and decode a frame of these bytes; only the documented errors may come."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(data)
        theirs.shutdown(socket.SHUT_WR)
        try:
            head, blob = wire.receive(ours, time.monotonic() + 2)
            answer = Answer.from_head(head)
            wire.decode(answer.value, wire.tensors(answer.tensors, blob), lambda number, name: number)
        except (wire.WireError, EOFError):
            pass


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_give_a_documented_error(data: bytes) -> None:
    read_all(data)
    read_all(wire.HEADER.pack(wire.MAGIC, len(data), 0) + data)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(["x", "h", "t"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["x", "h", "t", "l", "d", "type", "value", "tensors", "n"]), inner, max_size=4
        )
    ),
    max_leaves=20,
)


@settings(max_examples=300, deadline=None)
@given(anything, anything, st.binary(max_size=64))
def test_any_json_gives_a_documented_error(value: Any, tensors: Any, blob: bytes) -> None:
    text = json.dumps({"value": value, "tensors": tensors}).encode()
    read_all(wire.HEADER.pack(wire.MAGIC, len(text), len(blob)) + text + blob)


def test_header_is_twelve_bytes_big_endian() -> None:
    assert wire.HEADER.pack(wire.MAGIC, 1, 2) == b"GRF1" + struct.pack(">II", 1, 2)
