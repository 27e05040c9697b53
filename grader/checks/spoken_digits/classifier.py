"""Hidden checks of task 4: padding, and what the network looks at."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from exercises.checking import Expect, Reference, Student, StudentError, awkward, check, draw, randomise
from exercises.spoken_digits.checks import hints
from exercises.spoken_digits.checks.classifier import network
from exercises.spoken_digits.checks.inputs import LONG, VIEWS, batches, padded
from exercises.spoken_digits.checks.slips import about_logits


@check(
    "classifier.padding",
    points=0.5,
    hints=hints.CLIP_ALONE,
    idea="The logits of a clip do not depend on the clips beside it, nor on what stands in its padding",
    topic="padding",
)
def logits_do_not_depend_on_padding(student: Student, solution: Reference, expect: Expect) -> None:
    for num_blocks in (3, 2):
        net = network(student, 8, hidden=6, num_blocks=num_blocks)
        randomise(net, seed=num_blocks)
        for seed, (time, lengths) in enumerate(batches(2**num_blocks, seed=num_blocks)[:2]):
            x = awkward(len(lengths), 8, time, seed=seed, dtype=torch.float32)
            own = torch.tensor(lengths)
            hint = "Is every mask as wide as its batch, which may be longer than the longest clip?"
            with expect.case(f"clips of {lengths} frames in a batch of {time}, {num_blocks=}", hint=hint):
                batch, view = padded(x, lengths, seed), VIEWS[num_blocks - 2 + seed]
                together = expect.tensor(student.training.of_view(net, batch, own.clone(), view=view)).detach()
                expect.shape(together, (len(lengths), 10))
            usual = "Where does the padding get in: at the input, in a block, at a pooling, in the last average?"
            for clip, length in enumerate(lengths):
                with expect.case(f"a clip of {length} frames in a batch of {time}, {num_blocks=}", hint=usual):
                    twice = expect.tensor(net(x[[clip, clip], :, :length], torch.tensor([length, length]))).detach()
                    expect.shape(twice, (2, 10))
                    expect.close(
                        together[[clip, clip]],
                        twice,
                        atol=1e-3,
                        rtol=1e-3,  # float32, of logits of the size of 1 to 10
                        what="the logits of two such clips without padding",
                        hint=partial(about_logits, student, net, batch, own, together, usual),
                    )


@check(
    "classifier.values",
    points=0.25,
    hints=hints.CLASSIFIER,
    idea="Input, blocks with poolings, average and output, one after the other",
    topic="values of the logits",
)
def logits_come_from_the_parts(student: Student, solution: Reference, expect: Expect) -> None:
    """As the network's own parts give them when they are asked one by one: what each is worth is judged elsewhere.

    Of clips that are as long as their batch, since padding is judged elsewhere, too.
    """
    hint = "What comes after what, and how often? Over which frames does the last average go?"
    for num_blocks in (1, 2, 3, 4):
        time, clips = draw(f"time {num_blocks}").randint(2**num_blocks, 29), num_blocks + 1
        time += LONG * (num_blocks == 3)  # where a fixed number of frames would not do
        net = network(student, 8, num_classes=7, hidden=6, num_blocks=num_blocks)
        randomise(net, seed=num_blocks)
        x = awkward(clips, 8, time, dtype=torch.float32)
        with expect.case(f"{num_blocks=}, clips of {time} frames", hint=hint):
            logits = expect.tensor(net(x.clone(), torch.full((clips,), time))).detach()
            values = expect.tensor(net.input(x)).detach()
            for number in range(num_blocks):
                block = student.training.part(net.blocks, number)
                lengths = torch.full((clips,), values.shape[2])
                values = F.max_pool1d(expect.tensor(block(values, lengths)).detach(), 2)
            due = [expect.tensor(net.output(average)).detach() for average in _averages(student, values)]
            nearest = min(due, key=lambda one: _distance(one, logits))
            own = torch.full((clips,), time)
            expect.close(
                logits,
                nearest,
                atol=1e-3,
                rtol=1e-3,  # float32, of logits of the size of 1 to 10
                hint=partial(about_logits, student, net, x, own, logits, hint),
            )


def _averages(student: Any, values: Tensor) -> list[Tensor]:
    """The average over time, and what the student's own pooling makes of it, which is judged in task 3."""
    found = [values.mean(dim=2)]
    with suppress(StudentError):
        own = student.masking.MaskedGlobalAvgPool1d()(values, torch.full((len(values),), values.shape[2]))
        if isinstance(own, Tensor) and own.shape == found[0].shape:
            found.append(own.detach())
    return found


def _distance(one: Tensor, other: Tensor) -> float:
    return float((one - other).abs().nan_to_num(torch.inf).max()) if one.shape == other.shape else torch.inf
