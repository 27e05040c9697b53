"""What models give, and how they are left: models of the check that know their own features."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from exercises.checking import Expect, awkward, draw
from exercises.checking.alone import judge_or_alone
from exercises.transfer import models

from .problems import SINGLE

# In single precision a sum of some tens of products rounds at 1e-6, and a sine of numbers up to 20 as well.
CLOSE = 1e-4
LOGITS = "What does the model itself give, and where does each batch's part of it go, the last one's too?"
FEATURES = "What does `output` get? Is it heard at its entrance, before anything works on it, in every batch?"
IN_PLACE = "Is what you kept the same tensor that `output` then writes into? What does it look like afterwards?"
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
            features = IN_PLACE if case.output == "in place" else FEATURES
            with expect.case(f"{name} of {case}", hint=LOGITS if name == "logits_of" else features):
                more = () if case.batch is None else (case.batch,)
                model = case.model(student)
                model.eval()
                got = function(model, stamps, *more)
                expect.close(got, due, atol=CLOSE * max(1.0, float(due.abs().max())))

    judge_alone(student, name, judge)


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


def sizes(most: int) -> list[tuple[int, int | None]]:
    random = draw("sizes")
    batch = random.randint(3, most)
    return [
        (3 * batch + random.randint(1, batch - 1), batch),
        (2 * batch, batch),
        (batch - 1, batch),
        (4, 1),
        (300, None),
    ]


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
