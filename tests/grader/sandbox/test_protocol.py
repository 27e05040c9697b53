"""The protocol: each message has its place and somebody who serves it, travels whole, and is read by form."""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.repository import REPOSITORY
from grader.sandbox import message, protocol
from grader.sandbox.inside import container, session
from grader.sandbox.message import Channel, Form, Message, ProtocolError, operation_of, to_head
from grader.sandbox.protocol import Answer, Raised, Request

SANDBOX = REPOSITORY / "grader" / "sandbox"
TO = (protocol.START, protocol.TO_WARM, protocol.TO_CONTAINER, protocol.TO_SESSION)
FROM = (protocol.FROM_WARM, protocol.FROM_CONTAINER)
MESSAGES = sorted({kind for channel in (*TO, *FROM) for kind in channel.kinds}, key=lambda kind: kind.__name__)
CASES: dict[type[Message], Message] = {
    type(one): one
    for one in (
        protocol.Start(3, "full", "/tmp/x", ("/usr", "/opt/python"), 300.0),
        protocol.Give("0af3", 120),
        protocol.Given("0af3"),
        protocol.Fork(1, {"memory_mb": 1024, "cpu_s": 120}, "0af3"),
        protocol.Ready(),
        protocol.Failed("OSError: no"),
        protocol.Started(1),
        protocol.Ended(1, -9, 2.5),
        protocol.PutFiles({"exercises/a.py": 3, "b": 0}),
        protocol.FilesPut(2),
        protocol.OpenSession(".cache/"),
        protocol.SessionOpened(7),
        protocol.EndSession(7, 1.0),
        protocol.SessionEnded(7, None, "", 0.5, 12.5),
        protocol.GetSpent(),
        protocol.Spent(0.5),
        protocol.Nothing(),
        protocol.Import("exercises.tiny.answer"),
        protocol.Block({"exercises.tiny.answer": "it hangs"}),
        protocol.Cell("1 + 1"),
        protocol.KernelCell("1 + 1", True, 30.0, 90.0),
        protocol.Get("exercises.tiny.answer", ("Net",), -1),
        protocol.Call(4, ("forward",), {"t": [{"x": 0}]}, {"d": []}),
    )
}


def named_in(folder: str) -> set[str]:
    """Every name in the modules of a folder of the sandbox."""
    nodes = [
        node
        for path in (SANDBOX / folder).glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    ]
    return {node.attr for node in nodes if isinstance(node, ast.Attribute)} | {
        node.id for node in nodes if isinstance(node, ast.Name)
    }


def keys_in(node: ast.AST) -> Sequence[ast.AST | None]:
    """What a node takes as a dictionary's key, or compares with something."""
    match node:
        case ast.Dict(keys=keys) | ast.MatchMapping(keys=keys):
            return keys
        case ast.Subscript(slice=key) | ast.MatchValue(value=key):
            return [key]
        case ast.Compare(left=left, comparators=others):
            return [left, *others]
        case ast.Call(func=ast.Attribute(attr="get" | "pop" | "setdefault"), args=arguments):
            return arguments
    return []


# -- to add a message: define it, add it to its channel, serve it, say it ---------------------------------------------


def test_each_message_belongs_to_a_channel() -> None:
    defined = {one for one in vars(protocol).values() if isinstance(one, type) and issubclass(one, Message)}
    assert defined - {Message} == set(MESSAGES)


def test_each_message_to_the_sandbox_has_a_handler_inside() -> None:
    assert set(protocol.TO_CONTAINER.kinds) == set(container.HANDLERS)
    assert set(protocol.TO_SESSION.kinds) == set(session.HANDLERS)
    assert protocol.TO_WARM.kinds == (protocol.Give, protocol.Fork)  # both by name in inside.warm


def test_each_message_is_said_by_its_own_side() -> None:
    outside = named_in("outside") | {"KernelCell"}  # `grading.adopted.running` says that one
    assert {kind.__name__ for channel in TO for kind in channel.kinds} - outside == set()
    assert {kind.__name__ for channel in FROM for kind in channel.kinds} - named_in("inside") == set()


def test_each_message_has_an_operation_of_its_own() -> None:
    operations = [operation_of(kind) for kind in MESSAGES]
    assert len(set(operations)) == len(operations)


def test_fields_of_a_request_and_of_what_it_asks_for_stand_side_by_side() -> None:
    own = {one.name for one in fields(Request)} | {message.OPERATION}
    for kind in protocol.TO_SESSION.kinds:
        assert is_dataclass(kind) and own.isdisjoint(one.name for one in fields(kind)), kind


