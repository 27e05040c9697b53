"""Pools of worker processes: where they run, one that lasts, and what comes after one that breaks."""

from __future__ import annotations

import multiprocessing
import os
import time
from concurrent.futures import BrokenExecutor
from pathlib import Path

import pytest

from grader.batch.local_pool import lasting_pool, local_pool, places_for


@pytest.mark.parametrize(
    ("there", "workers", "places"),
    [
        ({2, 5}, 2, [{2}, {5}]),
        ({2, 5}, 1, [{2, 5}]),  # the other core may have the next turn
        ({2, 5}, 3, [{2}, {5}, {2}]),
        ({7}, 1, [{7}]),
    ],
)
def test_a_worker_for_each_core_stays_on_its_own(
    there: set[int], workers: int, places: list[set[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: there)
    assert places_for(workers) == places


def test_workers_take_places_of_their_own(tmp_path: Path) -> None:
    there = os.sched_getaffinity(0)
    with local_pool(len(there)) as pool:
        found = [one.result() for one in [pool.submit(_place, tmp_path, len(there)) for _ in there]]
    assert all(len(place) == 1 for place in found) and set().union(*found) == there
    assert os.sched_getaffinity(0) == there


def _place(folder: Path, workers: int) -> set[int]:
    """Where a worker may run; it waits until as many others have come, so that each one takes a task."""
    (folder / str(os.getpid())).touch()
    deadline = time.monotonic() + 120
    while len(list(folder.iterdir())) < workers and time.monotonic() < deadline:
        time.sleep(0.05)
    return os.sched_getaffinity(0)


def test_lasting_pool_keeps_its_workers_between_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.batch.local_pool.cores", lambda: 1)
    with lasting_pool() as pool:
        assert len(multiprocessing.active_children()) == 1  # it begins before anybody asks
        worker = pool().submit(os.getpid).result()
        pool().shutdown(cancel_futures=True)  # as a batch does at its end
        assert pool().submit(os.getpid).result() == worker
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)


def test_lasting_pool_that_broke_is_followed_by_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.batch.local_pool.cores", lambda: 1)
    with lasting_pool() as pool:
        worker = pool().submit(os.getpid).result()
        with pytest.raises(BrokenExecutor):
            pool().submit(os._exit, 1).result()
        assert pool().submit(os.getpid).result() != worker
