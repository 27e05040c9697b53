"""Public checks of task 2."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from exercises.checking import Expect, Reference, Student, check, draw
from exercises.checking.banned import Ban, banned_in, names_module

from . import hints
from .counted import Counted, anywhere, as_it_runs, convolutions, deep, dense_layers, with_parameters

FUNCTIONS = ("parameters", "multiply_adds", "weight_layers")
COUNTERS = Ban(
    re.compile("FlopCounterMode|multiply_adds|parameter_count|counted"),
    frozenset({"torch", "exercises"}),
    frozenset({"torch.utils.flop_counter", "exercises.checking", "exercises.learning", "exercises.recording"}),
)
OF_CHECKS = ("checking", "checking.meta", "learning", "recording", "known_weights", "models")  # of `exercises`
OWN = "Which of a layer's attributes, and which size of its output, give the count?"
LARGEST = 16  # of what is drawn here; hidden checks draw larger ones
BY_HAND = "One output of the convolution costs 3 * 5 * 5. How many outputs has it, and the dense layer?"
TAKES = "Which shape does a model take, with the axis of the batch, and of which dtype?"
BACK = {
    "modes": "Which parts were in training before, and which were not? Is each of them what it was?",
    "hooks": "Which hooks are yours, and who takes them away? Also where the image does not fit?",
    "buffers": "What does a norm do in training with the images that pass?",
    "weights": "What does a count need the values of the weights for?",
    "gradients": "What does a count need gradients for?",
    "requires_grad": "What does a count need gradients for?",
}


def compare(student: Any, expect: Expect, function: str, cases: Sequence[Counted]) -> None:
    """Require what is due of each model, from a function of the student's."""
    for case in cases:
        with expect.case(f"{function} of {case}", hint=case.hint):
            model = case.of(student)
            count = getattr(student.counting, function)
            expect.equal(count(model, case.image) if function == "multiply_adds" else count(model), case.due)


@check(
    "counting.parameters",
    points=0.2,
    hints=hints.PARAMETERS,
    idea="Every parameter counts once, frozen ones too, and no buffer does",
)
def parameters(student: Student, solution: Reference | None, expect: Expect) -> None:
    compare(student, expect, "parameters", with_parameters(LARGEST))


@check(
    "counting.example",
    points=0.2,
    hints=hints.MULTIPLY_ADDS,
    idea="A convolution and a dense layer on an image of 12x12 cost 43,520",
)
def example(student: Student, solution: Reference | None, expect: Expect) -> None:
    with expect.case("multiply_adds of Conv2d(3, 8, 5), norm, ReLU, Linear(512, 10), image (3, 12, 12)", hint=BY_HAND):
        model = student.models.classifier(3, 8, 5, 64, 10)
        expect.equal(student.counting.multiply_adds(model, (3, 12, 12)), 8 * 64 * 75 + 512 * 10)


@check(
    "counting.convolutions",
    points=0.35,
    hints=hints.MULTIPLY_ADDS,
    idea="Convolutions with strides, padding, dilation, groups; of 1 to 3 axes",
)
def of_convolutions(student: Student, solution: Reference | None, expect: Expect) -> None:
    compare(student, expect, "multiply_adds", convolutions(LARGEST))


@check(
    "counting.dense",
    points=0.2,
    hints=hints.MULTIPLY_ADDS,
    idea="A dense layer costs as often as it is applied, and so does any layer",
)
def of_dense_layers(student: Student, solution: Reference | None, expect: Expect) -> None:
    compare(student, expect, "multiply_adds", dense_layers(LARGEST))


@check(
    "counting.as_it_runs",
    points=0.25,
    hints=hints.MULTIPLY_ADDS,
    idea="Layers cost as often as they run, and nothing else costs anything",
)
def of_what_runs(student: Student, solution: Reference | None, expect: Expect) -> None:
    compare(student, expect, "multiply_adds", as_it_runs(LARGEST))


@check(
    "counting.anywhere",
    points=0.2,
    hints=hints.ANYWHERE,
    idea="Models on any device, in any dtype, in any mode can be counted",
)
def of_any_place(student: Student, solution: Reference | None, expect: Expect) -> None:
    compare(student, expect, "multiply_adds", anywhere(LARGEST))


@check("counting.afterwards", points=0.3, hints=hints.ANYWHERE, idea="After the count, the model is as it was before")
def afterwards(student: Student, solution: Reference | None, expect: Expect) -> None:
    random = draw("sizes")
    channels, maps, size = random.randint(2, 4), random.randint(5, 8), random.randint(5, 8)
    for refused in (False, True):
        image = (channels + refused, size, size)
        what = "which the model refuses: after that" if refused else "after the count"
        with expect.case(f"models.half_frozen({channels}, {maps}, {size}), image {image}, {what}", hint=TAKES):
            model = student.models.half_frozen(channels, maps, size)
            left = student.models.left_behind(student.counting.multiply_adds, model, image, refused)
            kind, names = next(iter(left.items()), ("modes", []))
            more = f", and {len(names) - 3} more" if len(names) > 3 else ""
            expect.that(
                not left,
                expected="the model as it was before",
                got=f"changed {kind}: {', '.join(names[:3])}{more}",
                hint=BACK[kind],
            )


@check(
    "counting.weight_layers",
    points=0.3,
    hints=hints.WEIGHT_LAYERS,
    idea="Every convolution and dense layer counts once, but inside a Shortcut",
)
def depth(student: Student, solution: Reference | None, expect: Expect) -> None:
    compare(student, expect, "weight_layers", deep(5))


@check("counting.own", points=0.1, hints=hints.OWN, idea="What is counted is counted by your own code")
def own(student: Student, solution: Reference | None, expect: Expect) -> None:
    with expect.case("parameters of models.classifier(3, 8, 5, 64, 10)"):
        student.counting.parameters(student.models.classifier(3, 8, 5, 64, 10))  # what nobody has written is not own
    sources = student.sources("counting")
    findings = banned_in(sources, COUNTERS, asked=FUNCTIONS)
    findings += [name for name in OF_CHECKS if names_module(sources.values(), name)]
    expect.that(
        not findings, expected="counting.py without a counter of somebody else's", got="; ".join(findings[:3]), hint=OWN
    )
