"""The pictures: each is drawn from a tiny input, with named axes; what they compute is right."""

from __future__ import annotations

import sys

import pytest
import torch
from matplotlib.figure import Figure
from torch import nn

from exercises.digits import pictures
from exercises.digits.pictures.kernels import KERNELS
from exercises.digits.receptive_field import Layer
from exercises.digits.training import History
from exercises.showing.style import Picture


@pytest.fixture(autouse=True)
def without_widgets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_STATIC", "1")


def some_images(n: int = 12) -> torch.Tensor:
    return torch.rand(n, 1, 28, 28, generator=torch.Generator().manual_seed(0))


def all_wrong(n: int = 12) -> tuple[torch.Tensor, torch.Tensor]:
    labels = torch.arange(n) % 10
    return torch.nn.functional.one_hot((labels + 1) % 10, 10).float(), labels


PLOTS = {
    "side_by_side": lambda: pictures.side_by_side({"one": some_images()[0], "two": torch.rand(7, 5)}),
    "kernel_picture": lambda: pictures.kernel_picture(some_images()[0], KERNELS["blur"], 3, 4),
    "kernel_slider": lambda: pictures.kernel_slider(some_images()[0]),
    "parameter_bars": lambda: pictures.parameter_bars({"dense": 10**9, "shared": 100}),
    "accuracy_bars": lambda: pictures.accuracy_bars({"one": 0.5, "two": 0.9}, threshold=0.8),
    "other bars": lambda: pictures.accuracy_bars({"one": 0.5, "two": 0.9}, each_bar="tested on"),
    "prediction_bars": lambda: pictures.prediction_bars(some_images()[0], {"a": torch.ones(10) / 10}),
    "loss_curves": lambda: pictures.loss_curves({"run": History((2.3, 1.0, 0.5), 3, 96)}),
    "shift_curves": lambda: pictures.shift_curves(range(3), {"a": [0.9, 0.5, 0.1], "b": [0.8, 0.8, 0.7]}),
    "gradient_curves": lambda: pictures.gradient_curves({"a": [3.0, 2.0, 1.0]}),
    "size_curves": lambda: pictures.size_curves({"a": {10: 0.3, 100: 0.9}}, {"a": [1, 4]}),
    "colour_kernel": lambda: pictures.colour_kernel_picture(torch.rand(3, 7, 7), torch.ones(1, 3, 3, 3)),
    "receptive_field": lambda: pictures.receptive_field_picture(pictures.measured_gradient([Layer(3)], 9), 3),
    "no_gradient": lambda: pictures.receptive_field_picture(torch.zeros(9, 9), 3),
    "confusion": lambda: pictures.confusion_picture(*all_wrong()),
    "drawing": lambda: pictures.draw_digit(lambda x: torch.zeros(len(x), 10), "#\n#"),
}


@pytest.mark.parametrize("name", PLOTS)
def test_picture_is_a_figure_with_named_axes(name: str) -> None:
    figure = PLOTS[name]()
    assert isinstance(figure, Picture)
    assert len(figure.alt) > 40 and figure.alt.endswith(".")  # what whoever does not see it is told
    figure.canvas.draw()  # whatever fails only while drawing, fails here
    for axes in figure.axes:
        assert axes.get_xlabel() or axes.get_ylabel(), f"axes {axes.get_title()!r} have no name"


def test_live_curve_names_its_axes_and_covers_the_whole_training() -> None:
    curve = pictures.LiveCurve("run", batch_size=32)
    curve.losses = [2.3, 2.0]
    figure = curve.figure(steps=10)
    assert figure.axes[0].get_xlabel() == "images seen"
    assert figure.axes[0].get_xlim() == (0, 320)
    assert curve.alt == figure.alt and "run 2.30 at first" in curve.alt
    heard = pictures.LiveCurve("words", 32, "clips heard")
    heard.losses = [2.3, 2.0]
    assert heard.figure(10).axes[0].get_xlabel() == "clips heard" and "over the clips heard" in heard.figure(10).alt


