"""Grading on Dask: who is refused, that nothing is lost with a worker, and that no more is under way than allowed."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Future
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from distributed import LocalCluster
from nbgrader.api import Gradebook

from grader.batch.dask import plugin as worker_side
from grader.batch.dask import pool as driver_side
from grader.batch.dask.address import ScaleError, checked_address
from grader.batch.dask.cluster import Cluster
from grader.batch.dask.plugin import GradingPlugin
from grader.batch.dask.pool import DaskPool, ResultLostError
from grader.batch.run import WINDOW_PER_WORKER, grade_batch
from grader.course.folder import Course
from grader.course.lookup import Work
from grader.gradebook.config import write_config
from grader.gradebook.writer import Outcome
from grader.grading.checked.groups import graded_checks, groups_of
from grader.grading.checked.plan import CheckedPlan
from grader.measuring.bench.scale import WRITTEN, hand_in_without_training
from grader.model.results import Part
from grader.model.submission import Submission
from grader.release.build import release
from grader.sandbox.errors import SandboxError

PLAN = CheckedPlan("digits", 1)


@pytest.mark.parametrize(
    "address",
    [
        "tcp://10.0.0.5:8786",
        "10.0.0.5:8786",
        "tcp://0.0.0.0:8786",
        "tcp://scheduler.example.org:8786",
        "tcp://localhost.example.org:8786",
        "ws://127.0.0.1:8786",
        "inproc://127.0.0.1/1/1",
        "tls://10.0.0.5:1://127.0.0.1:8786",
        "tcp://127.0.0.1:port",
        "",
    ],
)
def test_address_that_others_can_reach_or_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(ScaleError, match="refused|no address"):
        checked_address(address)


@pytest.mark.parametrize(
    ("address", "taken"),
    [
        ("tls://10.0.0.5:8786", "tls://10.0.0.5:8786"),
        ("tls://scheduler.example.org", "tls://scheduler.example.org:8786"),
        ("127.0.0.1:9000", "tcp://127.0.0.1:9000"),
        ("tcp://localhost", "tcp://localhost:8786"),
        ("tcp://[::1]:9000", "tcp://[::1]:9000"),
    ],
)
def test_loopback_and_tls_are_accepted(address: str, taken: str) -> None:
    assert checked_address(address) == taken


def test_scheduler_is_refused_before_anything_connects(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.batch.dask.cluster.Client", lambda *_, **__: pytest.fail("it has connected"))
    with pytest.raises(ScaleError, match="refused"):
        Cluster("tcp://192.0.2.7:8786", PLAN)


def test_tls_without_certificates_is_a_clear_message() -> None:
    with pytest.raises(ScaleError, match="needs certificates"), Cluster("tls://127.0.0.1:1", PLAN):
        pass


@pytest.fixture(scope="module")
def scheduler() -> Iterator[LocalCluster]:
    """A scheduler and one worker with one thread, in this process."""
    with LocalCluster(
        n_workers=1,
        threads_per_worker=1,
        processes=False,
        protocol="tcp",
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
    ) as cluster:
        yield cluster


@pytest.fixture
def no_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers of these tests run in this process, and need no warm process."""
    monkeypatch.setattr(worker_side, "warm_process", lambda: None)


@pytest.fixture
def cluster(scheduler: LocalCluster, no_sandbox: None) -> Iterator[Cluster]:
    with Cluster(scheduler.scheduler_address, PLAN) as cluster:
        yield cluster


def double(number: int) -> int:
    return 2 * number


def fail(words: str) -> None:
    raise RuntimeError(words)


def test_calls_run_on_workers_and_errors_come_back(cluster: Cluster) -> None:
    pool = cluster.pool()
    assert cluster.workers == 1
    assert [future.result(20) for future in [pool.submit(double, n) for n in range(5)]] == [0, 2, 4, 6, 8]
    with pytest.raises(RuntimeError, match="out of luck"):
        pool.submit(fail, "out of luck").result(20)
    pool.shutdown(cancel_futures=True)


