"""Training a network that cannot be recorded from here: its code computes logits and gradients, and nothing else.

The given training loop runs on the trusted side, with its labels, its shuffling, its optimiser and its budget.  What
the student's process says of gradients decides how the weights move, a step of the optimiser at a time; it cannot put
another training in the place of this one, and some of its steps are computed again elsewhere (`audit.py`).
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from exercises.checking import Expect, StudentError
from exercises.learning import as_parameters, require_numbers, train
from exercises.learning.loop import batches
from exercises.recording.lesson import Built, Lesson

from .audit import Audit, Claim, Taught

MAX_SIZE_RATIO = 2  # a network may be so many times as large as the reference's
KEPT_BYTES = 4096  # what it may always keep beside its trained parameters
AVERAGED = 60  # batches, over which what a network keeps is computed again


class Trainee(nn.Module):
    """A network of the student's as a module of this process: what is trained lives here, and travels with each batch.

    It is one vector here: for a step of the optimiser, twenty tensors cost more than their arithmetic.  Each step
    starts from random numbers of its own, so that it can be repeated alone, random layers included.

    Args:
        student: local or in the sandbox.
        net:     the student's network.
        audit:   is told each step; None where nothing is computed again.
    """

    def __init__(self, student: Any, net: Any, audit: Audit | None = None) -> None:
        super().__init__()
        self._student, self._far, self.audit = student, student.probe.Trainee(net), audit
        values = self._far.trained()
        self._shapes = [value.shape for value in values]
        self.kept_bytes = len(self._kept())
        self.step = 0
        self.first_nan = ""  # in words, what came back NaN or infinite first of all
        if values:
            self.vector = nn.Parameter(torch.cat([value.reshape(-1) for value in values]))

    def train(self, mode: bool = True) -> Trainee:
        self._far.train(mode)
        return super().train(mode)

    def forward(self, inputs: Tensor) -> Tensor:
        logits: Tensor = _Step.apply(self, inputs, self.vector)  # type: ignore[no-untyped-call]
        return logits

    def ask(self, inputs: Tensor, vector: Tensor, seed: int) -> tuple[Tensor, Tensor]:
        """The logits of the next step, and what the network kept before it."""
        self._student.seed(seed)
        answer = self._far.forward(inputs, vector)
        if isinstance(answer, tuple) and len(answer) == 2 and all(isinstance(one, Tensor) for one in answer):
            logits, kept = answer
            if kept.dtype == torch.uint8 and kept.ndim == 1:
                if len(kept) != self.kept_bytes:
                    raise StudentError(
                        f"the network keeps {len(kept)} bytes beside its parameters in step {self.step} of the "
                        f"training, and {self.kept_bytes} before it: does forward register a buffer?"
                    )
                self._note_nan("logits", logits)
                return logits, kept
        kind = getattr(answer, "type_name", type(answer).__name__)
        raise StudentError(f"the model returned {kind}, not a tensor of logits: does forward return?")

    def gradient(self, of_logits: Tensor) -> Tensor:
        """From the loss's gradient with respect to the logits of the last step to that of the parameters."""
        found = self._far.backward(of_logits)
        if isinstance(found, Tensor) and found.shape == self.vector.shape and found.is_floating_point():
            self._note_nan("gradients", found)
            return found.to(self.vector.dtype)
        raise StudentError("the gradients of a training step are not those of the network's parameters")

    def _note_nan(self, what: str, values: Tensor) -> None:
        if not self.first_nan and not bool(values.isfinite().all()):
            self.first_nan = f"the first that were NaN or infinite in it were the {what} of step {self.step}"

    def weights(self) -> list[Tensor]:
        """What is trained, as it is here."""
        parts = self.vector.detach().split([shape.numel() for shape in self._shapes]) if self._shapes else ()
        return [part.view(shape) for part, shape in zip(parts, self._shapes, strict=True)]

    def _kept(self) -> Tensor:
        kept = self._far.kept()
        if not (isinstance(kept, Tensor) and kept.dtype == torch.uint8 and kept.ndim == 1):
            raise StudentError("what the network keeps cannot be read")
        return kept

    @property
    def sizes(self) -> list[int]:
        """How many numbers each trained parameter has."""
        return [shape.numel() for shape in self._shapes]

    @property
    def nbytes(self) -> int:
        return self.kept_bytes + (self.vector.nbytes if self._shapes else 0)


