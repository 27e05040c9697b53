"""The pictures of `architectures`: drawn from small networks, with named axes; what they say about these is right."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from exercises.architectures import pictures, published
from exercises.architectures.parts import Shortcut
from exercises.architectures.pictures import Cost
from exercises.architectures.pictures.blocks import Block, blocks_of
from exercises.architectures.pictures.branches import branches_of
from exercises.architectures.pictures.kernels import ways, weights
from exercises.architectures.pictures.layers import layers_of
from exercises.architectures.pictures.outcomes import smoothed
from exercises.architectures.pictures.table import row_name, stages
from exercises.architectures.pictures.widths import width_picture
from exercises.architectures.training import Net, Outcome
from exercises.showing.style import Picture


@pytest.fixture(autouse=True)
def without_widgets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_STATIC", "1")


def small() -> nn.Sequential:
    """Two convolutions, one of them with groups, and a dense layer, for images of 1x8x8."""
    return nn.Sequential(
        nn.Conv2d(1, 4, 3, stride=2), nn.ReLU(), nn.Conv2d(4, 6, (1, 3), groups=2), nn.Flatten(), nn.Linear(18, 5)
    )


class Branches(nn.Module):
    """As an Inception module, run in an order of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.pooled = nn.Conv2d(8, 2, 1), nn.Conv2d(8, 7, 1)
        self.few, self.fewer = nn.Conv2d(8, 3, 1), nn.Conv2d(8, 4, 1)
        self.three, self.five = nn.Conv2d(3, 5, 3, padding=1), nn.Conv2d(4, 6, 5, padding=2)
        self.pool = nn.MaxPool2d(3, stride=1, padding=1)

    def forward(self, maps: Tensor) -> Tensor:
        pooled, few, fewer = self.pooled(self.pool(maps)), self.few(maps), self.fewer(maps)
        return torch.cat([self.one(maps), self.three(few), self.five(fewer), pooled], dim=1).relu()


