"""Hidden checks of task 4: padding, what the network looks at, and its parameters."""

from __future__ import annotations

from typing import Any

import torch

from exercises.checking import Expect, check, randomise
from exercises.digits.checks.observe import count, require_gradients
from grader.checks.private import private
from grader.checks.spoken_digits.baseline import padded

LENGTHS = (45, 30, 13, 8)


@check(
    "classifier.padding",
    points=0.75,
    idea="The logits of a clip do not depend on the clips beside it, nor on what stands in its padding",
    needs=["classifier.shape"],
)
def logits_do_not_depend_on_padding(student: Any, solution: Any, expect: Expect) -> None:
    for seed in range(3):
        net = student.classifier.CNNClassifier1d(8, hidden=6).float()
        randomise(net, seed=seed)
        net.eval()
        x = private(solution, 4, 8, 45, seed=seed).float()
        together = expect.tensor(net(padded(x, LENGTHS, seed), torch.tensor(LENGTHS))).detach()
        expect.shape(together, (4, 10))
        for clip, length in enumerate(LENGTHS):
            alone = expect.tensor(net(x[clip : clip + 1, :, :length].clone(), torch.tensor([length]))).detach()
            expect.shape(alone, (1, 10))
            expect.close(
                together[clip : clip + 1],
                alone,
                atol=1e-4,
                rtol=1e-4,  # as the task promises
                what="the logits of the clip alone",
                case=f"a clip of {length} frames in a batch of 45",
                hint="Where does the padding get in: the input layer, a block, the pooling, the average in the end?",
            )


@check(
    "classifier.coverage",
    points=0.25,
    idea="Every frame of a clip counts",
    needs=["classifier.shape"],
)
def every_frame_counts(student: Any, solution: Any, expect: Expect) -> None:
    """Change two neighbouring frames at a time: some logit has to change.

    In float32, also for blocks that nobody finds to change their type: where a frame does not count, nothing differs.
    """
    time = 24
    ignored = torch.ones(time // 2, dtype=torch.bool)
    for seed in range(4):
        net = student.classifier.CNNClassifier1d(8, hidden=8, num_blocks=2).float()
        randomise(net, seed=seed)
        net.eval()
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


@check("classifier.order", points=0.25, idea="A word backwards is another word", needs=["classifier.shape"])
def order_matters(student: Any, solution: Any, expect: Expect) -> None:
    net = student.classifier.CNNClassifier1d(8, hidden=6, num_blocks=2).float()
    randomise(net, seed=1)
    net.eval()
    x = private(solution, 2, 8, 32).float()
    lengths = torch.tensor([32, 32])
    forwards, backwards = (expect.tensor(net(clip, lengths)).detach() for clip in (x.clone(), x.flip(2)))
    expect.shape(forwards, (2, 10))
    expect.that(
        bool(((forwards - backwards).abs() > 1e-4).any(dim=1).all()),
        expected="other logits for a clip backwards",
        got="the same",
        hint="Do the convolutions go along time?",
    )


@check("classifier.parameters", points=0.25, idea="Every block is registered and has parameters of its own")
def blocks_have_their_own_parameters(student: Any, solution: Any, expect: Expect) -> None:
    for n_mels, hidden, num_blocks in ((8, 6, 1), (8, 6, 3), (20, 4, 2)):
        net = student.classifier.CNNClassifier1d(n_mels, 10, hidden=hidden, num_blocks=num_blocks)
        block = 2 * (hidden * hidden * 3 + hidden) + 2 * 2 * hidden
        expected = (n_mels * hidden * 3 + hidden) + num_blocks * block + hidden * 10 + 10
        total = count(student.probe.parameter_shapes(net))
        expect.that(
            total == expected,
            expected=f"{expected} numbers in CNNClassifier1d({n_mels}, hidden={hidden}, num_blocks={num_blocks})",
            got=f"{total}",
            hint="Are all blocks in an nn.ModuleList? Is any of them used twice? Has `input` 3 taps?",
        )


@check("classifier.gradient", points=0.25, idea="The gradient reaches every parameter", needs=["classifier.shape"])
def gradient_reaches_every_parameter(student: Any, solution: Any, expect: Expect) -> None:
    net = student.classifier.CNNClassifier1d(8, hidden=6, num_blocks=2).double()
    require_gradients(student, student.training.FullLength(net), private(solution, 3, 8, 16), "CNNClassifier1d", expect)


@check(
    "classifier.input_kept", points=0.25, idea="The batch and its lengths stay as they are", needs=["classifier.shape"]
)
def batch_is_left_alone(student: Any, solution: Any, expect: Expect) -> None:
    net = student.classifier.CNNClassifier1d(8, hidden=6, num_blocks=2).float().eval()
    x, lengths = private(solution, 2, 8, 20).float(), torch.tensor([20, 9])
    for name, given in (("log_mel", x), ("lengths", lengths)):
        before, after = student.training.kept(net, name, x.clone(), lengths.clone())
        expect.close(before, given, atol=0.0)
        expect.close(after, given, atol=0.0, what="what was given", case=name, hint="Is anything changed in place?")
