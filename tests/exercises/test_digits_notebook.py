"""What the notebook of `digits` says in words is what the model solution shows, from five seeds."""

from __future__ import annotations

import math
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import torch
import torch.nn.functional as F

from exercises.digits import pictures
from tests.exercises.notebook_cells import CODE, folder_with_solution, shown, words_of

TEXT = words_of("digits")
SEEDS = range(5)
RECIPES = {  # of TinyNet, one change after the other: hidden, activation, batch_size
    "as it is": "3, torch.sigmoid, 128",
    "ReLU": "3, torch.relu, 128",
    "and hidden 16": "16, torch.relu, 128",
    "and batches of 32": "16, torch.relu, 32",
}
CELLS = (
    "data = load_digits()",
    f"{CODE}fit.__defaults__ = train.__defaults__[:2]",
    "shuffle = torch.randperm",
    "def train_and_test(",
    'train_and_test("convolutional"',
    f"{CODE}shuffling = dict(results)",
    "first, second = torch.randn",
    "def global_network()",
    "wide = F.pad(",
    "def residual_blocks(",
    'arriving["sigmoids, no norm"]',
    "towers = {",
    f"{CODE}depths = dict(results)",
    "by_size = {}",
    f"{CODE}from exercises.digits.classifier import TinyNet",
    f"{CODE}def tiny(hidden, activation, batch_size):",
    f"{CODE}    torch.manual_seed(0)",
    f"{CODE}    model = TinyNet(hidden, activation)",
    f"{CODE}    fit(model, images, labels, Recipe(0.01, batch_size), 25_600)",
    f"{CODE}    return accuracy(predict(model, test_images), test_labels)",
)
TINY = ", ".join(f"{name!r}: tiny({values})" for name, values in RECIPES.items())
RESULT = f"dict(shuffling=shuffling, curves=curves, arriving=arriving, depths=depths, sizes=results, tiny={{{TINY}}})"


def said(*words: str) -> None:
    """These words stand in the notebook: who changes them, looks at the numbers here too."""
    for one in words:
        assert one in TEXT, one


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return folder_with_solution("digits", tmp_path_factory.mktemp("student"))


@cache
def of_seed(seed: int, where: Path) -> tuple[dict[str, Any], str]:
    return shown("digits", where, CELLS, RESULT, seed)


@pytest.fixture(params=SEEDS)
def outcome(request: pytest.FixtureRequest, folder: Path) -> tuple[dict[str, Any], str]:
    return of_seed(request.param, folder)


@pytest.fixture
def seen(outcome: tuple[dict[str, Any], str]) -> dict[str, Any]:
    return outcome[0]


@pytest.fixture
def printed(outcome: tuple[dict[str, Any], str]) -> str:
    return outcome[1]


@pytest.mark.slow
def test_shuffled_pixels_cost_the_convolutional_network_its_lead_and_the_dense_one_nothing(seen: Any) -> None:
    said("fewer than a quarter of the parameters", "ahead on images as they are, and behind on shuffled ones")
    said("it loses several points where the dense one loses next to none")
    dense, convolutional = "dense", "convolutional"
    found = seen["shuffling"]
    lost = {name: found[name] - found[f"{name}, shuffled pixels"] for name in (dense, convolutional)}
    assert found[convolutional] > found[dense]
    assert found[f"{convolutional}, shuffled pixels"] < found[f"{dense}, shuffled pixels"]
    assert abs(lost[dense]) < 0.015 and lost[convolutional] > 0.02, found


@pytest.mark.slow
def test_two_filters_are_one_and_a_relu_between_them_ends_that(printed: str) -> None:
    said("Two filters in a row are again *one* filter", "Then no filter does the same")
    numbers = {
        name: [float(number) for number in re.findall(r"[0-9]e[-+][0-9]+", line)]
        for name, line in re.findall(r"^(nothing between|a ReLU between) (.*)$", printed, flags=re.MULTILINE)
    }
    assert max(numbers["nothing between"]) < 1e-5 < 0.1 < min(numbers["a ReLU between"])


