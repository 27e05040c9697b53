"""Whether the gradients that came back in a training are those of the student's network: a few steps, computed again.

Which steps is drawn from the private seed.  Three are always among them: the one that moved the weights furthest, the
one with the most gradients that are far larger than before, and the one with the most that had always been zero.  Each
is computed again in a process that has seen nothing of the training: the network is built anew, gets weights, buffers,
images and random numbers of that step, and the weights are moved a little to and fro.  How its logits change then has
to be what the gradient said.  A forger has to know there, without labels and without a memory, what he has claimed.

The gradient of the loss with respect to the logits is held fixed: f(weights) = sum(logits * that gradient) has the same
gradient as the loss, and no softmax bends it.  The weights move only where the claimed gradient is not zero: a part
that is cut off by `detach` has no gradient and makes no false one.

Measured on 701 steps of 184 honest trainings (right answers, recipes up to a learning rate of 1, and mistakes, both
assignments): docs/security.md.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy
import torch
from torch import Tensor

from exercises.checking import Expect, Hidden, StudentError
from exercises.learning import as_parameters
from grader.model.problems import Kind, Problem

DRAWN = 2  # steps, beside the three that stand out
DIRECTIONS = 2  # of a look: in a single one, a false gradient is within 0.1 of the truth by chance in 8 of 100 cases
AWAKE = 5.0  # a gradient so many times as large as its running root mean square is unlike those before it
MEMORY = 0.999  # of that average, as in AdamW
REPEATED = 1e-2  # logits that differ by this share from those of the training are others
# Differences that are accepted, in standard deviations of what a wrong gradient gives.  On 525 steps of honest training
# the fine look differed by 0.23 at most (medians 0.003 in digits, 0.03 in spoken_digits), the coarse one by 0.05.
FINE, COARSE = 0.1, 0.1
BENT = 4.0  # differences that rounding explains, in standard deviations of its noise
ENOUGH = 2  # of the other looks, where the first one differs
FLOOR = 1e-5  # of the mean gradient: smaller ones are mostly rounding, and weigh less
FEW = 3  # steps whose fine look fails and whose coarse ones do not: a kink of a ReLU or a maximum in just that place


@dataclass(frozen=True)
class Claim:
    """One step of a training, as it was seen from here.

    Attributes:
        step:        from 1.
        seed:        of its random numbers.
        vector:      (n,) the parameters before it; `kept`: what the network kept beside them, see `probe.Trainee`.
        inputs:      its batch; `logits`: what came back.
        of_logits:   the loss's gradient with respect to the logits.
        of_vector:   (n,) the gradient that was claimed.
    """

    step: int
    seed: int
    vector: Tensor
    kept: Tensor
    inputs: Tensor
    logits: Tensor
    of_logits: Tensor
    of_vector: Tensor


@dataclass(frozen=True)
class Look:
    """One way to compute a step again.

    Attributes:
        double:     in float64, whatever the network's own type.
        each:       whether each weight moves by the inverse of its gradient, else each parameter tensor's do alike.
        length:     of the movement, as a share of the weights'.
        accepted:   the largest error.
    """

    double: bool
    each: bool
    length: float
    accepted: float


# Each weight counts alike, as it does for AdamW, whatever the size of its gradient.
FIRST = Look(double=True, each=True, length=1e-7, accepted=FINE)
# Where the first look differs: float32 may stand on the other side of a kink than float64 does, and a layer's own
# random numbers may depend on the type.
OTHERS = (
    Look(double=True, each=False, length=1e-6, accepted=COARSE),
    Look(double=False, each=False, length=1e-3, accepted=COARSE),
    Look(double=False, each=False, length=3e-4, accepted=COARSE),
)


@dataclass(frozen=True)
class Taught:
    """A network after its training.

    Attributes:
        build:   builds it anew in the student's present process.
        trained: its parameters.
    """

    build: Callable[[Any], Any]
    trained: list[Tensor]

    @property
    def vector(self) -> Tensor:
        """(n,) all of them, one after the other."""
        return torch.cat([one.reshape(-1) for one in self.trained]) if self.trained else torch.empty(0)

    def begin(self, student: Any) -> tuple[Any, Any]:
        """It in a fresh process, as built, in training mode: as a `probe.Trainee`, and itself."""
        student.fresh_process()
        net = self.build(student)
        far = student.probe.Trainee(net)
        far.train(True)
        return far, net


FALSE_GRADIENT = (
    "{}: the gradients of step {} of the training are not those of the network's loss. A part that is cut off, "
    "or a backward of its own, may be a mistake; weights can be sent in as gradients, too"
)
NOT_REPEATED = (
    "{}: the training could not be audited, since the network gives other logits for the same batch in a new "
    "process. Does it draw random numbers from elsewhere than torch, or remember what it has seen?"
)


class Verdict(Enum):
    """What a step is found to be."""

    TRUE = "true"
    FINE_ONLY = "differs where each weight counts alike, and nowhere else"
    FALSE = "false"
    OTHER_LOGITS = "cannot be repeated"


class Audit:
    """Notes steps of one training and computes some of them again.

    Args:
        key:   what no student's code can know.
        steps: of the training.
        task:  whose training it is, for the words of a remark.
    """

    def __init__(self, key: bytes, steps: int, task: str) -> None:
        self._key, self._steps, self.task = key, steps, task
        self.seed = int(self._random("seed").integers(1 << 31))
        drawn = self._random("steps").permutation(steps)[:DRAWN]
        self._drawn = {int(one) + 1 for one in drawn}
        self._claims: dict[int, Claim] = {}
        self._last: Claim | None = None
        self._furthest: tuple[float, Claim | None] = (0.0, None)
        self._oddest: tuple[float, Claim | None] = (0.0, None)
        self._newest: tuple[float, Claim | None] = (0.0, None)
        self._squares: Tensor | None = None
        self._weight = 0.0

    @classmethod
    def of(cls, hidden: Hidden, task: str, name: str, attempt: int, steps: int) -> Audit:
        """The audit of this attempt of this student in this course; `name` tells the trainings of a task apart."""
        words = f"audit/{name}/{attempt}/{hidden.whose}"
        return cls(hmac.digest(str(hidden.seed).encode(), words.encode(), "sha256"), steps, task)

    def note(self, claim: Claim) -> None:
        """Keep a step, if it is one of those."""
        self._moved(claim.vector)
        self._last = claim
        if claim.step in self._drawn:
            self._claims[claim.step] = claim
        squares = claim.of_vector.square()
        if self._squares is None:
            self._squares = torch.zeros_like(squares)
        else:
            usual = self._squares / self._weight
            odd = float((squares > AWAKE**2 * usual).sum())
            if odd > self._oddest[0]:
                self._oddest = (odd, claim)
            new = float(((usual == 0) & (squares > 0)).sum())
            if new > self._newest[0]:
                self._newest = (new, claim)
        self._squares.mul_(MEMORY).add_(squares, alpha=1 - MEMORY)
        self._weight = self._weight * MEMORY + 1 - MEMORY

    def _moved(self, vector: Tensor) -> None:
        if self._last is not None:
            way = float((vector - self._last.vector).norm())
            if way > self._furthest[0]:
                self._furthest = (way, self._last)

    def chosen(self) -> list[Claim]:
        """The steps to compute again, the first one first; none that moves nothing, or is no number."""
        found = dict(self._claims)
        for _, claim in (self._furthest, self._oddest, self._newest):
            if claim is not None:
                found[claim.step] = claim
        return [found[step] for step in sorted(found) if _tells(found[step])]

    def examine(self, student: Any, solution: Any, expect: Expect, taught: Taught) -> None:
        """Compute the chosen steps again; a false one fails the check, and a person is told."""
        far, _ = taught.begin(student)
        found = self._verdicts(student, far, taught)
        false = [claim.step for claim, verdict in found if verdict is Verdict.FALSE]
        fine = [claim.step for claim, verdict in found if verdict is Verdict.FINE_ONLY]
        false = sorted([*false, *(fine if len(fine) > FEW else [])])
        if false:
            solution.remarks.append(Problem(Kind.DOUBTFUL, FALSE_GRADIENT.format(self.task, false[0])))
        expect.that(
            not false,
            expected="in each step of the training, the gradients of your network's loss",
            got=f"others in step {false[0] if false else 0} of {self._steps}: with the weights moved a little, the "
            "loss does not change as they say",
            hint="Is a part cut off by detach, .data or no_grad, or does a backward of your own do something else?",
        )
        if any(verdict is Verdict.OTHER_LOGITS for _, verdict in found):
            solution.remarks.append(Problem(Kind.DOUBTFUL, NOT_REPEATED.format(self.task)))

    def _verdicts(self, student: Any, far: Any, taught: Taught) -> list[tuple[Claim, Verdict]]:
        """Each chosen step with what it is: the first look in this process, others in fresh ones."""
        claims = self.chosen()
        if not claims:
            return []
        sizes = [one.numel() for one in taught.trained]
        first = dict(zip((c.step for c in claims), self._looks(student, far, sizes, claims, FIRST), strict=True))
        others = [claim for claim in claims if first[claim.step] is not True]
        later: dict[int, list[bool | None]] = {claim.step: [] for claim in others}
        for look in OTHERS:
            open_ = [claim for claim in others if later[claim.step].count(True) < ENOUGH]
            if open_:
                far, _ = taught.begin(student)
                for claim, answer in zip(open_, self._looks(student, far, sizes, open_, look), strict=True):
                    later[claim.step].append(answer)
        return [(claim, _verdict(first[claim.step], later.get(claim.step, []))) for claim in claims]

    def _looks(self, student: Any, far: Any, sizes: list[int], claims: list[Claim], look: Look) -> list[bool | None]:
        """Whether each step's gradient agrees with this look; None where that cannot be told."""
        if look.double:
            far.double()
        far.train(True)
        answers: list[bool | None] = []
        for claim in claims:
            random = self._random(f"look/{claim.step}/{look}")
            try:
                answers.append(agrees(student, far, claim, sizes, look, random))
            except StudentError:
                if not look.double:
                    raise
                answers.append(None)  # not every network computes in float64
        return answers

    def _random(self, purpose: str) -> numpy.random.Generator:
        digest = hmac.digest(self._key, purpose.encode(), "sha256")
        return numpy.random.default_rng(int.from_bytes(digest))