@pytest.mark.parametrize(("count", "averaged"), [(9, 1), (60, 6), (200, 15)])
def test_loss_curves_name_the_pale_line_and_end_where_the_last_loss_says(count: int, averaged: int) -> None:
    curve = pictures.LiveCurve("run", batch_size=32)
    curve.losses = torch.rand(count, generator=torch.Generator().manual_seed(0)).tolist()
    legend = [text.get_text() for text in curve.figure(count).axes[0].get_legend().get_texts()]
    names = ["run"] if averaged == 1 else ["run: each step", f"run: mean of the last {averaged} steps"]
    assert legend == [*names, "guessing: ln 10 = 2.30"]
    thick = curve.figure(count).axes[0].lines[1].get_ydata()
    assert curve.last == pytest.approx(float(thick[-1])) == pytest.approx(sum(curve.losses[-averaged:]) / averaged)
    assert curve.alt.endswith(f"{curve.last:.2f} at the end.")


def test_numbers_of_parameters_have_a_tick_at_each_power_of_ten() -> None:
    figure = pictures.parameter_bars({"dense": 1_600_000_000, "shared": 10_000})
    figure.canvas.draw()
    axis = figure.axes[0]
    low, high = axis.get_xlim()
    ticks = [tick for tick in axis.get_xticks() if low <= tick <= high]
    assert ticks == [10.0**k for k in range(13)]
    assert all(
        label.get_text() for label, tick in zip(axis.get_xticklabels(), axis.get_xticks(), strict=True) if tick in ticks
    )


@pytest.mark.parametrize(
    ("layers", "words"),
    [
        ([Layer(3, dilation=3)], ("span 7 x 7", "9 of these 49 have one")),
        ([Layer(1, stride=2), Layer(3)], ("span 5 x 5", "9 of these 25 have one")),
        ([Layer(5)], ("span 5 x 5", "25 of these 25 have one")),
    ],
)
def test_the_measured_field_says_how_far_it_spans_and_how_many_pixels_count(
    layers: list[Layer], words: tuple[str, str]
) -> None:
    figure = pictures.receptive_field_picture(pictures.measured_gradient(layers, 21), 5)
    for one in words:
        assert one in figure.axes[0].get_title() and one in figure.alt


def test_images_beside_each_other_have_one_scale_of_ink() -> None:
    figure = pictures.side_by_side({"black": torch.ones(4, 4), "grey": torch.full((4, 4), 0.4)})
    assert [axes.images[0].get_clim() for axes in figure.axes] == [(0, 1), (0, 1)]


def test_shown_products_add_up_to_the_shown_sum() -> None:
    image = torch.tensor([[0.84, 0.0, 0], [0.36, 0, 0], [0.66, 0, 0]])
    figure = pictures.kernel_picture(image, KERNELS["upright edges"], 0, 0)
    products = [text.get_text().replace("\n", " ").split(" x ") for text in figure.axes[1].texts]
    assert f"summed: {sum(float(ink) * float(weight) for ink, weight in products):.2f}" in figure.axes[1].get_title()


def test_digit_grid_writes_the_caption_over_each_digit() -> None:
    figure = pictures.digit_grid(some_images(), torch.arange(12))
    titles = [axes.get_title() for axes in figure.axes if axes.get_title()]
    assert titles == [str(k) for k in range(12)]


def test_confusion_counts_rows_as_true_and_columns_as_predicted() -> None:
    logits, labels = all_wrong(10)
    counts = pictures.confusion_picture(logits, labels).axes[0].images[0].get_array()
    assert counts.sum() == 10
    assert all(counts[digit][(digit + 1) % 10] == 1 for digit in range(10))


def test_worst_errors_show_wrong_images_only_the_worst_first() -> None:
    labels = torch.tensor([0, 1, 2])
    logits = torch.zeros(3, 10)
    logits[0, 0] = 5.0  # right
    logits[1, 4] = 2.0
    logits[2, 5] = 9.0
    titles = [axes.get_title() for axes in pictures.worst_errors(some_images(3), logits, labels).axes]
    assert titles[0].startswith("true 2, read 5")
    assert titles[1].startswith("true 1, read 4")
    assert not any(title.startswith("true 0") for title in titles)


def test_worst_errors_say_that_there_is_none() -> None:
    with pytest.raises(ValueError, match="no error to show"):
        pictures.worst_errors(some_images(2), torch.eye(10)[:2], torch.tensor([0, 1]))


def test_measured_gradient_reaches_exactly_the_receptive_field() -> None:
    gradient = pictures.measured_gradient([Layer(3), Layer(3, stride=2), Layer(3, dilation=2)], size=41)
    rows = (gradient.sum(dim=1) > 0).nonzero()
    assert int(rows.max() - rows.min()) + 1 == 3 + 2 + 4 * 2
    assert torch.allclose(gradient, gradient.T)


