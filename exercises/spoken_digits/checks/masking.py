"""Public checks of task 3."""

from __future__ import annotations

from typing import Any

import torch

from exercises.checking import Expect, awkward, check, randomise

from .inputs import padded, require_inputs_kept


@check("masking.pool_shape", points=0.25, idea="Masked global pooling leaves one number for each channel")
def pooling_leaves_one_number_a_channel(student: Any, solution: Any, expect: Expect) -> None:
    pool = student.masking.MaskedGlobalAvgPool1d()
    for channels, time, lengths in ((3, 17, (17, 5)), (1, 5, (5, 2, 1, 3)), (4, 9, (9,)), (1, 6, (6,))):
        batch = len(lengths)
        expect.shape(
            pool(awkward(batch, channels, time, dtype=torch.float32), torch.tensor(lengths)),
            (batch, channels),
            case=f"input ({batch}, {channels}, {time})",
            hint="Which axis disappears?"
            if batch > 1
            else "Which axis disappears, and which one stays though it is 1?",
        )


@check("masking.pool_full", points=0.25, idea="Of clips as long as the batch, it is the plain average")
def pooling_of_full_clips_is_the_mean(student: Any, solution: Any, expect: Expect) -> None:
    x = awkward(3, 4, 11, dtype=torch.float32) + 1
    expect.close(
        student.training.of_view(student.masking.MaskedGlobalAvgPool1d(), x, torch.tensor([11, 11, 11])),
        x.mean(dim=2),
        atol=1e-5,  # float32: sums of 11 values around 1
        case="three clips of 11 frames",
        hint="Over which axis is the sum, and by which number is it divided?",
    )


@check("masking.pool_example", points=0.25, idea="Frames past a clip's length do not count")
def pooling_of_an_example(student: Any, solution: Any, expect: Expect) -> None:
    """Whole numbers whose averages have short binary fractions; no clip is as long as the tensor."""
    x = torch.full((2, 2, 7), 900.0)
    x[0, :, :2] = torch.tensor([[6.0, 2.0], [1.0, -2.0]])
    x[1, :, :1] = torch.tensor([[5.0], [7.0]])
    lengths, means = torch.tensor([2, 1]), torch.tensor([[4.0, -0.5], [5.0, 7.0]])
    for order in ([0, 1], [1, 0]):
        expect.close(
            student.masking.MaskedGlobalAvgPool1d()(x[order], lengths[order]),
            means[order],
            atol=1e-5,  # float32, of values up to 7
            case=f"clips of {lengths[order].tolist()} frames, with 900 behind them up to 7 frames",
            hint="Which frames get into the sum? Is the mask as wide as x, which may be longer than the longest clip?",
        )


@check("masking.pool_input_kept", points=0.25, idea="Pooling leaves the batch and its lengths as they are")
def pooling_leaves_its_inputs(student: Any, solution: Any, expect: Expect) -> None:
    pool = student.masking.MaskedGlobalAvgPool1d()
    x = awkward(2, 3, 9, dtype=torch.float32)
    require_inputs_kept(student, expect, ("x", "lengths"), pool, x, torch.tensor([9, 4]))


@check("masking.block_shape", points=0.25, idea="A masked block keeps the shape")
def block_keeps_the_shape(student: Any, solution: Any, expect: Expect) -> None:
    for channels, kernel_size, time, lengths in (
        (4, 3, 17, (17, 9)),
        (3, 5, 6, (6,)),
        (1, 1, 8, (8, 3)),
        (1, 3, 4, (4,)),
    ):
        block = student.masking.MaskedResidualBlock1d(channels, kernel_size).float()
        shape = (len(lengths), channels, time)
        expect.shape(
            block(awkward(*shape, dtype=torch.float32), torch.tensor(lengths)),
            shape,
            case=f"MaskedResidualBlock1d({channels}, {kernel_size}) on {shape}",
            hint="Does each convolution keep the number of frames?",
        )


@check("masking.input_kept", points=0.25, idea="The block leaves the batch and its lengths as they are")
def block_leaves_its_inputs(student: Any, solution: Any, expect: Expect) -> None:
    block = student.masking.MaskedResidualBlock1d(3).float().eval()
    x = awkward(2, 3, 9, dtype=torch.float32)
    require_inputs_kept(student, expect, ("x", "lengths"), block, x, torch.tensor([9, 4]))


@check("masking.block_alone", points=0.25, idea="A clip comes out of the block as it would alone")
def block_hears_each_clip_alone(student: Any, solution: Any, expect: Expect) -> None:
    """With large values in the padding, which one convolution after the other would carry into the clips."""
    block = student.masking.MaskedResidualBlock1d(3).float()
    randomise(block, seed=1)
    block.eval()
    lengths = (7, 13, 4)
    x = awkward(3, 3, 15, dtype=torch.float32)
    together = expect.tensor(block(padded(x, lengths), torch.tensor(lengths))).detach()
    expect.shape(together, x.shape)
    for clip, length in enumerate(lengths):
        alone = expect.tensor(block(x[clip : clip + 1, :, :length], torch.tensor([length]))).detach()
        expect.close(
            together[clip : clip + 1, :, :length],
            alone,
            atol=1e-4,  # float32: sums of 9 products, twice
            rtol=1e-4,
            what="what the clip alone gives",
            case=f"a clip of {length} frames in a batch of 15",
            hint="Is the padding zero before each of the two convolutions? What does a norm make of a zero?",
        )
