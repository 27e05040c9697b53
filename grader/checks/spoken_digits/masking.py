"""Hidden checks of task 3: values, and that nothing leaks from the padding."""

from __future__ import annotations

from typing import Any

import torch

from exercises.checking import Expect, check, randomise
from grader.checks.private import private
from grader.checks.spoken_digits.baseline import padded
from grader.checks.weights import give_weights_of

LENGTHS = (19, 8, 1)


@check(
    "masking.pool",
    points=0.75,
    idea="Frames past a clip's length do not count, whatever finite values they hold",
    needs=["masking.pool_shape"],
)
def pooling_of_own_frames(student: Any, solution: Any, expect: Expect) -> None:
    pool = student.masking.MaskedGlobalAvgPool1d()
    for seed, dtype in enumerate((torch.float64, torch.float64, torch.float32)):
        x = (private(solution, 3, 4, 19, seed=seed) + 1).to(dtype)
        expected = torch.stack([clip[:, :length].mean(dim=1) for clip, length in zip(x, LENGTHS, strict=True)])
        tolerance = 1e-9 if dtype == torch.float64 else 1e-4  # float32: sums of 19 values around 1
        expect.close(
            pool(padded(x, LENGTHS, seed), torch.tensor(LENGTHS)),
            expected,
            atol=tolerance,
            case=f"lengths {LENGTHS} of 19 frames, {dtype}",
            hint="Do the frames of the padding get into the sum, or into the number that it is divided by?",
        )


@check("masking.pool_gradient", points=0.25, idea="No gradient reaches the padding", needs=["masking.pool_shape"])
def gradient_stays_inside(student: Any, solution: Any, expect: Expect) -> None:
    pool = student.masking.MaskedGlobalAvgPool1d()
    x = padded(private(solution, 3, 4, 19), LENGTHS)
    lengths = torch.tensor(LENGTHS)
    expected = (torch.arange(19) < lengths[:, None])[:, None] / lengths[:, None, None]
    expect.close(
        student.training.input_gradient(pool, x, lengths),
        expected.expand(3, 4, 19).double(),
        atol=1e-9,
        what="1 / length on a clip's own frames, and 0 beyond",
        hint="Is a part cut off by detach, .data or no_grad?",
    )


@check("masking.input_kept", points=0.25, idea="The block leaves its input as it is", needs=["masking.block_shape"])
def input_is_left_alone(student: Any, solution: Any, expect: Expect) -> None:
    block = student.masking.MaskedResidualBlock1d(3).double().eval()
    before, after = student.training.input_before_and_after(block, private(solution, 2, 3, 9), torch.tensor([9, 4]))
    expect.close(after, before, atol=0.0, what="x as it was", case="x, after the block", hint="Is += used on it?")


@check(
    "masking.block",
    points=0.5,
    idea="Last week's block, with zeros past each clip's end before every convolution",
    needs=["masking.block_shape"],
)
def block_values(student: Any, solution: Any, expect: Expect) -> None:
    for kernel_size, mode in ((3, "eval"), (5, "eval"), (3, "train")):
        reference = solution.masking.MaskedResidualBlock1d(3, kernel_size).double()
        block = student.masking.MaskedResidualBlock1d(3, kernel_size).double()
        randomise(reference, seed=kernel_size)
        give_weights_of(reference, student, block, expect)
        x = private(solution, 3, 3, 19, seed=kernel_size) * 2 + 1
        # In training mode the norms look at all frames of the batch, where every reading agrees if none is padding.
        lengths = torch.tensor(LENGTHS if mode == "eval" else (19, 19, 19))
        inside = (torch.arange(19) < lengths[:, None])[:, None]
        expected = getattr(reference, mode)()(x, lengths)
        found = expect.tensor(getattr(block, mode)()(x.clone(), lengths))
        expect.shape(found, expected.shape)
        expect.close(
            found.detach() * inside,
            expected * inside,
            atol=1e-9,
            rtol=1e-9,  # float64: sums of at most 15 products
            case=f"MaskedResidualBlock1d(3, {kernel_size}) in {mode} mode, lengths {tuple(lengths.tolist())}",
            hint="In which order: norm, ReLU, mask, convolution? Before both convolutions? What is added in the end?",
        )


@check(
    "masking.block_padding",
    points=0.5,
    idea="A clip comes out of the block as it would alone, whatever stands in its padding",
    needs=["masking.block_shape"],
)
def padding_does_not_leak(student: Any, solution: Any, expect: Expect) -> None:
    """Two blocks one after the other: what the first leaves behind a clip's end must not come back in the second."""
    blocks = [student.masking.MaskedResidualBlock1d(3, kernel_size).double() for kernel_size in (3, 5)]
    for seed, block in enumerate(blocks):
        randomise(block, seed=seed)
        block.eval()
    x = private(solution, 3, 3, 19)
    lengths = torch.tensor(LENGTHS)
    together = padded(x, LENGTHS)
    for block in blocks:
        together = expect.tensor(block(together, lengths)).detach()
        expect.shape(together, x.shape)
    for clip, length in enumerate(LENGTHS):
        alone = x[clip : clip + 1, :, :length]
        for block in blocks:
            alone = expect.tensor(block(alone, torch.tensor([length]))).detach()
            expect.shape(alone, (1, 3, length))
        expect.close(
            together[clip : clip + 1, :, :length],
            alone,
            atol=1e-6,
            rtol=1e-6,  # float64, beside padding of 10,000
            what="what the clip alone gives",
            case=f"a clip of {length} frames in a batch of 19",
            hint="Is the padding zero before the second convolution too? What does a norm make of a zero?",
        )
