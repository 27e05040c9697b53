"""Hidden checks of task 3: values, and that nothing leaks from the padding."""

from __future__ import annotations

from functools import partial

import torch

from exercises.checking import Expect, Reference, Student, awkward, check, draw, randomise
from exercises.spoken_digits.checks import hints
from exercises.spoken_digits.checks.inputs import VIEWS, batches, padded
from exercises.spoken_digits.checks.slips import about_block
from grader.checks.weights import give_weights_of


@check(
    "masking.pool",
    points=0.25,
    hints=hints.OWN_FRAMES,
    idea="Frames past a clip's length do not count, whatever finite values they hold",
    topic="masked pooling",
)
def pooling_of_own_frames(student: Student, solution: Reference, expect: Expect) -> None:
    pool = student.masking.MaskedGlobalAvgPool1d()
    hint = "Do the frames of the padding get into the sum, or into the number that it is divided by?"
    for seed, (time, lengths) in enumerate(batches()):
        x = awkward(len(lengths), 4, time, seed=seed, dtype=torch.float32) + 1
        x[:, 0, 0] = 0.0  # a frame like the others
        with expect.case(f"lengths {lengths} of {time} frames", hint=hint):
            expect.close(
                student.training.of_view(pool, padded(x, lengths, seed), torch.tensor(lengths), view=VIEWS[seed]),
                torch.stack([clip[:, :length].mean(dim=1) for clip, length in zip(x, lengths, strict=True)]),
                atol=1e-4,  # float32: sums of at most 50 values around 1
            )


@check(
    "masking.block",
    points=0.25,
    hints=hints.BLOCK,
    idea="The block of `digits`, with zeros past each clip's end before every convolution",
    topic="masked blocks",
)
def block_values(student: Student, solution: Reference, expect: Expect) -> None:
    random = draw("sizes")
    sizes = [(random.randint(2, 5), kernel_size) for kernel_size in (3, random.choice((5, 7)), 3)]
    hint = "In which order: norm, ReLU, mask, convolution? Before both convolutions? What is added in the end?"
    modes = ("eval", "eval", "train")
    for (channels, kernel_size), mode, view, (time, lengths) in zip(sizes, modes, VIEWS, batches(seed=1), strict=True):
        # In training mode the norms look at all frames of the batch, where every reading agrees if none is padding.
        own = torch.tensor(lengths if mode == "eval" else [time] * len(lengths))
        case = (
            f"MaskedResidualBlock1d({channels}, {kernel_size}) in {mode} mode, lengths {tuple(own.tolist())} of {time}"
        )
        reference = solution.masking.MaskedResidualBlock1d(channels, kernel_size).float()
        randomise(reference, seed=kernel_size)
        x = awkward(len(lengths), channels, time, seed=kernel_size, dtype=torch.float32) * 2 + 1
        inside = (torch.arange(time) < own[:, None])[:, None]
        expected = getattr(reference, mode)()(x, own)
        with expect.case(case, hint=hint):
            block = student.masking.MaskedResidualBlock1d(channels, kernel_size).float()
            give_weights_of(reference, student, block, expect)
            found = expect.tensor(student.training.of_view(getattr(block, mode)(), x, own.clone(), view=view))
            expect.shape(found, expected.shape)
            expect.close(
                found.detach() * inside,
                expected * inside,
                hint=hint if mode == "train" else partial(about_block, student, block, x, own, found, hint),
                atol=1e-3,
                rtol=1e-4,  # float32: sums of at most 35 products of the size of 10, twice
            )


@check(
    "masking.block_padding",
    points=0.25,
    hints=hints.BLOCK_ALONE,
    idea="A clip comes out of two blocks as it would alone, whatever stands in its padding",
    topic="padding",
)
def padding_does_not_leak(student: Student, solution: Reference, expect: Expect) -> None:
    """Two blocks one after the other: what the first leaves behind a clip's end must not come back in the second."""
    channels = 8  # of a few, all may be negative in the padding, where ReLU then hides what a mask forgot
    blocks = [student.masking.MaskedResidualBlock1d(channels, kernel_size).float() for kernel_size in (3, 5)]
    for seed, block in enumerate(blocks):
        randomise(block, seed=seed)
        block.eval()
    for number, (time, lengths) in enumerate(batches(seed=2)[:2]):
        x = awkward(len(lengths), channels, time, seed=number, dtype=torch.float32)
        together = padded(x, lengths)
        hint = "Is every mask as wide as its batch, which may be longer than the longest clip?"
        with expect.case(f"clips of {lengths} frames in a batch of {time}", hint=hint):
            for block in blocks:
                together = expect.tensor(block(together, torch.tensor(lengths))).detach()
                expect.shape(together, x.shape)
        for clip, length in enumerate(lengths):
            hint = "Is the padding zero before the second convolution too? What does a norm make of a zero?"
            with expect.case(f"a clip of {length} frames in a batch of {time}", hint=hint):
                alone = x[clip : clip + 1, :, :length]
                for block in blocks:
                    alone = expect.tensor(block(alone, torch.tensor([length]))).detach()
                    expect.shape(alone, (1, channels, length))
                expect.close(
                    together[clip : clip + 1, :, :length],
                    alone,
                    atol=1e-3,
                    rtol=1e-4,  # float32: sums of at most 40 products, four times
                    what="what the clip alone gives",
                )
