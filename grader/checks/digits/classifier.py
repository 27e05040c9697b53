"""Hidden checks of task 4: image sizes, what the network looks at, its parameters, and whether it can learn at all."""

from __future__ import annotations

from typing import Any

import torch

from datasets import load_digits
from exercises.checking import Expect, awkward, check, random_state, randomise
from exercises.digits.checks.observe import count, require_gradients
from exercises.digits.checks.source import torch_pooling_in

BATCH, STEPS = 16, 24


@check(
    "classifier.no_torch_pooling",
    points=0.25,
    idea="The classifier uses your own pooling: no pooling function or module of torch",
)
def classifier_uses_own_pooling(student: Any, solution: Any, expect: Expect) -> None:
    student.classifier.CNNClassifier2d()  # an answer that is not written yet cannot keep the rule
    findings = torch_pooling_in(student.sources("classifier"))
    expect.that(
        not findings,
        expected="no pooling of torch in classifier.py",
        got="; ".join(findings[:3]),
        hint="What have you written in task 2?",
    )


def _input_stride(net: Any, expect: Expect) -> int:
    """The stride of the input layer, measured: how many more pixels it takes for one more output."""
    small, large = (expect.tensor(net.input(torch.zeros(1, 1, size, size)), case="input") for size in (64, 128))
    expect.that(
        small.dim() == 4 and large.shape[2] > small.shape[2],
        expected="a feature map after `input`",
        got=f"shape {tuple(small.shape)}",
        hint="The input layer is a convolution.",
    )
    return round(64 / (large.shape[2] - small.shape[2]))


@check(
    "classifier.small_images",
    points=0.5,
    idea="Any image works that is at least 2**num_blocks times the input stride high and wide",
    needs=["classifier.shape"],
)
def small_and_oblong_images(student: Any, solution: Any, expect: Expect) -> None:
    for num_blocks in (1, 2, 3):
        net = student.classifier.CNNClassifier2d(hidden=6, num_blocks=num_blocks).float().eval()
        smallest = 2**num_blocks * _input_stride(net, expect)
        for height, width in ((smallest, smallest), (smallest, smallest + 13), (3 * smallest + 1, smallest)):
            logits = net(awkward(2, 1, height, width, dtype=torch.float32))
            case = f"num_blocks={num_blocks}, images of {height} x {width}"
            expect.shape(
                logits, (2, 10), case=case, hint="How large is the image after the input layer, with its padding?"
            )
            expect.that(
                bool(logits.isfinite().all()),
                expected="finite logits",
                got=f"{case}: NaN or infinite",
                hint="Is anything left when the last block has halved its input?",
            )


@check(
    "classifier.coverage",
    points=0.5,
    idea="Every part of the image counts: global pooling looks at all positions",
    needs=["classifier.shape"],
)
def every_part_of_the_image_counts(student: Any, solution: Any, expect: Expect) -> None:
    """Change one patch of a large image at a time, each in a copy of its own: some logit has to change."""
    net = student.classifier.CNNClassifier2d(hidden=8, num_blocks=1).double().eval()
    side, grid = 16, 5
    patches = [(row * side, column * side) for row in range(grid) for column in range(grid)]
    ignored = torch.ones(len(patches), dtype=torch.bool)
    state = net.state_dict()
    for seed in range(4):
        net.load_state_dict(random_state(state, seed))
        x = awkward(1, 1, grid * side, grid * side, seed=seed)
        copies = x.repeat(len(patches) + 1, 1, 1, 1)  # the last one stays as it is
        noise = 4 * awkward(side, side, seed=seed + 10)
        for index, (top, left) in enumerate(patches):
            copies[index, 0, top : top + side, left : left + side] = noise
        expect.shape(logits := net(copies), (len(patches) + 1, 10))
        logits = logits.detach().to(torch.float64)
        same = (logits[:-1] - logits[-1]).abs() <= 1e-9 * (1 + logits[-1].abs())  # float64: rounding is far below
        ignored &= same.all(dim=1)
        if not bool(ignored.any()):
            break
    if bool(ignored.any()):
        top, left = patches[int(ignored.nonzero()[0])]
        expect.that(
            False,
            expected="logits that depend on every part of the image",
            got=f"the same logits whatever lies in rows {top} to {top + side - 1}, columns {left} to "
            f"{left + side - 1} of {grid * side} x {grid * side} pixels",
            hint="Over which positions does your global pooling go?",
        )


