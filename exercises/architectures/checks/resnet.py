"""Public checks of task 6."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import torch

from exercises.checking import Expect, Reference, Student, awkward, check, draw
from exercises.checking.alone import judge_or_alone

from . import hints
from .judging import AtHome, Case, Network, compare, require_any_built, require_count, require_own_network
from .made_of_parts import Sizes, alone, compare_network, in_all, require_parts

EXPANSION = {"BasicBlock": 1, "Bottleneck": 4}
NETWORKS = {  # block, blocks of each stage, parameters
    "resnet18": ("BasicBlock", (2, 2, 2, 2), 11_689_512),
    "resnet34": ("BasicBlock", (3, 4, 6, 3), 21_797_672),
    "resnet50": ("Bottleneck", (3, 4, 6, 3), 25_557_032),
}
IN_A_BLOCK = (
    "Which kernel has each convolution, and which a bias? How many norms are there? "
    "Which blocks have a convolution in their shortcut?"
)
SHORTCUT = "Does the block use the given `Shortcut`, where size or channels change, and only there?"
SILENT = "When nothing comes out of the convolutions: what goes round them, and what follows the sum?"
IN_PLACE = "Which line writes into the input (+=, inplace=True)? Somebody else may still need it."
CUT_OFF = "Which line cuts the way of the gradients (detach, data, no_grad)?"
BLOCK = "What follows which norm, what is in the shortcut, and does the last ReLU come after the sum?"
SUM = "Have both sides of the sum the same size and channels? Where do stride and channels of the block go?"
LOGITS = "What comes after the last dense layer? Are these logits?"
BLOCKS = "How many blocks has each stage, each with weights of its own, and with which numbers is it made?"
STAGES = (
    "How many blocks has each stage, which of them has the stride, and what comes into the next one? "
    "What sizes may the last pooling meet?"
)


def block(name: str, arguments: tuple[int, int], size: tuple[int, int], **named: Any) -> Network:
    """A block, on maps of this size."""
    return Network("resnet", name, arguments, named, image=(arguments[0], *size))


def blocks(name: str, size: tuple[int, int]) -> list[Network]:
    """Blocks that change channels and size, one of them, or neither; and plain ones."""
    random = draw(f"channels of {size}")
    few, many = sorted(random.sample(range(2, 6), 2))
    other = random.choice([number for number in range(3, 9) if number != few * EXPANSION[name]])
    as_many = many * EXPANSION[name]
    return [
        block(name, (as_many, many), size),
        block(name, (as_many, many), size, stride=2),
        block(name, (other, few), size, stride=1),
        block(name, (other, few), size, stride=2),
        block(name, (as_many, many), size, plain=True),
        block(name, (other, few), size, stride=2, plain=True),
    ]


def block_cases(name: str, size: tuple[int, int]) -> list[Case]:
    """Each of them in training mode, where a stride in another place is another function; two in evaluation too."""
    found = blocks(name, size)
    return [*(Case(one, training=True) for one in found), Case(found[0]), Case(found[3])]


def narrow(name: str, seed: str, size: tuple[int, int], training: bool, plain: bool = False) -> Case:
    """A network of a width at which four times a scaled number is no scaled number."""
    random = draw(seed)
    layers = random.sample([1, 1, 2, 3], 4)
    named = {"num_classes": random.randint(3, 9), "width": random.choice((0.055, 0.07, 0.075))}
    made = Network("resnet", "ResNet", (f".{name}", tuple(layers)), named | {"plain": plain}, image=(3, *size))
    return Case(made, training=training, batch=3 if training else 2)


def networks() -> list[Case]:
    """What is compared of `ResNet`."""
    return [
        narrow("BasicBlock", "basic", (33, 47), training=True),
        narrow("Bottleneck", "bottleneck", (47, 33), training=True),
        narrow("BasicBlock", "plain", (33, 47), training=False, plain=True),
    ]


AT_HOME: AtHome = {
    "resnet.basic": lambda: block_cases("BasicBlock", (5, 8)),
    "resnet.bottleneck": lambda: block_cases("Bottleneck", (5, 8)),
    "resnet.same": lambda: [*networks(), *alone(networks())],
}


def require_block_counts(student: Any, expect: Expect, name: str) -> None:
    """Require the parameters of blocks with and without shortcut, and the expansion."""
    expansion = EXPANSION[name]
    with expect.case(f"{name}.expansion", hint="How many channels come out, for each of `channels`?"):
        expect.equal(getattr(student.resnet, name).expansion, expansion)
    for arguments, stride, plain in (
        ((64 * expansion, 64), 1, False),
        ((64 * expansion, 64), 2, False),
        ((32, 64), 1, False),
        ((64 * expansion, 128), 2, False),
        ((64 * expansion, 128), 2, True),
    ):
        network = block(name, arguments, (56, 56), stride=stride, plain=plain)
        require_count(student, expect, network, block_count(network), IN_A_BLOCK)


def block_count(network: Network) -> int:
    """Parameters of a block."""
    in_channels, channels = network.arguments
    out_channels = channels * EXPANSION[network.name]
    if network.name == "BasicBlock":
        branch = 9 * in_channels * channels + 9 * channels**2 + 4 * channels
    else:
        branch = (in_channels + 9 * channels + out_channels) * channels + 4 * channels + 2 * out_channels
    return branch + sum(shortcut_counts(network))


def shortcut_counts(network: Network) -> list[int]:
    """Parameters of each `Shortcut` of a block."""
    in_channels, out_channels = network.arguments[0], network.arguments[1] * EXPANSION[network.name]
    fits = in_channels == out_channels and network.named.get("stride", 1) == 1
    return [] if fits or network.named.get("plain") else [in_channels * out_channels + 2 * out_channels]


def require_shortcuts(student: Any, expect: Expect, name: str) -> None:
    """Require a `Shortcut` exactly where size or channels change; one without parameters may be anywhere."""
    for network in blocks(name, (5, 8)):
        with expect.case(str(network), hint=SHORTCUT):
            found = [count for count in student.known_weights.shortcuts(*network.of(student)) if count]
            due = shortcut_counts(network)
            expect.that(found == due, expected=shortcuts_in_words(due), got=shortcuts_in_words(found))


def shortcuts_in_words(counts: list[int]) -> str:
    """ "no Shortcut", or what is in there."""
    return " and ".join(f"a Shortcut of {count} parameters" for count in counts) or "no Shortcut"


def require_round(student: Any, expect: Expect, name: str) -> None:
    """Require what is left of a block when all its parameters are 0, and that the input is not changed."""
    out, size = 3, (6, 5)
    arguments = (out * EXPANSION[name], out)
    with_shortcut, plain = block(name, arguments, size), block(name, arguments, size, plain=True)
    x = awkward(2, *with_shortcut.image, dtype=torch.float32)
    weights = awkward(*x.shape, seed=1, dtype=torch.float32)
    with expect.case(str(with_shortcut), hint=SUM):
        made = student.known_weights.network(*with_shortcut.of(student))
        expect.shape(made(x.clone()), x.shape)
    with expect.case(f"the input after {with_shortcut}", hint=IN_PLACE):
        expect.close(student.probe.input_after(made, x.clone()), x, atol=0.0, what="the input as it was")
    with expect.case(f"{with_shortcut} with all parameters 0", hint=SILENT):
        silent = student.known_weights.silent(*with_shortcut.of(student))
        expect.close(silent(x.clone()), x.relu(), atol=1e-6, what="ReLU of the input")  # sums of zeros and x
        with expect.case("gradient of the input", hint=CUT_OFF):
            due = weights * (x > 0)
            found = student.probe.input_gradient(silent, x, weights)
            expect.close(found, due, atol=1e-6, what="what comes from above, where the input is positive")
    with expect.case(f"{plain} with all parameters 0", hint=SILENT):
        silent = student.known_weights.silent(*plain.of(student))
        expect.close(silent(x.clone()), torch.zeros_like(x), atol=1e-6, what="zeros")


@check(
    "resnet.basic_parameters",
    points=0.2,
    hints=hints.BLOCK,
    idea="A basic block has the parameters of its convolutions and norms",
)
def basic_parameters(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_block_counts(student, expect, "BasicBlock")


@check(
    "resnet.basic_shortcut",
    points=0.15,
    hints=hints.BLOCK,
    idea="A basic block has a Shortcut exactly where size or channels change",
)
def basic_shortcut(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_shortcuts(student, expect, "BasicBlock")


@check(
    "resnet.basic_round",
    points=0.15,
    hints=hints.BLOCK,
    idea="Round a silent basic block goes its input, which stays as it is",
)
def basic_round(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_round(student, expect, "BasicBlock")


@check(
    "resnet.basic",
    points=0.25,
    hints=hints.BLOCK,
    idea="With the same weights, a basic block gives what the paper's gives",
)
def basic(student: Student, solution: Reference | None, expect: Expect) -> None:
    compare(student, solution, expect, "resnet.basic", block_cases("BasicBlock", (5, 8)), BLOCK, SUM)


@check(
    "resnet.bottleneck_parameters",
    points=0.2,
    hints=hints.BLOCK,
    idea="A bottleneck has the parameters of its convolutions and norms",
)
def bottleneck_parameters(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_block_counts(student, expect, "Bottleneck")


@check(
    "resnet.bottleneck_shortcut",
    points=0.15,
    hints=hints.BLOCK,
    idea="A bottleneck has one exactly where size or channels change, too",
)
def bottleneck_shortcut(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_shortcuts(student, expect, "Bottleneck")


@check(
    "resnet.bottleneck_round",
    points=0.15,
    hints=hints.BLOCK,
    idea="Round a silent bottleneck goes its input, which stays as it is",
)
def bottleneck_round(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_round(student, expect, "Bottleneck")


@check(
    "resnet.bottleneck",
    points=0.25,
    hints=hints.BLOCK,
    idea="So does a bottleneck with the stride in its 3x3 convolution",
)
def bottleneck(student: Student, solution: Reference | None, expect: Expect) -> None:
    compare(student, solution, expect, "resnet.bottleneck", block_cases("Bottleneck", (5, 8)), BLOCK, SUM)


@check("resnet.parameters", points=0.2, hints=hints.RESNET, idea="ResNet-18, 34 and 50 have the parameters of table 1")
def parameters(student: Student, solution: Reference | None, expect: Expect) -> None:
    def judge(made_of_stand_ins: bool) -> None:
        for name, (_, _, due) in NETWORKS.items():
            network = Network("resnet", name, alone=made_of_stand_ins)
            require_count(student, expect, network, stand_in_count(name) if made_of_stand_ins else due, BLOCKS)

    judge_or_alone(partial(judge, False), partial(judge, True))


def steps(name: str) -> Iterator[tuple[int, int, int, int, int]]:
    """Of each block of a network: stage and place from 1 on, channels that come in, channels, stride."""
    of, layers, _ = NETWORKS[name]
    in_channels = 64
    for stage, count in enumerate(layers):
        channels = 64 * 2**stage
        for place in range(count):
            yield stage + 1, place + 1, in_channels, channels, 2 if stage and not place else 1
            in_channels = channels * EXPANSION[of]


def stand_in_count(name: str) -> int:
    """Parameters of a network made of stand-ins, each one convolution of 3x3 with biases."""
    expansion = EXPANSION[NETWORKS[name][0]]
    blocks = sum((9 * ins + 1) * expansion * channels for _, _, ins, channels, _ in steps(name))
    return 3 * 64 * 49 + 2 * 64 + blocks + (expansion * 512 + 1) * 1000


def parts(name: str, made_of_stand_ins: bool) -> list[tuple[str, Sizes]]:
    """What the parts of a network give for an image of 224x224."""
    of = NETWORKS[name][0]
    found: list[tuple[str, Sizes]] = [("the first convolution", {(112, 112): (1, 64)})]
    size = 56
    for stage, place, ins, channels, stride in steps(name):
        before, size, out = size, size // stride, channels * EXPANSION[of]
        if made_of_stand_ins:
            layers = [(out, size)]
        elif of == "Bottleneck":
            layers = [(channels, before), (channels, size), (out, size)]
        else:
            layers = [(channels, size)] * 2
        if not made_of_stand_ins and (stride > 1 or ins != out):
            layers.append((out, size))
        sizes = in_all([("convolution", (maps, side, side)) for maps, side in layers])
        found.append((f"block {place} of stage {stage}", sizes))
    return [*found, ("the dense layer", {(): (1, 1000)})]


@check(
    "resnet.sizes", points=0.3, hints=hints.RESNET, idea="The sizes on the way through ResNet-18 are those of table 1"
)
def sizes(student: Student, solution: Reference | None, expect: Expect) -> None:
    def judge(made_of_stand_ins: bool) -> None:
        network = Network("resnet", "resnet18", alone=made_of_stand_ins)
        require_parts(student, expect, network, parts("resnet18", made_of_stand_ins))

    judge_or_alone(partial(judge, False), partial(judge, True))


@check(
    "resnet.same",
    points=0.4,
    hints=hints.RESNET,
    idea="With the same weights, a narrow ResNet gives what the paper's gives",
)
def same(student: Student, solution: Reference | None, expect: Expect) -> None:
    compare_network(student, solution, expect, "resnet.same", networks(), LOGITS, STAGES)


@check(
    "resnet.own",
    points=0.2,
    hints=hints.OWN,
    idea="ResNets are built from torch's layers, not taken from a library of networks",
)
def own(student: Student, solution: Reference | None, expect: Expect) -> None:
    networks = [*(block(name, (16, 4), (5, 8)) for name in EXPANSION), Network("resnet", "resnet18", alone=True)]
    require_any_built(student, networks)
    require_own_network(student, expect, "resnet")
