"""Process 1 of a container: isolates itself, lays out one submission's files, and forks sessions on request.

It runs no student code itself.  When it ends, for whatever reason, the kernel ends every process of its PID namespace.
"""

from __future__ import annotations

import os
import resource
import select
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .. import protocol, wire
from ..message import Message, ProtocolError, to_head
from . import confine, session, syscalls
from .confine import Limits
from .given import paths_below
from .isolation import FOLDERS, Isolation
from .tally import Tally, tally

TICK_S = 0.25


def main(descriptor: int, limits: Limits, isolation: Isolation, given: str) -> None:
    """Become a container, and serve until the trusted side closes its socket."""
    sock = socket.socket(fileno=_move_descriptor(descriptor))
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # which the kernel keeps from process 1
    try:
        isolate(limits, isolation, given)
        wire.send(sock, to_head(protocol.Ready()))
    except OSError as error:
        wire.send(sock, to_head(protocol.Failed(f"{type(error).__name__}: {error}")))
        return
    sessions = Sessions(sock, limits, isolation)
    try:
        while True:
            sessions.watch(sock)
            head, blob = wire.receive(sock)
            wire.send(sock, to_head(sessions.answer(head, blob)))
    except EOFError:
        return


def isolate(limits: Limits, isolation: Isolation, given: str) -> None:
    """Everything that has to hold before the first byte of a submission is read.  Raises OSError where it does not."""
    isolation.settle(limits.disk_mb, given)
    Path("/proc/self/oom_score_adj").write_text("1000")  # a machine short of memory takes it from here first
    _environment(isolation.box)
    confine.limit_resources(limits, counts_processes=isolation.counts_processes)
    syscalls.drop_capabilities()
    syscalls.prctl(syscalls.PR_SET_NO_NEW_PRIVS, 1)
    syscalls.prctl(syscalls.PR_SET_PDEATHSIG, signal.SIGKILL)
    confine.restrict_files(isolation.readable, [isolation.box])
    syscalls.seccomp(confine.system_call_filter())
    syscalls.prctl(syscalls.PR_SET_DUMPABLE, 0)  # sessions cannot look into this process


def _environment(box: str) -> None:
    os.chdir(f"{box}/work")
    os.environ.clear()
    os.environ.update(
        HOME=f"{box}/home",
        USER="student",
        PATH="/usr/bin:/bin",
        LANG="C.UTF-8",
        TMPDIR=f"{box}/tmp",
        TORCHINDUCTOR_CACHE_DIR=f"{box}/tmp",
        MPLBACKEND="module://matplotlib_inline.backend_inline",
        MPLCONFIGDIR=f"{box}/tmp",
        COURSE_CACHE=f"{box}/work/.cache",
        COURSE_STATIC="1",
        OMP_NUM_THREADS="1",
    )


