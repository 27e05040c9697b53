"""Hidden checks of task 4: the smallest images, and whether the network can learn at all."""

from __future__ import annotations

import torch

from datasets import load_digits
from exercises.checking import Expect, Reference, Student, check, draw
from exercises.digits.checks import hints
from exercises.digits.checks.alone import alone_too
from exercises.digits.checks.classifier import input_stride
from exercises.digits.checks.observe import RUNS, inputs, propose_attested

BATCH, STEPS = 16, 24
IMAGE = (1, 28, 28)


@check(
    "classifier.small_images",
    points=0.5,
    hints=hints.CLASSIFIER,
    idea="Any image works that is at least 2**num_blocks times the input stride high and wide",
    topic="small images",
)
@alone_too
def small_and_oblong_images(student: Student, solution: Reference, expect: Expect) -> None:
    random = draw()
    for num_blocks in (1, 2, random.randint(3, 4)):
        net = student.classifier.CNNClassifier2d(hidden=random.randint(3, 8), num_blocks=num_blocks).float().eval()
        smallest = 2**num_blocks * input_stride(net, expect)
        oblong = (smallest, smallest + random.randint(1, 20)), (2 * smallest + random.randint(1, 20), smallest)
        for height, width in ((smallest, smallest), *oblong):
            with expect.case(
                f"num_blocks={num_blocks}, images of {height} x {width}",
                hint="How large is the image after the input layer, with its padding, and after each block?",
            ):
                logits = net(inputs(2, 1, height, width))
                expect.shape(logits, (2, 10))
                expect.that(
                    bool(logits.isfinite().all()),
                    expected="finite logits",
                    got="NaN or infinite",
                    hint="Is anything left when the last block has halved its input?",
                )


@check(
    "classifier.overfits",
    points=0.5,
    hints=hints.RECIPE,
    idea="A network that can learn fits 16 images within 24 steps",
    trains=True,
    topic="learning 16 images by heart",
)
@alone_too
def sixteen_images_can_be_learned(student: Student, solution: Reference, expect: Expect) -> None:
    """Cross entropy below 1.3 after 24 steps.  With two softmaxes it cannot fall below ln(1 + 9 / e) = 1.461.

    Over 8 first weights, four right answers ended at 0.00 to 0.49, a softmax or sigmoid too many at 1.46 to 1.70, and a
    network of which only the output layer learns at 1.60 to 1.91.
    """
    digits = load_digits("generated", train=BATCH, validation=1, test=1)
    images, labels = digits.train.images, digits.train.labels
    net = student.classifier.CNNClassifier2d(hidden=16).float()
    with expect.case(f"{BATCH} images of 28 x 28", hint=RUNS):
        network = student.probe.network(net, torch.zeros_like(images), modes=(True,))
        network.count_on(IMAGE)
        where, net = network.where
    propose_attested(network, expect)
    recipe = where.training.Recipe(learning_rate=0.02, batch_size=BATCH)
    # A costlier network gets fewer images of a budget, and here everybody is to have 24 steps.
    with expect.case(f"{BATCH} images of 28 x 28", hint=RUNS):
        share = where.training.image_budget(net, 1_000_000)
    expect.that(
        isinstance(share, int) and share > 0,
        expected="a network that can be trained",
        got="one that may see no image of the budget",
        hint="What makes your network so costly?",
    )
    images_seen = min(-(-BATCH * STEPS * 1_000_000 // share), 50 * BATCH * STEPS)
    with expect.case(f"{STEPS} training steps with {BATCH} images of 28 x 28", hint=RUNS):
        where.training.fit(net, images, labels, recipe, images_seen, 0)
    logits = net.train()(images)  # in train mode: the norms' running averages may still lag behind
    expect.shape(logits, (BATCH, 10), case="logits of the training images")
    loss = float(torch.nn.functional.cross_entropy(logits.detach().double(), labels))
    expect.that(
        loss < 1.3,
        expected=f"a loss below 1.3 on the {BATCH} images of {STEPS} training steps (it starts near 2.3)",
        got=f"{loss:.2f}",
        hint="What keeps the loss up: a softmax or sigmoid too many, or parameters that never change?",
    )
