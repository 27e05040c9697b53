"""Hidden checks of task 4: padding, what the network looks at, and its parameters."""

from __future__ import annotations

from typing import Any

import torch

from exercises.checking import Expect, check, randomise
from exercises.digits.checks.observe import require_gradients
from exercises.spoken_digits.checks.classifier import network
from exercises.spoken_digits.checks.inputs import padded
from grader.checks.private import private
from grader.checks.spoken_digits.lengths import batches


@check(
    "classifier.padding",
    points=0.5,
    idea="The logits of a clip do not depend on the clips beside it, nor on what stands in its padding",
)
def logits_do_not_depend_on_padding(student: Any, solution: Any, expect: Expect) -> None:
    for num_blocks in (3, 2):
        net = network(student, 8, hidden=6, num_blocks=num_blocks)
        randomise(net, seed=num_blocks)
        for seed, (time, lengths) in enumerate(batches(solution, 2**num_blocks, seed=num_blocks)[:2]):
            x = private(solution, len(lengths), 8, time, seed=seed).float()
            own = torch.tensor(lengths)
            together = expect.tensor(student.training.of_view(net, padded(x, lengths, seed), own.clone())).detach()
            expect.shape(together, (len(lengths), 10))
            for clip, length in enumerate(lengths):
                twice = expect.tensor(net(x[[clip, clip], :, :length], torch.tensor([length, length]))).detach()
                expect.shape(twice, (2, 10))
                expect.close(
                    together[[clip, clip]],
                    twice,
                    atol=1e-3,
                    rtol=1e-3,  # float32, of logits of the size of 1 to 10
                    what="the logits of two such clips without padding",
                    case=f"a clip of {length} frames in a batch of {time}, {num_blocks} blocks",
                    hint="Where does the padding get in: at the input, in a block, at a pooling, in the last average?",
                )


@check(
    "classifier.coverage",
    points=0.25,
    idea="Every frame of a clip counts",
)
def every_frame_counts(student: Any, solution: Any, expect: Expect) -> None:
    """Change two neighbouring frames at a time: some logit has to change."""
    time = 24
    ignored = torch.ones(time // 2, dtype=torch.bool)
    for seed in range(4):
        net = network(student, 8, hidden=8, num_blocks=2)
        randomise(net, seed=seed)
        x = private(solution, 1, 8, time, seed=seed).float()
        copies = x.repeat(time // 2 + 1, 1, 1)
        for place in range(time // 2):
            copies[place, :, 2 * place : 2 * place + 2] += 4.0
        logits = expect.tensor(net(copies, torch.full((len(copies),), time))).detach()
        expect.shape(logits, (len(copies), 10))
        ignored &= ((logits[:-1] - logits[-1]).abs() <= 1e-5 * (1 + logits[-1].abs())).all(dim=1)
        if not bool(ignored.any()):
            return
    place = 2 * int(ignored.nonzero()[0])
    expect.that(
        False,
        expected="logits that depend on every frame",
        got=f"the same logits whatever frames {place} and {place + 1} of {time} hold",
        hint="Over which frames does the average in the end go? What is the length after each pooling?",
    )


@check("classifier.order", points=0.25, idea="A word backwards is another word")
def order_matters(student: Any, solution: Any, expect: Expect) -> None:
    net = network(student, 8, hidden=6, num_blocks=2)
    randomise(net, seed=1, scale=0.3)  # logits so small that a softmax after them is not saturated
    x = private(solution, 2, 8, 32).float()
    lengths = torch.tensor([32, 32])
    forwards, backwards = (expect.tensor(net(clip, lengths.clone())).detach() for clip in (x.clone(), x.flip(2)))
    expect.shape(forwards, (2, 10))
    expect.that(
        bool(((forwards - backwards).abs() > 1e-4).any(dim=1).all()),
        expected="other logits for a clip backwards",
        got="the same",
        hint="Do the convolutions go along time?",
    )


@check("classifier.gradient", points=0.25, idea="The gradient reaches every parameter, and tells how the logits change")
def gradient_reaches_every_parameter(student: Any, solution: Any, expect: Expect) -> None:
    net = student.training.FullLength(network(student, 4, num_classes=5, hidden=3, num_blocks=2))
    require_gradients(student, net, 0.5 * private(solution, 3, 4, 16).float(), "CNNClassifier1d", expect)
