"""A record is read as a claim: what is none is refused in its own words, whatever it is."""

from __future__ import annotations

import json
import math
import random
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from exercises.recording.record import GIVEN, MAX_NODES, MAX_TEXT, Node, Record, RecordError, Ref
from exercises.recording.replay import Program

VALUES = (
    None, True, 3, -1.5, math.inf, -math.inf, "sum", ..., 1 + 2j, torch.int64, torch.channels_last, Ref(0),
    [Ref(0), 2], (1, (2, [Ref(0)])), {"a": Ref(0)}, slice(None, Ref(0), 2), (), [], {},
)  # fmt: skip


def text(nodes: Any = (), outputs: Any = None, named: Any = None, inputs: Any = 1) -> str:
    """A record of these parts as JSON."""
    content = {"inputs": inputs, "nodes": list(nodes), "outputs": outputs or {"t": 0}, "named": named or {}}
    return json.dumps(content)


def node(name: Any = "Tensor.relu", args: Any = ({"t": 0},), kwargs: Any = None, outs: Any = 1, grad: Any = 1) -> Any:
    return [name, list(args) if isinstance(args, tuple) else args, kwargs or {}, outs, grad]


def test_every_plain_value_comes_back() -> None:
    nodes = [Node("torch.where", (value,), {"x": value}, (1, 2), False) for value in VALUES]
    nodes += [Node("parameter", ("a.weight",), {}, 3), Node("literal", (0,), {}, 4)]
    nodes.append(Node(GIVEN, ("exercises/a/w.npy", 128, torch.float32, 7), {}, 5))
    record = Record(1, tuple(nodes), (Ref(3), [Ref(4)]), {"a.weight": 3})
    assert Record.from_text(record.to_text(), 1) == record
    (nan,) = Record.from_text(Record(0, (Node("torch.full", (math.nan,), {}, 0),), (), {}).to_text(), 0).nodes
    assert math.isnan(nan.args[0])


deep: Any = 1
for _ in range(3000):
    deep = [deep]

