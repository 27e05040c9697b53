"""Problems of least squares, and what is due of them: no slope at the minimum, or numbers that are known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from exercises.checking import Expect, awkward, draw, generator

DOUBLE, SINGLE = torch.float64, torch.float32
# Of the sum of the features' sizes. Single precision rounds weights at 6e-8, and a slope sums what that does to every
# residual; in 60 drawings half a penalty left a slope of 4e-4 or more, and a bias that is penalised one of 2e-3.
SLOPES = 1e-5
PAIR = "Two results are due: `return weight, bias`."
SHAPES = "How many weights has a class, and how many classes are there, those without an example included?"
DTYPE = "In which dtype do sums run, and in which one are both results returned?"
BIAS = "What do you get if you differentiate the sum by the bias of one class, and where is that 0? Is it penalised?"
PENALTY = "By what is the penalty multiplied in the formula: by 1, by the number of examples, by half of something?"
MEANS = (
    "Put the best bias in: from what do features and targets deviate then, and which of their products has the slope?"
)
SLOPE = "Which number stands in the place of each class for each example, and which sum is differentiated by what?"
DIGITS = (
    "How many digits has a float32, and how many of them are left of a difference of large numbers, or in a product?"
)
KEPT = "Which line writes into its argument (-=, x[…] = …)? For float64 `double()` gives the same tensor, not a copy."


@dataclass(frozen=True)
class Problem:
    """What a linear classifier is fitted to.

    Args:
        features: (n, d).
        labels:   (n,) int64.
    """

    features: Tensor
    labels: Tensor
    num_classes: int
    penalty: float
    words: str = ""

    def __str__(self) -> str:
        dtype = f"{self.features.dtype}".removeprefix("torch.")
        there = len(self.labels.unique())
        some = f"{there} of {self.num_classes}" if there < self.num_classes else f"{there}"
        n, d = self.features.shape
        words = f"{n} example{'s' * (n > 1)} of {some} classes, {d} feature{'s' * (d > 1)}"
        return f"fit_linear of {words}{self.words}, {dtype}, penalty {self.penalty:g}"

    @property
    def onehot(self) -> Tensor:
        """(n, num_classes), float64: a 1 in the place of each example's class."""
        return _onehot(self.labels, self.num_classes)

    def objective(self, weight: Tensor, bias: Tensor) -> Tensor:
        """The sum that is to be as small as it can be."""
        scores = torch.einsum("nd,kd->nk", self.features.double(), weight) + bias
        return (scores - self.onehot).square().sum() + self.penalty * weight.square().sum()

    def slopes(self, weight: Tensor, bias: Tensor) -> tuple[Tensor, Tensor]:
        """Of the objective, along each weight and each bias."""
        with torch.enable_grad():  # an answer may have left it off
            there = [one.detach().double().requires_grad_() for one in (weight, bias)]
            found = torch.autograd.grad(self.objective(*there), there)
        return found[0], found[1]


def fitted(fit: Any, expect: Expect, problem: Problem) -> tuple[Tensor, Tensor]:
    """What an answer gives for a problem, of the right form."""
    got = fit(problem.features.clone(), problem.labels.clone(), problem.num_classes, problem.penalty)
    pair = isinstance(got, tuple | list) and len(got) == 2
    expect.that(pair, expected="a pair (weight, bias)", got=type(got).__name__, hint=PAIR)
    expect.shape(got[0], (problem.num_classes, problem.features.shape[1]), case="weight", hint=SHAPES)
    expect.shape(got[1], (problem.num_classes,), case="bias", hint=SHAPES)
    for name, one in zip(("weight", "bias"), got, strict=True):
        expect.that(bool(one.isfinite().all()), expected=f"{name} of numbers", got="NaN or infinite ones", hint=DTYPE)
    return got[0], got[1]


def require_dtypes(expect: Expect, problem: Problem, got: tuple[Tensor, Tensor]) -> None:
    """Require both results in the features' dtype, or both in float64."""
    own = problem.features.dtype
    came = tuple(one.dtype for one in got)
    expect.that(
        came in ((own, own), (DOUBLE, DOUBLE)),
        expected=f"both {own}" + ("" if own is DOUBLE else " or both torch.float64"),
        got=f"weight and bias of {', '.join(map(str, came))}",
        hint=DTYPE,
    )


def require_minimum(fit: Any, expect: Expect, problem: Problem) -> None:
    """Require weights and biases at which the objective has no slope: there alone it is as small as it can be."""
    with expect.case(str(problem)):
        weight, bias = fitted(fit, expect, problem)
        along_weight, along_bias = problem.slopes(weight, bias)
        features, n = problem.features.double(), len(problem.labels)
        size = 2 * SLOPES * float(features.abs().sum())
        steep_bias = bool((along_bias.abs() > size + 2 * SLOPES * n).any())
        steep_weight = bool((along_weight.abs() > size).any())
        both = along_weight - along_bias[:, None] * features.mean(dim=0)  # where the bias follows the weight
        steep_both = bool((both.abs() > size).any())
        value = float(problem.objective(weight.double(), bias.double()))
        less = _downhill(problem, weight, bias, along_weight, along_bias)
        told = f"a sum of {value:.6g}, and {less:.6g} a step further down"
        if steep_bias and not (steep_weight and steep_both):
            worst = int(along_bias.abs().argmax())
            expect.that(
                False,
                expected="for each class, residuals W f + b - onehot that add up to 0 over the examples",
                got=f"{told}: those of class {worst} add up to {float(along_bias[worst]) / 2:.4g}",
                hint=BIAS,
            )
        other = _penalty_of(problem, weight, along_weight, steep_bias)
        expect.that(
            not (steep_bias or steep_weight),
            expected="the smallest sum of squared residuals and penalty: any step makes it larger",
            got=told + other,
            hint=SLOPE if steep_bias else PENALTY if other else MEANS,
        )


