"""One submission's container.  Plain blocking sockets, no threads, so that it works inside any program."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any

from grader.sandbox import wire
from grader.sandbox.errors import ContainerBrokenError, SandboxError
from grader.sandbox.inside.confine import Limits

from .session import End, Session
from .warm import REPLY_S, Usage, _lock, warm_process

DATA = ".cache/"  # data sets, which only notebooks read


class Container:
    """One submission's container, as a context manager.

    Args:
        files: path below the working folder -> content; everything the submission may see of this course.
    """

    def __init__(self, files: Mapping[str, bytes], limits: Limits | None = None) -> None:
        self._files = files
        self.limits = limits or Limits()
        self.usage = Usage(0.0)
        self.spent_cpu_s = 0.0  # by sessions that have ended
        self._sockets: list[socket.socket] = []  # of sessions

    def __enter__(self) -> Container:
        _lock.acquire()  # one container at a time in this process
        try:
            self._warm = warm_process()
            self._number, self._socket, self._handle = self._warm.fork(self.limits)
        except BaseException:
            _lock.release()
            raise
        try:
            self._expect("ready", self._receive())
            entries = [[path, len(content)] for path, content in self._files.items()]
            self._ask("files", {"op": "files", "files": entries}, b"".join(self._files.values()))
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            signal.pidfd_send_signal(self._handle, signal.SIGKILL)  # process 1: the kernel takes the whole tree
            self.usage = self._warm.wait(self._number)
        except ProcessLookupError:
            self.usage = self._warm.wait(self._number)
        finally:
            for sock in (self._socket, *self._sockets):
                sock.close()
            os.close(self._handle)
            _lock.release()

    def session(self, *, data: bool = False) -> Session:
        """Fork a fresh process in which nothing of the submission has been imported yet.

        Args:
            data: whether it finds the files below DATA too.
        """
        ours, theirs = socket.socketpair()
        self._sockets.append(ours)
        with theirs:
            try:
                wire.send(self._socket, {"op": "session", "without": "" if data else DATA})
                socket.send_fds(self._socket, [b"."], [theirs.fileno()])
            except OSError as error:
                raise self._gone(error) from error
            return Session(self, ours, self._expect("session", self._receive()))

    def end(self, session: int, grace_s: float) -> End:
        """End a session and all that it has started."""
        self._ask("ended", {"op": "end", "session": session, "grace_s": grace_s})
        self.spent_cpu_s = float(self._last["cpu_s"])
        return End(self._last["code"], self._last["stopped"])

    def spent_until_now_s(self) -> float:
        """Processor time of all processes, those that still run included (where the tier can see them)."""
        return float(self._ask("spent", {"op": "spent"}))

    def _ask(self, key: str, head: dict[str, Any], blob: bytes = b"") -> Any:
        try:
            wire.send(self._socket, head, blob)
        except OSError as error:
            raise self._gone(error) from error
        return self._expect(key, self._receive())

    def _receive(self) -> dict[str, Any]:
        try:
            head, _ = wire.receive(self._socket, time.monotonic() + REPLY_S)
        except (EOFError, TimeoutError, OSError, wire.WireError) as error:
            raise self._gone(error) from error
        return head

    def _gone(self, error: Exception) -> SandboxError:
        """Process 1 runs no student code and fails in no other way: if it is gone, the submission has brought it down.

        Unless the submission has had no turn yet, or the warm process is gone too: then the fault is ours.
        """
        reason = f"{type(error).__name__} {error}".strip()
        if self._sockets and self._warm.alive:
            return ContainerBrokenError(f"the container does not answer any more: {reason}")
        return SandboxError(f"the container does not answer: {reason}")

    def _expect(self, key: str, head: dict[str, Any]) -> Any:
        if key not in head:
            raise SandboxError(f"the container could not start: {head.get('failed', head)}")
        self._last = head
        return head[key]