class WithShortcut(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.branch = nn.Conv2d(1, 2, 3, padding=1)
        self.shortcut = Shortcut(nn.Conv2d(1, 2, 1), nn.BatchNorm2d(2))

    def forward(self, maps: Tensor) -> Tensor:
        found: Tensor = self.branch(maps) + self.shortcut(maps)
        return found


def count(model: nn.Module) -> int:
    return sum(parameter.numel() for parameter in model.parameters())


def work(model: nn.Module, shape: tuple[int, ...]) -> int:
    return 10 * count(model)


def outcome(parameters: int, accuracy: float) -> Outcome:
    return Outcome(parameters, tuple(2.3 - 0.01 * step for step in range(30)), accuracy, accuracy, 1.0)


COSTS = {one.name: Cost(5000 * (k + 1), 1000 + k, 8 + k) for k, one in enumerate(published.SINGLE_MODELS)}
OUTCOMES = {
    Net(depth, plain, width): outcome(int(1e6 * width * width * depth), 0.9)
    for depth in (10, 18)
    for plain in (True, False)
    for width in (1 / 8, 1 / 16)
}
TABLE = {"A": (("conv", 3, 64), ("pool",)), "B": (("conv", 3, 64), ("lrn",), ("conv", 1, 8), ("pool",))}


def cost_of(name: str, width: float) -> Cost:
    return Cost(int(9000 * width), int(1000 * width * len(name)), 8)


PLOTS = {
    "blocks": lambda: pictures.block_diagram(small(), (1, 8, 8), "small"),
    "inception": lambda: pictures.inception_picture(Branches(), 8, 6),
    "where": lambda: pictures.where_they_lie(small(), (1, 8, 8), count, work, "small"),
    "costs": lambda: pictures.cost_picture(COSTS),
    "widths": lambda: width_picture(COSTS, "VGG D", {0.5: Cost(10, 20, 8), 1.0: Cost(40, 80, 8)}, 0.5),
    "forms": pictures.block_forms,
    "passed": lambda: pictures.passed_through({"none": [], "one": [nn.ReLU()]}, torch.randn(1, 2, 5, 5)),
    "depth_cost_error": lambda: pictures.depth_cost_error(published.SINGLE_MODELS, COSTS),
    "history": lambda: pictures.error_history(published.WINNERS, published.HUMAN_ERROR),
    "imagenet": pictures.imagenet_picture,
    "kernels": lambda: pictures.kernel_row({"5x5": [(5, 5)], "3x3, 3x3": [(3, 3), (3, 3)]}),
    "curves": lambda: pictures.training_curves(OUTCOMES),
    "depth": lambda: pictures.depth_picture(OUTCOMES),
    "size": lambda: pictures.accuracy_by_size(OUTCOMES),
    "time": lambda: pictures.depth_time_results(OUTCOMES),
    "table": lambda: pictures.vgg_table(TABLE),
}


@pytest.mark.parametrize("name", PLOTS)
def test_picture_is_a_figure_with_named_axes(name: str) -> None:
    figure = PLOTS[name]()
    assert isinstance(figure, Picture)
    assert len(figure.alt) > 40 and figure.alt.endswith(".")  # what whoever does not see it is told
    figure.canvas.draw()  # whatever fails only while drawing, fails here
    for axes in figure.axes:
        assert axes.get_xlabel() or axes.get_ylabel(), f"axes {axes.get_title()!r} have no name"


@pytest.mark.parametrize("widgets", [False, True])
def test_the_width_is_chosen_with_widgets_and_shown_without(widgets: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[Any] = []
    monkeypatch.setattr("IPython.display.display", lambda *one, **_: shown.extend(one))
    if not widgets:
        assert pictures.width_slider(cost_of, ["short", "longer"]) is None
        assert "short, width 1/2: 2,500 parameters" in shown[0].axes[0].get_title()
        return
    monkeypatch.delenv("COURSE_STATIC")
    pytest.importorskip("ipywidgets")
    box = pictures.width_slider(cost_of, ["short", "longer"])
    box.children[0].value, box.children[1].value = "longer", 16
    assert [one.description for one in box.children[:2]] == ["network", "sixteenths"]


def test_layers_are_heard_as_they_run_and_the_network_stays_as_it_was() -> None:
    model = small()
    model[2].eval()
    found = layers_of(model, (1, 8, 8))
    assert [(one.name, one.channels, one.side) for one in found] == [
        ("3x3 /2", 4, 3),
        ("1x3, 2 groups", 6, 3),
        ("dense", 5, 1),
    ]
    assert found[1].seen == (4, 3, 3)
    assert model.training
    assert not model[2].training
    assert not any(part._forward_hooks for part in model.modules())


def test_networks_on_meta_are_heard_too() -> None:
    with torch.device("meta"):
        model = small()
    assert [one.gave for one in layers_of(model, (1, 8, 8))] == [(4, 3, 3), (6, 3, 1), (5,)]


def test_layers_of_shortcuts_lie_beside_and_are_not_drawn() -> None:
    layers = layers_of(WithShortcut(), (1, 5, 5))
    assert [one.beside for one in layers] == [False, True]
    assert blocks_of(layers) == [Block("3x3", 2, 5, dense=False)]


def test_many_layers_share_a_block_for_each_size_and_say_what_is_concatenated() -> None:
    model = nn.Sequential(Branches(), nn.MaxPool2d(2), nn.Conv2d(20, 3, 1))
    layers = layers_of(model, (8, 6, 6))
    assert blocks_of(layers, most=6) == [Block("6 layers", 20, 6, dense=False), Block("1x1", 3, 3, dense=False)]


def test_branches_are_told_by_their_channels_in_whatever_order_they_run() -> None:
    found = branches_of(layers_of(Branches(), (8, 6, 6)), 8)
    assert sorted([one.channels for one in branch] for branch in found) == [[2], [3, 5], [4, 6], [7]]
    drawn = pictures.inception_picture(Branches(), 8, 6)
    assert "concatenated: 2 + 5 + 6 + 7 = 20 of 6x6" in {text.get_text() for text in drawn.axes[0].texts}


def test_the_share_of_dense_layers_is_by_the_given_counts() -> None:
    assert pictures.dense_share(small(), (1, 8, 8), count, work) == (95 / 177, 95 / 177)


def test_the_table_of_costs_is_text_with_errors_where_there_are_any() -> None:
    table = pictures.cost_table({"a": Cost(5, 1_000_000, 8), "b": Cost(2, 1, 3)}, {"a": 7.89}).splitlines()
    assert table[1].split() == ["a", "8", "1,000,000", "4.0", "5", "7.89", "%"]
    assert table[2].split() == ["b", "3", "1", "0.0", "2"]


def test_stacks_of_kernels_see_as_far_and_have_fewer_weights() -> None:
    assert ways([(3, 3), (3, 3)])[2].tolist() == [3, 6, 9, 6, 3]
    assert (weights([(3, 3)] * 3), ways([(3, 3)] * 3).shape) == (27, (7, 7))
    assert (weights([(1, 7), (7, 1)]), ways([(1, 7), (7, 1)]).unique().tolist()) == (14, [1])


def test_rows_of_the_table_have_the_papers_names() -> None:
    assert [row_name(row) for row in TABLE["B"]] == ["conv3-64", "LRN", "conv1-8", "maxpool"]
    assert [len(stage) for stage in stages(TABLE["B"])] == [3]


def test_silent_blocks_hand_on_what_goes_round_them() -> None:
    maps = torch.randn(1, 4, 5, 5)
    block = pictures.silenced(pictures.FormOf2016(4)).eval()
    assert torch.equal(block(maps), maps)
    assert not torch.equal(pictures.FormOf2016(4).eval()(maps), maps)


def test_losses_are_averaged_over_the_steps_before() -> None:
    assert smoothed([4.0, 2.0, 0.0, 4.0], steps=2) == [4, 3, 1, 2]


def test_published_numbers_name_their_source_and_how_many_networks_answered() -> None:
    for one in (*published.WINNERS, *published.SINGLE_MODELS):
        assert "https://" in one.source
        assert one.images in ("test", "validation")
    assert [one.year for one in published.WINNERS] == list(range(2010, 2016))
    assert {one.kind for one in published.SINGLE_MODELS} == {"single model"}
    assert all("ensemble" in one.kind for one in published.WINNERS[2:])
