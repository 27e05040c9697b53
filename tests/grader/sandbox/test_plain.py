"""What a check sees of a value is the same in the student's own process and through the sandbox's frames."""

from __future__ import annotations

import enum
from collections import OrderedDict, namedtuple
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from exercises.checking.expect import describe
from exercises.checking.plain import is_plain
from exercises.checking.student import LocalThing, _wrap
from grader.sandbox import wire

Pair = namedtuple("Pair", "first second")


class Kind(enum.IntEnum):
    ONE = 1


class Thing:
    pass


VALUES: dict[str, tuple[Any, Any]] = {  # value, and what a check sees; Thing where it stays behind a handle
    "int": (3, 3),
    "numpy_int64": (np.int64(3), 3),
    "floor_as_int": (np.floor(3.7).astype(int), 3),
    "numpy_uint8": (np.uint8(3), 3),
    "numpy_float64": (np.float64(0.5), 0.5),
    "numpy_float32": (np.float32(0.5), 0.5),
    "numpy_bool": (np.bool_(True), True),
    "numpy_text": (np.str_("a"), "a"),
    "size": (torch.Size([2, 3]), (2, 3)),
    "shape_of_array": (np.ones((2, 3)).shape, (2, 3)),
    "numbers_in_a_tuple": ((np.int32(1), [np.int64(2)]), (1, [2])),
    "numbers_in_a_dict": (OrderedDict(a=np.int64(2)), {"a": 2}),
    "none": (None, None),
    "array_without_axes": (np.array(3), Thing),
    "array": (np.ones(3), Thing),
    "named_tuple": (Pair(1, 2), Thing),
    "values_and_indices": (torch.ones(2, 2).max(dim=0), Thing),
    "enum": (Kind.ONE, Thing),
    "numbers_as_keys": ({1: 2}, Thing),
    "object": (Thing(), Thing),
}


def through_the_wire(value: Any) -> Any:
    things: dict[int, Any] = {}

    def refer(thing: Any) -> wire.Reference:
        things[len(things)] = thing
        return wire.Reference(len(things) - 1, type(thing).__qualname__)

    encoder = wire.Encoder(refer)
    data = encoder.encode(value)
    given = wire.tensors(encoder.shapes, bytearray(encoder.blob))
    return wire.decode(data, given, lambda number, type_name: LocalThing(things[number], Path()))


@pytest.mark.parametrize("case", VALUES)
def test_values_travel_alike(case: str) -> None:
    value, due = VALUES[case]
    here, there = _wrap(value, Path()), through_the_wire(value)
    assert describe(here) == describe(there)
    assert is_plain(value) is (due is not Thing)
    for found in (here, there):
        if due is Thing:
            assert isinstance(found, LocalThing)
        else:
            assert (type(found), found) == (type(due), due)


def test_a_thing_in_a_tuple_stays_behind_while_the_rest_travels() -> None:
    value = (torch.ones(2), Thing(), np.int64(1))
    for found in (_wrap(value, Path()), through_the_wire(value)):
        assert torch.equal(found[0], torch.ones(2)) and found[2] == 1
        assert isinstance(found[1], LocalThing) and found[1].type_name == "Thing"
        assert describe(found) == "tuple: ([1, 1], shape (2,), a Thing, 1)"


def test_a_list_that_holds_itself_comes_to_an_end() -> None:
    value: list[Any] = []
    value.append(value)
    for found in (_wrap(value, Path()), through_the_wire(value)):
        assert describe(found) == "list: [a list of 1]"
