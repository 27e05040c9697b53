"""Hidden checks of task 4: padding, what the network looks at, and its parameters."""

from __future__ import annotations

from statistics import median
from typing import Any

import torch
from torch import Tensor

from exercises.checking import Expect, awkward, check, random_state, randomise
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
                alone = expect.tensor(net(x[clip : clip + 1, :, :length].clone(), torch.tensor([length]))).detach()
                expect.shape(alone, (1, 10))
                expect.close(
                    together[clip : clip + 1],
                    alone,
                    atol=1e-3,
                    rtol=1e-3,  # float32, of logits of the size of 1 to 10
                    what="the logits of the clip alone",
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
    randomise(net, seed=1)
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
    """With several weights, since some of them shut every ReLU on the way to a parameter."""
    net = student.training.FullLength(network(student, 8, hidden=6, num_blocks=2))
    x = private(solution, 3, 8, 16).float()
    net.eval()
    state = net.state_dict()
    reached: dict[str, bool] = {}
    for seed in range(4):
        net.load_state_dict(random_state(state, seed))
        gradients = student.probe.parameter_gradients(net, x)
        for name, gradient in gradients.items():
            reached[name] = reached.get(name, False) or bool((gradient.abs() > 0).any())  # NaN: none has arrived
        if all(reached.values()):
            break
    without = [name for name, arrived in reached.items() if not arrived]
    expect.that(
        bool(reached) and not without,
        expected="a gradient for every parameter of CNNClassifier1d",
        got=f"none for {', '.join(without[:4]) or 'any'}",
        hint="Is a part built but never used, or cut off by detach, .data or no_grad?",
    )
    weights = {name: value.clone() for name, value in net.state_dict().items()}
    size = sum(float(gradient.double().square().sum()) for gradient in gradients.values()) ** 0.5
    away = median(_disagreement(net, x, weights, gradients, direction) for direction in range(3)) / size
    expect.that(
        away <= 0.03,
        expected="gradients of CNNClassifier1d that tell how its logits change with its parameters",
        got=f"what is seen differs from them by {away:.0%} of their size",
        hint="Is a part of the way cut off by detach, .data or no_grad?",
    )


def _disagreement(net: Any, x: Tensor, weights: dict[str, Tensor], gradients: dict[str, Tensor], seed: int) -> float:
    """By how much the change of sum(logits**2) along a direction differs from what the gradients say.

    Central differences in float32, with the smallest step that leaves three digits.  A step over a kink of a ReLU or
    of a maximum is seen in one direction of a hundred, so the caller takes the middle one of three.
    """
    step = 1e-4
    direction = {name: awkward(*gradient.shape, seed=31 * seed + len(name)) for name, gradient in gradients.items()}
    seen = 0.0
    for sign in (0.5, -0.5):
        moved = dict(weights)
        for name, change in direction.items():
            # A part that is used twice is in the state under both names, and has to be moved under both.
            for other in (other for other, value in weights.items() if torch.equal(value, weights[name])):
                moved[other] = weights[name] + (2 * sign * step * change).float()
        net.load_state_dict(moved)
        seen += sign * float(net(x.clone()).detach().double().square().sum()) / step
    return abs(seen - sum(float((gradients[name] * change).sum()) for name, change in direction.items()))
