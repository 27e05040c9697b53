"""A session: a process in the container that runs the student's code on request."""

from __future__ import annotations

import secrets
import signal
import socket
import time
from dataclasses import dataclass
from typing import Any, Protocol

from exercises.checking.plain import ANSWER_WORDS
from exercises.checking.verdict import Cause
from grader.sandbox import wire
from grader.sandbox.errors import SessionEndedError
from grader.sandbox.inside.confine import Limits
from grader.sandbox.inside.memory import OUT_OF_MEMORY, used_up
from grader.sandbox.message import ProtocolError
from grader.sandbox.protocol import Answer, Cell, KernelCell, Request

MAX_CELL = 16 << 20  # bytes of what a notebook's cell shows, as JSON
UNWATCHED_S = 0.5  # of each request; most are answered long before
USUAL = Limits()
NEARLY_ALL = 0.8  # of its memory: a process that ends by itself there has most likely found no more
LATE = "does a loop never end?"


@dataclass(frozen=True)
class End:
    """How a session ended.

    Attributes:
        code:    exit code (negative: signal), None if it was still there and we ended it.
        stopped: why the container stopped it before, empty if it did not.
        peak_mb: the most memory that it has held.
    """

    code: int | None = None
    stopped: str = ""
    peak_mb: float = 0.0


class Owner(Protocol):
    """What a session has to know of the container that it runs in."""

    def end(self, session: int, grace_s: float) -> End:
        """End a session and all that it has started."""

    def spent_until_now_s(self) -> float:
        """Processor time of all processes of the container."""


class Session:
    """A process in the container that runs the student's code on request."""

    def __init__(self, container: Owner, sock: socket.socket, number: int, limits: Limits = USUAL) -> None:
        self._container, self._socket, self._number, self._limits = container, sock, number, limits
        self.ended: SessionEndedError | None = None

    def request(
        self, request: Request, blob: bytes | memoryview = b"", *, cpu_s: float, wall_s: float
    ) -> tuple[Answer, wire.Blob]:
        """Send one request and wait for its answer, which is a claim.

        Args:
            blob: the bytes of the tensors that the request speaks of.

        Returns:
            the answer, and the bytes of its tensors.

        Raises:
            SessionEndedError: the process died or was stopped; from then on every request raises the same.
        """
        if self.ended:
            raise self.ended
        nonce = secrets.token_hex(8)
        deadline = time.monotonic() + wall_s
        try:
            wire.send(self._socket, request.to_head(nonce, cpu_s), blob, deadline)
            words = MAX_CELL if isinstance(request.ask, (Cell, KernelCell)) else ANSWER_WORDS
            self._wait(deadline, cpu_s)
            head, data = wire.receive(self._socket, deadline, max_json=words, max_blob=self._limits.answer_mb << 20)
        except TimeoutError:
            raise self._over(f"did not answer within {wall_s:.0f} s", LATE, cause=Cause.STOPPED) from None
        except (EOFError, ConnectionError):
            end = self._end(grace_s=1.0)
            if end.code == -signal.SIGXCPU and not end.stopped:
                raise self._over(_used_up(cpu_s), LATE, cause=Cause.STOPPED) from None
            fact, cause = _ending_in_words(end, self._limits.memory_mb)
            raise self._over(fact, cause=cause) from None
        except wire.WireError as error:
            raise self._over(f"wrote something else on the grader's channel ({error})", hostile=True) from None
        answer = Answer.from_head(head)
        if answer.n != nonce:
            raise self._over("wrote an answer of its own on the grader's channel", hostile=True)
        return answer, data

    def run_cell(self, cell: KernelCell, *, cpu_s: float, wall_s: float) -> list[Any]:
        """Run a notebook's cell, and hand back what it claims to have shown.

        Raises:
            SessionEndedError: the process died, was stopped, or did not answer as the program that runs cells does.
        """
        answer, _ = self.request(Request(cell), cpu_s=cpu_s, wall_s=wall_s)
        try:
            shown = wire.decode(answer.value, [], lambda number, type_name: None)
        except ProtocolError as error:
            raise SessionEndedError(
                f"the code answered in a form that no honest program writes: {error}", hostile=True
            ) from None
        if not isinstance(shown, list) or answer.raised:
            raise SessionEndedError("the code has broken the program that runs it", hostile=True)
        return shown

    def _wait(self, deadline: float, cpu_s: float) -> None:
        """Wait until an answer begins to arrive, and see to it that the request takes no more than it may.

        The process has a limit of its own, which code in it can raise; and nothing limits what it starts.

        Raises:
            TimeoutError: nothing came before the deadline.
            SessionEndedError: all processes together have taken more than `cpu_s`.
        """
        before, patience = None, UNWATCHED_S
        while not wire.readable(self._socket, min(patience, deadline - time.monotonic())):
            if time.monotonic() >= deadline:
                raise TimeoutError
            spent = self._container.spent_until_now_s()
            before = spent if before is None else before
            if spent - before > cpu_s + 1:  # the limit of the process itself comes first, and is rounded up
                raise self._over(_used_up(cpu_s), LATE, cause=Cause.STOPPED)
            patience = max(UNWATCHED_S, (cpu_s + 1 - (spent - before)) / 2)

    def close(self) -> None:
        if self.ended is None:
            self._over("has ended")

    def _over(self, fact: str, advice: str = "", hostile: bool = False, cause: Cause = Cause.LOST) -> SessionEndedError:
        if self.ended is None:
            self.ended = SessionEndedError(fact, advice, hostile, cause, who="the code")
            self._end(grace_s=0.0)
        return self.ended

    def _end(self, grace_s: float) -> End:
        self._socket.close()
        if self._number < 0:
            return End()
        number, self._number = self._number, -1
        return self._container.end(number, grace_s)


def _ending_in_words(end: End, memory_mb: int) -> tuple[str, Cause]:
    """How a session ended, in words for the student and as what it means for a verdict.

    Args:
        memory_mb: what it might hold.
    """
    code = end.code
    if end.stopped:
        return f"was stopped: {end.stopped}", Cause.STOPPED
    if code == OUT_OF_MEMORY or (code not in (None, 0, -signal.SIGKILL) and end.peak_mb > NEARLY_ALL * memory_mb):
        return used_up(memory_mb), Cause.STOPPED
    if code is None:
        return "closed its connection to the grader and was stopped", Cause.ENDED
    if code == -signal.SIGKILL:
        return "was stopped: it used up its limits", Cause.STOPPED
    if code < 0:
        return f"crashed its process ({signal.Signals(-code).name})", Cause.CRASHED
    return f"ended its own process (exit code {code})", Cause.ENDED


def _used_up(cpu_s: float) -> str:
    return f"used more than {cpu_s:.0f} s of processor time and was stopped"
