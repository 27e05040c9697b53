"""The processes of this machine that grade: one for each core, each with a warm process of its own."""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
from concurrent.futures import ProcessPoolExecutor


def local_pool(workers: int | None = None) -> ProcessPoolExecutor:
    """A process for each core.  Spawned, not forked: a fork of a process that has run threaded operations may hang."""
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers or os.cpu_count() or 1, mp_context=context, initializer=_begin)


def _begin() -> None:
    """End with whoever started us, also when it is killed: a pool's own processes would wait for work for ever.

    An interrupt from the keyboard goes to all processes of a terminal; the batch alone decides what it means.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow_parent, daemon=True).start()


def _follow_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)
