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

from datasets import load_digits
from exercises.digits import pictures
from exercises.digits.pictures.kernels import KERNELS
from exercises.digits.receptive_field import Layer
from grader.release.consistency import all_checks
from tests.exercises.notebook_cells import CODE, folder_with_solution, shown, words_of

TEXT = words_of("digits")
TIMES = "\N{MULTIPLICATION SIGN}"
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
    "larger = F.pad(",
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
    f"{CODE}from exercises.digits.classifier import CNNClassifier2d",
    f"{CODE}def squeezed(end):",
    f"{CODE}    torch.manual_seed(0)",
    f"{CODE}    model = nn.Sequential(CNNClassifier2d(), end)",
    f"{CODE}    history = train(model, images, labels, Recipe(0.01, 32), 12_800)",
    f"{CODE}    return sum(history.losses[-15:]) / 15, accuracy(predict(model, test_images), test_labels)",
    f"{CODE}torch.manual_seed(0)",
    f"{CODE}model = CNNClassifier2d()",
    f"{CODE}fit(model, images, labels, Recipe(0.01, 32), 4500)",
    f"{CODE}panels = [axes.images[0].get_array() for axes in pictures.best_patches(model.input, test_images).axes]",
    f"{CODE}rows = [(panels[9 * k], sum(panels[9 * k + 1 : 9 * k + 9]) / 8) for k in range(4)]",
    f"{CODE}ink = [[float(patch[sign * kernel > 0].mean()) for sign in (1, -1)] for kernel, patch in rows]",
)
TINY = ", ".join(f"{name!r}: tiny({values})" for name, values in RECIPES.items())
SQUEEZED = "squeezed=[squeezed(nn.Sigmoid()), squeezed(nn.Softmax(dim=1))], ink=ink"
SHOWN = "shuffling=shuffling, curves=curves, arriving=arriving, depths=depths, sizes=results"
RESULT = f"dict({SHOWN}, tiny={{{TINY}}}, {SQUEEZED})"


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
    said("fewer than a quarter of the parameters", "ahead on images as they are, and a little behind on shuffled ones")
    said(
        "(one or two points, from one seed)",
        "from the convolutional one several points, from the dense one next to none",
    )
    dense, convolutional = "dense", "convolutional"
    found = seen["shuffling"]
    lost = {name: found[name] - found[f"{name}, shuffled pixels"] for name in (dense, convolutional)}
    assert found[convolutional] > found[dense]
    assert 0 < found[f"{dense}, shuffled pixels"] - found[f"{convolutional}, shuffled pixels"] < 0.03
    assert abs(lost[dense]) < 0.015 and lost[convolutional] > 0.02, found


@pytest.mark.slow
def test_two_filters_are_one_and_a_relu_between_them_ends_that(printed: str) -> None:
    said("Two filters in a row are again *one* filter", "Then no filter does the same")
    numbers = {
        name: [float(number) for number in re.findall(r"by up to (\S+)$", lines, flags=re.MULTILINE)]
        for name, lines in re.findall(
            r"^(nothing between|a ReLU between), .*\n((?:    .*\n){2})", printed, re.MULTILINE
        )
    }
    assert len(numbers["nothing between"]) == len(numbers["a ReLU between"]) == 2
    assert max(numbers["nothing between"]) < 1e-5 < 0.1 < min(numbers["a ReLU between"])


@pytest.mark.slow
def test_moving_the_digit(seen: Any, printed: str) -> None:
    said("your curve for global pooling falls far less than the other one, and it falls")
    said(
        "only moves by multiples of 4 are moves of the output, a quarter as far",
        "the average over the output changes little",
    )
    flatten, pooled = seen["curves"]["flatten head"], seen["curves"]["global pooling"]
    assert flatten[0] > pooled[0] and flatten[-1] < 0.5 * flatten[0]
    assert 0 < max(pooled) - min(pooled) < 0.4 * (flatten[0] - flatten[-1]), (pooled, flatten)
    output, averages = r".* old one moved by (\d): up to (\S+) \(.*: (\S+)\)", r".*: up to (\S+) \("
    told = re.findall(rf"^stride (\d), the image moved by (\d):\n{output}\n{averages}", printed, re.MULTILINE)
    numbers = {(stride, move): tuple(map(float, found)) for stride, move, *found in told}
    assert [numbers[where][0] for where in (("1", "3"), ("1", "4"), ("4", "4"))] == [3, 4, 1]
    for _, apart, _, averaged in (numbers["1", "3"], numbers["1", "4"], numbers["4", "4"]):
        assert apart < 1e-6 and averaged < 1e-6, numbers
    _, apart, largest, averaged = numbers["4", "3"]
    assert apart > 0.2 * largest and 1e-4 < averaged < 0.02, numbers


@pytest.mark.slow
def test_a_larger_image_does_not_fit_the_flatten_head(printed: str) -> None:
    said(f"8 channels at 7{TIMES}7 positions, 392 in all for each class", f"8{TIMES}8 positions arrive, 512 numbers")
    assert 8 * 7 * 7 == 392 and 8 * 8 * 8 == 512
    assert re.search(r"^flatten head: .*1x512 and 392x10", printed, re.MULTILINE)
    assert "global pooling: logits of shape (1, 10)" in printed


