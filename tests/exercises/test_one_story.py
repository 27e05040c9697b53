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
        "practice()",
    ),
}
SHOWN = {
    "convolution": '{"words": scores["designed"]}',
    "digits": '{"digits": reached}',
    "spoken_digits": '{"words_known": recipe_results["words, known speakers"], '
    '"words_unknown": recipe_results["words, never heard"]}',
}
CHECKS = {"convolution": "filterbank.practice"}  # elsewhere it is accuracy.validation


@pytest.fixture(params=sorted(CELLS))
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, Path]:
    return request.param, folder_with_solution(request.param, tmp_path)


def checked(name: str, where: Path, threads: int) -> dict[str, float]:
    """What the public check measures."""
    check = CHECKS.get(name, "accuracy.validation")
    report = json.loads(ran(where, threads, "-m", "exercises", "check", name, check.partition(".")[0], "--json"))
    (verdict,) = [one for one in report["verdicts"] if one["check"] == check]
    return dict(verdict["measured"])


def shown(name: str, where: Path) -> dict[str, float]:
    """What the notebook's cell computes."""
    code = f"{cells(name, CELLS[name])}\nimport json\nprint(json.dumps({SHOWN[name]}))"
    return dict(json.loads(ran(where, 2, "-c", code).splitlines()[-1]))


@pytest.mark.slow
def test_check_and_notebook_show_the_same_numbers_each_time(folder: tuple[str, Path]) -> None:
    found: list[dict[str, Any]] = [checked(*folder, threads=1), checked(*folder, threads=2), shown(*folder)]
    assert found[0] and found[0] == found[1] == found[2]
