"""Hidden checks of task 3: values, and that nothing leaks from the padding."""

from __future__ import annotations

from typing import Any

import torch

from exercises.checking import Expect, check, randomise
from exercises.spoken_digits.checks.inputs import padded
from grader.checks.private import private
from grader.checks.spoken_digits.lengths import batches
from grader.checks.weights import give_weights_of


@check("masking.pool", points=0.25, idea="Frames past a clip's length do not count, whatever finite values they hold")
def pooling_of_own_frames(student: Any, solution: Any, expect: Expect) -> None:
    pool = student.masking.MaskedGlobalAvgPool1d()
    for seed, (time, lengths) in enumerate(batches(solution)):
        x = (private(solution, len(lengths), 4, time, seed=seed) + 1).float()
        expect.close(
            student.training.of_view(pool, padded(x, lengths, seed), torch.tensor(lengths)),
            torch.stack([clip[:, :length].mean(dim=1) for clip, length in zip(x, lengths, strict=True)]),
            atol=1e-4,  # float32: sums of at most 50 values around 1
            case=f"lengths {lengths} of {time} frames",
            hint="Do the frames of the padding get into the sum, or into the number that it is divided by?",
        )


@check(
    "masking.pool_gradient", points=0.25, idea="No gradient reaches the padding, and the same each of the own frames"
)
def gradient_stays_inside(student: Any, solution: Any, expect: Expect) -> None:
    pool = student.masking.MaskedGlobalAvgPool1d()
    time, lengths = batches(solution)[0]
    x = padded(private(solution, len(lengths), 4, time).float(), lengths)
    own = torch.tensor(lengths)
    inside = (torch.arange(time) < own[:, None])[:, None].expand(x.shape)
    gradient = expect.tensor(student.training.input_gradient(pool, x, own.clone()))
    expect.shape(gradient, x.shape)
    hint = "By which number is each clip's sum divided?"
    if not bool(gradient.any()):
        hint = "Is a part cut off by detach, .data or no_grad?"
    elif bool(gradient[~inside].any()):
        hint = "Which frames get into the sum?"
    elif not bool(gradient[inside].all()):
        hint = "Does every one of a clip's own frames count?"
    expect.close(
        gradient,
        inside / own[:, None, None],
        atol=1e-5,  # float32, at most 1
        what="1 / length on a clip's own frames, and 0 beyond",
        case=f"lengths {lengths} of {time} frames",
        hint=hint,
    )


@check("masking.block", points=0.5, idea="Last week's block, with zeros past each clip's end before every convolution")
def block_values(student: Any, solution: Any, expect: Expect) -> None:
    drawn = batches(solution, seed=1)
    for kernel_size, mode, (time, lengths) in ((3, "eval", drawn[0]), (5, "eval", drawn[1]), (3, "train", drawn[2])):
        reference = solution.masking.MaskedResidualBlock1d(3, kernel_size).float()
        block = student.masking.MaskedResidualBlock1d(3, kernel_size).float()
        randomise(reference, seed=kernel_size)
        give_weights_of(reference, student, block, expect)
        x = private(solution, len(lengths), 3, time, seed=kernel_size).float() * 2 + 1
        # In training mode the norms look at all frames of the batch, where every reading agrees if none is padding.
        own = torch.tensor(lengths if mode == "eval" else [time] * len(lengths))
        inside = (torch.arange(time) < own[:, None])[:, None]
        expected = getattr(reference, mode)()(x, own)
        found = expect.tensor(getattr(block, mode)()(x.clone(), own.clone()))
        expect.shape(found, expected.shape)
        expect.close(
            found.detach() * inside,
            expected * inside,
            atol=1e-3,
            rtol=1e-4,  # float32: sums of at most 15 products of the size of 10, twice
            case=f"MaskedResidualBlock1d(3, {kernel_size}) in {mode} mode, lengths {tuple(own.tolist())} of {time}",
            hint="In which order: norm, ReLU, mask, convolution? Before both convolutions? What is added in the end?",
        )


@check(
    "masking.block_padding",
    points=0.25,
    idea="A clip comes out of two blocks as it would alone, whatever stands in its padding",
)
def padding_does_not_leak(student: Any, solution: Any, expect: Expect) -> None:
    """Two blocks one after the other: what the first leaves behind a clip's end must not come back in the second."""
    blocks = [student.masking.MaskedResidualBlock1d(3, kernel_size).float() for kernel_size in (3, 5)]
    for seed, block in enumerate(blocks):
        randomise(block, seed=seed)
        block.eval()
    for number, (time, lengths) in enumerate(batches(solution, seed=2)[:2]):
        x = private(solution, len(lengths), 3, time, seed=number).float()
        together = padded(x, lengths)
        for block in blocks:
            together = expect.tensor(block(together, torch.tensor(lengths))).detach()
            expect.shape(together, x.shape)
        for clip, length in enumerate(lengths):
            alone = x[clip : clip + 1, :, :length]
            for block in blocks:
                alone = expect.tensor(block(alone, torch.tensor([length]))).detach()
                expect.shape(alone, (1, 3, length))
            expect.close(
                together[clip : clip + 1, :, :length],
                alone,
                atol=1e-3,
                rtol=1e-4,  # float32: sums of at most 15 products, four times
                what="what the clip alone gives",
                case=f"a clip of {length} frames in a batch of {time}",
                hint="Is the padding zero before the second convolution too? What does a norm make of a zero?",
            )
