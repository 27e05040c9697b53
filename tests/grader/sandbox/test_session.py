"""What the trusted side makes of what a session says: a process that lies is ended, and nothing breaks."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from grader.sandbox import wire
from grader.sandbox.errors import SessionEndedError
from grader.sandbox.message import ProtocolError
from grader.sandbox.outside.processes import student_error
from grader.sandbox.outside.session import End, Session
from grader.sandbox.protocol import KernelCell, Nothing, Request


class Container:
    """The container of a session that is played here."""

    def end(self, session: int, grace_s: float) -> End:
        return End()

    def spent_until_now_s(self) -> float:
        return 0.0


@contextlib.contextmanager
def session_that_says(said: dict[str, Any]) -> Iterator[Session]:
    """A session whose other side answers one request with this, and with the true `n` unless it says another."""
    ours, theirs = socket.socketpair()

    def answer() -> None:
        head, _ = wire.receive(theirs)
        wire.send(theirs, {"n": head["n"], **said})

    thread = threading.Thread(target=answer)
    thread.start()
    try:
        yield Session(Container(), ours, 7)
    finally:
        thread.join()
        ours.close()
        theirs.close()


@pytest.mark.parametrize("n", ["", "0123456789abcdef", None, 5, ["0"], {"a": 1}, True])
def test_answer_with_another_n_ends_the_session(n: Any) -> None:
    with session_that_says({"value": 1, "n": n}) as session:
        with pytest.raises(SessionEndedError, match="wrote an answer of its own on the grader's channel") as caught:
            session.request(Request(Nothing()), cpu_s=1.0, wall_s=20.0)
        assert caught.value.hostile and session.ended is caught.value


@pytest.mark.parametrize(
    ("said", "value", "raised"),
    [
        ({}, None, False),
        ({"value": 5}, 5, False),
        ({"value": 5, "error": None}, 5, True),
        ({"error": {"summary": 1}}, None, True),
        ({"op": "value", "kinds": 3, "tensors": []}, None, False),
    ],
)
def test_what_an_answer_holds_besides_is_a_claim(said: dict[str, Any], value: Any, raised: bool) -> None:
    with session_that_says(said) as session:
        answer, _ = session.request(Request(Nothing()), cpu_s=1.0, wall_s=20.0)
    assert (answer.value, answer.raised, answer.tensors) == (value, raised, [])
    if raised:
        with pytest.raises(ProtocolError, match="an error report is not of the protocol's form"):
            student_error(answer)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({}, "has broken the program that runs it"),
        ({"value": 5}, "has broken the program that runs it"),
        ({"value": {"l": []}, "error": {}}, "has broken the program that runs it"),
        ({"value": [1]}, "answered in a form that no honest program writes"),
        ({"value": [1], "error": {}}, "answered in a form that no honest program writes"),
        (
            {"value": {"l": [{"x": 0}]}, "tensors": [["float32", [1]]]},
            "answered in a form that no honest program writes",
        ),
    ],
)
def test_cell_that_shows_no_list_is_an_act(said: dict[str, Any], told: str) -> None:
    with session_that_says(said) as session, pytest.raises(SessionEndedError, match=told) as caught:
        session.run_cell(KernelCell("1", False, 1.0, 1.0), cpu_s=1.0, wall_s=20.0)
    assert caught.value.hostile


def test_cell_shows_its_list() -> None:
    with session_that_says({"value": {"l": [{"d": [["output_type", "stream"]]}]}}) as session:
        shown = session.run_cell(KernelCell("1", False, 1.0, 1.0), cpu_s=1.0, wall_s=20.0)
    assert shown == [{"output_type": "stream"}]
