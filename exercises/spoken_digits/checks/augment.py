"""Public checks of task 5."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from exercises.checking import Expect, awkward, check

from .inputs import require_inputs_kept


@check("augment.shift_shape", points=0.25, idea="A shifted clip is as long as before")
def shift_keeps_the_size(student: Any, solution: Any, expect: Expect) -> None:
    for batch, time, max_shift in ((3, 50, 7), (1, 8, 7), (2, 30, 0), (1, 1, 0)):
        x = awkward(batch, time, dtype=torch.float32)
        found = student.augment.time_shift(x, max_shift, student.training.generator(0))
        expect.shape(found, (batch, time), case=f"{batch} clips of {time} samples, max_shift={max_shift}")


@check("augment.shift_zero", points=0.25, idea="With max_shift 0 nothing moves")
def no_shift_changes_nothing(student: Any, solution: Any, expect: Expect) -> None:
    x = awkward(3, 40, dtype=torch.float32)
    found = student.augment.time_shift(x.clone(), 0, student.training.generator(1))
    expect.close(found, x, atol=1e-6, what="the clips themselves", case="max_shift=0", hint="Is 0 among the shifts?")


@check("augment.shift_kept", points=0.25, idea="The clips stay as they are, and the generator alone decides on shifts")
def shift_leaves_its_input(student: Any, solution: Any, expect: Expect) -> None:
    x = awkward(6, 30, dtype=torch.float32)
    _require_new_and_repeatable(student, expect, "waveform", student.augment.time_shift, x, 5)


@check("augment.spec_zero", points=0.25, idea="With masks of width 0 nothing is hidden")
def no_mask_changes_nothing(student: Any, solution: Any, expect: Expect) -> None:
    x = awkward(3, 10, 20, dtype=torch.float32)
    found = student.augment.spec_augment(x.clone(), 0, 0, student.training.generator(1))
    expect.close(found, x, atol=1e-6, what="the clips themselves", case="freq_mask=0, time_mask=0")


@check("augment.spec_mean", points=0.25, idea="What is hidden becomes the clip's mean, and all else stays")
def hidden_parts_have_the_mean(student: Any, solution: Any, expect: Expect) -> None:
    for batch, n_mels, time, freq_mask, time_mask in (
        (4, 10, 20, 4, 6),
        (1, 8, 12, 8, 12),
        (3, 1, 9, 1, 4),
        (1, 1, 7, 0, 3),
    ):
        x = away_from_their_mean(awkward(batch, n_mels, time))
        case = f"({batch}, {n_mels}, {time}), freq_mask={freq_mask}, time_mask={time_mask}"
        found = student.training.of_view(
            student.augment.spec_augment, x, freq_mask, time_mask, student.training.generator(2)
        )
        expect.shape(found, x.shape, case=case)
        require_means(expect, expect.tensor(found).detach(), x, case)


@check("augment.spec_kept", points=0.25, idea="The clips stay as they are, and the generator alone decides on masks")
def masking_leaves_its_input(student: Any, solution: Any, expect: Expect) -> None:
    x = awkward(6, 8, 12, dtype=torch.float32)
    _require_new_and_repeatable(student, expect, "log_mel", student.augment.spec_augment, x, 3, 4)


def _require_new_and_repeatable(student: Any, expect: Expect, name: str, function: Any, x: Tensor, *sizes: int) -> None:
    require_inputs_kept(student, expect, (name,), function, x, *sizes, student.training.generator(1))
    first, second = (
        expect.tensor(function(x.clone(), *sizes, student.training.generator(2))).detach() for _ in range(2)
    )
    expect.close(
        first, second, atol=0.0, what="the same for the same seed", case="twice", hint="Which generator draws?"
    )


def away_from_their_mean(noise: Tensor) -> Tensor:
    """Clips, (batch, n_mels, time) float32, with a mean of its own each, and no value less than about 0.5 from it."""
    place = torch.arange(noise.shape[1])[:, None] + torch.arange(noise.shape[2])
    sign = 1.0 - 2.0 * (place % 2)  # as on a chessboard, so that half of a clip lies on either side
    level = 3.0 + torch.arange(len(noise)) % 5
    return (level[:, None, None] + sign * (1 + noise.abs())).float()


def require_means(expect: Expect, masked: Tensor, original: Tensor, case: str) -> None:
    """Require that every value is what it was, or its clip's mean.  (batch, n_mels, time) both."""
    mean = original.mean(dim=(1, 2), keepdim=True)
    strange = ~(near(masked, original) | near(masked, mean))
    hint = "Is the mean that of the clip as it came, before anything of it was hidden? Over which axes is it taken?"
    if bool((masked[strange] == 0).all()):
        hint = "What is hidden becomes the clip's mean, and not 0."
    elif bool(near(masked[strange], original.mean()).all()):
        hint = "Whose mean is it: the clip's, or the batch's?"
    expect.that(
        not bool(strange.any()),
        expected="each value as it was, or the mean of its clip",
        got=f"{case}: {int(strange.sum())} of {strange.numel()} values are something else",
        hint=hint,
    )


def near(values: Tensor, others: Tensor) -> Tensor:
    """Which values are the same, but for rounding: float32, of the size of 10."""
    return (values - others).abs() <= 1e-4
