"""The trusted side's parser: what it gives back, and that nothing broken gets further than a WireError."""

from __future__ import annotations

import json
import socket
import struct
import time
from collections.abc import Iterator
from typing import Any

import numpy
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from exercises.checking.plain import Room, TooLargeError
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
    return decoded(text["value"], text["tensors"], encoder.blob)


def decoded(value: Any, announced: Any = (), blob: bytes = b"") -> Any:
    """What the trusted side makes of an answer."""
    return wire.decode(value, wire.tensors(list(announced), bytearray(blob)), lambda number, name: (number, name))


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**2000), 2**2000)
    | st.floats(allow_nan=False)
    | st.complex_numbers(allow_nan=False)
    | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=5) | st.integers(), inner, max_size=3)
    ),
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


@pytest.mark.parametrize("tag", ["x", "a"])
def test_truth_values_other_than_0_and_1_are_refused(tag: str) -> None:
    with pytest.raises(wire.WireError, match="truth value"):
        decoded({tag: 0}, [["bool", [2]]], bytes([1, 2]))


LYING = {  # shapes and types that are not what the bytes say
    "half_of_a_complex": ["complex128", [1]],
    "bfloat16_as_float32": ["bfloat16", [2]],
    "negative_and_negative": ["uint16", [-2, -2]],
    "product_runs_over": ["complex64", [2**32, 2**32]],
    "product_runs_over_beside_zero": ["bfloat16", [0, 2**31, 2**31]],
    "size_runs_over": ["uint8", [2**64 + 8]],
    "truth_as_size": ["uint64", [True]],
    "nan_as_size": ["uint64", [float("nan")]],
    "text_as_size": ["uint64", ["1"]],
    "nested_shape": ["uint64", [[1]]],
    "shape_as_object": ["uint64", {"0": 1}],
    "numpys_name": ["<f8", [1]],
    "objects": ["object", [1]],
    "text": ["<U2", [1]],
    "time": ["datetime64", [1]],
    "quantised": ["quint8", [8]],
    "dtype_as_object": [{"y": "torch.float64"}, [1]],
    "more_than_two": ["uint64", [1], 0],
}


@pytest.mark.parametrize("case", LYING)
@pytest.mark.parametrize("tag", ["x", "a"])
def test_a_lying_shape_or_type_is_refused_before_memory_is_taken(case: str, tag: str) -> None:
    with pytest.raises(wire.WireError):
        decoded({tag: 0}, [LYING[case]], bytes(9 if case == "half_of_a_complex" else 8))


