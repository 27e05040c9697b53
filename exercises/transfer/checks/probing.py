"""Public checks of task 1.  Models there know their own features, and a minimum is known by its slope."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from torch import Tensor

from exercises.checking import Expect, Reference, Student, awkward, check, draw, load_weights
from exercises.checking.alone import judge_or_alone
from exercises.transfer import models

from . import hints
from .problems import DIGITS, KEPT, SINGLE, by_hand, drawn, fitted, precise, require_dtypes, require_minimum

# In single precision a sum of some tens of products rounds at 1e-6, and a sine of numbers up to 20 as well.
CLOSE = 1e-4
LOGITS = "What does the model itself give, and where does each batch's part of it go, the last one's too?"
FEATURES = "What does `output` get? Is it heard at its entrance, before anything works on it, in every batch?"
MODE = "Which parts do something else in training, and which call puts all of them into evaluation mode?"
HISTORY = "What does torch note down for a gradient, and what says that nobody will ask for one?"
BATCHES = "Which stamps go through the model together, and how many of them? Where does the next batch begin?"
BACK = {
    "modes": "Which parts were in training mode before, and which were not? Has each of them its own mode again?",
    "hooks": "Which hooks are yours, and who takes them away? Do those that were there stay?",
    "attributes": "Which attribute of which part did you set, and what was it before?",
    "weights": "What are values of parameters written for? Nothing is trained here.",
    "parameters": "Which parameters stand in the place of the model's own?",
    "gradients": "What are gradients needed for? Where are those that were there?",
    "requires_grad": "What tells torch that no gradient is needed, and leaves the parameters as they are?",
    "buffers": "Which layers write into buffers, and in which mode only?",
    "stamps": "Which line writes into the stamps?",
    "switch": "Who switched gradients off or on, and what were they before: always on?",
}
SIZE = "How many numbers go into the model's output, and how many classes are asked for? Has it a bias?"
FRESH = "Where do the weights of `output` come from: from the model that is given, or from torch's own start?"
PROBE = "What goes into the probe's `output`: features of the copy, or something that has passed its old output?"
REST = (
    "In which mode does the copy run while the probe is trained? What does `train` of nn.Module do to parts of parts?"
)
LEARNS = "Which parameters require gradients: those of `output`, all of them, and nothing else?"
COPY = "Does the probe keep a copy, or the model itself? What do two names of one module share?"
SELF = "What does `train` of nn.Module give back, what does it set, and who calls it for `eval`?"
PARTS = "Is the copy an attribute of the probe, so that nn.Module knows it as a part? Or does it hide in a list?"
BY_HAND = "With the best bias, residuals add up to 0. What is left of the sum for one weight, and where is its slope 0?"
REFUSED = "For which penalties is there no best W, or none that is sure to be alone?"


@dataclass(frozen=True)
class Case:
    """A model and stamps for it.

    Args:
        output: one of `models.OUTPUTS`.
        sign:   1 for bright stamps, -1 for dark ones.
        batch:  None for the answer's own batch size.
    """

    seed: int
    shape: tuple[int, ...]
    width: int
    classes: int
    output: str = "Linear"
    sign: int = 1
    batch: int | None = None

    def __str__(self) -> str:
        return f"{self.made}, {self.read}" + ("" if self.batch is None else f", {self.batch} at once")

    @property
    def made(self) -> str:
        """How the model is made, in words."""
        return f"models.Reader(seed, {self._arguments[1]}, {self.width}, {self.classes}, {self.output!r})"

    @property
    def read(self) -> str:
        """What it reads, in words."""
        return f"{'bright' if self.sign > 0 else 'dark'} stamps {self.shape}"

    @property
    def _arguments(self) -> tuple[int, int, int, int, str]:
        weights = draw(f"weights {self.seed}").randrange(2**31)
        return weights, self.shape[2] * self.shape[3], self.width, self.classes, self.output

    @property
    def stamps(self) -> Tensor:
        """(n, 1, height, width), all of them bright or all dark."""
        return self.sign * (awkward(*self.shape, seed=self.seed, dtype=SINGLE).abs() + 0.1)

    def model(self, who: Any) -> Any:
        """The model, where the student's code runs, in training mode."""
        return who.models.Reader(*self._arguments)

    def features(self, stamps: Tensor) -> Tensor:
        """What is due: (n, width), float64."""
        return models.Reader(*self._arguments).known(stamps)

    def logits(self, stamps: Tensor) -> Tensor:
        """What is due: (n, classes), float64."""
        model = models.Reader(*self._arguments).double().eval()
        with torch.no_grad():
            return torch.as_tensor(model.output(model.known(stamps)))


