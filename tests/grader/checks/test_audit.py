"""The audit of a training: honest networks agree with their gradients, whatever is in them; false gradients do not."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from exercises import learning
from exercises.checking import Expect, StudentError
from exercises.checking.expect import MismatchError
from exercises.checking.probe import Trainee as Far
from exercises.checking.probe import first_pass
from exercises.learning import Recipe, accuracy
from exercises.recording.lesson import Built, Lesson
from grader.checks.audit import DRAWN, Audit
from grader.checks.private.data import HiddenData
from grader.checks.trainee import taught_from_outside
from grader.model.problems import Kind

KEY = b"private"
BUDGET = 1600  # images of a training


class Guarded(Far):
    def forward(self, *arguments: Any) -> Any:
        try:
            return super().forward(*arguments)
        except RuntimeError as error:
            raise StudentError(str(error)) from error


class Local:
    """A student whose network is in this process."""

    learning = learning
    seed = staticmethod(torch.manual_seed)

    class probe:
        Trainee = Guarded
        first_pass = staticmethod(first_pass)

    def fresh_process(self) -> None:
        pass


class Net(nn.Module):
    """Norms, ReLUs, a maximum and dropout; a linear layer that nothing uses."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 8, 3, padding=1)
        self.norm = nn.BatchNorm2d(8)
        self.output = nn.Linear(8 * 16, 10)
        self.unused = nn.Linear(3, 3)

    def features(self, x: Tensor) -> Tensor:
        return F.max_pool2d(F.relu(self.norm(self.conv(x))), 2).flatten(1)

    def forward(self, x: Tensor) -> Any:
        return self.output(F.dropout(self.features(x), 0.25, self.training))


@pytest.fixture(scope="module")
def data() -> tuple[Tensor, Tensor]:
    """Images of 8 x 8 pixels: class k has a bright column or row k."""
    random = torch.Generator().manual_seed(1)
    labels = torch.randint(0, 10, (600,), generator=random)
    images = 0.5 * torch.randn(600, 1, 8, 8, generator=random)
    for number, label in enumerate(labels.tolist()):
        part = images[number, 0] if label < 8 else images[number, 0].T
        part[label % 8] += 2.0
    return images, labels