HOSTILE = {
    "nothing": "",
    "no JSON": "{",
    "a number": "7",
    "a list": "[]",
    "null": "null",
    "no nodes": '{"inputs": 1, "outputs": null, "named": {}}',
    "deep JSON": "[" * 100_000,
    "lists in lists": text([node(args=([[[[[[[[[[[1]]]]]]]]]]],))]),
    "no name of an operation": text([node("Tensor.numpy")]),
    "a module's name": text([node("os.system")]),
    "a name that is none": text([node(7)]),
    "a name in a list": text([node(["Tensor.relu"])]),
    "a long name": text([node("x" * 10_000)]),
    "a long text": text([node(args=({"t": 0}, "x" * 10_000))]),
    "out": text([node(kwargs={"out": {"t": 0}})]),
    "generator": text([node(kwargs={"generator": None})]),
    "a tensor from nowhere": text([node(args=({"t": 5},))]),
    "a tensor of later": text([node(args=({"t": 1},), outs=1)]),
    "a tensor in a slice from nowhere": text([node("Tensor.__getitem__", ({"t": 0}, {"s": [None, {"t": 9}, None]}))]),
    "a negative number of a tensor": text([node(args=({"t": -1},))]),
    "a number with a point": text([node(args=({"t": 0.0},))]),
    "a truth value as a number": text([node(args=({"t": True},))]),
    "a huge number of a tensor": text([node(outs=10**9)]),
    "outs that are none": text([node(outs="1")]),
    "outs in lists": text([node(outs=[[1]])]),
    "a huge whole number": text([node(args=({"t": 0}, 1 << 70))]),
    "digits": '{"inputs": ' + "9" * 5000 + ', "nodes": [], "outputs": null, "named": {}}',
    "an unknown value": text([node(args=({"z": 0},))]),
    "a value of two keys": text([node(args=({"t": 0, "f": "nan"},))]),
    "an empty value": text([node(args=({},))]),
    "no float": text([node(args=({"f": "1"},))]),
    "a float in a list": text([node(args=({"f": ["nan"]},))]),
    "no data type": text([node(args=({"d": "Tensor"},))]),
    "a data type in a list": text([node(args=({"d": []},))]),
    "no memory format": text([node(args=({"m": "strided"},))]),
    "a complex number of one": text([node(args=({"c": [1]},))]),
    "a complex number of texts": text([node(args=({"c": ["1", "2"]},))]),
    "a slice of two": text([node(args=({"s": [1, 2]},))]),
    "a slice of a number": text([node(args=({"s": 3},))]),
    "a tuple of a number": text([node(args=({"u": 3},))]),
    "a dict of a list": text([node(args=({"o": [1]},))]),
    "arguments that are none": text([node(args={"t": 0})]),
    "too many arguments": text([node(args=[1] * 100)]),
    "named arguments that are none": text([["Tensor.relu", [{"t": 0}], [1], 1, 1]]),
    "a node of four": text([["Tensor.relu", [{"t": 0}], {}, 1]]),
    "a node that is a text": text(["relu!"]),
    "grad that is neither": text([node(grad=2)]),
    "grad that is a list": text([node(grad=[])]),
    "too many nodes": text([node()] * (MAX_NODES + 1)),
    "too long": " " * (MAX_TEXT + 1),
    "too many inputs": text(inputs=1000),
    "inputs that are none": text(inputs="1"),
    "an output from nowhere": text(outputs={"t": 3}),
    "a named one from nowhere": text(named={"a": 3}),
    "named that are none": text(named=[1]),
    "a named one that is no number": text(named={"a": "0"}),
    "a literal that did not come": text([node("literal", (1,))]),
    "a literal before the first": text([node("literal", (-1,))]),
    "a literal by a name": text([node("literal", ("0",))]),
    "a literal by a truth value": text([node("literal", (True,))]),
    "a parameter by a number": text([node("parameter", (0,))]),
    "a parameter by two": text([node("parameter", ("a", "b"))]),
    "a parameter with an option": text([node("parameter", ("a",), {"x": 1})]),
    "a parameter that gives several": text([node("parameter", ("a",), outs=[1, 2])]),
    "a parameter in the place of an input": text([node("parameter", ("a",), outs=0)]),
    "a given file without a place": text([node("given", ("exercises/a.npy",))]),
    "a given file by numbers": text([node("given", (1, 2, {"d": "float32"}, 4))]),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_record_is_refused(name: str) -> None:
    with pytest.raises(RecordError):
        Record.from_text(HOSTILE[name], 1)


def test_of_two_keys_alike_the_last_one_counts_and_is_checked() -> None:
    twice = text([node()], outputs={"t": 1})[:-1] + ', "nodes": []}'
    with pytest.raises(RecordError, match="not there"):
        Record.from_text(twice, 0)


plain = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.sampled_from("tfuosecdm")),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("tfuosecdmz"), inner, max_size=2)
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(plain, plain, plain, plain, plain)
def test_nothing_but_its_own_error_comes_of_any_values(name: Any, args: Any, kwargs: Any, outs: Any, rest: Any) -> None:
    for one in ([name, args, kwargs, outs, rest], ["Tensor.add", [{"t": 0}, args], kwargs, outs, 1], rest):
        for words in (text([one]), text(outputs=args, named=kwargs), json.dumps(rest)):
            try:
                record = Record.from_text(words, 1)
            except RecordError:
                continue
            assert Record.from_text(record.to_text(), 1).to_text() == record.to_text()
            Program(record)


def test_a_record_with_bytes_changed_is_one_or_is_refused() -> None:
    whole = Record(
        1,
        (
            Node("parameter", ("w",), {}, 1),
            Node("nn.linear", (Ref(0), Ref(1)), {}, 2),
            Node("Tensor.__getitem__", (Ref(2), (Ellipsis, slice(None, 3, None))), {}, 3, False),
        ),
        Ref(3),
        {"w": 1},
    ).to_text()
    draw = random.Random(1)
    for _ in range(3000):
        letters = list(whole)
        for _ in range(draw.randint(1, 4)):
            letters[draw.randrange(len(letters))] = draw.choice('{}[]",:0123456789tuxe\\-. ')
        try:
            Program(Record.from_text("".join(letters), 1))
        except RecordError:
            continue