@pytest.mark.slow
def test_gradients_explode_pass_or_vanish(seen: Any) -> None:
    said("a few hundred times as large at block 1 as at block 20, with the skip about ten times")
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


@pytest.mark.slow
def test_a_loss_behind_a_sigmoid_or_a_second_softmax_stops_at_one_and_a_half(seen: Any) -> None:
    said("A loss that comes down to about 1.5 and no farther, while most answers are right")
    for last, right in seen["squeezed"]:
        assert 1.46 < last < 1.6 and right > 0.8, seen["squeezed"]


@pytest.mark.slow
def test_the_patches_of_a_filter_have_ink_where_its_weights_are_positive(seen: Any) -> None:
    said("ink lies where the kernel is purple (weights above 0) and paper where it is orange")
    assert len(seen["ink"]) == 4
    for where_positive, where_negative in seen["ink"]:
        assert where_positive > 1.4 * where_negative, seen["ink"]


def forty() -> torch.Tensor:
    return load_digits("generated").train.images[:40]


def test_the_maximum_keeps_a_thin_stroke_black_and_thickens_all_of_them() -> None:
    said("the digit with the least ink of the forty", "The average makes a thin stroke grey")
    said("it makes every stroke thicker, and a small hole, as in an 8, may close")
    images = forty()
    thin = images[images.mean(dim=(1, 2, 3)).argmin()]
    assert float(F.max_pool2d(thin, 4).max()) > 0.95 and float(F.avg_pool2d(thin, 4).max()) < 0.6
    assert bool((F.max_pool2d(images, 4).mean(dim=(1, 2, 3)) > 1.2 * images.mean(dim=(1, 2, 3))).all())
    eight, hole = images[3, 0], (slice(8, 12), slice(12, 16))  # of the window in row 2, column 3, a part is paper
    assert float(eight[hole].min()) < 0.1 and float(F.max_pool2d(images[3], 4)[0, 2, 3]) > 0.8


def test_the_mass_of_the_digits_is_in_the_middle_and_some_reach_the_edge() -> None:
    said("the centre of mass of the ink is about in the middle of the image (a long stroke may reach the edge)")
    ink = forty()[:, 0]
    for axis in (1, 2):
        mass = ink.sum(dim=axis)
        assert float(((mass * torch.arange(28)).sum(dim=1) / mass.sum(dim=1) - 13.5).abs().max()) < 1.5
    assert float(ink[:, 27].max()) > 0.5


def test_upright_edges_are_positive_at_the_right_edge_of_a_stroke_and_negative_at_the_left_one() -> None:
    said("at the right edge of an upright stroke. Negative at its left edge", "inside a thick one")
    upright = torch.zeros(11, 15)
    upright[:, 5:10] = 1  # columns; the output's column k has its window's middle at k + 1
    found = F.conv2d(upright[None, None], KERNELS["upright edges"][None, None])[0, 0]
    assert found[:, 8:10].min() > 0 > found[:, 3:5].max()
    assert not found[:, :3].any() and not found[:, 5:8].any() and not found[:, 10:].any()
    level = F.conv2d(upright.T[None, None], KERNELS["upright edges"][None, None])
    assert not level.any()


def test_the_box_fits_and_its_middle_counts_most() -> None:
    said(
        "those in the middle count most",
        "those in the corners least",
        f"`[Layer(3, dilation=3)]` only 9 of the 7{TIMES}7 pixels",
    )
    layers = [Layer(3), Layer(3, stride=2), Layer(3, dilation=2), Layer(3)]
    gradient = pictures.measured_gradient(layers, size=41)
    rows, columns = gradient.nonzero(as_tuple=True)
    box = gradient[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    assert box.shape == (17, 17)
    corners = [float(box[row, column]) for row in (0, -1) for column in (0, -1)]
    assert max(corners) == min(corners) == float(box.min())
    middle = box[4:13, 4:13]
    assert float(middle.mean()) > 2 * float(box.sum() - middle.sum()) / (17 * 17 - 9 * 9)
    place = divmod(int(box.argmax()), 17)
    assert all(5 <= one <= 11 for one in place), place
    gaps = pictures.measured_gradient([Layer(3, dilation=3)], size=41)
    assert int((gaps > 0).sum()) == 9


def test_the_check_at_home_shows_half_of_the_points_that_one_graded_training_gives() -> None:
    said("1 of the 2 points; the other is hidden", "what it reaches there gives both points")
    worth = {check.id: check for check in all_checks("digits") if check.task == "accuracy" and check.points}
    assert {name: check.points for name, check in worth.items()} == {
        "accuracy.validation": 1,
        "accuracy.hidden_test": 1,
    }
    assert worth["accuracy.hidden_test"].practice == "accuracy.validation"  # which is not run while it is graded


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
    said("ten images of the 10,000, fewer than have a wrong label, and two standard errors")
    assert round((0.998 - 0.997) * 10_000) == 10 < 15 and round(0.1 / 0.05) == 2