def cases(most: int) -> list[Case]:
    """Drawn models of each output: batches that are full, one that is not, single stamps, and all at once."""
    random = draw("cases")
    found = []
    for number, output in enumerate(models.OUTPUTS):
        height, width = random.sample(range(2, most), 2)
        features, classes = random.sample(range(3, most + 2), 2)
        batch = random.randint(2, 4)
        n = (3 * batch, 2 * batch + 1, 3, 5)[number]
        at_once = (batch, batch, 1, None)[number]
        sign = 1 if number % 2 else -1
        found.append(Case(number, (n, 1, height, width), features, classes, output, sign, at_once))
    return found


def judge_alone(student: Any, name: str, judge: Callable[[Any], None]) -> None:
    """Judge a function or class as it is, and where that fails, with stand-ins for what it may use of the others.

    Args:
        judge: gets what to call.

    Raises:
        MismatchError, StudentError: of it as it is.
    """
    made = getattr(student.probing, name)
    judge_or_alone(lambda: judge(made), lambda: judge(student.known_features.Alone(made)))


def compare(student: Any, expect: Expect, name: str, drawn_cases: Sequence[Case]) -> None:
    """Require logits or features of these models."""

    def judge(function: Any) -> None:
        for case in drawn_cases:
            stamps = case.stamps
            due = case.logits(stamps) if name == "logits_of" else case.features(stamps)
            with expect.case(f"{name} of {case}", hint=LOGITS if name == "logits_of" else FEATURES):
                more = () if case.batch is None else (case.batch,)
                model = case.model(student)
                model.eval()
                got = function(model, stamps, *more)
                expect.close(got, due, atol=CLOSE * max(1.0, float(due.abs().max())))

    judge_alone(student, name, judge)


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


def require_rest(student: Any, expect: Expect, name: str, sizes: Sequence[tuple[int, int | None]]) -> None:
    """Require that a model runs in evaluation mode, without gradients, on no more stamps at once than it should.

    Args:
        sizes: how many stamps, and how many of them at once; None for the answer's own.
    """

    def judge(function: Any) -> None:
        for number, (n, batch) in enumerate(sizes):
            due = 256 if batch is None else batch
            words = f"{name} of models.Witness() and {n} stamps, {due} at once" + " (as you have it)" * (batch is None)
            stamps = awkward(n, 1, 2, 3, seed=number, dtype=SINGLE).abs()
            with expect.case(words, hint=BATCHES):
                found = student.watching.watched(function, student.models.Witness(), stamps, batch)
                expect.shape(found["result"], (n, 4), hint=LOGITS if name == "logits_of" else FEATURES)
                means, together, training, history = found["result"].double().unbind(dim=1)
                expect.close(means, stamps.double().mean(dim=(1, 2, 3)), atol=1e-6, what="the stamps in their order")
                require_batches(expect, together, due)
                expect.that(
                    not bool(training.any()),
                    expected="all parts in evaluation mode",
                    got=f"up to {int(training.max())} of its parts ran in training mode",
                    hint=MODE,
                )
                expect.that(
                    not (bool(history.any()) or found["history"]),
                    expected="what runs without gradients, and a result without history",
                    got="the result would have gradients" if found["history"] else "torch noted all steps in the model",
                    hint=HISTORY,
                )

    judge_alone(student, name, judge)