def _graded(
    kind: Callable[[], nn.Module],
    data: tuple[Tensor, Tensor],
    rate: float = 0.02,
    key: bytes = KEY,
    chance_like: float = 0.2,
) -> tuple[float, list[Any]]:
    """Accuracy after an audited training, and what the teaching assistant is told.  Raises MismatchError."""
    images, labels = data
    built = Built(lambda _: kind)
    lesson = Lesson(
        "letters",
        images[:400],
        labels[:400],
        Recipe(rate, 16),
        budget=lambda who, net: BUDGET,
        counted=images[:2],
        sample=images[400:],
        seed=0,
        chance_like=chance_like,
    )
    solution = SimpleNamespace(probe=Local.probe, seed=torch.manual_seed, remarks=[])
    student = Local()
    with torch.random.fork_rng(devices=[]):
        (logits,) = taught_from_outside(
            student,
            solution,
            Expect(),
            built,
            built.by_itself(student, 0),
            lesson,
            BUDGET,
            [(images[400:], labels[400:])],
            Audit(key, BUDGET // 16, "letters"),
        )
    return accuracy(logits, labels[400:]), solution.remarks


class Stochastic(Net):
    """Draws in float32 whatever its type is: what it draws in float64 is the same."""

    def features(self, x: Tensor) -> Tensor:
        x = super().features(x)
        return x * torch.rand(x.shape) if self.training else x * 0.5


class RandomOfItsType(Net):
    """Draws other numbers in float64."""

    def features(self, x: Tensor) -> Tensor:
        x = super().features(x)
        return x * torch.rand_like(x) if self.training else x * 0.5


class OnlyFloat32(Net):
    def forward(self, x: Tensor) -> Any:
        return super().forward(x) @ torch.eye(10, dtype=torch.float32)


class RoundedInside(Net):
    """A norm that computes in float32 whatever its input is, and gives the input's type."""

    def features(self, x: Tensor) -> Tensor:
        x = self.conv(x)
        single = x.float()
        mean, variance = single.mean(dim=(0, 2, 3), keepdim=True), single.var(dim=(0, 2, 3), keepdim=True)
        normed = (single - mean) / (variance + 1e-5).sqrt()
        return F.max_pool2d(F.relu(normed.to(x.dtype)), 2).flatten(1)


class RoundedTwice(RoundedInside):
    """A pooling filled into zeros of the default type behind it."""

    def forward(self, x: Tensor) -> Any:
        features = self.features(x)
        out = torch.zeros(features.shape)
        for column in range(features.shape[1]):
            out[:, column] = features[:, column]
        return self.output(out.to(features.dtype))


class Float64(Net):
    def __init__(self) -> None:
        super().__init__()
        self.double()


class GroupNorm(Net):
    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.GroupNorm(2, 8)  # type: ignore[assignment]


class NoNorm(Net):
    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.Identity()  # type: ignore[assignment]


class CutOff(Net):
    """An honest mistake: the layers before the output learn nothing."""

    def features(self, x: Tensor) -> Tensor:
        return super().features(x).detach()


class Frozen(Net):
    def forward(self, x: Tensor) -> Any:
        return super().forward(x).detach()


HONEST = [
    Net,
    Stochastic,
    RandomOfItsType,
    OnlyFloat32,
    RoundedInside,
    RoundedTwice,
    Float64,
    GroupNorm,
    NoNorm,
    CutOff,
    Frozen,
]


@pytest.mark.parametrize("kind", HONEST)
def test_honest_network_passes_and_nobody_is_told(kind: Callable[[], nn.Module], data: tuple[Tensor, Tensor]) -> None:
    right, told = _graded(kind, data)
    assert told == []
    assert right > 0.6 or kind is Frozen


@pytest.mark.parametrize("rate", [1e-5, 0.3, 1.0])
def test_trainings_that_learn_nothing_or_explode_pass(rate: float, data: tuple[Tensor, Tensor]) -> None:
    for kind in (Net, NoNorm):
        assert _graded(kind, data, rate)[1] == []


class Infinite(Net):
    def forward(self, x: Tensor) -> Any:
        return super().forward(x) / 0


def test_training_that_is_no_number_is_told_unaudited(data: tuple[Tensor, Tensor]) -> None:
    with pytest.raises(MismatchError, match="NaN for every example after the training"):
        _graded(Infinite, data)


class _Claimed(torch.autograd.Function):
    """The first argument, whose gradient is what a function makes of the true one."""

    @staticmethod
    def forward(ctx: Any, value: Tensor, claim: Callable[[Tensor], Tensor]) -> Tensor:
        ctx.claim = claim
        return value.clone()

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Any, ...]:
        return ctx.claim(gradients[0]), None


class Forger(Net):
    """Claims something else as the gradient of the output layer's weights in some steps."""

    steps = range(1, 101)
    size = 1.0

    def __init__(self) -> None:
        super().__init__()
        self.step = 0

    def claim(self, gradient: Tensor) -> Tensor:
        wanted = torch.sin(torch.arange(gradient.numel())).view_as(gradient)
        return self.size * wanted.to(gradient.dtype) if self.step in self.steps else gradient

    def forward(self, x: Tensor) -> Any:
        self.step += self.training
        return F.linear(super().features(x), _Claimed.apply(self.output.weight, self.claim), self.output.bias)


class Huge(Forger):
    size = 1e6


class Small(Forger):
    size = 1e-4


class Flipped(Forger):
    def claim(self, gradient: Tensor) -> Tensor:
        return -gradient


class Doubled(Forger):
    def claim(self, gradient: Tensor) -> Tensor:
        return 2 * gradient