class Sessions:
    """The sessions of one container: forks them, notices their end, and ends what they leave behind."""

    def __init__(self, control: socket.socket, limits: Limits, isolation: Isolation) -> None:
        self.control, self.limits, self.isolation = control, limits, isolation
        self.files: list[tuple[str, bytes]] = []
        self.given = paths_below(isolation.given)
        self.main: int | None = None
        self.codes: dict[int, int] = {}
        self.peaks_mb: dict[int, float] = {}
        self.cpu_s = 0.0  # of processes that have ended
        self.stopped = ""  # why we stopped the session
        with socket.socket(socket.AF_UNIX) as like_any:
            self.buffer_mb = like_any.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) / (1 << 20)
        signal.signal(signal.SIGCHLD, lambda *_: self.reap())

    def reap(self) -> bool:
        """Collect who has ended.  With a session's own process goes whatever it started: it may hold the socket.

        Returns:
            whether anybody is left.
        """
        while True:
            try:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return False
            if pid == 0:
                return True
            self.cpu_s += usage.ru_utime + usage.ru_stime
            self.codes[pid] = os.waitstatus_to_exitcode(status)
            self.peaks_mb[pid] = usage.ru_maxrss / 1024
            if pid == self.main:
                self.main = None
                self.isolation.kill_everybody()

    def watch(self, sock: socket.socket) -> None:
        """Wait for a request; meanwhile look from time to time at what all processes use together."""
        while not select.select([sock], [], [], TICK_S if self.main else None)[0]:
            used = self.tally()
            if used.cpu_s > self.limits.cpu_s:
                self._stop(f"its processes used more than {self.limits.cpu_s} s of processor time together")
            elif used.memory_mb > self.limits.all_memory_mb:
                self._stop(f"its processes took more than {self.limits.all_memory_mb:,} MB of memory together")

    def tally(self) -> Tally:
        """What has been used until now, by those who have ended and by those who live.

        A socket counts with all that it can hold: what it does hold the kernel tells nobody.
        """
        sockets_mb = self.isolation.sockets() * self.buffer_mb
        live = tally(self.isolation.processes(), suspicious_mb=self.limits.all_memory_mb - sockets_mb)
        return Tally(self.cpu_s + live.cpu_s, live.memory_mb + sockets_mb)

    def _stop(self, why: str) -> None:
        self.stopped = why
        self.isolation.kill_everybody()

    def answer(self, head: dict[str, Any], blob: wire.Blob) -> Message:
        """Do what a frame asks for."""
        try:
            asked = protocol.TO_CONTAINER.from_head(head)
        except ProtocolError:
            return protocol.Failed("not a request")
        return HANDLERS[type(asked)](self, asked, blob)

    def _put_files(self, asked: protocol.PutFiles, blob: wire.Blob) -> Message:
        self.files = _cut(asked.sizes, blob)
        return protocol.FilesPut(len(self.files))

    def _open(self, asked: protocol.OpenSession, _blob: wire.Blob) -> Message:
        _, descriptors, _, _ = socket.recv_fds(self.control, 1, 1)
        left_out = asked.without
        files = [(path, content) for path, content in self.files if not left_out or not path.startswith(left_out)]
        return protocol.SessionOpened(self._fork(descriptors[0], files))

    def _close(self, asked: protocol.EndSession, _blob: wire.Blob) -> Message:
        code = self._end(asked.session, asked.grace_s)
        begun_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # what a fork of this process begins with
        peak_mb = max(0.0, self.peaks_mb.get(asked.session, 0.0) - begun_mb)
        return protocol.SessionEnded(asked.session, code, self.stopped, self.cpu_s, peak_mb)

    def _tell_spent(self, _asked: protocol.GetSpent, _blob: wire.Blob) -> Message:
        return protocol.Spent(self.tally().cpu_s)

    def _fork(self, descriptor: int, files: list[tuple[str, bytes]]) -> int:
        """Fork a session.  It finds these files alone: what an earlier one has written or changed is gone."""
        self.stopped = ""
        _lay_out(self.isolation.box, files, self.isolation.given, self.given)
        child = os.fork()
        if child:
            os.close(descriptor)
            self.main = None if child in self.codes else child  # it may have ended already
            return child
        try:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            session.main(socket.socket(fileno=_move_descriptor(descriptor)), self.limits, clean=not self.files)
        finally:
            os._exit(0)

    def _end(self, number: int, grace_s: float) -> int | None:
        """Give a session a moment to end by itself, then end it.  Returns its exit code, None where we had to."""
        give_up = time.monotonic() + grace_s
        while number not in self.codes and time.monotonic() < give_up:
            time.sleep(0.002)
        code = self.codes.get(number)
        while self.reap():
            self.isolation.kill_everybody()
            time.sleep(0.001)
        return code


# What handles each message that may come, by its class.
HANDLERS: dict[type[Message], Callable[[Sessions, Any, wire.Blob], Message]] = {
    protocol.PutFiles: Sessions._put_files,
    protocol.OpenSession: Sessions._open,
    protocol.EndSession: Sessions._close,
    protocol.GetSpent: Sessions._tell_spent,
}


def _cut(sizes: dict[str, int], blob: wire.Blob) -> list[tuple[str, bytes]]:
    files, offset = [], 0
    for path, size in sizes.items():
        files.append((path, bytes(blob[offset : offset + size])))
        offset += size
    return files


def _lay_out(box: str, files: list[tuple[str, bytes]], given: str, given_paths: list[str]) -> None:
    """Empty the box, whatever was done to it, write the files, and link to those that lie in the folder `given`."""
    os.chmod(box, 0o700)
    for folder in FOLDERS:
        _remove(Path(box, folder))
    for left in Path(box).iterdir():
        _remove(left)
    for folder in FOLDERS:
        os.mkdir(f"{box}/{folder}", 0o700)
    os.chdir(f"{box}/work")
    for folder in sorted({os.path.dirname(path) for path in (*(path for path, _ in files), *given_paths)}):
        if folder:
            os.makedirs(folder, exist_ok=True)
    for path, content in files:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
        written = os.write(descriptor, content)
        os.close(descriptor)
        if written < len(content):
            raise OSError(f"no room for {path}")
    for path in given_paths:
        os.symlink(f"{given}/{path}", path)


def _remove(path: Path) -> None:
    """Remove a file or a folder.  Raises OSError where it resists, which ends the container."""
    if path.is_symlink() or not path.is_dir():
        path.unlink(missing_ok=True)
        return
    try:
        shutil.rmtree(path)
    except (OSError, RecursionError):  # made unreadable, or nested thousands of folders deep
        subprocess.run(["chmod", "-R", "u+rwX", str(path)], check=False)
        subprocess.run(["rm", "-rf", str(path)], check=False)
        if path.exists():
            raise OSError(f"{path} cannot be removed") from None


def _move_descriptor(descriptor: int) -> int:
    """Keep one socket, as descriptor 3, and nothing else that was open; 0 to 2 are /dev/null."""
    kept = os.dup2(descriptor, 3, inheritable=False) if descriptor != 3 else 3
    null = os.open("/dev/null", os.O_RDWR)
    for standard in range(3):
        os.dup2(null, standard)
    os.closerange(4, 4096)
    return kept