@pytest.mark.slow
def test_moving_the_digit(seen: Any, printed: str) -> None:
    said(
        "your curve for global pooling falls far less than the other one, and it falls", "only moves by multiples of 4"
    )
    flatten, pooled = seen["curves"]["flatten head"], seen["curves"]["global pooling"]
    assert flatten[0] > pooled[0] and flatten[-1] < 0.5 * flatten[0]
    assert 0 < max(pooled) - min(pooled) < 0.4 * (flatten[0] - flatten[-1]), (pooled, flatten)
    told = re.findall(r"^stride (\d): .*by (\S+); after global pooling by (\S+)$", printed, flags=re.MULTILINE)
    numbers = {stride: (float(moved), float(averaged)) for stride, moved, averaged in told}
    assert max(numbers["1"]) < 1e-6
    assert numbers["4"][0] > 0.5 and 1e-4 < numbers["4"][1] < 0.02, numbers


@pytest.mark.slow
def test_gradients_explode_pass_or_vanish(seen: Any) -> None:
    said("some hundred times as large at block 1 as at block 20, with the skip about ten times")
    said("at layer 1 about a 10¹⁷th is left", "each layer leaves about an eighth", "far below 1e-8")
    first = {name: norms[0] for name, norms in seen["arriving"].items()}
    assert 200 < first["without the skip"] < 700
    assert 5 < first["with the skip, x + f(x)"] < 20
    assert 3e-18 < first["sigmoids, no norm"] < 1e-16
    assert 1 / 9 < first["sigmoids, no norm"] ** (1 / 19) < 1 / 7


@pytest.mark.slow
def test_deep_and_narrow_shallow_and_wide(seen: Any) -> None:
    said("The short and wide one", "look at what the skip path does for the deep one", "Next to nothing")
    said("one wide block learns more than eight narrow ones")
    depths, sizes = seen["depths"], seen["sizes"]
    assert depths["shallow and wide"] > depths["deep and narrow"] + 0.1
    assert depths["deep and narrow"] > depths["deep and narrow, no skip"] + 0.1
    for num in ("eight blocks", "one block"):
        assert sizes[f"{num} of 1"] < 0.25
    assert sizes["one block of 10"] > sizes["eight blocks of 4"]
    assert sizes["one block of 27"] > sizes["eight blocks of 8"]


@pytest.mark.slow
def test_one_change_after_the_other_makes_the_failing_recipe_learn(seen: Any) -> None:
    said("**80 %** can be reached without a norm", "It sees 25,600 images")
    found = list(seen["tiny"].values())
    assert found[0] < 0.14, found
    assert found[1] <= found[2] - 0.1 and found[2] <= found[3] - 0.05, found
    assert found[3] > 0.8, found


def test_a_sigmoid_before_the_softmax_is_never_sure() -> None:
    said("more than 23 % sure", "ln(1 + 9/e) = 1.46")
    surest = torch.eye(10)[:1].softmax(dim=1)[0, 0]
    assert round(100 * float(surest)) == 23
    assert round(math.log(1 + 9 / math.e), 2) == round(-math.log(float(surest)), 2) == 1.46


def test_the_inks_of_the_colour_image_cancel_and_one_channel_is_left() -> None:
    said("Only the red digit is left", "White paper cancels", "One channel")
    red, blue = torch.zeros(9, 9), torch.zeros(9, 9)
    red[2], blue[6] = 1, 1
    kernel = torch.tensor([1.0, -1, 0])[:, None, None].expand(1, 3, 3, 3) / 9
    output = F.conv2d(pictures.in_colours(red, blue)[None], kernel)
    assert output.shape == (1, 1, 7, 7)
    assert torch.allclose(output[0, 0, 1], torch.full((7,), 1 / 3), atol=1e-6)
    assert float(output[0, 0, 4:].abs().max()) < 1e-6


def test_numbers_of_the_benchmarks_end() -> None:
    said("a standard error of √(0.997 · 0.003 / 10,000), 0.05 points")
    assert round(100 * math.sqrt(0.997 * 0.003 / 10_000), 2) == 0.05
