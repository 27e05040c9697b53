"""Hidden checks of task 3: other kernels, larger images, and nothing that convolves."""

from __future__ import annotations

from exercises.checking import Expect, Reference, Student, awkward, check
from exercises.convolution.checks import hints
from exercises.convolution.checks.images import compare_blurred, compare_gradients, compare_kernels
from exercises.convolution.checks.judging import require_own
from exercises.convolution.checks.signals import SINGLE


@check("images.kernel_values", points=0.2, hints=hints.KERNEL, idea="Bells that nobody knows", topic="kernels")
def kernels(student: Student, solution: Reference, expect: Expect) -> None:
    compare_kernels(student, expect, 15)


@check("images.blur_values", points=0.3, hints=hints.BLUR, idea="Blurred images that nobody knows", topic="blur")
def blurring(student: Student, solution: Reference, expect: Expect) -> None:
    compare_blurred(student, expect, 24)
    require_own(student, expect, "images", "blur", awkward(2, 3, 6, 5, dtype=SINGLE), 3, 1.0)


@check(
    "images.gradients_values",
    points=0.35,
    hints=hints.BLUR,
    idea="Gradients of images that nobody knows",
    topic="gradients",
)
def gradients(student: Student, solution: Reference, expect: Expect) -> None:
    compare_gradients(student, expect, 24)
    require_own(student, expect, "images", "gradients", awkward(2, 3, 6, 5, dtype=SINGLE))