def test_a_kernel_over_colours_reads_the_red_digit_and_not_the_blue_one() -> None:
    red, blue = torch.zeros(9, 9), torch.zeros(9, 9)
    red[2], blue[6] = 1, 1
    kernel = torch.tensor([1.0, -1, 0])[:, None, None].expand(1, 3, 3, 3) / 9
    figure = pictures.colour_kernel_picture(pictures.in_colours(red, blue), kernel)
    (shown,) = [axes for axes in figure.axes if axes.get_title() == "the output: their sum"]
    output = torch.as_tensor(shown.images[0].get_array())
    assert torch.allclose(output[2], torch.full((9,), 1 / 3), atol=1e-6)
    assert float(output[5:].abs().max()) < 1e-6  # neither where the blue one is, nor on bare paper


def test_best_patches_finds_the_patch_like_the_kernel() -> None:
    conv = nn.Conv2d(1, 1, kernel_size=3, stride=2, padding=1)
    pattern = torch.tensor([[1.0, 0, 1], [0, 1, 0], [1, 0, 1]])
    with torch.no_grad():
        conv.weight.copy_(pattern[None, None] - 0.5)
    images = torch.zeros(5, 1, 12, 12)
    images[3, 0, 5:8, 3:6] = pattern  # the window of output row 3, column 2
    figure = pictures.best_patches(conv, images, filters=1, patches=2)
    assert torch.equal(torch.as_tensor(figure.axes[1].images[0].get_array()), pattern)
    figure.canvas.draw()


def test_drawing_is_centred_and_as_large_as_the_digits() -> None:
    image = pictures.image_from_text("#..\n#..\n#..\n###\n")
    assert image.shape == (1, 28, 28)
    assert float(image.min()) >= 0
    assert float(image.max()) <= 1
    rows, columns = (image[0] > 0.1).nonzero(as_tuple=True)
    assert 18 <= int(rows.max() - rows.min()) + 1 <= 23
    mass = image[0] / image.sum()
    assert abs(float((mass.sum(dim=1) * torch.arange(28)).sum()) - 13.5) < 1
    assert abs(float((mass.sum(dim=0) * torch.arange(28)).sum()) - 13.5) < 1
    assert len(columns) > 20


def test_drawing_without_ink_is_refused() -> None:
    with pytest.raises(ValueError, match="no ink"):
        pictures.image_from_text("...\n...")


def test_widgets_are_used_where_they_exist_and_clicking_changes_the_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COURSE_STATIC")
    ipywidgets = pytest.importorskip("ipywidgets")
    seen = []

    def classify(images: torch.Tensor) -> torch.Tensor:
        seen.append(images)
        return torch.zeros(len(images), 10)

    box = pictures.draw_digit(classify, "#.#\n###")
    assert isinstance(box, ipywidgets.HBox)
    squares = box.children[0].children[0].children
    assert len(squares) == 140
    squares[139].click()
    assert squares[139].style.button_color == "black"
    assert len(seen) == 2
    assert not torch.equal(seen[0], seen[1])
    assert isinstance(pictures.kernel_slider(some_images()[0]), ipywidgets.VBox)


def test_what_moves_gives_the_text_of_what_it_shows_just_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COURSE_STATIC")
    pytest.importorskip("ipywidgets")
    slider = pictures.kernel_slider(some_images()[0], row=8, column=8)
    assert slider.alt == pictures.kernel_picture(some_images()[0], KERNELS["upright edges"], 8, 8, "upright edges").alt
    menu, row = slider.children[:2]
    assert menu.options[0] == "upright edges" and set(menu.options) == set(KERNELS)
    menu.value, row.value = "blur", 9
    assert "row 9, column 8" in slider.alt and "the weights of blur" in slider.alt

    box = pictures.draw_digit(lambda x: 9 * x.mean() * torch.eye(10)[:1], "#\n#")
    first = box.alt
    assert "the network reads 0" in first
    box.children[0].children[0].children[139].click()
    assert "the network reads 0" in box.alt and box.alt != first
    box.children[0].children[1].click()  # a new sheet
    assert box.alt == "Click some squares."


def test_pictures_do_without_ipywidgets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COURSE_STATIC")
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    assert isinstance(pictures.kernel_slider(some_images()[0]), Figure)