def require_batches(expect: Expect, together: Tensor, batch: int) -> None:
    """Require full batches and a rest; ones that are equally large are accepted, where they are no more.

    Args:
        together: (n,), with how many others each stamp went through the model.
    """
    n, largest = len(together), int(together.max())
    number = round(float((1 / together).sum())) if bool((together > 0).all()) else 0
    expect.that(
        largest <= batch and number == -(-n // batch),
        expected=f"{-(-n // batch)} batches of at most {batch}",
        got=f"{number} batch{'es' * (number != 1)}, the largest of {largest}",
        hint=BATCHES,
    )


def _sizes(most: int) -> list[tuple[int, int | None]]:
    random = draw("sizes")
    batch = random.randint(3, most)
    return [
        (3 * batch + random.randint(1, batch - 1), batch),
        (2 * batch, batch),
        (batch - 1, batch),
        (4, 1),
        (300, None),
    ]


@check(
    "probing.logits_at_rest",
    points=0.3,
    hints=hints.LOGITS,
    idea="For logits the model runs in evaluation mode, without gradients, on a batch at once",
)
def logits_at_rest(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_rest(student, expect, "logits_of", _sizes(5))


@check(
    "probing.features_at_rest",
    points=0.3,
    hints=hints.LOGITS,
    idea="For features the model runs in evaluation mode, without gradients, on a batch at once",
)
def features_at_rest(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_rest(student, expect, "features_of", _sizes(5))


def require_back(student: Any, expect: Expect, name: str, case: Case) -> None:
    """Require that a model is as it was after a call, whatever modes its parts are in, and with gradients on or off."""

    def judge(function: Any) -> None:
        for seed, gradients in ((0, True), (1, True), (2, False), (3, False)):
            words = f"after {name} of models.mixed({case}), gradients {'on' if gradients else 'off'}"
            with expect.case(words, hint=LOGITS if name == "logits_of" else FEATURES):
                model = student.models.mixed(case.model(student), 10 * draw("modes").randrange(10**6) + seed)
                found = student.watching.watched(function, model, case.stamps, case.batch, gradients)
                require_rows(expect, found["result"], case)
                require_left_alone(expect, found["left"])

    judge_alone(student, name, judge)


def require_rows(expect: Expect, got: Any, case: Case) -> None:
    """Require a row for each stamp: what is in it, others ask."""
    shape = tuple(expect.tensor(got).shape)
    right = len(shape) == 2 and shape[0] == case.shape[0]
    expect.that(right, expected=f"a row for each of {case.shape[0]} stamps", got=f"shape {shape}")


def require_left_alone(expect: Expect, left: dict[str, list[str]], hint: str = "") -> None:
    """Require that nothing of a model has changed.

    Args:
        hint: in the place of the one for what has.
    """
    kind, names = next(iter(left.items()), ("modes", []))
    more = f", and {len(names) - 3} more" if len(names) > 3 else ""
    what = {"switch": "torch", "modes": "modes", "hooks": "hooks", "stamps": "values"}.get(kind, kind)
    expect.that(
        not left,
        expected="all as it was before",
        got=f"changed {what}: {', '.join(names[:3])}{more}",
        hint=hint or BACK[kind],
    )


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


@dataclass(frozen=True)
class Probed:
    """A probe of a model.

    Args:
        case:        the model, with a Linear output.
        num_classes: of the probe.
    """

    case: Case
    num_classes: int

    def __str__(self) -> str:
        return f"LinearProbe({self.case.made}, {self.num_classes}) of {self.case.read}"

    def due(self, stamps: Tensor, head: dict[str, Tensor]) -> Tensor:
        """What the probe gives where its output has these values: (n, num_classes), float64."""
        weight, bias = head["weight"].double(), head["bias"].double()
        return torch.einsum("nw,kw->nk", self.case.features(stamps), weight) + bias

    @property
    def head(self) -> dict[str, Tensor]:
        """Values for the probe's output."""
        sizes = {"weight": (self.num_classes, self.case.width), "bias": (self.num_classes,)}
        return {name: awkward(*size, seed=90 + self.case.seed, dtype=SINGLE) for name, size in sizes.items()}

    def answer(self, expect: Expect, probe: Any) -> Tensor:
        """What the probe itself gives in evaluation mode, right or wrong, with a row for each stamp."""
        probe.eval()
        got = expect.tensor(probe(self.case.stamps), hint=PROBE)
        require_rows(expect, got, self.case)
        alike = bool((got == got[:1]).all())
        expect.that(not alike, expected="different logits for different stamps", got="the same ones", hint=PROBE)
        return got

    def require_same(self, expect: Expect, got: Any, due: Tensor) -> None:
        """Require what the probe gives at another time."""
        atol = CLOSE * max(1.0, float(due.abs().max()))
        expect.close(got, due.to(expect.tensor(got).dtype), atol=atol, what="what the probe gives at another time")


def probed(most: int) -> list[Probed]:
    """Drawn probes: of as many classes as the model has, of more, and of fewer."""
    random = draw("probes")
    found = []
    for number, more in enumerate((0, random.randint(1, 3), -1)):
        height, width = random.sample(range(2, most), 2)
        features, classes = random.sample(range(4, most + 3), 2)
        case = Case(number, (random.randint(5, 9), 1, height, width), features, classes, sign=1 if number % 2 else -1)
        found.append(Probed(case, classes + more))
    return found


def compare_probes(student: Any, expect: Expect, drawn_probes: Sequence[Probed]) -> None:
    """Require what these probes give."""

    def judge(make: Any) -> None:
        for one in drawn_probes:
            with expect.case(str(one), hint=PROBE):
                probe = make(one.case.model(student), one.num_classes)
                due = {name: tuple(value.shape) for name, value in one.head.items()}
                expect.equal(student.probe.parameter_shapes(probe.output), due, case="its output", hint=SIZE)
                probe.eval()
                load_weights(probe.output, one.head)
                wanted = one.due(one.case.stamps, one.head)
                expect.close(probe(one.case.stamps), wanted, atol=CLOSE * max(1.0, float(wanted.abs().max())))

    judge_alone(student, "LinearProbe", judge)


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
