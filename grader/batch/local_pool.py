"""The processes of this machine that grade: one for each core, each with a warm process of its own.

Where there is a process for each core, each of them stays on its own, and so does all that it starts.  A worker and its
container never work at the same time, they take turns thousands of times for one submission: on one core each finds in
its cache what the other has just written, and nobody has to wake another core.
"""

from __future__ import annotations

import importlib
import multiprocessing
import multiprocessing.connection
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from multiprocessing.queues import SimpleQueue
from multiprocessing.reduction import DupFd
from typing import Any

from grader.checks.private.shared import SharedMemory, share
from grader.sandbox.outside.warm import abandon_warm_process, warm_process

# Until then a pool whose processes are gone waits for ever to hand out more work (CPython's issue 94777; Debian 12 has
# Python 3.11.2).  What mends it is what later versions do.
HANGS_BEFORE = (3, 11, 5)


class Handed:
    """Memory that a process is given when it is spawned."""

    def __init__(self, memory: SharedMemory) -> None:
        self._memory = memory

    def __reduce__(self) -> tuple[Callable[[Any], int], tuple[Any]]:
        return _taken, (DupFd(self._memory.descriptor),)


def _taken(handed: Any) -> int:
    descriptor: int = handed.detach()
    return descriptor


class LocalPool(ProcessPoolExecutor):
    """Processes that can be stopped in the middle of a submission, and that draw private data once for all.

    Spawned, not forked: a fork of a process that has run threaded operations may hang.
    """

    def __init__(self, workers: int) -> None:
        context = multiprocessing.get_context("spawn")
        ours, self._stop = context.Pipe(duplex=False)
        self._under_way: set[Future[Any]] = set()
        self._private = SharedMemory.make()
        places = context.SimpleQueue()
        for place in places_for(workers):
            places.put(place)
        handed: tuple[Any, ...] = (ours, places, Handed(self._private))  # the last arrives as its descriptor
        super().__init__(workers, mp_context=context, initializer=_begin, initargs=handed)

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """As usual; processes that it starts do not know interrupts from the keyboard, not even before they begin."""
        before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
        try:
            future = super().submit(function, *args, **kwargs)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        self._under_way.add(future)
        future.add_done_callback(self._under_way.discard)
        return future

    @property
    def broken(self) -> bool:
        """Whether a process has died: then it takes no more work."""
        return bool(self._broken)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes; with `cancel_futures` also those at work, which may take minutes over one submission."""
        stopped = cancel_futures and any(not future.done() for future in tuple(self._under_way))
        if stopped:
            self._stop.close()
        if (stopped or self.broken) and sys.version_info < HANGS_BEFORE:
            self._call_queue._reader.close()  # type: ignore[attr-defined]
        super().shutdown(wait, cancel_futures=cancel_futures)
        self._private.close()  # what its processes hold of it they hold themselves


class Lasting(Executor):
    """A pool that outlives a batch, so that the next one finds its workers ready: whoever made the pool ends it."""

    def __init__(self, pool: LocalPool) -> None:
        self._pool = pool

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        return self._pool.submit(function, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        pass


@contextmanager
def lasting_pool() -> Iterator[Callable[[], Lasting]]:
    """For several batches one after the other: what gives each of them the same pool, or another if that is broken.

    Its workers begin at once, beside what comes before the first batch.
    """
    pools = [local_pool()]
    for _ in range(cores()):
        pools[0].submit(_get_ready)

    def pool() -> Lasting:
        if pools[-1].broken:
            pools.append(local_pool())
        return Lasting(pools[-1])

    try:
        yield pool
    finally:
        for one in pools:
            one.shutdown(cancel_futures=True)


def local_pool(workers: int | None = None) -> LocalPool:
    """A process for each core."""
    return LocalPool(workers or cores())


def cores() -> int:
    """How many cores this process may use: a container or a batch system may have given it fewer than there are."""
    return len(os.sched_getaffinity(0))


def places_for(workers: int) -> list[set[int]]:
    """The cores that each worker may use: its own, or all of them where that would leave some without work."""
    there = sorted(os.sched_getaffinity(0))
    if workers < len(there):
        return [set(there)] * workers
    return [{there[number % len(there)]} for number in range(workers)]


def _begin(stop: Connection, places: SimpleQueue[set[int]], private: int) -> None:
    """Take a place, and the memory for private data.

    End with whoever started us, also when it is killed: a pool's own processes would wait for ever.

    An interrupt from the keyboard goes to all processes of a terminal; the batch alone decides what it means.
    """
    place = places.get()
    share(private)
    with suppress(OSError):  # a core that has been taken away since: then wherever the system puts us
        os.sched_setaffinity(0, place)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
    threading.Thread(target=_follow_parent, args=(stop,), daemon=True).start()


def _get_ready() -> None:
    """Import what grades and start the warm process: what fails here fails again, and is told, with a submission."""
    importlib.import_module("grader.grading.checked.run")
    warm_process()


def _follow_parent(stop: Connection) -> None:
    """Wait until the pool's process is gone, or has closed its end of `stop`.  Nothing is ever sent."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel, stop])
        abandon_warm_process()
        os._exit(1)  # the warm process and its container see that nobody holds their socket any more