def agrees(
    student: Any, far: Any, claim: Claim, sizes: list[int], look: Look, random: numpy.random.Generator
) -> bool | None:
    """Whether the logits change as the claimed gradient says, in each of several directions.

    None where that cannot be told: they are others than those of the training, or rounding is what changes them.
    """
    answers = [_agrees_along(student, far, claim, sizes, look, random) for _ in range(DIRECTIONS)]
    return False if False in answers else None if None in answers else True


def _agrees_along(
    student: Any, far: Any, claim: Claim, sizes: list[int], look: Look, random: numpy.random.Generator
) -> bool | None:
    """`agrees`, in one direction."""
    dtype = torch.float64 if look.double else claim.vector.dtype
    gradient, vector = claim.of_vector.double(), claim.vector.double()
    signs = torch.from_numpy(random.integers(0, 2, len(gradient)) * 2 - 1)
    direction = signs * _lengths(gradient, sizes, look)
    direction *= look.length * vector.norm().clamp(min=1e-3) / direction.norm()
    points = [(vector + direction).to(dtype), (vector - direction).to(dtype)]
    logits = [_logits(student, far, claim, point) for point in points]
    if logits[0] is None or logits[1] is None:
        return None
    middle, known = (logits[0] + logits[1]) / 2, claim.logits.double()
    if not float((middle - known).norm()) <= REPEATED * float(known.norm()):
        return None
    way = points[0].double() - points[1].double()  # as it was after rounding
    of_logits = claim.of_logits.double()
    seen = float(((logits[0] - logits[1]) * of_logits).sum())
    claimed = float((gradient * way).sum())
    if abs(seen - claimed) <= look.accepted * float((gradient * way).norm()):
        return True
    between = _logits(student, far, claim, vector.to(dtype))
    if between is None:
        return None
    # On a straight line nothing is left.  A layer that rounds inside, to float32 in this float64, leaves its noise.
    bend = float(((2 * middle - 2 * between) * of_logits).norm())
    return None if abs(seen - claimed) <= BENT * bend else False


