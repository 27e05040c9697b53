"""Pools of worker processes: what they import, one that lasts, and what comes after one that breaks."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import BrokenExecutor

import pytest

from grader.release.layout import REPOSITORY
from grader.workers import lasting_pool


def test_grading_imports_no_package_that_only_booking_needs() -> None:
    """Each worker would take seconds more to begin."""
    heavy = ("nbgrader", "nbconvert", "sqlalchemy", "rfc3987_syntax")
    code = f"import sys, grader.grading; print([name for name in {heavy} if sys.modules.get(name)])"
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_lasting_pool_keeps_its_workers_between_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.workers.cores", lambda: 1)
    with lasting_pool() as pool:
        worker = pool().submit(os.getpid).result()
        pool().shutdown(cancel_futures=True)  # as a batch does at its end
        assert pool().submit(os.getpid).result() == worker
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)


def test_lasting_pool_that_broke_is_followed_by_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.workers.cores", lambda: 1)
    with lasting_pool() as pool:
        worker = pool().submit(os.getpid).result()
        with pytest.raises(BrokenExecutor):
            pool().submit(os._exit, 1).result()
        assert pool().submit(os.getpid).result() != worker
