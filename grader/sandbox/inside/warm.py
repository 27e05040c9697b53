"""The warm process: enters namespaces, imports torch once, and forks a container for each submission.

Its life, in order: (1) its own code, and with it torch, since the repository is not visible later; (2) its own mount,
network, IPC and UTS namespaces, and a read-only root that holds the interpreter, the installed packages and nothing
else; (3) the other imports, from there; (4) requests on its control socket, each answered by a fork in a new PID
namespace.  It runs no tensor operation and keeps one thread: children of a process that has run threaded operations
hang.  It goes when its control socket closes, or after a time without work.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
from dataclasses import dataclass

from . import container, root, syscalls
from .confine import Limits

PRELOADED = (
    "torch.nn.functional",
    "torch._dynamo",  # the first optimiser of a process imports it, which takes a second
    "torch.utils.flop_counter",
    "torchvision",
    "torchaudio",
    "matplotlib.pyplot",
    "matplotlib_inline.backend_inline",
    "IPython.core.completer",
)
MESSAGE_BYTES = 1 << 16


@dataclass(frozen=True)
class Start:
    """What the trusted side says when it starts the warm process."""

    control: int  # file descriptor of the control socket
    mount_point: str  # an empty folder for the new root; it is used in our own mount namespace only
    visible: tuple[str, ...]  # folders that are mounted read-only at their own paths
    idle_s: float


def main(start: Start) -> None:
    control = socket.socket(fileno=start.control)
    try:
        root.enter(start.mount_point, start.visible)
        for name in PRELOADED:
            importlib.import_module(name)
        threads = len(os.listdir("/proc/self/task"))
        if threads != 1:
            raise OSError(f"{threads} threads after the imports: forks of this process would hang")
        own_pid_namespace = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
    except Exception as error:  # packages that do not match raise all sorts of things on import
        control.send(json.dumps({"failed": f"{type(error).__name__}: {error}"}).encode())
        return
    sys.path.remove(sys.path[0])  # the repository, which does not exist below this root
    gc.collect()
    gc.freeze()  # children share these pages as long as the collector leaves them alone
    control.send(json.dumps({"ready": os.getpid()}).encode())
    _serve(control, own_pid_namespace, start.idle_s)


def _serve(control: socket.socket, own_pid_namespace: int, idle_s: float) -> None:
    wake, woken = os.pipe()
    os.set_blocking(woken, False)
    signal.set_wakeup_fd(woken)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    children: dict[int, int] = {}
    while True:
        ready, _, _ = select.select([control.fileno(), wake], [], [], None if children else idle_s)
        if not ready:
            return
        if wake in ready:
            os.read(wake, 512)
            _reap(control, children)
        if control.fileno() in ready:
            message, descriptors, _, _ = socket.recv_fds(control, MESSAGE_BYTES, 1)
            if not message:
                for child in children:
                    os.kill(child, signal.SIGKILL)
                return
            request = json.loads(message)
            child = _fork(descriptors[0], Limits(**request["limits"]), own_pid_namespace)
            children[child] = request["number"]
            handle = os.pidfd_open(child)
            socket.send_fds(control, [json.dumps({"started": request["number"]}).encode()], [handle])
            os.close(handle)


def _fork(descriptor: int, limits: Limits, own_pid_namespace: int) -> int:
    """Fork process 1 of a new PID namespace; it serves one submission on the socket `descriptor`."""
    syscalls.unshare(syscalls.CLONE_NEWPID)  # for children only
    child = os.fork()
    if child:
        os.close(descriptor)
        syscalls.setns(own_pid_namespace, syscalls.CLONE_NEWPID)
        return child
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        container.main(descriptor, limits)
    finally:
        os._exit(0)


def _reap(control: socket.socket, children: dict[int, int]) -> None:
    while children:
        child, status, usage = os.wait4(-1, os.WNOHANG)
        if child == 0:
            return
        number = children.pop(child, None)
        if number is not None:
            spent = usage.ru_utime + usage.ru_stime
            ended = {"ended": number, "code": os.waitstatus_to_exitcode(status), "cpu_s": spent}
            control.send(json.dumps(ended).encode())


if __name__ == "__main__":
    given = json.loads(sys.argv[1])
    main(Start(given["control"], given["mount_point"], tuple(given["visible"]), given["idle_s"]))
