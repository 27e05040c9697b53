"""The warm process: enters namespaces, imports torch once, and forks a container for each submission.

Its life, in order: (1) its own code, and with it torch, since the repository is not visible later; (2) the tier of
isolation that was asked for; (3) the other imports, from there; (4) requests on its control socket, each answered by a
fork, which becomes a container.  It computes in one thread and keeps no other: children of a process that has run
threaded operations hang.  It goes when its control socket closes, or after a time without work.
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

from .. import protocol
from ..message import Message, to_head
from . import container, given, hugepages, rehearsal, session, settings, windows
from .confine import Limits
from .isolation import Isolation
from .namespaces import Namespaces
from .reduced import Reduced

PRELOADED = (
    "torch.nn.functional",
    "torch._dynamo",  # the first optimiser of a process imports it, which takes a second
    "torch._meta_registrations",  # the first operation on "meta" imports these two, with torch._refs and sympy
    "torch._decomp",
    "torch.utils.flop_counter",
    "torchvision",
    "torchaudio",
    "matplotlib.pyplot",
    "matplotlib_inline.backend_inline",
    "IPython.core.completer",
)
TIERS: dict[str, type[Isolation]] = {"full": Namespaces, "reduced": Reduced}


def main(start: protocol.Start) -> None:
    """Become the warm process, and serve until the control socket closes."""
    control = socket.socket(fileno=start.control)
    os.umask(0o022)  # whatever the grader's is: containers enter the folders that are made here, as somebody else
    isolation = TIERS[start.tier]()
    try:
        session.remember_given()
        isolation.enter(start.folder, start.visible)
        for name in PRELOADED:
            importlib.import_module(name)
        settings.take_without_effect()
        windows.stay_without()
        settings.one_thread()
        rehearsal.rehearse()
        threads = len(os.listdir("/proc/self/task"))
        if threads != 1:
            raise OSError(f"{threads} threads after the imports: forks of this process would hang")
    except Exception as error:  # packages that do not match raise all sorts of things on import
        _say(control, protocol.Failed(f"{type(error).__name__}: {error}"))
        return
    sys.path.remove(sys.path[0])  # the repository, which does not exist below this root
    session.put_away()
    gc.collect()
    gc.freeze()  # children share these pages as long as the collector leaves them alone
    hugepages.use_large_pages()
    _say(control, protocol.Ready())
    _serve(control, isolation, start.idle_s)


def _say(control: socket.socket, message: Message, *handles: int) -> None:
    socket.send_fds(control, [json.dumps(to_head(message)).encode()], handles)


def _serve(control: socket.socket, isolation: Isolation, idle_s: float) -> None:
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
            _reap(control, children, isolation)
        if control.fileno() in ready:
            message, descriptors, _, _ = socket.recv_fds(control, protocol.MAX_MESSAGE_BYTES, 1)
            if not message:
                for child in children:
                    os.kill(child, signal.SIGKILL)
                return
            request = protocol.TO_WARM.from_head(json.loads(message))
            if isinstance(request, protocol.Give):
                _say(control, _keep(request, descriptors[0], isolation))
            elif isinstance(request, protocol.Fork):
                child = _fork(request, descriptors[0], isolation)
                children[child] = request.number
                handle = os.pidfd_open(child)
                _say(control, protocol.Started(request.number), handle)
                os.close(handle)


def _keep(request: protocol.Give, descriptor: int, isolation: Isolation) -> Message:
    """Lay given files down where containers can be shown them."""
    try:
        given.lay_down(isolation.shelf, request.shelf, descriptor, request.listing)
    except OSError as error:
        return protocol.Failed(f"the given files: {error}")
    finally:
        os.close(descriptor)
    return protocol.Given(request.shelf)


def _fork(request: protocol.Fork, descriptor: int, isolation: Isolation) -> int:
    """Fork a container; it serves one submission on the socket `descriptor`."""
    child = isolation.fork()
    if child:
        os.close(descriptor)
        return child
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        container.main(descriptor, Limits(**request.limits), isolation, request.given)
    finally:
        os._exit(0)


def _reap(control: socket.socket, children: dict[int, int], isolation: Isolation) -> None:
    """Tell of containers that have ended.  Others who end are strays that have come to us.

    Each time somebody ends it is cleared up anew: meanwhile others may have come, and the kernel's list of children can
    leave one out while another is ending.
    """
    while True:
        try:
            child, status, usage = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if child == 0:
            return
        number = children.pop(child, None)
        isolation.clear(child, children.keys())
        if number is not None:
            spent = usage.ru_utime + usage.ru_stime
            _say(control, protocol.Ended(number, os.waitstatus_to_exitcode(status), spent))


if __name__ == "__main__":
    main(protocol.START.from_head(json.loads(sys.argv[1])))
