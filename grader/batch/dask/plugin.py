"""What a worker does: see that it may grade, keep a warm process, and grade what it is sent."""

from __future__ import annotations

import asyncio
import pickle
from typing import Any

from distributed import Worker, WorkerPlugin, get_worker

from grader.grading.plan import GradingPlan
from grader.sandbox.outside.warm import close_warm_process, warm_process

from .address import ScaleError, checked_address

# By name of the plugin and address of the worker: why it must not grade, empty if it may.
_ready: dict[tuple[str, str], str] = {}


class NotReadyError(Exception):
    """A worker that came later must not grade.

    Attributes:
        worker: its address.
        reason: in words.
    """

    def __init__(self, worker: str, reason: str) -> None:
        super().__init__(worker, reason)  # these two make it again where it is unpickled
        self.worker, self.reason = worker, reason


class GradingPlugin(WorkerPlugin):
    """Set up on every worker before its first submission, also on those that join later.

    It refuses a worker that listens in the open, whose code or torch differs from the driver's, or whose sandbox does
    not start.  The warm process is kept until the last plugin of this kind is removed.

    Args:
        name:  one for each driver, so that two on the same cluster do not take each other's warm process away.
        plan: as the driver has them; the versions of all groups are computed where this is made, and again on the
            worker.
    """

    def __init__(self, name: str, plan: GradingPlan) -> None:
        self.name, self._plan = name, plan
        self._versions = _versions(plan)

    async def setup(self, worker: Worker) -> None:
        """Raises ScaleError or SandboxError where this worker must not grade."""
        key = (self.name, worker.address)
        _ready[key] = "its set-up did not end"
        try:
            checked_address(worker.address)
            await asyncio.to_thread(self._prepare, worker.address)
        except Exception as error:
            _ready[key] = f"{type(error).__name__}: {error}"
            raise
        _ready[key] = ""

    async def teardown(self, worker: Worker) -> None:
        _ready.pop((self.name, worker.address), None)
        if not _ready:
            await asyncio.to_thread(close_warm_process)

    def _prepare(self, address: str) -> None:
        """Takes seconds: in a thread, so that the worker goes on answering the scheduler."""
        mine = _versions(self._plan)
        if differing := [group for group, version in self._versions.items() if mine.get(group) != version]:
            raise ScaleError(
                f"the worker {address} is refused: its code or its torch is not the driver's ({', '.join(differing)}). "
                "Bring both to the same commit and to the versions in constraints.txt, then restart the worker"
            )
        warm_process()


def _versions(plan: GradingPlan) -> dict[str, str]:
    return {group.name: plan.version(group.name) for group in (*plan.groups, *plan.on_demand)}


def run_ready(plugin: str, call: bytes) -> Any:
    """Run a pickled (function, args, kwargs) in a worker.

    Raises:
        NotReadyError: this worker has not been set up for the driver, or must not grade.
    """
    worker = get_worker().address
    if reason := _ready.get((plugin, worker), "it was never set up"):
        raise NotReadyError(worker, reason)
    function, args, kwargs = pickle.loads(call)
    return function(*args, **kwargs)
