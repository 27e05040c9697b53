"""Probes of models that know their own features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from exercises.checking import Expect, awkward, draw, load_weights

from .problems import SINGLE
from .readers import CLOSE, Case, judge_alone, require_rows

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
