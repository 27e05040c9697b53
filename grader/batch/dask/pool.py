"""An Executor on a Dask cluster, for `grade_batch`.

Not distributed's own ClientExecutor: where a worker dies just as its result is fetched, that fetch may never end,
although the scheduler has long had the task run again; and it cannot be shut down with `cancel_futures`.
"""

from __future__ import annotations

import asyncio
import logging
import pickle
import time
from collections.abc import Callable
from concurrent import futures
from concurrent.futures import BrokenExecutor, Executor, Future
from typing import Any

from distributed import Client
from distributed import Future as Remote

from .plugin import NotReadyError

LOOK_S = 2.0
FETCH_S = 20.0  # for a result that is finished: 20 MB at most, through the scheduler
FETCHES = 3
NOBODY_S = 60.0  # a nanny starts a new worker within seconds

log = logging.getLogger("grader.batch.dask")


class ResultLostError(Exception):
    """A task or its result is lost."""


class DaskPool(Executor):
    """Calls run on workers that are ready to grade; the client and the plugin are the caller's.

    Args:
        plugin: name of the GradingPlugin.
    """

    def __init__(self, client: Client, plugin: str) -> None:
        assert client.loop is not None and client.scheduler is not None, "a connected client"
        self._client, self._plugin, self._loop, self._scheduler = client, plugin, client.loop, client.scheduler
        self._under_way: dict[Future[Any], Remote[Any]] = {}
        self._watch: asyncio.Task[None] | None = None

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Send a call to a worker; function and arguments travel as bytes.

        Raises:
            BrokenExecutor: the scheduler has gone.
        """
        call = pickle.dumps((function, args, kwargs))
        future: Future[Any] = Future()
        future.set_running_or_notify_cancel()
        self._send(future, call)
        self._loop.add_callback(self._follow, future, call)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Wait for what is under way, or cancel it: what a worker is at work on ends there, and is forgotten."""
        if cancel_futures:
            for remote in tuple(self._under_way.values()):
                self._cancel(remote)
        elif wait:
            futures.wait(tuple(self._under_way))
        if self._watch is not None:
            self._loop.add_callback(self._watch.cancel)

    def _send(self, future: Future[Any], call: bytes) -> None:
        if self._client.status != "running":
            raise BrokenExecutor("the connection to the scheduler is lost")
        # pure=False: a call that is made again must run again, whatever became of the first
        self._under_way[future] = self._client.submit(_task(), self._plugin, call, pure=False)

    async def _follow(self, future: Future[Any], call: bytes) -> None:
        """Bring the outcome of a call into its future; nothing may keep the future from ending."""
        self._watch = self._watch or asyncio.create_task(self._look_after_workers())
        try:
            while True:
                try:
                    result = await self._fetched(self._under_way[future])
                    break
                except NotReadyError as error:
                    log.warning("the worker %s is sent away: %s", error.worker, error.reason)
                    await self._client.retire_workers([error.worker])
                    self._send(future, call)
        except BaseException as error:
            del self._under_way[future]
            if not future.done():
                future.set_exception(error if isinstance(error, Exception) else ResultLostError(repr(error)))
        else:
            del self._under_way[future]
            if not future.done():
                future.set_result(result)

    async def _fetched(self, remote: Remote[Any]) -> Any:
        """The result of a task, as soon as there is one; a fetch that hangs is given up and made again.

        Raises:
            ResultLostError: no fetch of a finished result succeeded, or the scheduler has forgotten the task.
            Exception: whatever the call raised.
        """
        for _ in range(FETCHES):
            fetch = asyncio.ensure_future(self._client.gather(remote, asynchronous=True))
            since: float | None = None  # when the task was first seen finished, without a break
            while not fetch.done() and (since is None or time.monotonic() - since < FETCH_S):
                await asyncio.wait({fetch}, timeout=LOOK_S)
                since = (since or time.monotonic()) if remote.status == "finished" else None
            fetch.cancel()
            await asyncio.wait({fetch})
            if not fetch.cancelled() and not remote.cancelled():  # another's fetch, given up, may take this one with it
                return fetch.result()
            if remote.cancelled():
                raise ResultLostError("the scheduler has gone, or has forgotten the task")
        raise ResultLostError(f"the result was lost on its way: {FETCHES} times nothing came within {FETCH_S:.0f} s")

    async def _look_after_workers(self) -> None:
        """Break where no worker has been there for long: the scheduler alone would wait for ever."""
        seen = time.monotonic()
        while True:
            await asyncio.sleep(LOOK_S)
            try:
                if await self._scheduler.ncores():
                    seen = time.monotonic()
            except OSError:
                continue  # the client notices by itself, and cancels what is under way
            if time.monotonic() - seen > NOBODY_S:
                seen = time.monotonic()
                for future, remote in tuple(self._under_way.items()):
                    if not future.done():
                        future.set_exception(BrokenExecutor(f"no worker has been there for {NOBODY_S:.0f} s"))
                    self._cancel(remote)

    def _cancel(self, remote: Remote[Any]) -> None:
        self._loop.add_callback(self._client.cancel, [remote], asynchronous=True)


def _task() -> Callable[[str, bytes], Any]:
    """What a worker is told to do.

    A function inside a function travels as its code: the scheduler, which unpickles every task, needs no grader then.
    """

    def run_submission(plugin: str, call: bytes) -> Any:
        from .plugin import run_ready

        return run_ready(plugin, call)

    return run_submission