@check(
    "classifier.one_image",
    points=0.25,
    idea="In evaluation, the logits of an image do not depend on the other images of the batch",
    needs=["classifier.shape"],
)
def images_do_not_mix(student: Any, solution: Any, expect: Expect) -> None:
    net = student.classifier.CNNClassifier2d(hidden=6).double()
    randomise(net)
    net.eval()
    x = awkward(3, 1, 28, 28)
    expect.shape(together := net(x.clone()), (3, 10))
    for index in range(3):
        expect.close(
            net(x[index : index + 1]),
            together.detach()[index : index + 1],
            atol=1e-9,  # float64: another batch size changes the order of summation at most
            rtol=1e-9,
            what="the same logits alone and in a batch",
            case=f"image {index} of 3",
            hint="Which axis holds the images of a batch?",
        )


@check(
    "classifier.parameters",
    points=0.5,
    idea="Every block is registered and has parameters of its own",
)
def blocks_have_their_own_parameters(student: Any, solution: Any, expect: Expect) -> None:
    hidden, kernel_size = 6, 5
    block = 2 * (hidden * hidden * kernel_size**2 + hidden) + 4 * hidden
    totals = []
    for num_blocks in (1, 2, 4):
        net = student.classifier.CNNClassifier2d(hidden=hidden, num_blocks=num_blocks, kernel_size=kernel_size)
        totals.append(count(student.probe.parameter_shapes(net)))
        expect.equal(
            count(student.probe.parameter_shapes(net.output)),
            hidden * 10 + 10,
            case="numbers in `output`",
            hint="How many numbers does global pooling leave for each image?",
        )
    for added, growth in ((1, totals[1] - totals[0]), (3, totals[2] - totals[0])):
        expect.that(
            growth == added * block,
            expected=f"{added * block} more numbers with {added} more blocks (hidden=6, kernel_size=5)",
            got=f"{growth} more",
            hint="Does torch know your blocks (what is special about nn.Sequential and nn.ModuleList)? "
            "Is each one built anew, with the kernel size?",
        )


@check(
    "classifier.gradient",
    points=0.25,
    idea="The gradient reaches every parameter",
    needs=["classifier.shape"],
)
def gradient_reaches_every_parameter(student: Any, solution: Any, expect: Expect) -> None:
    net = student.classifier.CNNClassifier2d(hidden=8).double()
    require_gradients(student, net, awkward(3, 1, 28, 28), "CNNClassifier2d", expect)


@check(
    "classifier.overfits",
    points=0.5,
    idea="A network that can learn fits 16 images within 24 steps",
    needs=["classifier.shape"],
)
def sixteen_images_can_be_learned(student: Any, solution: Any, expect: Expect) -> None:
    """Cross entropy below 1.3 after 24 steps.  With two softmaxes it cannot fall below ln(1 + 9 / e) = 1.461.

    Over 8 first weights, four right answers ended at 0.00 to 0.49, a softmax or sigmoid too many at 1.46 to 1.70, and a
    network of which only the output layer learns at 1.60 to 1.91.
    """
    digits = load_digits("generated", train=BATCH, validation=1, test=1)
    images, labels = digits.train.images, digits.train.labels
    net = student.classifier.CNNClassifier2d(hidden=16).float()
    recipe = student.training.Recipe(learning_rate=0.02, batch_size=BATCH)
    # A costlier network gets fewer images of a budget, and here everybody is to have 24 steps.
    share = student.training.image_budget(net, 1_000_000)
    expect.that(
        isinstance(share, int) and share > 0,
        expected="a network that can be trained",
        got="one that may see no image of the budget",
        hint="What makes your network so costly?",
    )
    images_seen = min(-(-BATCH * STEPS * 1_000_000 // share), 50 * BATCH * STEPS)
    student.training.fit(net, images, labels, recipe, images_seen, 0)
    logits = net.train()(images)  # in train mode: the norms' running averages may still lag behind
    expect.shape(logits, (BATCH, 10), case="logits of the training images")
    loss = float(torch.nn.functional.cross_entropy(logits.detach().double(), labels))
    expect.that(
        loss < 1.3,
        expected=f"a loss below 1.3 on the {BATCH} images of {STEPS} training steps (it starts near 2.3)",
        got=f"{loss:.2f}",
        hint="What keeps the loss up: a softmax or sigmoid too many, or parameters that never change?",
    )