def test_worker_with_other_code_is_refused_and_nothing_is_left_behind(
    scheduler: LocalCluster, no_sandbox: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(GradingPlugin, "__init__", newer_by_one_group)
    with pytest.raises(ScaleError, match=r"tcp://127\.0\.0\.1:\d+ is refused: .* \(blocks\).* same commit"):
        Cluster(scheduler.scheduler_address, PLAN).__enter__()
    assert not [name for name in scheduler.scheduler.worker_plugins if name.startswith("grader-")]


def newer_by_one_group(self: GradingPlugin, name: str, plan: CheckedPlan) -> None:
    self.name, self._plan = name, plan
    self._versions = {**worker_side._versions(plan), "blocks": "0" * 64}


def test_worker_whose_sandbox_does_not_start_is_refused(
    scheduler: LocalCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unable() -> None:
        raise SandboxError("no namespaces here")

    monkeypatch.setattr(worker_side, "warm_process", unable)
    with pytest.raises(ScaleError, match="cannot grade: no namespaces here"):
        Cluster(scheduler.scheduler_address, PLAN).__enter__()


def test_scheduler_on_every_interface_is_refused_though_reached_by_loopback(no_sandbox: None) -> None:
    with LocalCluster(
        n_workers=0, processes=False, protocol="tcp", host="0.0.0.0", dashboard_address="127.0.0.1:0"
    ) as open_one:
        if "127.0.0.1" in open_one.scheduler_address:
            pytest.skip("this machine has no other interface")
        port = open_one.scheduler_address.rpartition(":")[2]
        with pytest.raises(ScaleError, match="is refused"), Cluster(f"tcp://127.0.0.1:{port}", PLAN):
            pass


def test_later_worker_that_must_not_grade_is_sent_away(
    scheduler: LocalCluster, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = cluster.pool()
    first = set(cluster.client.nthreads())
    monkeypatch.setattr(GradingPlugin, "_prepare", lambda self, address: fail("no namespaces here"))
    scheduler.scale(2)
    cluster.client.wait_for_workers(2, timeout=20)
    assert [future.result(20) for future in [pool.submit(double, n) for n in range(8)]] == list(range(0, 16, 2))
    assert set(cluster.client.nthreads()) == first
    scheduler.scale(1)


def test_fetch_that_hangs_is_given_up_and_made_again(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver_side, "LOOK_S", 0.05)
    monkeypatch.setattr(driver_side, "FETCH_S", 0.2)
    gather, calls = cluster.client.gather, []

    def hangs_once(remote: Any, **options: Any) -> Any:
        calls.append(remote.key)
        return asyncio.sleep(600) if calls.count(remote.key) == 1 else gather(remote, **options)

    monkeypatch.setattr(cluster.client, "gather", hangs_once)
    assert cluster.pool().submit(double, 21).result(20) == 42
    assert len(calls) == 2


def test_result_that_never_arrives_is_told(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver_side, "LOOK_S", 0.05)
    monkeypatch.setattr(driver_side, "FETCH_S", 0.1)
    monkeypatch.setattr(cluster.client, "gather", lambda *_, **__: asyncio.sleep(600))
    with pytest.raises(ResultLostError, match="lost on its way"):
        cluster.pool().submit(double, 21).result(20)


def test_pool_breaks_where_no_worker_is_left_and_the_cluster_is_asked_anew(
    no_sandbox: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(driver_side, "LOOK_S", 0.05)
    monkeypatch.setattr(driver_side, "NOBODY_S", 0.3)
    with (
        LocalCluster(
            n_workers=1,
            threads_per_worker=1,
            processes=False,
            protocol="tcp",
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
        ) as own,
        Cluster(own.scheduler_address, PLAN) as cluster,
    ):
        pool = cluster.pool()
        assert pool.submit(double, 1).result(20) == 2
        own.scale(0)
        with pytest.raises(BrokenExecutor, match="no worker"):
            pool.submit(double, 2).result(20)
        pool.shutdown()
        own.scale(1)
        assert cluster.pool().submit(double, 3).result(20) == 6


def test_no_more_submissions_are_under_way_than_the_window_allows(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    course, most = Course(tmp_path), 0
    monkeypatch.setattr("grader.batch.desk.GradebookWriter", Bookless)
    monkeypatch.setattr("grader.batch.run.grade_groups", grade_nothing)
    students = [f"s{number:02d}" for number in range(20)]
    for student in students:
        modules = course.submitted("digits", student) / "exercises" / "digits"
        modules.mkdir(parents=True)
        (modules / "blocks.py").write_text(f"# by {student}")

    class Counting(DaskPool):
        def submit(self, function: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            nonlocal most
            future = super().submit(function, *args, **kwargs)
            most = max(most, len(self._under_way))
            return future

    pool = cluster.pool()
    pool.__class__ = Counting
    done = list(grade_batch(course, "digits", students, lambda: pool, workers=lambda: cluster.workers))
    assert sorted(one.student for one in done) == students and not any(one.problem for one in done)
    assert 1 < most <= WINDOW_PER_WORKER * cluster.workers


def grade_nothing(submission: Submission, plan: CheckedPlan, names: tuple[str, ...]) -> tuple[Part, ...]:
    return tuple(Part(name) for name in names)


class Bookless:
    """Takes the gradebook's place."""

    def __init__(self, course: Course) -> None:
        pass

    def write(self, work: Work, *, again: bool) -> Outcome:
        return Outcome(work.graded.student, work.graded.assignment)


@pytest.mark.slow
def test_nothing_is_lost_or_doubled_when_a_worker_is_killed(tmp_path: Path) -> None:
    course = Course(tmp_path / "course")
    write_config(course)
    release("digits", course_root=course.root, out=tmp_path / "handout")
    students = hand_in_without_training(course, "digits", 200)
    with Cluster("local", course.plan("digits"), local_workers=2) as cluster:
        processes = cluster.client.run(os.getpid)
        assert len(processes) == 2
        done = []
        for one in grade_batch(course, "digits", students, cluster.pool, workers=lambda: cluster.workers):
            done.append(one)
            if len(done) == 60:
                os.kill(min(processes.values()), signal.SIGKILL)
    assert sorted(one.student for one in done) == students
    assert not [one for one in done if one.problem or one.graded is None or one.graded.unfinished]
    groups = groups_of("digits")
    with closing(sqlite3.connect(course.ledger)) as ledger:
        recorded = Counter(group for (group,) in ledger.execute("SELECT checks FROM parts"))
    assert recorded == {group.name: 200 for group in groups}
    due = sum(check.points for check in graded_checks("digits") if check.task == WRITTEN)
    with Gradebook(f"sqlite:///{course.gradebook}") as gradebook:
        booked = gradebook.assignment_submissions("digits")
        assert sorted(one.student.id for one in booked) == students
        assert {one.score for one in booked} == {due}
