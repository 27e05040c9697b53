"""Public checks of task 3.  Torch's own convolution gives what is due."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from exercises.checking import Expect, Reference, Student, awkward, check, draw

from . import hints
from .judging import each_written, judge_alone, require, require_by_hand, require_own, require_untouched
from .signals import DOUBLE, SINGLE

BELL = "Where are i and j 0? What do all weights sum to, and what is divided by what in the exponent?"
REFUSED = "Which sizes have no middle, or are none? For which sigma is there no bell?"
BLUR = "Which pixels lie below the kernel at the edge, and how many zeros does that take? Is each channel by itself?"
SOBEL = "Along which axis does gx look, and in which direction is it positive? Is a kernel turned round?"
PAIR = "Two results are due: `return gx, gy`."
SOBEL_X = torch.tensor([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]], dtype=DOUBLE)


def bell(size: int, sigma: float) -> Tensor:
    """The Gaussian kernel that is due."""
    places = torch.arange(size, dtype=DOUBLE) - (size - 1) / 2
    weights = torch.exp(-(places[:, None] ** 2 + places**2) / (2 * sigma**2))
    return weights / weights.sum()


def filtered(images: Tensor, kernel: Tensor) -> Tensor:
    """The cross-correlation of each channel with a kernel of odd sides, in float64, as large as the images."""
    each = images.double().flatten(0, 1)[:, None]
    padding = (len(kernel) - 1) // 2
    return F.conv2d(each, kernel.to(images.dtype).double()[None, None], padding=padding).reshape(images.shape)


def sizes(topic: str, most: int) -> list[tuple[int, float]]:
    """Drawn kernels: one pixel, narrow, wide and flat ones."""
    random = draw(f"kernels {topic}")
    return [
        (1, round(random.uniform(0.3, 2), 3)),
        (3, round(random.uniform(0.5, 0.9), 3)),
        (2 * random.randint(2, most) + 1, round(random.uniform(1.1, 3), 3)),
        (2 * random.randint(2, most) + 1, round(random.uniform(9, 20), 3)),
    ]


def pictures(topic: str, most: int) -> list[Tensor]:
    """Drawn images: several, none of them a square; one; one of one pixel; in either precision."""
    random = draw(f"images {topic}")
    batch, channels = random.sample(range(2, 5), 2)
    height, width = random.sample(range(4, most), 2)
    return [
        awkward(batch, channels, height, width, seed=1, dtype=SINGLE),
        awkward(1, 3, width, height, seed=2, dtype=DOUBLE),
        awkward(2, 1, 1, 1, seed=3, dtype=SINGLE),
        awkward(1, 1, 2, most, seed=4, dtype=DOUBLE),
    ]


def compare_kernels(student: Any, expect: Expect, most: int) -> None:
    """Require these kernels."""
    for size, sigma in sizes("", most):
        with expect.case(f"gaussian_kernel({size}, {sigma})", hint=BELL):
            require(expect, student.images.gaussian_kernel(size, sigma), bell(size, sigma), DOUBLE)


@check("images.kernel", points=0.25, hints=hints.KERNEL, idea="A bell around the middle, which sums to 1")
def bells(student: Student, solution: Reference | None, expect: Expect) -> None:
    compare_kernels(student, expect, 4)


@check(
    "images.kernel_refuses",
    points=0.15,
    hints=hints.KERNEL,
    idea="A kernel without a middle, and a bell without a width, are refused",
)
def refused_kernels(student: Student, solution: Reference | None, expect: Expect) -> None:
    with expect.case("gaussian_kernel(3, 1)", hint=BELL):  # what refuses everything is not right
        expect.shape(student.images.gaussian_kernel(3, 1.0), (3, 3))
    drawn = draw("even").randint(3, 8)
    for size, sigma in ((2, 1.0), (2 * drawn, 1.0), (0, 1.0), (-1, 1.0), (-2, 1.0), (3, 0.0), (3, -1.5), (1, -0.5)):
        call = partial(student.images.gaussian_kernel, size, sigma)
        expect.raises(call, "ValueError", case=f"gaussian_kernel({size}, {sigma})", hint=REFUSED)


def compare_blurred(student: Any, expect: Expect, most: int) -> None:
    """Require these images, blurred; kernels are larger than some of them."""

    def judge(blur: Any) -> None:
        for images in pictures("", most):
            for size, sigma in sizes("", 4):
                words = f"{images.dtype}".removeprefix("torch.")
                with expect.case(f"images {tuple(images.shape)} {words}, blur({size}, {sigma})", hint=BLUR):
                    got = blur(images.clone(), size, sigma)
                    require(expect, got, filtered(images, bell(size, sigma)), images.dtype)
        for size, sigma in ((4, 1.0), (3, 0.0), (1, -1.0)):
            call = partial(blur, images.clone(), size, sigma)
            expect.raises(call, "ValueError", case=f"blur({size}, {sigma})", hint=REFUSED)

    judge_alone(student, "images", "blur", judge)


@check("images.blur", points=0.3, hints=hints.BLUR, idea="Each channel is blurred by itself, with zeros outside")
def blurred_images(student: Student, solution: Reference | None, expect: Expect) -> None:
    compare_blurred(student, expect, 9)


def compare_gradients(student: Any, expect: Expect, most: int) -> None:
    """Require both gradients of these images."""

    def judge(gradients: Any) -> None:
        for images in pictures("", most):
            words = f"{images.dtype}".removeprefix("torch.")
            with expect.case(f"gradients of images {tuple(images.shape)} {words}", hint=SOBEL):
                got = gradients(images.clone())
                pair = isinstance(got, tuple | list) and len(got) == 2
                expect.that(pair, expected="a pair (gx, gy)", got=type(got).__name__, hint=PAIR)
                for name, one, kernel in zip(("gx", "gy"), got, (SOBEL_X, SOBEL_X.T), strict=True):
                    with expect.case(name):
                        require(expect, one, filtered(images, kernel), images.dtype)

    judge_alone(student, "images", "gradients", judge)


@check("images.gradients", points=0.25, hints=hints.BLUR, idea="gx grows to the right, gy downwards")
def sobel_of_images(student: Student, solution: Reference | None, expect: Expect) -> None:
    compare_gradients(student, expect, 9)


FUNCTIONS: dict[str, tuple[tuple[Any, ...], ...]] = {
    "gaussian_kernel": ((5, 1.5),),
    "blur": ((3, 1.5), (1, 1.0)),
    "gradients": ((),),
}


def _each(student: Any, names: Iterable[str], judge: Callable[[str, Any, tuple[Any, ...]], None]) -> None:
    """Judge each of these functions that is written."""
    x = awkward(2, 3, 5, 4, dtype=SINGLE)

    def one(name: str) -> None:
        function = student.standins.Alone(getattr(student.images, name), "images", name)
        for others in FUNCTIONS[name]:
            arguments = others if name == "gaussian_kernel" else (x, *others)
            function(*arguments)  # what stops tells its own checks
            judge(name, function, arguments)

    each_written(partial(one, name) for name in names)


@check(
    "images.arguments_kept",
    points=0.1,
    hints=hints.INPUT_KEPT,
    idea="No function changes its images, nor shares memory with them",
)
def arguments_stay(student: Student, solution: Reference | None, expect: Expect) -> None:
    def judge(name: str, function: Any, given: tuple[Any, ...]) -> None:
        require_untouched(student, expect, name, function, *given)

    _each(student, ("blur", "gradients"), judge)


@check("images.by_hand", points=0.1, hints=hints.BY_HAND, idea="Images are filtered without functions that convolve")
def images_are_filtered_by_hand(student: Student, solution: Reference | None, expect: Expect) -> None:
    _each(student, FUNCTIONS, lambda name, _, given: require_own(student, expect, "images", name, *given))
    require_by_hand(student, expect, "images", FUNCTIONS)