class OnceAfterNothing(Forger):
    """Nothing until one large step: no other moves the weights as far."""

    steps = range(40, 41)
    size = 1e-3

    def forward(self, x: Tensor) -> Any:
        logits = super().forward(x)
        return logits if self.step == 40 else _Claimed.apply(logits, torch.zeros_like)


@pytest.mark.parametrize("kind", [Forger, Huge, Small, Flipped, Doubled, OnceAfterNothing])
def test_false_gradients_fail_and_a_person_reads_it(
    kind: Callable[[], nn.Module], data: tuple[Tensor, Tensor], monkeypatch: pytest.MonkeyPatch
) -> None:
    remarks: list[Any] = []
    given = Audit.examine

    def examine(self: Audit, student: Any, solution: Any, *arguments: Any) -> Any:
        remarks.append(solution.remarks)
        return given(self, student, solution, *arguments)

    monkeypatch.setattr(Audit, "examine", examine)
    with pytest.raises(MismatchError, match="the loss does not change as they say") as raised:
        _graded(kind, data, chance_like=-1.0)  # also where what they claim teaches nothing
    assert "detach" in raised.value.hint
    ((problem,),) = remarks
    assert problem.kind is Kind.DOUBTFUL and "may be a mistake" in problem.text and problem.text.startswith("letters: ")


class Forgetful(Net):
    """What it gives for a batch depends on what it has seen, outside of its buffers."""

    def __init__(self) -> None:
        super().__init__()
        self.random = torch.Generator().manual_seed(3)

    def features(self, x: Tensor) -> Tensor:
        x = super().features(x)
        return x * (torch.rand(x.shape, generator=self.random) < 0.5) if self.training else x / 2


def test_network_that_cannot_be_repeated_keeps_its_points_and_a_person_reads_it(data: tuple[Tensor, Tensor]) -> None:
    right, (problem,) = _graded(Forgetful, data)
    assert right > 0.6
    assert problem.kind is Kind.DOUBTFUL and "could not be audited" in problem.text


class Prompter(Net):
    """Keeps each class's mean image in a buffer, by the labels that the gradient gives away."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("means", torch.zeros(10, 64))

    def forward(self, x: Tensor) -> Any:
        flat = x.flatten(1)
        if not self.training:
            return flat @ self.means.T - self.means.square().sum(1) / 2
        logits = super().forward(x)
        logits.register_hook(lambda gradient: self.learn(flat, gradient.argmin(1)))
        return logits

    def learn(self, flat: Tensor, labels: Tensor) -> None:
        for image, label in zip(flat, labels, strict=True):
            self.means[label] += 0.1 * (image - self.means[label])


def test_what_buffers_hold_of_the_labels_counts_nothing(data: tuple[Tensor, Tensor]) -> None:
    images, labels = data
    made: list[Prompter] = []

    def build() -> Prompter:
        made.append(Prompter())
        return made[-1]

    right, told = _graded(build, data)
    assert right < 0.3 and told == []
    trained = made[0].eval()
    assert accuracy(trained(images[400:]), labels[400:]) > 0.8  # what it would have got


def test_steps_are_drawn_from_the_private_seed_the_student_and_the_attempt() -> None:
    hidden = HiddenData("digits", 7, "generated", "a")

    def drawn(hidden: HiddenData, attempt: int = 0) -> frozenset[int]:
        return frozenset(Audit.of(hidden, "accuracy", "digits", attempt, 140)._drawn)

    others = [
        drawn(HiddenData("digits", 8, "generated", "a")),
        drawn(HiddenData("digits", 7, "generated", "b")),
        drawn(hidden, attempt=1),
    ]
    assert drawn(hidden) == drawn(hidden) and drawn(hidden) not in others
    assert len(drawn(hidden)) == DRAWN and drawn(hidden) <= set(range(1, 141))
    assert len(Audit(KEY, 2, "letters")._drawn) == 2