def test_no_operation_and_no_key_is_written_out_but_in_the_protocol() -> None:
    """Whoever compares, subscripts or builds a dictionary with one of these words speaks the protocol by hand."""
    words = {message.OPERATION, *map(operation_of, MESSAGES)}
    for kind in (*MESSAGES, Request, Answer, Raised):
        words |= {one.name for one in fields(kind)} if is_dataclass(kind) else set()
    speakers = [REPOSITORY / "grader" / "grading" / "adopted" / "running.py", *SANDBOX.rglob("*.py")]
    found = [
        f"{path.name}, line {part.lineno}: {part.value}"
        for path in speakers
        if path.name not in ("protocol.py", "message.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for part in keys_in(node)
        if isinstance(part, ast.Constant) and part.value in words
    ]
    assert found == []


def test_protocol_rests_on_the_standard_library_alone() -> None:
    for path in (SANDBOX / "protocol.py", SANDBOX / "message.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                assert all(alias.name in sys.stdlib_module_names for alias in node.names), path
            if isinstance(node, ast.ImportFrom):
                own = node.level == 1 and node.module == "message"
                assert own or (node.level == 0 and str(node.module).split(".")[0] in sys.stdlib_module_names), path


# -- what travels -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", MESSAGES, ids=lambda kind: kind.__name__)
def test_message_travels_whole(kind: type[Message]) -> None:
    channel = next(channel for channel in (*TO, *FROM) if kind in channel.kinds)
    assert channel.from_head(json.loads(json.dumps(to_head(CASES[kind])))) == CASES[kind]


@pytest.mark.parametrize("kind", protocol.TO_SESSION.kinds, ids=lambda kind: kind.__name__)
def test_request_travels_whole(kind: type[Message]) -> None:
    steps = (protocol.Get("a.b", ("c",), -1), protocol.Call(-1, (), {"t": []}, {"d": []}, -2))
    request = Request(CASES[kind], "tiny", 5, steps, [["float32", [2, 3]]])
    there = Request.from_head(json.loads(json.dumps(request.to_head("0f", 2.0))))
    assert there == replace(request, n="0f", cpu_s=2.0)


def test_answer_is_a_value_or_an_error() -> None:
    value = Answer({"t": []}, [["float32", [1]]], n="0f")
    error = Answer(error=vars(Raised("KeyError: 'a'", ("KeyError",), (("answer.py", 3, "raise"),))), n="0f")
    assert "error" not in value.to_head() and "value" not in error.to_head()
    for answer in (value, error):
        assert Answer.from_head(json.loads(json.dumps(answer.to_head()))).raised == answer.raised
    told = Raised.from_claim(json.loads(json.dumps(error.error)))
    assert told == Raised("KeyError: 'a'", ("KeyError",), (("answer.py", 3, "raise"),))


# -- what is not of its form ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "head",
    [
        None,
        [],
        {},
        {"op": ["spent"]},
        {"op": "Spent", "cpu_s": 1.0},
        {"op": "spent"},
        {"op": "spent", "cpu_s": None},
        {"op": "spent", "cpu_s": True},
        {"op": "sessionended", "session": 1, "code": "0", "stopped": "", "cpu_s": 0.0},
        {"op": "getspent"},  # of the other direction
    ],
)
def test_what_is_no_answer_of_process_1_is_refused(head: Any) -> None:
    with pytest.raises(ProtocolError):
        protocol.FROM_CONTAINER.from_head(head)


@pytest.mark.parametrize(
    ("key", "wrong"),
    [("source", 1), ("source", None), ("before", {}), ("before", [{"op": "import", "module": "a"}]), ("seed", "7")],
)
def test_request_of_another_form_is_refused(key: str, wrong: Any) -> None:
    head = {**Request(protocol.Cell("1")).to_head("0f", 2.0), key: wrong}
    with pytest.raises(ProtocolError):
        Request.from_head(head)


def test_type_that_nobody_can_read_is_noticed_when_the_message_is_defined() -> None:
    assert Form(protocol.Fork).read({"number": 1, "limits": {}}) == protocol.Fork(1, {})
    with pytest.raises(ProtocolError, match="value of a dictionary has another type"):
        Form(protocol.Fork).read({"number": 1, "limits": {"cpu_s": 1.5}})
    with pytest.raises(ProtocolError, match="number is missing"):
        Form(protocol.Fork).read({"limits": {}})


keys = st.sampled_from(["op", "value", "tensors", "error", "n", "summary", "kinds", "where", "before", "root", "path"])
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3) | st.sampled_from(["call", "cell"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=6),
    max_leaves=20,
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(keys, anything, max_size=8))
def test_any_json_is_an_answer_or_raises_the_documented_error(head: dict[str, Any]) -> None:
    answer = Answer.from_head(head)
    assert answer.raised == ("error" in head) and answer.n == head.get("n")
    channels: tuple[Channel[Any], ...] = (*TO, *FROM)
    for read in (Raised.from_claim, Request.from_head, *(channel.from_head for channel in channels)):
        try:
            read(head)
            read(head.get("error") or {})
        except ProtocolError:
            pass


def test_report_of_an_error_is_cut_to_its_caps() -> None:
    lines = [["a" * 200, 1, "b" * 900], ["a.py", "1", "text"], 5] + [["a.py", n, "text"] for n in range(7)]
    told = Raised.from_claim({"summary": "s" * 9000, "kinds": [1] * 90, "where": lines})
    assert len(told.summary) == protocol.MAX_SUMMARY and told.kinds == ("1",) * protocol.MAX_KINDS
    assert told.where == tuple(("a.py", n, "text") for n in range(7))  # the last eight, but for what is no line
