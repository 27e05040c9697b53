"""One submission's container.  Plain blocking sockets, no threads, so that it works inside any program."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Mapping
from types import TracebackType
from typing import TypeVar

from grader.sandbox import wire
from grader.sandbox.errors import ContainerBrokenError, SandboxError
from grader.sandbox.inside.confine import Limits
from grader.sandbox.message import Message, ProtocolError, to_head
from grader.sandbox.protocol import (
    DATA_FOLDER,
    FROM_CONTAINER,
    EndSession,
    Failed,
    FilesPut,
    GetSpent,
    OpenSession,
    PutFiles,
    Ready,
    SessionEnded,
    SessionOpened,
    Spent,
)

from .given import GivenFiles
from .session import End, Session
from .warm import CONTAINER_LOCK, REPLY_S, Usage, warm_process

M = TypeVar("M", bound=Message)


class Container:
    """One submission's container, as a context manager.

    Args:
        files: path below the working folder -> content; everything the submission may see of this course.
        given: more of these, which lie there for all submissions and can only be read.
    """

    def __init__(
        self, files: Mapping[str, bytes], limits: Limits | None = None, given: GivenFiles | None = None
    ) -> None:
        self._files, self._given = files, given
        self.limits = limits or Limits()
        self.usage = Usage(0.0)
        self.spent_cpu_s = 0.0  # by sessions that have ended
        self._sockets: list[socket.socket] = []  # of sessions
        self._empty: Container | None = None

    def __enter__(self) -> Container:
        CONTAINER_LOCK.acquire()
        try:
            self._warm = warm_process()
            self._number, self._socket, self._handle = self._warm.fork(self.limits, self._given)
        except BaseException:
            CONTAINER_LOCK.release()
            raise
        try:
            self._receive(Ready)
            sizes = {path: len(content) for path, content in self._files.items()}
            try:
                self._ask(PutFiles(sizes), FilesPut, b"".join(self._files.values()))
            except wire.WireError as error:
                raise SandboxError(f"the submission's files do not fit: {error}") from None
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._empty is not None:
                self._empty.__exit__(kind, error, trace)
        finally:
            self._end()

    def _end(self) -> None:
        try:
            signal.pidfd_send_signal(self._handle, signal.SIGKILL)  # process 1: the kernel takes the whole tree
            self.usage = self._warm.wait(self._number)
        except ProcessLookupError:
            self.usage = self._warm.wait(self._number)
        finally:
            for sock in (self._socket, *self._sockets):
                sock.close()
            os.close(self._handle)
            CONTAINER_LOCK.release()

    @property
    def empty(self) -> Container:
        """Another container with the same limits and given files, none of the submission's.

        It is opened when first asked for, and ends with this one.

        Raises:
            SandboxError: it could not be opened.
        """
        if self._empty is None:
            self._empty = Container({}, self.limits, self._given).__enter__()
        return self._empty

    def session(self, *, data: bool = False) -> Session:
        """Fork a fresh process in which nothing of the submission has been imported yet.

        Args:
            data: whether it finds the files below DATA_FOLDER too.
        """
        ours, theirs = socket.socketpair()
        self._sockets.append(ours)
        with theirs:
            try:
                wire.send(self._socket, to_head(OpenSession("" if data else DATA_FOLDER)))
                socket.send_fds(self._socket, [b"."], [theirs.fileno()])
            except OSError as error:
                raise self._gone(error) from error
            return Session(self, ours, self._receive(SessionOpened).session, self.limits)

    def end(self, session: int, grace_s: float) -> End:
        """End a session and all that it has started."""
        ended = self._ask(EndSession(session, grace_s), SessionEnded)
        self.spent_cpu_s = ended.cpu_s
        return End(ended.code, ended.stopped, ended.peak_mb)

    def spent_until_now_s(self) -> float:
        """Processor time of all processes, those that still run included (where the tier can see them)."""
        return self._ask(GetSpent(), Spent).cpu_s

    def _ask(self, message: Message, answer: type[M], blob: bytes = b"") -> M:
        try:
            wire.send(self._socket, to_head(message), blob)
        except OSError as error:
            raise self._gone(error) from error
        return self._receive(answer)

    def _receive(self, expected: type[M]) -> M:
        try:
            head, _ = wire.receive(self._socket, time.monotonic() + REPLY_S)
            answer = FROM_CONTAINER.from_head(head)
        except (EOFError, TimeoutError, OSError, ProtocolError) as error:
            raise self._gone(error) from error
        if not isinstance(answer, expected):
            reason = answer.reason if isinstance(answer, Failed) else answer
            raise SandboxError(f"the container could not start: {reason}")
        return answer

    def _gone(self, error: Exception) -> SandboxError:
        """Process 1 runs no student code and fails in no other way: if it is gone, the submission has brought it down.

        Unless the submission has had no turn yet, or the warm process is gone too: then the fault is ours.
        """
        reason = f"{type(error).__name__} {error}".strip()
        if self._sockets and self._warm.alive:
            return ContainerBrokenError(f"the container does not answer any more: {reason}")
        return SandboxError(f"the container does not answer: {reason}")