def _downhill(problem: Problem, weight: Tensor, bias: Tensor, along_weight: Tensor, along_bias: Tensor) -> float:
    """The smallest objective on the way against its slope."""
    steps = [10.0**-power for power in range(12)]
    ways = [(weight.double() - step * along_weight, bias.double() - step * along_bias) for step in steps]
    return min(float(problem.objective(*way)) for way in ways)


def _penalty_of(problem: Problem, weight: Tensor, along_weight: Tensor, steep_bias: bool) -> str:
    """Which penalty the weights are right for, in words, where there is one."""
    w = weight.double()
    size = float(w.square().sum())
    if steep_bias or not size:
        return ""
    more = -float((along_weight * w).sum()) / (2 * size)
    rest = along_weight + 2 * more * w
    if float(rest.abs().max()) > 1e-3 * float(along_weight.abs().max()):
        return ""
    penalty = problem.penalty + more
    right = "0" if abs(penalty) < 1e-3 * problem.penalty else f"{penalty:.4g}"
    return f": these weights are right for a penalty of {right}"


def drawn(most: int) -> list[Problem]:
    """Problems in either precision: usual ones, one with classes that are missing, few examples, and a single one."""
    random = draw("problems")
    classes, n, d = random.randint(3, 5), random.randint(most, 2 * most), random.randint(3, most // 2)
    few, many = random.randint(4, 6), random.randint(most, 2 * most)
    return [
        _random(1, n, d, classes, range(classes), SINGLE, 2.5),
        _random(2, n + 3, d + 1, classes + 2, random.sample(range(classes + 2), classes - 1), DOUBLE, 1.5),
        _random(3, few, many, 3, range(3), DOUBLE, 5.0),
        _random(4, few + 2, many + 1, 2, range(2), SINGLE, 2.0),
        _random(5, n, 1, 2, range(2), SINGLE, 20.0),
        _random(6, 1, d, classes, [random.randrange(classes - 1)], DOUBLE, 1.5),
    ]


def _random(seed: int, n: int, d: int, classes: int, there: Any, dtype: torch.dtype, penalty: float) -> Problem:
    """Features around a mean of their own, a little different from class to class; every class of `there` is there."""
    random = draw(f"labels {seed}")
    names = list(there)
    labels = torch.tensor([*names, *random.choices(names, k=max(n - len(names), 0))][:n])
    labels = labels[torch.randperm(n, generator=generator(seed))]
    centres = awkward(classes, d, seed=seed + 50)
    features = (awkward(n, d, seed=seed) + 0.7 * centres[labels] + 3 * awkward(d, seed=seed + 100)).to(dtype)
    return Problem(features, labels, classes, round(penalty * random.uniform(0.8, 1.2), 3))


def by_hand() -> tuple[Problem, Tensor, Tensor]:
    """Three examples of one feature, at equal distances, and what is due of them."""
    random = draw("example")
    gap, begin, penalty = random.randint(2, 4), random.randint(1, 3), random.choice((2.0, 4.0, 6.0))
    features = torch.tensor([[begin], [begin + gap], [begin + 2.0 * gap]])
    slope = gap / (2 * gap**2 + penalty)
    weight, middle = torch.tensor([[-slope], [slope]], dtype=DOUBLE), begin + gap
    bias = torch.tensor([2 / 3 + slope * middle, 1 / 3 - slope * middle], dtype=DOUBLE)
    return Problem(features, torch.tensor([0, 0, 1]), 2, penalty), weight, bias


def _onehot(labels: Tensor, num_classes: int) -> Tensor:
    return (labels[:, None] == torch.arange(num_classes)).double()


def _hadamard(size: int) -> Tensor:
    """(size, size) of 1 and -1, a power of two: columns are at right angles, and all but the first sum to 0."""
    found = torch.ones(1, 1, dtype=DOUBLE)
    while len(found) < size:
        found = torch.cat([torch.cat([found, found], dim=1), torch.cat([found, -found], dim=1)])
    return found


def precise() -> list[tuple[Problem, Tensor, Tensor]]:
    """Features that float32 holds exactly, and what is due of them: far from 0, and nearly the same several times.

    Each is a sum of columns at right angles, with a spread of its own along each: along each the weights are those of a
    single feature.
    """
    random = draw("precise")
    found = []
    for offset, spreads, penalty, words in (
        (8000, [1.0, 0.5, 0.5, 0.25], 1.0, " around 9,000"),
        (0, [1.0, 0.5, 0.5, 2.0**-11], 2.0**-14, " that are nearly sums of others"),
    ):
        n, d, classes = 16, len(spreads), 3
        spread = torch.tensor(random.sample(spreads, d), dtype=DOUBLE)
        columns, turn = _hadamard(n)[:, random.sample(range(1, n), d)], _hadamard(d)
        sums = torch.zeros(classes, d)
        while not sums.any():  # else every weight would be 0, and no two zeros are near
            labels = torch.tensor([0, 1, 2, *random.choices(range(classes), k=n - 3)])
            sums = _onehot(labels, classes).T @ columns  # (classes, d): the columns' products with each class
        means = torch.tensor([offset + random.randint(0, 2000) if offset else random.randint(1, 3) for _ in range(d)])
        features = means + (columns * spread) @ turn
        problem = Problem(features.to(SINGLE), labels, classes, penalty, words)
        weight = (sums * spread / (n * d * spread**2 + penalty)) @ turn
        bias = problem.onehot.mean(dim=0) - (weight * means).sum(dim=1)
        found.append((problem, weight, bias))
    return found