HOSTILE = {
    "array_that_did_not_come": {"a": 1},
    "array_and_tensor_of_the_same_bytes": {"l": [{"x": 0}, {"a": 0}]},
    "array_twice": {"l": [{"a": 0}, {"a": 0}]},
    "array_by_truth": {"a": False},
    "array_by_float": {"a": 0.0},
    "array_from_behind": {"a": -1},
    "array_by_list": {"a": [0]},
    "complex_of_texts": {"c": ["nan", "1"]},
    "complex_of_whole_numbers": {"c": [1, 2]},
    "complex_of_truth": {"c": [True, 1.0]},
    "complex_of_complex": {"c": [{"c": [1.0, 1.0]}, 1.0]},
    "complex_of_one": {"c": [1.0]},
    "complex_of_three": {"c": [1.0, 1.0, 1.0]},
    "dtype_unknown": {"y": "torch.Tensor"},
    "dtype_path": {"y": "torch._C._dispatch_keys"},
    "dtype_as_list": {"y": ["torch.float32"]},
    "named_function": {"p": ["named", "torch.relu"]},
    "generator": {"p": ["generator", {"x": 0}]},
    "method": {"m": [0, "__reduce__"]},
    "slice": {"p": ["slice", {"t": [None, None, None]}]},
    "unknown": {"z": 0},
    "nothing": {},
    "key_of_float": {"d": [[0.5, 1]]},
    "key_of_truth": {"d": [[True, 1]]},
    "key_of_nothing": {"d": [[None, 1]]},
    "key_of_list": {"d": [[["a"], 1]]},
    "entry_of_three": {"d": [["a", 1, 2]]},
    "bare_list": [1],
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_value_that_no_encoder_writes_is_refused(case: str) -> None:
    with pytest.raises(wire.WireError):
        decoded(HOSTILE[case], [["float32", [1]]], bytes(4))


def test_there_is_no_array_of_bfloat16() -> None:
    with pytest.raises(wire.WireError):
        decoded({"a": 0}, [["bfloat16", [1]]], bytes(2))


def test_any_bits_make_complex_and_bfloat16_values() -> None:
    """NaN with another payload, in one part alone, is a value like others."""
    bits = struct.pack("<II", 0x7FC0DEAD, 0x3F800000)
    value = decoded({"x": 0}, [["complex64", [1]]], bits)
    assert value.dtype == torch.complex64 and value.real.isnan().all() and value.imag.item() == 1
    value = decoded({"x": 0}, [["bfloat16", [2]]], struct.pack("<HH", 0xFFC1, 0x3F80))
    assert value.dtype == torch.bfloat16 and value.isnan().tolist() == [True, False] and value[1] == 1


@pytest.mark.parametrize("tag", ["t", "l", "d"])
def test_nested_too_deeply_with_the_new_forms_is_refused(tag: str) -> None:
    value: Any = {"c": [1.0, 2.0]}
    for _ in range(wire.MAX_DEPTH):
        value = {tag: [["a", value]]} if tag == "d" else {tag: [value]}
    decoded(value)
    with pytest.raises(wire.WireError):
        decoded({"l": [{"t": [value]}]})


def test_too_many_tensors_are_refused() -> None:
    empty = ["bfloat16", [0]]
    wire.tensors([empty] * 4096, bytearray())
    with pytest.raises(wire.WireError, match="too many"):
        wire.tensors([empty] * 4097, bytearray())


@given(st.sampled_from(list(wire.NAMES)), st.lists(st.integers(0, 3), max_size=4), st.binary(min_size=16, max_size=16))
@settings(max_examples=100, deadline=None)
def test_values_travel_bit_by_bit(dtype: torch.dtype, shape: list[int], seed: bytes) -> None:
    count = int(torch.tensor(shape).prod()) * torch.empty(0, dtype=dtype).element_size()
    bits = (seed * (count // 16 + 1))[:count]
    if dtype is torch.bool:
        bits = bytes(byte & 1 for byte in bits)
    tensor = torch.frombuffer(bytearray(bits), dtype=dtype).reshape(shape) if count else torch.empty(shape, dtype=dtype)
    encoder = wire.Encoder()
    encoder.encode(tensor)
    assert encoder.blob == bits
    back = there_and_back(tensor)
    assert (back.dtype, back.shape) == (tensor.dtype, tensor.shape)


@given(plain)
@settings(max_examples=100, deadline=None)
def test_room_is_reckoned_for_at_least_what_is_written(value: Any) -> None:
    encoder = wire.Encoder(room=Room(words := 1 << 20))
    text = json.dumps(encoder.encode([value]))
    assert len(text) <= words - encoder.room.words


def test_what_has_no_room_is_said() -> None:
    encoder = wire.Encoder(room=Room(10_000, 1000))
    with pytest.raises(TooLargeError):
        encoder.encode(["\x00" * 2000])
    encoder = wire.Encoder(room=Room(10_000, 1000))
    with pytest.raises(TooLargeError):
        encoder.encode([torch.zeros(200), numpy.zeros(200)])


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


def test_large_frame_arrives_in_order_and_most_of_it_is_not_copied(pair: Pair) -> None:
    """A small tensor of a large frame is a copy, so that it does not keep the whole."""
    import threading

    small, large = torch.arange(3), torch.arange(1 << 20, dtype=torch.float32)
    for tensors in ((large, small), (small, large)):
        encoder = wire.Encoder()
        value = encoder.encode(list(tensors))
        sender = threading.Thread(target=wire.send, args=(pair[0], {"value": value}, encoder.blob))
        sender.start()
        head, blob = wire.receive(pair[1], time.monotonic() + 10)
        sender.join()
        given = wire.tensors(encoder.shapes, blob)
        address = torch.frombuffer(blob, dtype=torch.uint8).data_ptr()
        shared = [one is not None and address <= one.data_ptr() < address + len(blob) for one in given]
        assert shared == [one is large and tensors[0] is large for one in tensors]
        assert all(map(torch.equal, wire.decode(head["value"], given, lambda number, name: number), tensors))


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
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["x", "h", "t", "torch.int8"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["x", "a", "h", "t", "l", "d", "c", "y", "p", "type"]), inner, max_size=4)
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
