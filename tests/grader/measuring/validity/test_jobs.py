"""A run of the real checks: on the solution of one task, a mutant, code that never ends and a process that dies."""

from __future__ import annotations

import pytest

from exercises.checking import Status
from grader.authoring.galleries import solution_files
from grader.measuring.validity.jobs import Job, Outcome, run_jobs
from grader.measuring.validity.mutate import mutants

BODY = "        windows = x.unfold(-1, self.kernel_size, self.stride)  # (batch, channels, time out, kernel)\n"


def pooling(text: str) -> dict[str, str]:
    return solution_files("digits") | {"pooling": text}


@pytest.fixture(scope="module")
def outcomes() -> dict[str, Outcome]:
    text = solution_files("digits")["pooling"]
    mutant = next(one for one in mutants(text, "pooling") if one.after == "return windows.amin(dim=-1)")
    checks = ("pooling.max_1d_example", "pooling.global_shape_2d")
    jobs = [
        Job("solution", "digits", pooling(text), checks, traced=True),
        Job("mutant", "digits", pooling(mutant.text), checks),
        Job(
            "endless",
            "digits",
            pooling(text.replace(BODY, "        while True:\n            pass\n")),
            checks,
            check_s=0.5,
        ),
        Job("dies", "digits", pooling(text.replace(BODY, "        import os\n        os._exit(3)\n")), checks),
    ]
    return {outcome.name: outcome for outcome in run_jobs(jobs, processes=2)}


def statuses(outcome: Outcome) -> list[Status]:
    return [verdict.status for verdict in outcome.verdicts]


def test_solution_passes_and_its_lines_are_traced(outcomes: dict[str, Outcome]) -> None:
    assert statuses(outcomes["solution"]) == [Status.PASSED, Status.PASSED]
    lines = outcomes["solution"].lines
    place = solution_files("digits")["pooling"].split("\n").index(BODY.rstrip("\n")) + 1
    assert place in lines["pooling.max_1d_example"]["pooling"]
    assert place not in lines["pooling.global_shape_2d"]["pooling"]


def test_mutant_is_killed_by_the_check_of_its_function(outcomes: dict[str, Outcome]) -> None:
    assert statuses(outcomes["mutant"]) == [Status.FAILED, Status.PASSED]
    assert outcomes["mutant"].lines == {}


def test_code_that_never_ends_fails_its_check_and_the_others_go_on(outcomes: dict[str, Outcome]) -> None:
    assert statuses(outcomes["endless"]) == [Status.FAILED, Status.PASSED]
    assert "did not end within 0.5 s" in outcomes["endless"].verdicts[0].got
    assert outcomes["endless"].problem == ""


def test_process_that_dies_fails_the_check_it_died_in(outcomes: dict[str, Outcome]) -> None:
    assert statuses(outcomes["dies"]) == [Status.FAILED]
    assert outcomes["dies"].problem == "the process ended with exit code 3"
