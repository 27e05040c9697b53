"""Pooling that can be undone in part: what the checks of task 3 compare.

What the switches look like is the student's; what they say is seen by what `unpool` makes of them.  Where that goes
wrong, the three forms that are most usual are read and written here, to find out whose mistake it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from exercises.checking import Expect, MismatchError, StudentError, awkward, draw
from exercises.checking.alone import JUDGED_AGAIN, judge_or_alone
from exercises.checking.words import describe, name_of

from .places import DOUBLE, IMAGES, SINGLE, require_values, where

WINDOWS = "How many whole windows fit along each axis, and which pixels of the image lie in the first one and the next?"
MAXIMUM = "Over which values is the maximum taken: of one window, of one channel, of one image, negative ones too?"
DTYPE = "Which line makes another dtype of the values?"
BOTH = "Two things come back, (values, switches): what stands behind `return`?"
PLACES = "What does a switch count: pixels of the window, of the image, of the whole tensor? Does unpool read it so?"
NOTHING = "Which values come back: negative ones too, and to which place of the image does this window's value go?"
STRAY = (
    "Values stand in windows that are not theirs. Does a switch count pixels of its window or of the image? Where does "
    "the window begin, and how long is a row?"
)
DTYPES = "Of which dtype is the image of zeros, and of which are the values that are written into it?"
ZEROS = "Where there was no maximum there are zeros: how many places has a window that get its value?"

FLAT, PAIR, MASK = "places in the image", "rows and columns", "a mask"
FORMS = (FLAT, PAIR, MASK)


@dataclass(frozen=True)
class Pooling:
    """What is pooled, and in windows of which side.

    Args:
        view: the order in memory, of the values for `unpool` too.
    """

    x: Tensor
    kernel: int
    words: str = ""
    view: str = ""

    def __str__(self) -> str:
        more = "".join(f", {one}" for one in (self.words, self.view) if one)
        return f"x {tuple(self.x.shape)} {name_of(self.x.dtype)}{more}, kernel_size={self.kernel}"

    @property
    def size(self) -> tuple[int, int]:
        return self.x.shape[2], self.x.shape[3]

    @property
    def pooled(self) -> tuple[Tensor, Tensor]:
        """The maxima, and a place of each in the image, by torch's own pooling."""
        values, places = F.max_pool2d(self.x, self.kernel, return_indices=True)
        return values, places

    @property
    def others(self) -> Tensor:
        """Values of either sign for `unpool`, none of them 0."""
        found = awkward(*self.pooled[0].shape, seed=77, dtype=self.x.dtype)
        return found + 0.1 * found.sign()


def poolings(largest: int) -> list[Pooling]:
    """Drawn inputs: incomplete windows, values of either sign, all negative, with ties, zeros as behind a ReLU.

    Args:
        largest: side of an image, at most.
    """
    random, found = draw("poolings"), []
    for seed, words in enumerate(("", "all negative", "with ties", "behind a ReLU", "", "")):
        batch, channels = random.sample(range(2, 5), 2)
        kernel = (random.randint(2, 3), random.randint(3, 4), 2, 2, 1, random.randint(2, 3))[seed]
        height, width = random.sample(range(2 * kernel + 1, max(largest, 2 * kernel + 3)), 2)
        if seed in (0, 1):  # the last rows or columns fill no window
            height += (height % kernel == 0) * 1
            width += (width % kernel == 0) * (kernel - 1)
            width += (width == height) * kernel
        x = awkward(batch, channels, height, width, seed=seed, dtype=DOUBLE if seed in (1, 5) else SINGLE)
        if words == "all negative":
            x = -x.abs() - 0.5
        if words == "with ties":
            x = x.round()
        if words == "behind a ReLU":
            x = (x - 0.5).clamp(min=0)
        found.append(Pooling(x, kernel, words, ("transposed back", "transposed")[seed - 4] if seed >= 4 else ""))
    return found


def two_of(expect: Expect, got: Any) -> tuple[Any, Any]:
    """Values and switches."""
    right = isinstance(got, tuple | list) and len(got) == 2
    expect.that(right, expected="two things, (values, switches)", got=describe(got), hint=BOTH)
    return got[0], got[1]


