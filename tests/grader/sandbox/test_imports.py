"""An import has an allowance of its own, in each process; what takes more than that fails its module, once."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from exercises.checking import StudentError
from grader.sandbox.outside.budget import Account, Allowance, Budget

from .helpers import QUICK, start

BURN = """
import time

def burn(seconds):
    begin = time.process_time()
    while time.process_time() - begin < seconds:
        pass
    return 1

"""
TIGHT = replace(QUICK, importing=Allowance(cpu_s=3.0, wall_s=60.0))  # a request: 1 s


def test_import_may_take_longer_than_other_requests() -> None:
    container, student = start(f"{BURN}burn(2.2)\n", budget=TIGHT)
    with container:
        assert student.answer.burn(0.1) == 1
        with pytest.raises(StudentError, match=r"answer\.burn: the code used more than 1 s of processor time"):
            student.answer.burn(9)
        assert student.answer.burn(0.1) == 1  # in another process, which has imported the module again


@pytest.mark.parametrize(
    ("line", "wall_s", "fact"),
    [
        ("burn(99)", 60.0, "the code used more than 1 s of processor time and was stopped"),
        ("time.sleep(99)", 2.0, "the code did not answer within 2 s"),
    ],
)
def test_import_that_takes_too_long_is_told_as_what_it_is(line: str, wall_s: float, fact: str) -> None:
    container, student = start(BURN + line, budget=replace(QUICK, importing=Allowance(1.0, wall_s)))
    with container:
        with pytest.raises(StudentError) as caught:
            student.answer.burn(0)
        assert caught.value.summary == (
            f"answer.py: on import {fact}: what runs at the top of the file runs at every import; "
            'put it under `if __name__ == "__main__":` or into the notebook'
        )
        student.fresh_process()
        with pytest.raises(StudentError, match="ImportError: answer.py: on import"):  # refused, not tried
            student.answer.burn(0)


def test_import_that_raises_is_not_repeated_in_the_same_process() -> None:
    container, student = start("import time\nraise OSError(f'no such disk at {time.time_ns()}')\n")
    told = []
    with container:
        for _ in range(2):
            student.fresh_process()
            for _ in range(3):
                with pytest.raises(StudentError, match="no such disk") as caught:
                    student.answer.anything()
                assert caught.value.where[-1][0] == "answer.py" and "OSError" in caught.value.kinds
                told.append(caught.value.summary)
    assert [told.count(one) for one in dict.fromkeys(told)] == [3, 3]


def test_what_waits_is_done_before_an_import_that_fails() -> None:
    source = "class Grumpy:\n    def train(self, mode=True):\n        raise KeyError('not now')\n"
    container, student = start(source, budget=TIGHT)
    with container:
        student.answer.Grumpy().train()
        with pytest.raises(StudentError, match="not now"):
            student.other.anything  # noqa: B018  there is no such module


def test_total_grows_by_what_imports_take_up_to_a_cap() -> None:
    def processes(budget: Budget) -> int:
        container, student = start(f"{BURN}burn(0.7)\n", budget=budget)
        with container:
            for count in range(6):
                try:
                    student.answer.burn(0)
                except StudentError as error:
                    assert "used up its" in error.summary
                    return count
                student.fresh_process()
        return 6

    small = replace(TIGHT, total_cpu_s=1.0)
    assert processes(small) == 6
    assert processes(replace(small, imports=Allowance(cpu_s=0.0, wall_s=300.0))) == 2


def test_account_keeps_imports_apart_until_they_reach_their_cap() -> None:
    account = Account(Budget(total_cpu_s=10, total_wall_s=30, imports=Allowance(cpu_s=5, wall_s=20)))
    assert account.left_s(importing=False) == 30 and account.left_s(importing=True) == 50
    account.book(8, importing=True)
    assert account.left_s(importing=False) == 30 and account.left_s(importing=True) == 42
    assert account.total_cpu_s == 15 and account.total_wall_s == 38
    account.book(25, importing=True)
    assert account.left_s(importing=False) == account.left_s(importing=True) == 17
    account.book(18, importing=False)
    assert account.left_s(importing=False) < 0 and account.total_wall_s == 50


def test_worker_processes_that_are_spawned_find_the_module_that_starts_them() -> None:
    source = """
import multiprocessing

def double(x):
    return 2 * x

def by_a_worker(x):
    with multiprocessing.get_context("spawn").Pool(1) as workers:
        return workers.map(double, [x])
"""
    budget = replace(QUICK, request=Allowance(cpu_s=20.0, wall_s=60.0))
    container, student = start(source, budget=budget)
    with container:
        assert student.answer.by_a_worker(3) == [6]


def test_all_containers_of_a_submission_count_together() -> None:
    account = Account(Budget())
    for spent_s in (1.5, 2.0):
        account.count(SimpleNamespace(spent_cpu_s=spent_s))
    assert account.spent_cpu_s == 3.5
