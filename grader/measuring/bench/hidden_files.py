"""Hidden images in files, drawn once: the kernels of stock nbgrader would have to draw them anew for every student."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from torch import Tensor

from grader.checks.attempts import TRIES
from grader.checks.private import data
from grader.checks.private.data import HiddenData
from grader.grading.checked.plan import CheckedPlan


def write_hidden_files(plan: CheckedPlan, folder: Path) -> None:
    """Write the course's images and labels for each attempt, and its private seed."""
    folder.mkdir(parents=True, exist_ok=True)
    for attempt in range(TRIES):
        seed = data.seed_of(plan.known_seed, attempt)
        images, labels = data.course_digits(plan.assignment, seed, plan.source)
        torch.save({"images": images, "labels": labels}, _path(folder, seed))
    (folder / "terms.json").write_text(json.dumps({"seed": plan.known_seed, "source": plan.source}), encoding="utf-8")


def read_hidden_files(assignment: str, submission: str, folder: Path) -> HiddenData:
    """The hidden data that a submission (the hash of its modules) meets; from here on this process draws none."""

    def read(assignment: str, seed: int, source: str) -> tuple[Tensor, Tensor]:
        saved = torch.load(_path(folder, seed))
        return saved["images"], saved["labels"]

    data.course_digits = read  # type: ignore[assignment]
    facts = json.loads((folder / "terms.json").read_text(encoding="utf-8"))
    return HiddenData(assignment, facts["seed"], facts["source"], submission)


def _path(folder: Path, seed: int) -> Path:
    return folder / f"hidden-{seed}.pt"