def compare_pooled(student: Any, expect: Expect, drawn: Sequence[Pooling]) -> None:
    """Require the maxima."""
    function = student.looking.max_pool_with_switches
    for case in drawn:
        with expect.case(str(case), hint=WINDOWS):
            if case.view:
                got = student.witness.of_view(function, case.view, case.x, case.kernel)
            else:
                got = function(case.x.clone(), case.kernel)
            require_pooled(expect, two_of(expect, got)[0], case)


def require_pooled(expect: Expect, values: Any, case: Pooling) -> None:
    expect.shape(values, case.pooled[0].shape, hint=WINDOWS)
    require_values(expect, values, case.pooled[0], 0.0, IMAGES, MAXIMUM)
    _require_dtype(expect, values, case.x)


def _require_dtype(expect: Expect, got: Any, like: Tensor) -> None:
    dtype = expect.tensor(got).dtype
    expect.that(dtype is like.dtype, expected=name_of(like.dtype), got=name_of(dtype), hint=DTYPE)


Pool = Callable[[Pooling], Any]  # the switches of an input
Unpool = Callable[[Pooling, Any], Any]  # what comes of its `others` by these switches


def compare_switches(student: Any, expect: Expect, drawn: Sequence[Pooling]) -> None:
    """Require switches by which values come back to where the maxima were."""
    own = _pool_of(student, expect)
    judge_or_alone(
        partial(_round_trip, expect, drawn, own, _unpool_of(student)),
        partial(_in_any_form, lambda form: _round_trip(expect, drawn, own, partial(_read, expect, form))),
    )


def compare_unpooled(student: Any, expect: Expect, drawn: Sequence[Pooling]) -> None:
    """Require that `unpool` puts values back to where the maxima were.

    Raises:
        MismatchError, StudentError: it does not, by the student's own switches; and these are right in one of the
            usual forms, or it does not by switches of any of these forms either.
    """
    own, theirs = _pool_of(student, expect), _unpool_of(student)
    try:
        _round_trip(expect, drawn, own, theirs)
        return
    except (MismatchError, StudentError) as error:
        stopped = error
    if stopped.cause not in JUDGED_AGAIN:
        raise stopped
    try:
        _in_any_form(lambda form: _round_trip(expect, drawn, own, partial(_read, expect, form)))
    except (MismatchError, StudentError):
        try:
            _in_any_form(lambda form: _round_trip(expect, drawn, partial(_written, form), theirs))
            return
        except (MismatchError, StudentError):
            pass
    raise stopped


def _in_any_form(judge: Callable[[str], None]) -> None:
    """Judge with each form of the switches in turn, until one is right.

    Raises:
        MismatchError, StudentError: of the last one, where none is.
    """
    for form in FORMS:
        try:
            judge(form)
            return
        except (MismatchError, StudentError) as error:
            stopped = error
    raise stopped


def _pool_of(student: Any, expect: Expect) -> Pool:
    return lambda case: two_of(expect, student.looking.max_pool_with_switches(case.x.clone(), case.kernel))[1]


def _unpool_of(student: Any) -> Unpool:
    def unpooled(case: Pooling, switches: Any) -> Any:
        unpool = student.looking.unpool
        if case.view:
            return student.witness.of_view(unpool, case.view, case.others, switches, case.size)
        return unpool(case.others, switches, case.size)

    return unpooled


def _round_trip(expect: Expect, drawn: Sequence[Pooling], pool: Pool, unpool: Unpool) -> None:
    for case in drawn:
        with expect.case(f"{case}, unpooled with other values", hint=PLACES):
            require_unpooled(expect, _told_of_dtypes(expect, partial(unpool, case, pool(case))), case)


def _told_of_dtypes(expect: Expect, call: Callable[[], Any]) -> Any:
    """What a call gives; where it stops since dtypes differ, the hint is of these."""
    try:
        return call()
    except StudentError as error:
        with expect.case("", hint=DTYPES if re.search("dtype|scalar type", error.summary) else ""):
            raise


