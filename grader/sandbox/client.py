"""The trusted side of the sandbox: plain blocking sockets, no threads, so that it works inside any program.

One warm process serves the whole process; it is started when first needed and again when it has gone.
"""

from __future__ import annotations

import json
import multiprocessing.util
import os
import secrets
import shutil
import signal
import site
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from . import wire
from .inside.confine import Limits

REPOSITORY = Path(__file__).resolve().parent.parent.parent
MAX_ANSWER = 16 << 20  # bytes of tensors, and of a notebook's outputs
MAX_WORDS = 1 << 20  # bytes of all other JSON
START_S = 120.0  # generous: the first start after an installation reads gigabytes from disk
UNWATCHED_S = 0.5  # of each request; most are answered long before
REPLY_S = 30.0  # for what the trusted code inside answers by itself
IDLE_S = 300.0
MESSAGE_BYTES = 1 << 16
LATE = "does a loop never end?"
DATA = ".cache/"  # data sets, which only notebooks read
TIER = "GRADER_ISOLATION"  # environment variable: "full", or "reduced" where the machine has no namespaces
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "USER": "student",
    "MPLBACKEND": "agg",
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}


class SandboxError(Exception):
    """The sandbox itself failed.  Nothing can be said about the submission."""


class ContainerBroken(SandboxError):
    """A submission has brought its own container down."""


class SessionEnded(Exception):
    """A session is over: its process died, was stopped, or broke the protocol.

    Attributes:
        fact:    what happened.
        advice:  what to look for, where it took longer than it may.
        reason:  both, as one line for the student.
        hostile: whether no honest program could have caused it (a broken frame, a forged answer).
    """

    def __init__(self, fact: str, advice: str = "", hostile: bool = False) -> None:
        self.fact, self.advice, self.hostile = fact, advice, hostile
        self.reason = f"{fact}: {advice}" if advice else fact
        super().__init__(self.reason)


@dataclass(frozen=True)
class Usage:
    """What a container has used, all its processes together."""

    cpu_s: float


@dataclass(frozen=True)
class End:
    """How a session ended.

    Attributes:
        code:    exit code (negative: signal), None if it was still there and we ended it.
        stopped: why the container stopped it before, empty if it did not.
    """

    code: int | None = None
    stopped: str = ""


def visible_folders() -> tuple[str, ...]:
    """The interpreter and every folder of installed packages."""
    candidates = [sys.base_prefix, sys.prefix, *site.getsitepackages(), *_packages()]
    found = sorted({str(Path(path).resolve()) for path in candidates if Path(path).is_dir()}, key=len)
    links = [path for path in candidates if Path(path).is_dir() and str(Path(path).resolve()) != path]
    kept: list[str] = []
    for path in found:
        if path != "/usr" and not any(Path(path).is_relative_to(other) for other in ("/usr", *kept)):
            kept.append(path)
    return (*kept, *(link for link in links if not any(Path(link).is_relative_to(other) for other in kept)))


def _packages() -> list[str]:
    """Folders of installed packages on the path, the user's own included."""
    return [path for path in sys.path if path.endswith(("site-packages", "dist-packages"))]


def _caches(box: str) -> dict[str, str]:
    """Where libraries write while they are imported."""
    names = ("HOME", "TMPDIR", "TORCHINDUCTOR_CACHE_DIR", "MPLCONFIGDIR")
    return dict.fromkeys(names, f"{box}/tmp")


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
        start = {
            "control": theirs.fileno(),
            "tier": self.tier,
            "folder": self._scratch,
            "visible": visible_folders(),
            "idle_s": IDLE_S,
        }
        packages = os.pathsep.join([str(REPOSITORY), *_packages()])
        begin = time.monotonic()
        self._process = subprocess.Popen(
            [sys.executable, "-s", "-P", "-m", "grader.sandbox.inside.warm", json.dumps(start)],
            env={**ENVIRONMENT, **_caches(box), "PYTHONPATH": packages, **_library_path()},
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd="/",
            start_new_session=True,
        )
        theirs.close()
        self._count = 0
        self._ended: dict[int, dict[str, Any]] = {}
        try:
            answer, _ = self._message(START_S)
        except SandboxError:
            self.close()
            raise
        if "ready" not in answer:
            self.close()
            raise SandboxError(
                f"the sandbox cannot start: {answer.get('failed')}. `python -m grader doctor` names what is missing "
                f"and the command that mends it. To grade with less isolation instead, say so by name: {TIER}=reduced "
                "(docs/security.md tells what that leaves open)"
            )
        self.start_s = time.monotonic() - begin

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def fork(self, limits: Limits) -> tuple[int, socket.socket, int]:
        """Start a container.  Returns its number, the socket to talk to it, and a handle (pidfd) to kill it."""
        ours, theirs = socket.socketpair()
        self._count += 1
        request = json.dumps({"number": self._count, "limits": asdict(limits)}).encode()
        socket.send_fds(self._control, [request], [theirs.fileno()])
        theirs.close()
        try:
            while True:
                answer, descriptors = self._message(REPLY_S)
                if answer.get("started") == self._count:
                    return self._count, ours, descriptors[0]
                self._note(answer, descriptors)
        except BaseException:
            ours.close()
            raise

    def wait(self, number: int) -> Usage:
        """Wait for the end of a container that has been killed."""
        while number not in self._ended:
            self._note(*self._message(REPLY_S))
        return Usage(self._ended.pop(number)["cpu_s"])

    def _note(self, answer: dict[str, Any], descriptors: list[int]) -> None:
        """A container has ended, or one that nobody waits for any more has started after all."""
        if "ended" in answer:
            self._ended[answer["ended"]] = answer
        for handle in descriptors:
            signal.pidfd_send_signal(handle, signal.SIGKILL)
            os.close(handle)

    def _message(self, timeout_s: float) -> tuple[dict[str, Any], list[int]]:
        self._control.settimeout(timeout_s)
        try:
            message, descriptors, _, _ = socket.recv_fds(self._control, MESSAGE_BYTES, 1)
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
        return json.loads(message), descriptors

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


