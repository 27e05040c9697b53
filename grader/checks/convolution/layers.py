"""Hidden checks of task 4: other layers, larger inputs, and nothing that convolves."""

from __future__ import annotations

from exercises.checking import Expect, Reference, Student, check
from exercises.convolution.checks import hints
from exercises.convolution.checks.drawn_layers import layers
from exercises.convolution.checks.layers import (
    SAME,
    SIZES,
    compare,
    compare_dense,
    compare_gradients,
    compare_linear,
    require_silent,
)
from exercises.convolution.checks.signals import SINGLE


def _silent(student: Student, expect: Expect, axes: int) -> None:
    """Some layers of either padding run nothing that convolves."""
    for layer in (layers(axes, 9)[0], layers(axes, 9, same=True)[1]):
        require_silent(student, expect, layer.name, layer.made(student, layer.values(SINGLE)), layer.input(SINGLE))


@check(
    "layers.conv_1d_values", points=0.65, hints=hints.LAYER, idea="Conv1d with sizes that nobody knows", topic="Conv1d"
)
def along_time(student: Student, solution: Reference, expect: Expect) -> None:
    compare(student, expect, layers(1, 120), SIZES)
    compare(student, expect, layers(1, 120, same=True), SAME)
    _silent(student, expect, 1)


@check(
    "layers.conv_2d_values", points=0.65, hints=hints.LAYER, idea="Conv2d with sizes that nobody knows", topic="Conv2d"
)
def in_images(student: Student, solution: Reference, expect: Expect) -> None:
    compare(student, expect, layers(2, 24), SIZES)
    compare(student, expect, layers(2, 24, same=True), SAME)
    _silent(student, expect, 2)


@check(
    "layers.gradient_1d_values",
    points=0.3,
    hints=hints.LAYER_GRADIENT,
    idea="The gradients of Conv1d are those of torch's",
    topic="gradients",
)
def gradients_along_time(student: Student, solution: Reference, expect: Expect) -> None:
    compare_gradients(student, expect, [*layers(1, 30), *layers(1, 30, same=True)[1:3]])
    _silent(student, expect, 1)


@check(
    "layers.gradient_2d_values",
    points=0.3,
    hints=hints.LAYER_GRADIENT,
    idea="The gradients of Conv2d are those of torch's",
    topic="gradients",
)
def gradients_in_images(student: Student, solution: Reference, expect: Expect) -> None:
    compare_gradients(student, expect, [*layers(2, 12), *layers(2, 12, same=True)[1:3]])
    _silent(student, expect, 2)


@check(
    "layers.linear_values",
    points=0.5,
    hints=hints.DENSE,
    idea="Dense layers of sizes that nobody knows",
    topic="dense layers",
)
def dense_is_one_tap(student: Student, solution: Reference, expect: Expect) -> None:
    compare_linear(student, expect, 30)


@check(
    "layers.dense_values",
    points=0.25,
    extra=True,
    hints=hints.DENSE,
    idea="Dense layers on images of sizes that nobody knows",
    topic="dense layers on images",
)
def dense_layer_slides(student: Student, solution: Reference, expect: Expect) -> None:
    compare_dense(student, expect, 7)
