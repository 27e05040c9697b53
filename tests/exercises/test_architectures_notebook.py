"""What the notebook of `architectures` says in words is what the model solution shows: numbers, orders, places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
import torch
from torch import nn
from torchvision.models import inception_v3

from exercises.architectures import pictures, published, training
from exercises.architectures.pictures.kernels import ways, weights
from exercises.architectures.pictures.layers import layers_of
from exercises.architectures.training import Net, Outcome, fit
from grader import repository
from solutions.architectures import resnet
from solutions.architectures.alexnet import AlexNet
from solutions.architectures.counting import multiply_adds, parameters, weight_layers
from solutions.architectures.inception import GoogLeNet, Inception
from solutions.architectures.lenet import LeNet5
from solutions.architectures.resnet import BasicBlock, Bottleneck, ResNet, resnet18, resnet34, resnet50
from solutions.architectures.vgg import VGG

SEEDS = 3
SOURCE = repository.notebook_source("architectures").read_text(encoding="utf-8")
TEXT = " ".join(
    SOURCE.replace("\n#", " ").replace("\N{MINUS SIGN}", "-").replace("\N{MULTIPLICATION SIGN}", "x").split()
)
MAKERS: dict[str, tuple[Callable[[], nn.Module], int]] = {
    "AlexNet": (AlexNet, 227),
    "VGG A": (lambda: VGG("A"), 224),
    "VGG D": (lambda: VGG("D"), 224),
    "VGG E": (lambda: VGG("E"), 224),
    "GoogLeNet": (GoogLeNet, 224),
    "ResNet-18": (resnet18, 224),
    "ResNet-34": (resnet34, 224),
    "ResNet-50": (resnet50, 224),
    "ResNet-152": (lambda: ResNet(Bottleneck, (3, 8, 36, 3)), 224),
    "Inception-v3": (lambda: inception_v3(aux_logits=False, init_weights=False), 299),
}
ERRORS = {one.name: one.error for one in published.SINGLE_MODELS}


def said(*words: str) -> None:
    """These words stand in the notebook: who changes them, looks at the numbers here too."""
    for one in words:
        assert one in TEXT, one


def on_meta(make: Callable[[], nn.Module]) -> nn.Module:
    with torch.device("meta"):
        return make()


@pytest.fixture(scope="module")
def counts() -> dict[str, tuple[int, int]]:
    """Parameters and multiply-adds of all networks of the table."""
    models = {name: (on_meta(make), side) for name, (make, side) in MAKERS.items()}
    return {name: (parameters(model), multiply_adds(model, (3, side, side))) for name, (model, side) in models.items()}


def dense(model: nn.Module, side: int = 224) -> tuple[float, float]:
    return pictures.dense_share(model, (3, side, side), parameters, multiply_adds)


def test_where_lenets_numbers_lie() -> None:
    said("48,120 of the 61,706 parameters", "240,000 of 416,520", "its 2,416 parameters", "10 · 10 places", "28 · 28")
    model = LeNet5()
    layers = layers_of(model, (1, 32, 32))
    assert (parameters(model), multiply_adds(model, (1, 32, 32))) == (61706, 416520)
    assert [parameters(one.layer) for one in layers][1:3] == [2416, 48120]
    assert max(parameters(one.layer) for one in layers) == 48120
    assert max(multiply_adds(one.layer, one.seen) for one in layers) == 240000
    assert [one.side for one in layers][:2] == [28, 10]


def test_where_alexnets_numbers_lie() -> None:
    said(
        "96 % of the parameters, and 8 % of the multiply-adds",
        "(224 - 11) / 4 + 1 = 54.25",
        "With 227 it is exactly 55",
    )
    assert [round(100 * share) for share in dense(on_meta(AlexNet), 227)] == [96, 8]
    assert ((224 - 11) / 4 + 1, (227 - 11) / 4 + 1) == (54.25, 55)


def test_vgg_grows_in_work_and_hardly_in_size(counts: dict[str, tuple[int, int]]) -> None:
    said("doubles, from 8 to 16", "by 8 %, from 132.9 to 143.7 million: 123.6 million", "2.6 times, from 7.6 to 19.6")
    small, large = counts["VGG A"], counts["VGG E"]
    assert [round(one[0] / 1e6, 1) for one in (small, large)] == [132.9, 143.7]
    assert [round(one[1] / 1e9, 1) for one in (small, large)] == [7.6, 19.6]
    assert round(100 * large[0] / small[0]) == 108
    assert round(large[1] / small[1], 1) == 2.6
    for key in "AE":
        model = on_meta(lambda key=key: VGG(key))  # type: ignore[misc]
        assert round(dense(model)[0] * parameters(model) / 1e6, 1) == 123.6
        assert weight_layers(model) - 3 == {"A": 8, "E": 16}[key]


def test_small_kernels_see_as_far_as_a_large_one() -> None:
    said("how many weights are left of 49", "27, and 14. All see the same 7x7")
    three, two = [(3, 3)] * 3, [(1, 7), (7, 1)]
    assert [weights(one) for one in ([(7, 7)], three, two)] == [49, 27, 14]
    assert [tuple(ways(one).shape) for one in (three, two)] == 2 * [(7, 7)]


def test_what_1x1_saves_in_a_module() -> None:
    said("308 instead of 128 million multiply-adds, and 393,472 instead of 163,696 parameters")
    module = Inception(192, 64, 96, 128, 16, 32, 32)
    direct = [nn.Conv2d(192, 64, 1), nn.Conv2d(192, 128, 3, padding=1), nn.Conv2d(192, 32, 5, padding=2)]
    direct.append(nn.Conv2d(192, 32, 1))
    assert (parameters(module), sum(map(parameters, direct))) == (163696, 393472)
    work = [sum(multiply_adds(one, (192, 28, 28)) for one in layers) for layers in ([module], direct)]
    assert [round(one / 1e6) for one in work] == [128, 308]


def test_where_googlenet_saves(counts: dict[str, tuple[int, int]]) -> None:
    said("with 7.0 million parameters. VGG D has 138 million, AlexNet 61", "sees 1,024 numbers", "it is 8.7 times")
    said("holds 1.0 million", "hold 123.6 million, 102.8 of them the first", "6.0 million here, 14.7 in VGG D", "is 58")
    googlenet, vgg = on_meta(GoogLeNet), on_meta(lambda: VGG("D"))
    found = [(dense(one)[0] * parameters(one) / 1e6, parameters(one) / 1e6) for one in (googlenet, vgg)]
    assert [round(one[0], 1) for one in found] == [1.0, 123.6]
    assert [round(one[1] - one[0], 1) for one in found] == [6.0, 14.7]
    assert [round(counts[name][0] / 1e6) for name in ("GoogLeNet", "VGG D", "AlexNet")] == [7, 138, 61]
    assert round(counts["AlexNet"][0] / counts["GoogLeNet"][0], 1) == 8.7
    layers = [one for one in layers_of(googlenet, (3, 224, 224)) if one.is_dense]
    assert [one.seen for one in layers] == [(1024,)]
    first = next(one for one in layers_of(vgg, (3, 224, 224)) if one.is_dense)
    assert round(parameters(first.layer) / 1e6, 1) == 102.8
    assert weight_layers(googlenet) == 58


def test_the_kernels_of_inception_v3() -> None:
    said(
        "1x1, in 40 of 94 convolutions. 1x7 and 7x1 come in pairs, thirteen of each", "have a 5x5 each, beside two 3x3"
    )
    layers = layers_of(on_meta(MAKERS["Inception-v3"][0]), (3, 299, 299))
    kernels = Counter(one.kernel for one in layers if one.kernel)
    assert (kernels.total(), kernels.most_common(1)) == (94, [((1, 1), 40)])
    assert kernels[1, 7] == kernels[7, 1] == 13
    assert [one.side for one in layers if one.kernel == (5, 5)] == [35, 35, 35]


def test_depths_by_hand_are_the_longest_ways() -> None:
    """Modules of Inception-v3 by kind: how many there are, and of their branches the longest."""
    assert published.GOOGLENET_DEPTH == 3 + 2 * 9 + 1
    modules = {
        "InceptionA": (3, 3),
        "InceptionB": (1, 3),
        "InceptionC": (4, 5),
        "InceptionD": (1, 4),
        "InceptionE": (2, 3),
    }
    found = Counter(type(part).__name__ for part in on_meta(MAKERS["Inception-v3"][0]).modules())
    assert all(found[name] == number for name, (number, _) in modules.items())
    before = 5
    longest = before + sum(number * depth for number, depth in modules.values()) + 1
    assert longest == published.INCEPTION_V3_DEPTH


def test_what_a_bottleneck_saves(counts: dict[str, tuple[int, int]]) -> None:
    said(
        "17 times: 69,632 in the place of 1,179,648 weights",
        "16 more layers than ResNet-34",
        "only 12 % more multiply-adds",
    )
    basic, bottleneck = (
        sum(part.weight.numel() for part in block.modules() if isinstance(part, nn.Conv2d))
        for block in (BasicBlock(256, 256), Bottleneck(256, 64))
    )
    assert (basic, bottleneck, round(basic / bottleneck)) == (1179648, 69632, 17)
    assert round(100 * counts["ResNet-50"][1] / counts["ResNet-34"][1]) == 112


def test_what_passes_through_silent_blocks() -> None:
    said("Plain blocks: nothing.", "without its negative values", "That of 2016 hands on everything")
    maps = torch.randn(1, 8, 9, 9)

    def through(block: Callable[[], nn.Module]) -> torch.Tensor:
        found: torch.Tensor = nn.Sequential(*(pictures.silenced(block()) for _ in range(20))).eval()(maps)
        return found

    assert not through(lambda: BasicBlock(8, 8, plain=True)).any()
    assert torch.equal(through(lambda: BasicBlock(8, 8)), maps.relu())
    assert torch.equal(through(lambda: pictures.FormOf2016(8)), maps)


def test_the_table_and_who_lies_alone(counts: dict[str, tuple[int, int]]) -> None:
    said(
        "as many parameters as ResNet-152, and one sixteenth of its multiply-adds",
        "244 MB",
        "28 MB",
        "575 MB",
        "102 MB",
    )
    said("0.72 billion", "1.58 billion", "5.7 billion", "for twice as many", "19.6 billion", "for 2.6 times the work")
    one, other = counts["AlexNet"], counts["ResNet-152"]
    assert abs(one[0] / other[0] - 1) < 0.02
    assert round(other[1] / one[1]) == 16
    megabytes = {name: round(4 * counts[name][0] / 1e6) for name in counts}
    assert [megabytes[name] for name in ("AlexNet", "GoogLeNet", "VGG E", "ResNet-50")] == [244, 28, 575, 102]
    assert round(counts["ResNet-50"][1] / counts["GoogLeNet"][1], 1) == 2.6
    assert 1.9 < other[1] / counts["Inception-v3"][1] < 2.1
    assert [round(counts[name][1] / 1e9, 2) for name in ("AlexNet", "GoogLeNet")] == [0.72, 1.58]
    assert max(counts, key=lambda name: counts[name][1]) == "VGG E"
    said("By parameters it is GoogLeNet, ResNet-50, AlexNet, VGG D")
    said("by multiply-adds AlexNet, GoogLeNet, ResNet-50, VGG D")
    four = {name: counts[name] for name in ("AlexNet", "VGG D", "GoogLeNet", "ResNet-50")}
    assert sorted(four, key=lambda name: four[name][0]) == ["GoogLeNet", "ResNet-50", "AlexNet", "VGG D"]
    assert sorted(four, key=lambda name: four[name][1]) == ["AlexNet", "GoogLeNet", "ResNet-50", "VGG D"]
    lowest = {name: cost for name, cost in counts.items() if name not in ("AlexNet", "VGG A", "VGG D", "VGG E")}
    by_size = sorted(lowest, key=lambda name: lowest[name][0])
    assert (by_size[0], by_size[-1]) == ("GoogLeNet", "ResNet-152")


def test_half_the_width_is_a_quarter_of_the_cost(counts: dict[str, tuple[int, int]]) -> None:
    said("27 and 26 %", "At 9/16 it needs 1.32 billion multiply-adds, GoogLeNet 1.58")
    half, narrow = (on_meta(lambda width=width: resnet50(width=width)) for width in (1 / 2, 9 / 16))  # type: ignore[misc]
    full = counts["ResNet-50"]
    assert round(100 * parameters(half) / full[0]) == 27
    assert round(100 * multiply_adds(half, (3, 224, 224)) / full[1]) == 26
    assert round(multiply_adds(narrow, (3, 224, 224)) / 1e9, 2) == 1.32
    wider = on_meta(lambda: resnet50(width=10 / 16))
    assert multiply_adds(wider, (3, 224, 224)) > counts["GoogLeNet"][1]


def test_the_steps_of_six_years() -> None:
    said("In 2012, from 25.8 to 16.4 %", "that of 2015, from 6.67 to 3.57 %", "AlexNet alone had 18.2 %")
    errors = {one.year: one.error for one in published.WINNERS}
    years = range(2011, 2016)
    assert max(years, key=lambda year: errors[year - 1] - errors[year]) == 2012
    assert max(years, key=lambda year: errors[year - 1] / errors[year]) == 2015
    assert (errors[2011], errors[2012], errors[2014], errors[2015]) == (25.8, 16.4, 6.67, 3.57)
    assert ERRORS["AlexNet"] == 18.2


def test_what_the_challenge_has_of_imagenet() -> None:
    said(
        "about 22,000", "1,000 outputs for the challenge's 1,000 classes", "8 % of the images and 4.5 % of the classes"
    )
    said("1,200 images for each class", "about 680")
    images, classes = published.IMAGENET_IMAGES, published.IMAGENET_CLASSES
    assert (classes, published.CHALLENGE_CLASSES) == (22000, 1000)
    assert round(100 * published.CHALLENGE_IMAGES / images) == 8
    assert round(100 * published.CHALLENGE_CLASSES / classes, 1) == 4.5
    assert published.CHALLENGE_IMAGES / published.CHALLENGE_CLASSES == 1200
    assert round(images / classes, -1) == 680


def test_deeper_is_mostly_better_and_dearer_is_not(counts: dict[str, tuple[int, int]]) -> None:
    said("GoogLeNet is deeper than both VGG and not better", "better than ResNet-152 with a third of its layers")
    said("the three residual networks and Inception-v3 are better, with less than half its parameters")
    assert ERRORS["GoogLeNet"] > max(ERRORS["VGG D"], ERRORS["VGG E"])
    assert published.GOOGLENET_DEPTH > 19
    assert ERRORS["Inception-v3"] < ERRORS["ResNet-152"]
    assert round(152 / published.INCEPTION_V3_DEPTH) == 3
    for name in ("ResNet-34", "ResNet-50", "ResNet-152", "Inception-v3"):
        assert ERRORS[name] < ERRORS["VGG E"]
        assert counts[name][0] < counts["VGG E"][0] / 2
    said("7.89 %", "18.2 %", "5.25 %", "4.2 %", "4.49 %", "7.1 %")


def stages_of(kernels: list[int], channels: int = 16) -> nn.Module:
    """As the notebook has it."""
    layers: list[nn.Module] = [
        nn.Conv2d(3, channels, 3, padding=1),
        nn.BatchNorm2d(channels),
        nn.ReLU(),
        nn.MaxPool2d(2),
    ]
    for _ in range(3):
        for kernel in kernels:
            convolution = nn.Conv2d(channels, channels, kernel, padding=kernel // 2)
            layers += [convolution, nn.BatchNorm2d(channels), nn.ReLU()]
        layers.append(nn.MaxPool2d(2))
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(4 * channels, 10))


def test_two_small_kernels_cost_less_than_a_large_one() -> None:
    said("15,242 parameters in the place of 20,474, and 77 % of the multiply-adds", "are not fewer by 23 %")
    assert [parameters(stages_of(kernels)) for kernels in ([5], [3, 3])] == [20474, 15242]
    one, two = (multiply_adds(stages_of(kernels), (3, 32, 32)) for kernels in ([5], [3, 3]))
    assert round(100 * two / one) == 77


def mean(outcomes: list[Outcome], name: str = "test_accuracy") -> float:
    """In percent."""
    return 100 * sum(getattr(one, name) for one in outcomes) / len(outcomes)


@pytest.mark.slow
def test_two_small_kernels_read_as_many_digits() -> None:
    said("96 % both (means of five seeds; a single training differs by a point)")
    data = training.digits()
    for kernels in ([5], [3, 3]):
        found = []
        for seed in range(SEEDS):
            torch.manual_seed(seed)
            found.append(fit(stages_of(kernels), data, seed))
        assert abs(mean(found) - 96) < 1.5, (kernels, found)


@pytest.mark.slow
def test_shortcuts_let_depth_train_and_deeper_is_not_better() -> None:
    said("95 % of the test images, plain and residual. At 18 it is 78 and 94 %, at 34 it is 20 and 90 %")
    said(
        "ends between 1.9 and 2.3",
        "95 % against 77 %",
        "and 93 %",
        "lies between 69 and 80 %",
        "the best one has 10 layers",
    )
    data = training.digits()
    due = {
        Net(10, plain=True): 95, Net(18, plain=True): 78, Net(34, plain=True): 20,
        Net(10): 95, Net(18): 94, Net(34): 90,
        Net(10, width=1 / 16): 93, Net(34, width=1 / 16): 77,
    }  # fmt: skip
    found = {net: [fit(net.build(resnet, seed), data, seed) for seed in range(SEEDS)] for net in due}
    for net, percent in due.items():
        spread = 15 if net.plain and net.depth > 10 else 8 if net == Net(34, width=1 / 16) else 2
        assert abs(mean(found[net]) - percent) < spread, (net, mean(found[net]))
    assert all(1.85 < one.loss < 2.35 for one in found[Net(34, plain=True)])
    for plain in (True, False):  # no overfitting: the training images are read no better, and worse with depth
        nets = [Net(depth, plain) for depth in (10, 18, 34)]
        learnt = [mean(found[net], "train_accuracy") for net in nets]
        assert learnt == sorted(learnt, reverse=True)
        assert all(abs(mean(found[net]) - score) < 4 for net, score in zip(nets, learnt, strict=True))


def test_narrow_and_deep_has_as_many_parameters_as_wide_and_shallow() -> None:
    said("about 80,000 parameters: 10 layers at 1/8", "has a quarter of the parameters of either")
    sizes = {net: parameters(net.build(resnet)) for net in (Net(10), Net(34, width=1 / 16), Net(10, width=1 / 16))}
    wide, deep, narrow = sizes.values()
    assert abs(wide - 80000) < 6000 and abs(deep - 80000) < 6000
    assert 0.22 < narrow / wide < 0.28
    assert 0.22 < narrow / deep < 0.28
