"""The checks in the student's own process, without a sandbox: for compute C, and in the kernel of stock nbgrader."""

from __future__ import annotations

import random

import numpy
import torch

from exercises.checking import Check, LocalStudent, Status, Verdict
from grader.grading.checked.one_check import judge


class Checker:
    """Runs checks one by one, as grading does: each with the same seed, after those that it needs."""

    def __init__(self, assignment: str, reference: LocalStudent) -> None:
        self._student = LocalStudent(f"exercises.{assignment}")
        self._reference = reference
        self._earlier: dict[str, Verdict] = {}

    def points(self, check: Check) -> float:
        """What the student's answer gets.

        Raises:
            RuntimeError: the check itself failed.
        """
        _settle()
        verdict = judge(check, self._student, self._reference, self._earlier)
        if verdict.status is Status.ERROR:
            raise RuntimeError(f"{check.id}: {verdict.note}")
        self._earlier[check.id] = verdict
        return verdict.points


def _settle() -> None:
    """What a session of the sandbox does before each check."""
    torch.set_default_dtype(torch.float32)
    torch.set_grad_enabled(True)
    torch.set_num_threads(1)
    random.seed(0)
    numpy.random.seed(0)
    torch.manual_seed(0)


def points_by_check(checker: Checker, checks: list[Check]) -> dict[str, float]:
    """Points of each check, by its id."""
    return {check.id: checker.points(check) for check in checks}


def differences(ours: dict[str, float], theirs: dict[str, float]) -> list[str]:
    """The checks for which two graders did not give the same points, in words."""
    checks = [*ours, *(check for check in theirs if check not in ours)]
    return [
        f"{check} {theirs.get(check, 'none')} instead of {ours.get(check, 'none')}"
        for check in checks
        if check not in ours or check not in theirs or abs(ours[check] - theirs[check]) > 1e-6
    ]
