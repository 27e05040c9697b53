"""Private data are drawn by one process of a run, and read by the others."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import time
from pathlib import Path

import torch

from grader.batch.local_pool import local_pool
from grader.checks.private.shared import ENTRY, SharedMemory, drawn_once

KEY = hashlib.sha256(b"key").digest()
OTHER = hashlib.sha256(b"other").digest()


def _drawn(folder: Path) -> tuple[int, list[float]]:
    """In a worker: what it gets, after leaving a mark where it had to draw."""

    def draw() -> torch.Tensor:
        (folder / str(os.getpid())).touch()
        time.sleep(0.5)  # the others come meanwhile
        return torch.arange(3.0)

    return os.getpid(), drawn_once(KEY, draw).tolist()


def _descriptors() -> list[str]:
    return [os.readlink(f"/proc/self/fd/{name}") for name in os.listdir("/proc/self/fd") if _is_there(name)]


def _is_there(name: str) -> bool:
    return os.path.lexists(f"/proc/self/fd/{name}")


def test_workers_of_a_pool_draw_once(tmp_path: Path) -> None:
    with local_pool(2) as pool:
        found = [one.result() for one in [pool.submit(_drawn, tmp_path) for _ in range(6)]]
    assert len({process for process, _ in found}) == 2, "both took part"
    assert all(values == [0.0, 1.0, 2.0] for _, values in found)
    assert len(list(tmp_path.iterdir())) == 1


def test_memory_goes_with_its_pool() -> None:
    before = [name for name in _descriptors() if "memfd:private" in name]
    with local_pool(1) as pool:
        inside = pool.submit(_descriptors).result()
        assert [name for name in inside if "memfd:private" in name]
    assert [name for name in _descriptors() if "memfd:private" in name] == before


def test_alone_each_draws_for_itself() -> None:
    assert [drawn_once(KEY, lambda: 1), drawn_once(KEY, lambda: 2)] == [1, 2]


def test_what_is_there_is_not_drawn_again() -> None:
    memory = SharedMemory.make()
    assert memory.once(KEY, lambda: "first") == "first"
    assert memory.once(OTHER, lambda: "another") == "another"
    assert memory.once(KEY, lambda: "again") == "first"
    assert memory.once(OTHER, lambda: "again") == "another"
    memory.close()


def test_an_entry_that_was_cut_off_is_written_anew() -> None:
    memory = SharedMemory.make()
    memory.once(KEY, lambda: "first")
    whole = os.fstat(memory.descriptor).st_size
    os.pwrite(memory.descriptor, ENTRY.pack(OTHER, 1000) + b"half", whole)
    assert memory.once(OTHER, lambda: "another") == "another"
    assert memory.once(KEY, lambda: "again") == "first"
    assert memory.once(OTHER, lambda: "again") == "another"
    memory.close()


def test_whoever_dies_while_drawing_leaves_it_to_the_next() -> None:
    memory = SharedMemory.make()
    child = multiprocessing.get_context("fork").Process(target=memory.once, args=(KEY, lambda: os._exit(3)))
    child.start()
    child.join(30)
    assert child.exitcode == 3
    assert memory.once(KEY, lambda: "ours") == "ours"
    memory.close()
