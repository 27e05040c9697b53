"""Private data in files, drawn once: the kernels of stock nbgrader would have to draw them anew for every student."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch

from exercises.assignment import load_assignment
from grader.checks.private import data
from grader.checks.private.data import SAMPLE, HiddenData, seed_of, word_for
from grader.grading.checked.plan import CheckedPlan


def write_hidden_files(plan: CheckedPlan, folder: Path) -> None:
    """Write the course's data for each task and attempt, the examples that code may see, and the private seed."""
    folder.mkdir(parents=True, exist_ok=True)
    hidden = HiddenData(plan.assignment, plan.known_seed, plan.source)
    for task, rules in load_assignment(plan.assignment).training.items():
        for attempt in range(rules.attempts if rules.data else 0):
            path = _path(folder, rules.data, rules.train_examples, rules.test_examples, seed_of(hidden.seed, attempt))
            torch.save(hidden.undisguised(task, attempt), path)
        if rules.data:
            path = _path(folder, rules.data, SAMPLE, SAMPLE, seed_of(hidden.seed, "sample"))
            torch.save(hidden.sample(task), path)
    (folder / "terms.json").write_text(json.dumps({"seed": plan.known_seed, "source": plan.source}), encoding="utf-8")


def read_hidden_files(assignment: str, student: str, folder: Path) -> HiddenData:
    """The hidden data that a student meets; from here on this process draws none."""

    def read(assignment: str, kind: str, train: int, test: int, seed: int, source: str) -> Any:
        return torch.load(_path(folder, kind, train, test, seed), weights_only=False)  # our own dataclasses

    data.course_data = read  # type: ignore[assignment]
    facts = json.loads((folder / "terms.json").read_text(encoding="utf-8"))
    return HiddenData(assignment, facts["seed"], facts["source"], word_for(student, facts["seed"]))


def _path(folder: Path, *drawn: object) -> Path:
    return folder / f"hidden-{'-'.join(map(str, drawn))}.pt"
