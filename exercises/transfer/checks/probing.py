"""Public checks of task 1.  Models there know their own features, and a minimum is known by its slope."""

from __future__ import annotations

from functools import partial
from typing import Any

import torch

from exercises.checking import Expect, Reference, Student, check

from . import hints
from .probes import COPY, FRESH, LEARNS, PARTS, REST, SELF, compare_probes, probed
from .problems import DIGITS, KEPT, by_hand, drawn, fitted, precise, require_dtypes, require_minimum
from .readers import cases, compare, judge_alone, require_back, require_left_alone, require_rest, sizes

BY_HAND = "With the best bias, residuals add up to 0. What is left of the sum for one weight, and where is its slope 0?"
GRAPH = "Does torch note what `output` computes? Does no_grad stand around `output` too, or is the result detached?"
REFUSED = "For which penalties is there no best W, or none that is sure to be alone?"


@check(
    "probing.logits",
    points=0.35,
    hints=hints.LOGITS,
    idea="The logits of all stamps, of any model that has an `output`",
)
def logits(student: Student, solution: Reference | None, expect: Expect) -> None:
    compare(student, expect, "logits_of", cases(5))


@check(
    "probing.features",
    points=0.4,
    hints=hints.FEATURES,
    idea="The features of all stamps are what goes into `output`, whatever that is",
)
def features(student: Student, solution: Reference | None, expect: Expect) -> None:
    compare(student, expect, "features_of", cases(5))


