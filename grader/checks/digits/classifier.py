"""Hidden checks of task 4: image sizes, what the network looks at, its parameters, and whether it can learn at all."""

from __future__ import annotations

from typing import Any

import torch

from datasets import load_digits
from exercises.checking import Expect, check, load_weights, random_state, randomise, weights
from exercises.digits.checks.observe import UNCHANGED, count, inputs, require_gradients
from grader.checks.private import numbers, private

BATCH, STEPS = 16, 24


def _input_stride(net: Any, expect: Expect) -> int:
    """The stride of the input layer, measured: how many more pixels it takes for one more output."""
    small, large = (
        expect.tensor(net.input(torch.zeros(1, 1, size, size, dtype=torch.float32)), case="input") for size in (64, 128)
    )
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
)
def small_and_oblong_images(student: Any, solution: Any, expect: Expect) -> None:
    for num_blocks in (1, 2, 3):
        net = student.classifier.CNNClassifier2d(hidden=6, num_blocks=num_blocks).float().eval()
        smallest = 2**num_blocks * _input_stride(net, expect)
        for height, width in ((smallest, smallest), (smallest, smallest + 13), (3 * smallest + 1, smallest)):
            logits = net(inputs(2, 1, height, width))
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
)
def every_part_of_the_image_counts(student: Any, solution: Any, expect: Expect) -> None:
    """Change one patch of a large image at a time, each in a copy of its own: some logit has to change."""
    net = student.classifier.CNNClassifier2d(hidden=8, num_blocks=1).float().eval()
    side, grid = 16, 5
    patches = [(row * side, column * side) for row in range(grid) for column in range(grid)]
    ignored = torch.ones(len(patches), dtype=torch.bool)
    state = weights(net)
    for seed in range(4):
        load_weights(net, random_state(state, seed))
        x = inputs(1, 1, grid * side, grid * side, seed=seed)
        copies = x.repeat(len(patches) + 1, 1, 1, 1)  # the last one stays as it is
        noise = 4 * inputs(side, side, seed=seed + 10)
        for index, (top, left) in enumerate(patches):
            copies[index, 0, top : top + side, left : left + side] = noise
        expect.shape(logits := net(copies), (len(patches) + 1, 10))
        logits = logits.detach().to(torch.float64)
        same = (logits[:-1] - logits[-1]).abs() <= UNCHANGED * (1 + logits[-1].abs())
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
)
def images_do_not_mix(student: Any, solution: Any, expect: Expect) -> None:
    net = student.classifier.CNNClassifier2d(hidden=6).float()
    randomise(net)
    net.eval()
    x = private(solution, 3, 1, 28, 28, dtype=torch.float32)
    expect.shape(together := net(x.clone()), (3, 10))
    for index in range(3):
        expect.close(
            net(x[index : index + 1]),
            together.detach()[index : index + 1],
            atol=1e-4,  # another batch size changes the order of summation, by less than 1e-5 of the largest logit
            rtol=1e-4,
            what="the same logits alone and in a batch",
            case=f"image {index} of 3",
            hint="Which axis holds the images of a batch? And is anything random in evaluation mode?",
        )


@check(
    "classifier.parameters",
    points=0.75,
    idea="Every block is registered and has parameters of its own",
)
def blocks_have_their_own_parameters(student: Any, solution: Any, expect: Expect) -> None:
    draw = numbers(solution)
    kernel_size = 5
    hint = (
        "Does torch know your blocks (what is special about nn.Sequential and nn.ModuleList)? "
        "Is each one built anew, with the kernel size, and are there num_blocks of them?"
    )
    totals = []
    for num_blocks, hidden in ((1, 6), (2, 6), (4, 6), (draw.randint(3, 6), draw.randint(3, 9))):
        block = 2 * (hidden * hidden * kernel_size**2 + hidden) + 4 * hidden
        net = student.classifier.CNNClassifier2d(hidden=hidden, num_blocks=num_blocks, kernel_size=kernel_size)
        totals.append(count(student.probe.parameter_shapes(net)))
        expect.equal(
            count(student.probe.parameter_shapes(net.output)),
            hidden * 10 + 10,
            case="numbers in `output`",
            hint="How many numbers does global pooling leave for each image?",
        )
        blocks = net.blocks
        found = 0 if isinstance(blocks, list | tuple | dict) else count(student.probe.parameter_shapes(blocks))
        expect.that(
            found == num_blocks * block,
            expected=f"{num_blocks * block} numbers in `blocks` (num_blocks={num_blocks}, hidden={hidden}, "
            f"kernel_size={kernel_size})",
            got=f"{found}",
            hint=hint,
        )
    block = 2 * (6 * 6 * kernel_size**2 + 6) + 4 * 6
    for added, growth in ((1, totals[1] - totals[0]), (3, totals[2] - totals[0])):
        expect.that(
            growth == added * block,
            expected=f"{added * block} more numbers with {added} more blocks (hidden=6, kernel_size=5)",
            got=f"{growth} more",
            hint=hint,
        )


@check(
    "classifier.gradient",
    points=0.25,
    idea="The gradient reaches every parameter",
)
def gradient_reaches_every_parameter(student: Any, solution: Any, expect: Expect) -> None:
    net = student.classifier.CNNClassifier2d(hidden=8).float()
    require_gradients(student, net, inputs(3, 1, 28, 28), "CNNClassifier2d", expect)


@check(
    "classifier.overfits",
    points=0.5,
    idea="A network that can learn fits 16 images within 24 steps",
    trains=True,
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
