"""Public checks of task 3."""

from __future__ import annotations

from typing import Any

import torch

from exercises.checking import Expect, awkward, check


@check("masking.pool_shape", points=0.25, idea="Masked global pooling leaves one number for each channel")
def pooling_leaves_one_number_a_channel(student: Any, solution: Any, expect: Expect) -> None:
    pool = student.masking.MaskedGlobalAvgPool1d()
    for batch, channels, time in ((2, 3, 17), (4, 1, 5)):
        found = pool(awkward(batch, channels, time), torch.tensor([time, 1, 2, 3][:batch]))
        expect.shape(
            found, (batch, channels), case=f"input ({batch}, {channels}, {time})", hint="Which axis disappears?"
        )


@check("masking.pool_full", points=0.25, idea="Of clips as long as the batch, it is the plain average")
def pooling_of_full_clips_is_the_mean(student: Any, solution: Any, expect: Expect) -> None:
    x = awkward(3, 4, 11) + 1
    expect.close(
        student.masking.MaskedGlobalAvgPool1d()(x.clone(), torch.tensor([11, 11, 11])),
        x.mean(dim=2),
        atol=1e-9,  # float64
        case="three clips of 11 frames",
        hint="By which number is the sum divided?",
    )


@check("masking.block_shape", points=0.25, idea="A masked block keeps the shape")
def block_keeps_the_shape(student: Any, solution: Any, expect: Expect) -> None:
    for channels, kernel_size in ((4, 3), (3, 5), (2, 1)):
        block = student.masking.MaskedResidualBlock1d(channels, kernel_size).double()
        found = block(awkward(2, channels, 17), torch.tensor([17, 9]))
        expect.shape(found, (2, channels, 17), case=f"MaskedResidualBlock1d({channels}, {kernel_size})")
