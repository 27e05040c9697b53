"""Public checks of task 5."""

from __future__ import annotations

from typing import Any

from exercises.checking import Expect, awkward, check


@check("augment.shift_shape", points=0.25, idea="A shifted clip is as long as before")
def shift_keeps_the_size(student: Any, solution: Any, expect: Expect) -> None:
    for batch, time, max_shift in ((3, 50, 7), (1, 8, 7), (2, 30, 0)):
        found = student.augment.time_shift(awkward(batch, time), max_shift, student.training.generator(0))
        expect.shape(found, (batch, time), case=f"{batch} clips of {time} samples, max_shift={max_shift}")


@check("augment.shift_zero", points=0.25, idea="With max_shift 0 nothing moves")
def no_shift_changes_nothing(student: Any, solution: Any, expect: Expect) -> None:
    x = awkward(3, 40)
    found = student.augment.time_shift(x.clone(), 0, student.training.generator(1))
    expect.close(found, x, atol=0.0, what="the clips themselves", case="max_shift=0", hint="Is 0 among the shifts?")


@check("augment.spec_zero", points=0.25, idea="With masks of width 0 nothing is hidden")
def no_mask_changes_nothing(student: Any, solution: Any, expect: Expect) -> None:
    x = awkward(3, 10, 20)
    found = student.augment.spec_augment(x.clone(), 0, 0, student.training.generator(1))
    expect.close(found, x, atol=0.0, what="the clips themselves", case="freq_mask=0, time_mask=0")