class _Step(torch.autograd.Function):
    """One step in the student's process: forward with the parameters of here, backward to their gradient."""

    @staticmethod
    def forward(ctx: Any, trainee: Trainee, inputs: Tensor, vector: Tensor) -> Tensor:
        trainee.step += 1
        seed = (trainee.audit.seed if trainee.audit else 0) + trainee.step
        before = vector.detach().clone()  # the optimiser changes it in place
        logits, kept = trainee.ask(inputs, before, seed)
        ctx.trainee = trainee
        ctx.claim = functools.partial(Claim, trainee.step, seed, before, kept, inputs, logits.detach())
        return logits.detach().clone()

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Any, ...]:
        found = ctx.trainee.gradient(gradients[0])
        if ctx.trainee.audit is not None:
            ctx.trainee.audit.note(ctx.claim(gradients[0], found))
        return None, None, found


def taught_from_outside(
    student: Any,
    solution: Any,
    expect: Expect,
    built: Built,
    net: Any,
    lesson: Lesson,
    budget: int,
    exam: Sequence[tuple[Tensor, Tensor]],
    audit: Audit | None = None,
) -> list[Any]:
    """Lead the training from here, then ask for logits in a process that has never seen an example of the training.

    The labels stay here, the loop and its budget are the given ones, and whatever stands in the place of the network
    cannot look the examples up when it predicts.  All networks are built from the same seed, so that weights
    which torch does not know of are the same in all.

    What the network keeps beside its parameters (running averages) is computed again with the final weights, from
    examples without labels, where nobody knows a label: the training's process can read them off the gradients.

    Args:
        net:    the one that is trained.
        budget: how many examples it may see.
        exam:   inputs, and their labels, which stay here.

    Returns:
        the logits of each part of the exam, of whatever form.

    Raises:
        StudentError: the training loop refused the network; its own words say why.
    """
    trainee = Trainee(student, net, audit)
    require_size(trainee, Trainee(solution, built.by_itself(solution, lesson.seed)), expect)
    try:
        train(trainee, lesson.inputs, lesson.labels, lesson.recipe, budget, lesson.seed, loss=lesson.loss)
    except ValueError as error:  # the loop's own words to whoever uses it
        raise StudentError(f"ValueError: {error}", ("ValueError",)) from error
    trained = trainee.weights()
    taught = Taught(functools.partial(built.by_itself, seed=lesson.seed), trained)
    far, net = taught.begin(student)
    far.average_anew()
    vector, order = taught.vector, batches(len(lesson.inputs), lesson.recipe.batch_size, lesson.seed + 1)
    inputs = as_parameters(lesson.inputs, vector.dtype)
    for step in range(min(AVERAGED, budget // lesson.recipe.batch_size)):
        student.seed(step)
        far.forward(inputs[next(order)], vector)
    far.load(trained, far.kept())
    found = [student.learning.predict(net, questions) for questions, _ in exam]
    if audit is not None:  # where it is judged
        require_numbers(expect, found, trainee.first_nan)
    results = (_result(lesson, logits, labels) for logits, (_, labels) in zip(found, exam, strict=True))
    # where a training has exploded, its gradients are rounding, and worth nothing
    if audit is not None and any(result > lesson.chance_like for result in results):
        audit.examine(student, solution, expect, taught)
    return found


def _result(lesson: Lesson, logits: Any, labels: Tensor) -> float:
    """The result on these questions; 0 where there are no such logits."""
    if not (isinstance(logits, Tensor) and logits.ndim == 2 and len(logits) == len(labels)):
        return 0.0
    return lesson.measure(logits, labels)


class Sized(Protocol):
    """Whatever holds a network: `kept_bytes` of buffers and fixed parameters, `nbytes` with what is trained."""

    kept_bytes: int

    @property
    def nbytes(self) -> int: ...


def require_size(trainee: Sized, reference: Sized, expect: Expect) -> None:
    """What goes from the training into the prediction could hold other things than weights: all images of it."""
    held, most = trainee.kept_bytes, max(KEPT_BYTES, MAX_SIZE_RATIO * reference.kept_bytes)
    expect.that(
        held <= most,
        expected=f"a network that keeps at most {most} bytes beside its trained parameters",
        got=f"{held} bytes in buffers and fixed parameters",
        hint="The running averages of its batch norms are far smaller: what else does your network keep?",
    )
    held, most = trainee.nbytes, MAX_SIZE_RATIO * reference.nbytes
    expect.that(
        held <= most,
        expected=f"a network of at most {most} bytes",
        got=f"{held}",
        hint="What makes your network so large?",
    )