def _library_path() -> dict[str, str]:
    """Interpreters built with a shared libpython outside the system's folders need to find it."""
    folder = Path(sys.base_prefix, "lib")
    return (
        {"LD_LIBRARY_PATH": str(folder)} if list(folder.glob("libpython3*.so*")) and folder != Path("/usr/lib") else {}
    )


_warm: WarmProcess | None = None
_owner = 0
_lock = threading.RLock()


def warm_process() -> WarmProcess:
    """This process's warm process, started if there is none or it has gone.  A forked child starts its own."""
    global _warm, _owner
    with _lock:
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
            return ContainerBroken(f"the container does not answer any more: {reason}")
        return SandboxError(f"the container does not answer: {reason}")

    def _expect(self, key: str, head: dict[str, Any]) -> Any:
        if key not in head:
            raise SandboxError(f"the container could not start: {head.get('failed', head)}")
        self._last = head
        return head[key]


class Session:
    """A process in the container that runs the student's code on request."""

    def __init__(self, container: Container, sock: socket.socket, number: int) -> None:
        self._container, self._socket, self._number = container, sock, number
        self.ended: SessionEnded | None = None

    def request(
        self, head: dict[str, Any], blob: bytes = b"", *, cpu_s: float, wall_s: float
    ) -> tuple[dict[str, Any], bytearray]:
        """Send one request and wait for its answer.

        Raises:
            SessionEnded: the process died or was stopped; from then on every request raises the same.
        """
        if self.ended:
            raise self.ended
        nonce = secrets.token_hex(8)
        deadline = time.monotonic() + wall_s
        try:
            wire.send(self._socket, {**head, "n": nonce, "cpu_s": cpu_s}, blob, deadline)
            words = MAX_ANSWER if head["op"] == "cell" else MAX_WORDS
            self._wait(deadline, cpu_s)
            answer, data = wire.receive(self._socket, deadline, max_json=words, max_blob=MAX_ANSWER)
        except TimeoutError:
            raise self._over(f"did not answer within {wall_s:.0f} s", LATE) from None
        except (EOFError, ConnectionError):
            end = self._end(grace_s=1.0)
            if end.code == -signal.SIGXCPU and not end.stopped:
                raise self._over(_used_up(cpu_s), LATE) from None
            raise self._over(_words(end)) from None
        except wire.WireError as error:
            raise self._over(f"wrote something else on the grader's channel ({error})", hostile=True) from None
        if answer.get("n") != nonce:
            raise self._over("wrote an answer of its own on the grader's channel", hostile=True)
        return answer, data

    def _wait(self, deadline: float, cpu_s: float) -> None:
        """Wait until an answer begins to arrive, and see to it that the request takes no more than it may.

        The process has a limit of its own, which code in it can raise; and nothing limits what it starts.

        Raises:
            TimeoutError: nothing came before the deadline.
            SessionEnded: all processes together have taken more than `cpu_s`.
        """
        before, patience = None, UNWATCHED_S
        while not wire.readable(self._socket, min(patience, deadline - time.monotonic())):
            if time.monotonic() >= deadline:
                raise TimeoutError
            spent = self._container.spent_until_now_s()
            before = spent if before is None else before
            if spent - before > cpu_s + 1:  # the limit of the process itself comes first, and is rounded up
                raise self._over(_used_up(cpu_s), LATE)
            patience = max(UNWATCHED_S, (cpu_s + 1 - (spent - before)) / 2)

    def close(self) -> None:
        if self.ended is None:
            self._over("has ended")

    def _over(self, fact: str, advice: str = "", hostile: bool = False) -> SessionEnded:
        if self.ended is None:
            self.ended = SessionEnded(f"the code {fact}", advice, hostile)
            self._end(grace_s=0.0)
        return self.ended

    def _end(self, grace_s: float) -> End:
        self._socket.close()
        if self._number < 0:
            return End()
        number, self._number = self._number, -1
        return self._container.end(number, grace_s)


def _words(end: End) -> str:
    code = end.code
    if end.stopped:
        return f"was stopped: {end.stopped}"
    if code is None:
        return "closed its connection to the grader and was stopped"
    if code == -signal.SIGKILL:
        return "was stopped: it used up its limits"
    if code < 0:
        return f"crashed its process ({signal.Signals(-code).name})"
    return f"ended its own process (exit code {code})"


def _used_up(cpu_s: float) -> str:
    return f"used more than {cpu_s:.0f} s of processor time and was stopped"
