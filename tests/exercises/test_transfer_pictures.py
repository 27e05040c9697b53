"""The pictures of `transfer`: drawn from tiny inputs, with named axes; what they compute is right."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from exercises.digits.receptive_field import Layer
from exercises.showing.style import Picture
from exercises.transfer import pictures
from exercises.transfer.heard import Seen
from exercises.transfer.material import Words
from exercises.transfer.training import Tuned

WORDS = Words(torch.rand(3, 1, 8, 6), torch.tensor([0, 1, 1]), torch.zeros(3, dtype=torch.int64))
TUNED = Tuned((0, 10), (25.0, 80.0), (99.0, 70.0))


def best(activations: Tensor, channel: int, k: int) -> Tensor:
    return torch.tensor([[2, 0, 0], [0, 1, 1]])[:k]


def box(row: int, column: int, layers: Any) -> tuple[int, int, int, int]:
    return row - 1, column - 1, row + 2, column + 2


PLOTS = {
    "logits": lambda: pictures.logit_map(torch.randn(4, 3), torch.tensor([1, 0, 1, 0]), ("a", "b"), "xyz"),
    "four": lambda: pictures.four_clips_picture({"one": [0.1, 0.2, 0.3, 0.2, 0.2], "other": [0, 0, 0, 0, 1.0]}),
    "layers": lambda: pictures.layers_picture(
        {"known": [{"a": 3.0, "b": 9.0}], "random": [{"a": 30.0, "b": 30.0}]}, 25
    ),
    "accuracy": lambda: pictures.accuracy_curves(
        {"one": {5: [60.0, 70], 10: [80.0, 90]}, "other": {5: [50.0]}}, "both"
    ),
    "forgetting": lambda: pictures.forgetting_curves({"probe": TUNED, "factor 1": TUNED}),
    "filters": lambda: pictures.filters_picture(torch.randn(4, 7, 7), torch.randn(4, 7, 7), columns=3),
    "wall": lambda: pictures.patch_wall(
        {"layer": Seen(torch.rand(3, 2, 8, 6), (Layer(3, padding=1),))}, {"layer": [0, 1]}, WORDS, "ab", best, box, 2
    ),
    "occlusion": lambda: pictures.occlusion_picture(torch.rand(1, 8, 6), torch.randn(3, 2), 4, 2, "a"),
    "back": lambda: pictures.way_back(torch.rand(1, 8, 6), {"it": torch.zeros(1, 3, 2, 2)}, (-1, 0, 3, 4)),
}


@pytest.mark.parametrize("name", PLOTS)
def test_picture_is_a_figure_whose_axes_are_named(name: str) -> None:
    figure = PLOTS[name]()
    assert isinstance(figure, Picture)
    figure.canvas.draw()  # whatever fails only while drawing, fails here
    assert any(axes.get_xlabel() for axes in figure.axes)
    assert figure.alt.endswith(".") and "nan" not in figure.alt


def test_four_clips_are_one_of_each_word() -> None:
    labels = torch.tensor([0, 0, 1, 2, 3])
    always = pictures.four_clips(torch.ones(5, dtype=torch.bool), labels, times=20)
    assert always == [0, 0, 0, 0, 1]
    half = pictures.four_clips(torch.tensor([True, False, True, True, False]), labels, times=4000)
    assert half[2] + half[3] == 1
    assert abs(half[3] - 0.5) < 0.05


def test_a_gabor_kernel_is_most_like_itself() -> None:
    kernels = pictures.gabors()
    assert kernels.shape == (192, 7, 7)
    alike, found = pictures.likeness(3 * kernels[5:8] + 2)
    assert torch.allclose(alike, torch.ones(3), atol=1e-5)
    assert torch.equal(found, kernels[5:8])


def test_neighbouring_weights_of_smooth_filters_are_alike() -> None:
    random = torch.randn(200, 7, 7, generator=torch.Generator().manual_seed(0))
    assert abs(pictures.neighbours(random)) < 0.05
    assert pictures.neighbours(torch.arange(7.0).expand(2, 7, 7)) > 0.5


def test_smooth_noise_is_as_smooth_as_filters_after_training() -> None:
    noise = pictures.smooth_noise()
    assert noise.shape == (24, 7, 7)
    assert 0.5 < pictures.neighbours(noise) < 0.65


def test_losses_by_thirds_of_the_bands() -> None:
    lost = torch.arange(4.0).expand(2, 3, 4)  # middles of squares at bands 2, 4, 6 and 8 of 9
    assert pictures.by_thirds(lost, stride=2, size=4, mel=9) == {"lower": 0.0, "middle": 1.0, "upper": 2.5}
    assert list(pictures.by_thirds(lost[..., :1], stride=2, size=4, mel=9)) == ["lower"]


def test_how_much_of_the_box_is_led_back() -> None:
    image = torch.zeros(1, 1, 8, 6)
    image[0, 0, 0, :2] = 1.0
    figure = pictures.way_back(torch.rand(1, 8, 6), {"image": image}, (-1, 0, 2, 4))
    assert isinstance(figure, Picture)
    told = figure.alt
    assert "of the box's 8 pixels 25 %" in told


def test_a_wall_that_is_turned_round_says_so() -> None:
    wall = pictures.stamp_wall([[torch.rand(8, 6)] * 2], ["A,\nhere", "B"], ["cat"], "word", "speaker")
    assert isinstance(wall, Picture)
    told = wall.alt
    assert "a row for each word (cat), a column for each speaker" in told and "A, here" in told


def test_what_lies_outside_of_an_image_is_no_number() -> None:
    (inside, border) = pictures.patches_of(WORDS, torch.tensor([[1, 2, 2], [2, 0, 5]]), (), box)
    assert torch.equal(inside, WORDS.stamps[1, 0, 1:4, 1:4])
    assert border.isnan().tolist() == [[True] * 3, [False, False, True], [False, False, True]]
    assert torch.equal(border[1:, :2], WORDS.stamps[2, 0, :2, 4:])


def test_the_commonest_word() -> None:
    assert pictures.commonest(torch.tensor([[0, 0, 0], [1, 0, 0], [2, 1, 1]]), torch.tensor([4, 7, 7])) == 2 / 3