def require_unpooled(expect: Expect, got: Any, case: Pooling) -> None:
    """Require each value where its window's maximum was, and zeros elsewhere; name the first window that differs."""
    values, kernel = case.others, case.kernel
    expect.shape(got, case.x.shape, hint=WINDOWS)
    came = expect.tensor(got)
    _require_dtype(expect, came, values)
    maximal = _windows(case.x, kernel) == case.pooled[0][..., None]
    filled = _windows(came, kernel)
    once = ((filled != 0).sum(dim=4) == 1) & ((filled != 0) & maximal).any(dim=4) & (filled.sum(dim=4) == values)
    for image, channel, row, column in (~once).nonzero().tolist()[:1]:
        index, corner = (image, channel, row, column), (row * kernel, column * kernel)
        due = _places(maximal[index], kernel, corner)
        here = _places(filled[index] != 0, kernel, corner)
        shown = f"{float(values[index]):.4g} at {' or '.join(map(str, due))}" if expect.reveal else "its value once"
        hint = (NOTHING, PLACES, ZEROS)[min(len(here), 2)]
        found = ", ".join(f"{float(came[image, channel][place]):.4g} at {place}" for place in here[:3]) or "zeros alone"
        expect.that(
            False,
            expected=f"{shown}, in the window of {where(IMAGES, index)}, and zeros around it",
            got=f"{found}; {int((~once).sum())} of {once.numel()} windows differ",
            hint=STRAY if _stray(came[image, channel], filled[index], values[image, channel], values[index]) else hint,
        )
    rows, columns = values.shape[2] * kernel, values.shape[3] * kernel
    rest = came.clone()
    rest[:, :, :rows, :columns] = 0
    expect.that(
        not bool(rest.any()),
        expected="zeros in the rows and columns that fill no window",
        got=f"{int((rest != 0).sum())} values there that are not 0",
        hint=ZEROS,
    )


def _stray(came: Tensor, window: Tensor, values: Tensor, own: Tensor) -> bool:
    """Whether other windows' values stand in a window, or its own one stands elsewhere alone.

    Args:
        came:   (height, width), of one channel, and a window of it.
        values: (rows, columns), of all windows, and the window's own one.
    """
    others = torch.isin(window, values[values != own])
    return bool(others.any()) or (bool((came == own).any()) and not bool((window == own).any()))


def _windows(x: Tensor, kernel: int) -> Tensor:
    """(batch, channels, rows, columns, pixels of a window)."""
    return x.unfold(2, kernel, kernel).unfold(3, kernel, kernel).flatten(4)


def _places(chosen: Tensor, kernel: int, corner: tuple[int, int]) -> list[tuple[int, int]]:
    """Where in the image the chosen pixels of a window lie."""
    return [(corner[0] + pixel // kernel, corner[1] + pixel % kernel) for pixel in chosen.nonzero().flatten().tolist()]


def _written(form: str, case: Pooling) -> Any:
    """Switches in one of the usual forms."""
    places = case.pooled[1]
    if form == FLAT:
        return places
    if form == PAIR:
        return places // case.size[1], places % case.size[1]
    return F.max_unpool2d(torch.ones_like(case.others), places, [case.kernel] * 2, output_size=list(case.size)) != 0


def _read(expect: Expect, form: str, case: Pooling, switches: Any) -> Tensor:
    """What switches of this form make of a case's values."""
    values, width = case.others, case.size[1]
    if form == PAIR:
        rows, columns = (expect.tensor(one) for one in two_of(expect, switches))
        switches = rows * width + columns
    if form == MASK:
        expect.shape(switches, case.x.shape)
        once = F.avg_pool2d(switches.double(), case.kernel) * case.kernel**2
        expect.that(bool((once == 1).all()), expected="one place in each window", got="others")
        switches = F.max_pool2d(switches.double(), case.kernel, return_indices=True)[1]
    expect.shape(switches, values.shape)
    inside = not switches.is_floating_point() and bool(((switches >= 0) & (switches < case.x[0, 0].numel())).all())
    expect.that(inside, expected="places in the image", got=describe(switches))
    return F.max_unpool2d(values, switches.to(torch.int64), [case.kernel] * 2, output_size=list(case.size))


def few_numbers() -> list[Pooling]:
    """An image of 5x4 whole numbers, the largest of all of them in the row that fills no window."""
    random = draw("few")
    digits = [float(number) for number in random.sample(range(-9, 10), 16)]
    last = [float(number) for number in random.sample(range(20, 40), 4)]
    return [Pooling(torch.tensor(digits + last, dtype=SINGLE).view(1, 1, 5, 4), 2)]