def _logits(student: Any, far: Any, claim: Claim, point: Tensor) -> Tensor | None:
    """The logits of a step with other weights, float64; None where they are of another form than in the training."""
    student.seed(claim.seed)
    answer = far.forward(as_parameters(claim.inputs, point.dtype), point, claim.kept)
    if isinstance(answer, tuple) and isinstance(answer[0], Tensor) and answer[0].shape == claim.logits.shape:
        return answer[0].double()
    return None


def _lengths(gradient: Tensor, sizes: list[int], look: Look) -> Tensor:
    """How far each weight moves: by the inverse of its gradient, or of that of its tensor; 0 where it has none."""
    size, there = gradient.abs(), gradient != 0
    usual = size[there].mean()
    if not look.each:
        size = torch.cat([part.square().mean().sqrt().expand(len(part)) for part in gradient.split(sizes)])
    floor = FLOOR if look.each else 100 * FLOOR
    return torch.where(there, 1 / size.clamp(min=floor * float(usual)), torch.zeros_like(size))


def _tells(claim: Claim) -> bool:
    """Whether there is anything to compare: no zeros everywhere, no infinity."""
    values = (claim.vector, claim.logits, claim.of_logits, claim.of_vector)
    return all(bool(value.isfinite().all()) for value in values) and bool(claim.of_vector.any())


def _verdict(first: bool | None, later: list[bool | None]) -> Verdict:
    if first is True:
        return Verdict.TRUE
    if True in later and later.count(True) >= later.count(False):
        return Verdict.TRUE if first is None else Verdict.FINE_ONLY
    return Verdict.FALSE if False in (first, *later) else Verdict.OTHER_LOGITS
