"""One training and what it reached."""

from __future__ import annotations

import multiprocessing
import os
import time
import warnings
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass

import torch

from exercises.checking import Expect
from grader.authoring.answers import laid_out
from grader.checks.calibrated import measured_by
from grader.grading.checked.reference import Reference

from .plan import REFERENCE, runs

APART = 10_000  # first weights of the answers that share a seed's data


@dataclass(frozen=True)
class Trial:
    """One training on private data of its own.

    Attributes:
        kind, name: what was trained, see `plan.Run`.
        found:      results by the names of the thresholds; empty where the training ended in an error.
        cpu_s:      processor time of training and test.
    """

    kind: str
    name: str
    seed: int
    found: dict[str, float]
    cpu_s: float


def trials(assignment: str, task: str, source: str, seeds: int, wrong: bool, processes: int) -> Iterator[list[Trial]]:
    """Everything that the plan has, seed by seed as they are done; exactly what the hidden check trains.

    Args:
        source: of the data, for example "generated".
        wrong:  whether wrong answers are trained too.
    """
    os.environ["OMP_NUM_THREADS"] = "1"
    context = multiprocessing.get_context("forkserver")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        jobs = [pool.submit(of_seed, assignment, task, source, seed, seeds, wrong) for seed in range(seeds)]
        for job in as_completed(jobs):
            yield job.result()


@contextmanager
def on_its_own() -> Iterator[None]:
    """What an answer prints or warns of is not ours, and what it sets for all of torch does not reach the next one."""
    dtype, gradients = torch.get_default_dtype(), torch.is_grad_enabled()
    with open(os.devnull, "w", encoding="utf-8") as nowhere, redirect_stdout(nowhere), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        finally:
            torch.set_default_dtype(dtype)
            torch.set_grad_enabled(gradients)
            torch.set_num_threads(1)


def of_seed(assignment: str, task: str, source: str, seed: int, seeds: int, wrong: bool) -> list[Trial]:
    """The trainings of one seed."""
    torch.set_num_threads(1)
    measured = measured_by(assignment, task)
    reference = Reference(assignment, seed, source)
    if reference.hidden.rules(task).data:
        reference.hidden.drawn(task, 0)  # drawn before the clock runs
    found = []
    for place, run in enumerate(runs(assignment, task, seed, seeds, wrong)):
        with on_its_own(), laid_out(assignment, run.files) as answer:
            begin = time.process_time()
            try:
                # Other first weights for each trial, as every student's network has its own.
                reached = measured(answer, reference, Expect(), run.recipe, seed + APART * place)
            except Exception:  # a wrong answer, or more blocks than an image has room for: nothing was learned
                if run.kind == REFERENCE:
                    raise
                reached = {}
            found.append(Trial(run.kind, run.name, seed, reached, time.process_time() - begin))
    return found