@check(
    "probing.logits_at_rest",
    points=0.3,
    hints=hints.LOGITS,
    idea="For logits the model runs in evaluation mode, without gradients, on a batch at once",
)
def logits_at_rest(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_rest(student, expect, "logits_of", sizes(5))


@check(
    "probing.features_at_rest",
    points=0.3,
    hints=hints.LOGITS,
    idea="For features the model runs in evaluation mode, without gradients, on a batch at once",
)
def features_at_rest(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_rest(student, expect, "features_of", sizes(5))


@check(
    "probing.logits_afterwards",
    points=0.25,
    hints=hints.AT_REST,
    idea="After the logits were asked for, everything is as before",
)
def logits_afterwards(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_back(student, expect, "logits_of", cases(5)[0])


@check(
    "probing.features_afterwards",
    points=0.35,
    hints=hints.AT_REST,
    idea="After the features were asked for, everything is as before",
)
def features_afterwards(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_back(student, expect, "features_of", cases(5)[1])


@check(
    "probing.example",
    points=0.15,
    hints=hints.FIT,
    idea="Three examples of one feature: weights that can be worked out by hand",
)
def three_examples(student: Student, solution: Reference | None, expect: Expect) -> None:
    problem, weight, bias = by_hand()
    with expect.case(f"fit_linear of features {problem.features.flatten().tolist()}, penalty {problem.penalty:g}"):
        got = fitted(student.probing.fit_linear, expect, problem)
        expect.close(got[0], weight, atol=1e-5, hint=BY_HAND, case="weight")
        expect.close(got[1], bias, atol=1e-5, hint=BY_HAND, case="bias")


@check(
    "probing.fit",
    points=0.35,
    hints=hints.FIT,
    idea="The fit is the smallest sum of squares and penalty: no slope is left",
)
def least_squares(student: Student, solution: Reference | None, expect: Expect) -> None:
    for problem in drawn(12):
        require_minimum(student.probing.fit_linear, expect, problem)


@check(
    "probing.fit_in_float64",
    points=0.2,
    hints=hints.FIT,
    idea="Sums are in float64: features may lie far from 0, or nearly coincide",
    needs=["probing.fit"],
)
def fit_in_float64(student: Student, solution: Reference | None, expect: Expect) -> None:
    for problem in drawn(12)[:2]:  # one in either precision
        with expect.case(str(problem)):
            require_dtypes(expect, problem, fitted(student.probing.fit_linear, expect, problem))
    for problem, weight, bias in precise():
        with expect.case(str(problem), hint=DIGITS):
            got = fitted(student.probing.fit_linear, expect, problem)
            for name, one, due in zip(("weight", "bias"), got, (weight, bias), strict=True):
                # results may be float32, which rounds at 6e-8; inside, float64 keeps 9 digits of these
                expect.close(one, due, atol=1e-5 * float(due.abs().max()), case=name, what=f"a {name} known by hand")


@check("probing.fit_refuses", points=0.1, hints=hints.FIT, idea="A penalty that is not larger than 0 is refused")
def refused_penalties(student: Student, solution: Reference | None, expect: Expect) -> None:
    problem = drawn(12)[0]
    given = (problem.features, problem.labels, problem.num_classes)
    for penalty in (problem.penalty, 1e-3):  # what refuses everything is not right
        with expect.case(f"fit_linear with penalty {penalty}", hint=REFUSED):
            got = student.probing.fit_linear(*given, penalty)
            expect.that(isinstance(got, tuple | list), expected="a pair (weight, bias)", got=type(got).__name__)
    for penalty in (0.0, -problem.penalty, 0, -1e-9):
        call = partial(student.probing.fit_linear, *given, penalty)
        expect.raises(call, "ValueError", case=f"fit_linear with penalty {penalty}", hint=REFUSED)


@check("probing.fit_keeps", points=0.1, hints=hints.INPUT_KEPT, idea="Features and labels stay as they are")
def arguments_stay(student: Student, solution: Reference | None, expect: Expect) -> None:
    for problem in drawn(12)[:3:2]:  # one in either precision
        with expect.case(f"features and labels after {problem}", hint=KEPT):
            given = (problem.features, problem.labels)
            after = student.watching.arguments_after(
                student.probing.fit_linear, *given, problem.num_classes, problem.penalty
            )
            for due, found in zip(given, after, strict=True):
                expect.close(found, due, atol=0.0, what="the same as before")


@check(
    "probing.probe", points=0.3, hints=hints.PROBE, idea="A probe gives what its `output` makes of the model's features"
)
def probe(student: Student, solution: Reference | None, expect: Expect) -> None:
    compare_probes(student, expect, probed(5))

    def judge(make: Any) -> None:
        one = probed(5)[0]
        with expect.case(f"weights of `output` in {one}", hint=FRESH):
            model = one.case.model(student)
            given, own = expect.tensor(model.output.weight), expect.tensor(make(model, one.num_classes).output.weight)
            expect.that(not torch.equal(own, given), expected="a start of its own", got="those of the model's output")

    judge_alone(student, "LinearProbe", judge)


@check(
    "probing.probe_in_training",
    points=0.25,
    hints=hints.PROBE,
    idea="While a probe is trained, its features stay those of evaluation",
)
def probe_in_training(student: Student, solution: Reference | None, expect: Expect) -> None:
    def judge(make: Any) -> None:
        for one in probed(5):
            for words in ("as it is made", "in training mode"):
                with expect.case(f"{one}, {words}, and in evaluation mode", hint=REST):
                    probe = make(one.case.model(student), one.num_classes)
                    if words == "in training mode":
                        probe.train()
                    require_left_alone(expect, student.watching.left_by_running(probe, one.case.stamps), REST)
                    got = probe(one.case.stamps)
                    one.require_same(expect, got, one.answer(expect, probe))

    judge_alone(student, "LinearProbe", judge)


@check(
    "probing.probe_learns",
    points=0.25,
    hints=hints.PROBE,
    idea="The parameters of the probe's `output` learn, and no others",
)
def probe_learns(student: Student, solution: Reference | None, expect: Expect) -> None:
    def judge(make: Any) -> None:
        for one in probed(5)[1:]:
            for frozen in (False, True):
                words = f"{one}, three steps of training" + ", the model given frozen" * frozen
                with expect.case(words, hint=LEARNS):
                    model = one.case.model(student)
                    model.requires_grad_(not frozen)
                    found = student.watching.trained(make(model, one.num_classes), one.case.stamps)
                    expect.that(
                        "no graph" not in found,
                        expected="logits through which gradients flow to output's parameters",
                        got="logits without a graph: no gradient can flow",
                        hint=GRAPH,
                    )
                    for key, what in (("asked", "requires gradients"), ("moved", "has changed")):
                        names = ", ".join(found[key][:3]) + f", and {len(found[key]) - 3} more" * (len(found[key]) > 3)
                        expect.that(not found[key], expected=f"nothing beside output that {what}", got=names)
                    learns = f"{', '.join(found['learns']) or 'nothing'} of output has changed"
                    stays = f", and not {', '.join(found['stays'])}" * bool(found["stays"])
                    right = bool(found["learns"]) and not found["stays"]
                    expect.that(right, expected="all parameters of output changed", got=learns + stays)

    judge_alone(student, "LinearProbe", judge)


@check(
    "probing.probe_given",
    points=0.25,
    hints=hints.PROBE,
    idea="The model that is given stays as it is, and is not the probe's own",
)
def probe_given(student: Student, solution: Reference | None, expect: Expect) -> None:
    def judge(make: Any) -> None:
        one = probed(5)[0]
        for seed in range(2):
            with expect.case(f"a model of models.mixed(…) after {one} was made of it and used", hint=COPY):
                model = student.models.mixed(one.case.model(student), seed)
                left = student.watching.left_by_probe(make, model, one.num_classes, one.case.stamps)
                require_left_alone(expect, left, COPY)
        with expect.case(f"{one}, before and after the model that is given has got other weights", hint=COPY):
            model = one.case.model(student)
            probe = make(model, one.num_classes)
            before = one.answer(expect, probe)
            student.models.change(model, 5)
            one.require_same(expect, probe(one.case.stamps), before)

    judge_alone(student, "LinearProbe", judge)


@check(
    "probing.probe_is_a_module",
    points=0.2,
    hints=hints.PROBE,
    idea="A probe is an nn.Module: modes, state_dict and `to` are for all of it",
)
def probe_is_a_module(student: Student, solution: Reference | None, expect: Expect) -> None:
    def judge(make: Any) -> None:
        one = probed(5)[1]
        probe = make(one.case.model(student), one.num_classes)
        with expect.case(str(one), hint=SELF):
            found = student.watching.modes(probe)
            expect.equal(found, {key: key != "training after eval()" for key in found})
        with expect.case(f"{one}, and a probe of a changed model that gets its state_dict", hint=PARTS):
            before = one.answer(expect, probe)
            model = one.case.model(student)
            student.models.change(model, 7)
            new = make(model, one.num_classes)
            student.watching.hand_over(probe, new)
            one.require_same(expect, one.answer(expect, new), before)
        with expect.case(f"{one}, after to(torch.float64), of stamps in float64", hint=PARTS):
            probe.to(torch.float64)
            got = expect.tensor(probe(one.case.stamps.double()))
            expect.equal(got.dtype, torch.float64)
            one.require_same(expect, got, before)

    judge_alone(student, "LinearProbe", judge)
