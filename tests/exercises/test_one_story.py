"""A public check that trains shows the same number each time, and the notebook's cell beside it the same one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.exercises.notebook_cells import CODE, cells, folder_with_solution, ran

# What of the notebook is needed, in its order.
CELLS = {
    "convolution": (
        f"{CODE}import torch",
        f"{CODE}from exercises.convolution import pictures, training",
        f"{CODE}from exercises.convolution.filterbank import FrontEnd",
        "training.practice()",
    ),
    "digits": (
        "data = load_digits()",
        f"{CODE}from exercises.digits.classifier import CNNClassifier2d",
        "recipe import RECIPE",
        "practice()",
    ),
    "spoken_digits": (
        "data = load_speech()",
        "def say(",
        "def spectra(",
        f"{CODE}from exercises.spoken_digits.classifier import CNNClassifier1d",
        f"{CODE}from exercises.digits.classifier import CNNClassifier2d",
        f"{CODE}from exercises.spoken_digits.features import stamp",
        f"{CODE}all_of = lambda clips: [stamp(clips.waveform(i), rate) for i in range(len(clips))]",
        f"{CODE}stamps = lambda clips: torch.stack(all_of(clips))[:, None]",
        "practice()",
        "stamp_model = ",
    ),
}
SHOWN = {
    "convolution": '{"words": scores["designed"]}',
    "digits": '{"digits": reached}',
    "spoken_digits": "{name.replace(', ', '_').replace('never heard', 'unknown').removesuffix(' speakers'): reached "
    "for name, reached in recipe_results.items()}",
}
CHECKS = {  # that train
    "convolution": ("filterbank.practice",),
    "digits": ("accuracy.validation",),
    "spoken_digits": ("accuracy.validation", "accuracy.stamp_validation"),
}


@pytest.fixture(params=sorted(CELLS))
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, Path]:
    return request.param, folder_with_solution(request.param, tmp_path)


def checked(name: str, where: Path, threads: int) -> dict[str, float]:
    """What the public checks measure."""
    task = CHECKS[name][0].partition(".")[0]
    report = json.loads(ran(where, threads, "-m", "exercises", "check", name, task, "--json"))
    found = {one["check"]: one["measured"] for one in report["verdicts"]}
    return {key: value for check in CHECKS[name] for key, value in found[check].items()}


def shown(name: str, where: Path) -> dict[str, float]:
    """What the notebook's cell computes."""
    code = f"{cells(name, CELLS[name])}\nimport json\nprint(json.dumps({SHOWN[name]}))"
    return dict(json.loads(ran(where, 2, "-c", code).splitlines()[-1]))


@pytest.mark.slow
def test_check_and_notebook_show_the_same_numbers_each_time(folder: tuple[str, Path]) -> None:
    found: list[dict[str, Any]] = [checked(*folder, threads=1), checked(*folder, threads=2), shown(*folder)]
    assert found[0] and found[0] == found[1] == found[2]
