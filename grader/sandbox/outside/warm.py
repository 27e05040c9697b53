"""The warm process, which has imported torch and is forked for every container.

One serves the whole process; it is started when first needed and again when it has gone.
"""

from __future__ import annotations

import json
import multiprocessing.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import asdict, dataclass

from grader.sandbox.errors import SandboxError
from grader.sandbox.inside.confine import Limits
from grader.sandbox.message import Message, ProtocolError, to_head
from grader.sandbox.protocol import (
    FROM_WARM,
    MAX_MESSAGE_BYTES,
    Ended,
    Failed,
    Fork,
    Give,
    Given,
    Ready,
    Start,
    Started,
)

from .given import GivenFiles
from .surroundings import environment, visible_folders

START_S = 120.0  # generous: the first start after an installation reads gigabytes from disk
REPLY_S = 30.0  # for what the trusted code inside answers by itself
IDLE_S = 300.0
TIER = "GRADER_ISOLATION"  # environment variable: "full", or "reduced" where the machine has no namespaces


@dataclass(frozen=True)
class Usage:
    """What a container has used, all its processes together."""

    cpu_s: float


def tier() -> str:
    """The tier of isolation that was asked for: "full" unless the environment names "reduced".

    Raises:
        SandboxError: it names something else.
    """
    asked = os.environ.get(TIER, "full")
    if asked not in ("full", "reduced"):
        raise SandboxError(f"{TIER}={asked}: there is full (namespaces, the default) and reduced (without them)")
    return asked


class WarmProcess:
    """The process that has imported torch and is forked for every container."""

    def __init__(self) -> None:
        self.tier = tier()
        self._scratch = tempfile.mkdtemp(prefix="grader-root-")
        box = "/box"  # below a root of its own, where nothing exists outside
        if self.tier == "reduced":
            box = f"{self._scratch}/warm"
            os.makedirs(f"{box}/tmp")
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        start = Start(theirs.fileno(), self.tier, self._scratch, visible_folders(), IDLE_S)
        begin = time.monotonic()
        self._process = subprocess.Popen(
            [sys.executable, "-s", "-P", "-m", "grader.sandbox.inside.warm", json.dumps(to_head(start))],
            env=environment(box),
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd="/",
            start_new_session=True,
        )
        theirs.close()
        self._count = 0
        self._kept: set[str] = set()  # names of given files
        self._ended: dict[int, Ended] = {}
        try:
            answer, _ = self._message(START_S)
        except SandboxError:
            self.close()
            raise
        if not isinstance(answer, Ready):
            self.close()
            reason = answer.reason if isinstance(answer, Failed) else answer
            raise SandboxError(
                f"the sandbox cannot start: {reason}. `python -m grader doctor` names what is missing "
                f"and the command that mends it. To grade with less isolation instead, say so by name: {TIER}=reduced "
                "(docs/security.md tells what that leaves open)"
            )
        self.start_s = time.monotonic() - begin

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def fork(self, limits: Limits, given: GivenFiles | None = None) -> tuple[int, socket.socket, int]:
        """Start a container.  Returns its number, the socket to talk to it, and a handle (pidfd) to kill it.

        Args:
            given: files that it is to see; they travel to this process with the first container that needs them.
        """
        if given is not None and given.name not in self._kept:
            self._give(given)
        ours, theirs = socket.socketpair()
        self._count += 1
        with theirs:
            self._say(Fork(self._count, asdict(limits), given.name if given else ""), theirs.fileno())
        try:
            return self._count, ours, self._reply(Started(self._count))[0]
        except BaseException:
            ours.close()
            raise

    def _give(self, given: GivenFiles) -> None:
        descriptor, listing = given.descriptor()
        try:
            self._say(Give(given.name, listing), descriptor)
        finally:
            os.close(descriptor)
        self._reply(Given(given.name))
        self._kept.add(given.name)

    def _say(self, message: Message, descriptor: int) -> None:
        socket.send_fds(self._control, [json.dumps(to_head(message)).encode()], [descriptor])

    def _reply(self, expected: Message) -> list[int]:
        """Wait for an answer, and note what comes before it.  Returns the handles that come along.

        Raises:
            SandboxError: the warm process could not do it, or does not answer.
        """
        while True:
            answer, handles = self._message(REPLY_S)
            if answer == expected:
                return handles
            self._note(answer, handles)
            if isinstance(answer, Failed):
                raise SandboxError(answer.reason)

    def wait(self, number: int) -> Usage:
        """Wait for the end of a container that has been killed."""
        while number not in self._ended:
            self._note(*self._message(REPLY_S))
        return Usage(self._ended.pop(number).cpu_s)

    def _note(self, answer: Message, descriptors: list[int]) -> None:
        """A container has ended, or one that nobody waits for any more has started after all."""
        if isinstance(answer, Ended):
            self._ended[answer.number] = answer
        for handle in descriptors:
            signal.pidfd_send_signal(handle, signal.SIGKILL)
            os.close(handle)

    def _message(self, timeout_s: float) -> tuple[Message, list[int]]:
        self._control.settimeout(timeout_s)
        try:
            message, descriptors, _, _ = socket.recv_fds(self._control, MAX_MESSAGE_BYTES, 1)
        except TimeoutError:
            raise SandboxError(f"the warm process did not answer within {timeout_s:.0f} s") from None
        if not message:
            said = b""
            if self._process.stderr:
                self._process.wait(REPLY_S)
                said = self._process.stderr.read()[-2000:]
            raise SandboxError(
                f"the warm process has gone: {said.decode(errors='replace').strip() or 'it said nothing'}"
            )
        try:
            return FROM_WARM.from_head(json.loads(message)), descriptors
        except (ValueError, ProtocolError) as error:
            raise SandboxError(f"the warm process said what nobody understands: {error}") from None

    def close(self) -> None:
        """End the process and wait for it, so that its processor time counts as ours."""
        self._control.close()  # it ends by itself then
        try:
            self._process.wait(REPLY_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stderr:
            self._process.stderr.close()
        self.clear()

    def clear(self) -> None:
        """Remove the folder that was made for it."""
        if self.tier == "reduced":
            shutil.rmtree(self._scratch, ignore_errors=True)
        elif os.path.isdir(self._scratch):
            os.rmdir(self._scratch)  # empty: it was mounted upon in another mount namespace only


_warm: WarmProcess | None = None
_owner = 0
CONTAINER_LOCK = threading.RLock()  # held by whoever has a container in this process


def warm_process() -> WarmProcess:
    """This process's warm process, started if there is none or it has gone.  A forked child starts its own."""
    global _warm, _owner
    with CONTAINER_LOCK:
        if _warm is None or _owner != os.getpid() or not _warm.alive or _warm.tier != tier():
            if _warm is not None and _owner == os.getpid():
                _warm.close()
            _warm, _owner = WarmProcess(), os.getpid()
            # unlike atexit's functions, these run in the processes of a pool too
            multiprocessing.util.Finalize(None, close_warm_process, exitpriority=1)
        return _warm


def close_warm_process() -> None:
    """End this process's warm process; it is also done when this process ends."""
    global _warm
    if _warm is not None and _owner == os.getpid():
        _warm.close()
    _warm = None


def abandon_warm_process() -> None:
    """For a process that ends at once: the warm process notices, and goes by itself; its folder would stay."""
    if _warm is not None and _owner == os.getpid():
        _warm.clear()
