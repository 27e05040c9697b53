"""Training a student's network where none of the student's code is: it becomes data first.

The student's process builds the network and says what it does (`exercises/recording/`).  What it said is read as a
claim, and compared with what the network itself does, to find accidents.  From then on the network is a list of
operations: it is trained in a clean process from start values that are drawn there, with the given loop, its optimiser
and the labels, and predicts in another one that has never met an example of the training.  Labels of the test stay
here.

What cannot be recorded is trained from outside (`trainee.py`), and its points are only proposed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch.nn.functional as F
from torch import Tensor

from exercises.checking import Expect, StudentError, by_name
from exercises.learning import require_numbers
from exercises.learning.loop import batches
from exercises.recording.behaviour import close, differences
from exercises.recording.claim import NotRecorded, blame, read_parts
from exercises.recording.record import MAX_BYTES, RecordError, nbytes

from .audit import Audit
from .lesson import Built, Lesson
from .trainee import taught_from_outside

AT_ONCE = 100  # examples in one prediction
FEW_AT_ONCE = 25  # where each has a record of its own
OTHER_SEED, SHAKEN, NUMBERS = 1_000_003, 17, 29  # of start values, of changed values, of random numbers in a pass
TOGETHER = 40  # records that travel at once


@dataclass(frozen=True)
class Learned:
    """What a training has come to.

    Attributes:
        logits: of each part of the exam, of whatever form.
        steps:  of the training.
        first_nan: in words, what was NaN or infinite first of all in it.
    """

    logits: list[Any]
    steps: int
    first_nan: str = ""


def learn(
    student: Any,
    solution: Any,
    expect: Expect,
    built: Built,
    lesson: Lesson,
    exam: Sequence[tuple[Tensor, Tensor]],
    audit: Callable[[int], Audit] | None = None,
) -> Learned:
    """Train a student's network as data, and have it predict.

    Args:
        exam:  inputs, and their labels, which stay here.
        audit: from the number of steps to what looks at a training from outside, where there has to be one; None where
               nothing is judged.

    Raises:
        StudentError: the network cannot be built, or the training loop refused it; its own words say why.
    """
    try:
        network = Network(student, built, lesson, [inputs for inputs, _ in exam])
    except NotRecorded as reason:
        expect.propose(str(reason))
        net = built.by_itself(student, lesson.seed)
        budget = lesson.budget(student, net)
        steps = budget // lesson.recipe.batch_size
        found = taught_from_outside(
            student, solution, expect, built, net, lesson, budget, exam, audit(steps) if audit else None
        )
        return Learned(found, steps)
    learned = network.learn()
    if audit is not None:  # where it is judged
        require_numbers(expect, learned.logits, learned.first_nan)
    return learned


class Network:
    """A student's network as data, ready to be trained.

    Raises:
        NotRecorded: it is trained from outside instead.
        StudentError: it cannot be built, or does not take these inputs.
    """

    def __init__(self, student: Any, built: Built, lesson: Lesson, exam: list[Tensor]) -> None:
        self._student, self._lesson, self._exam = student, lesson, exam
        build = built.build(student)
        wrap = built.wrap(student) if built.wrap else None
        self._recording = student.recording.Recording(
            build, list(built.args), dict(built.kwargs), lesson.seed, list(built.first), wrap
        )
        self._train_batch = lesson.without_values(lesson.inputs[: lesson.recipe.batch_size])
        self._record(lesson.counted, False)
        self._record(self._train_batch, True)
        self._in_turn = bool(self._recording.notes()["by_structure"])
        self._at_once = FEW_AT_ONCE if self._in_turn else AT_ONCE
        shapes = {one.shape: one for inputs in exam for one in inputs.split(self._at_once)}
        self._question, *others = [lesson.without_values(one, 7) for one in shapes.values()]
        self._record(self._question, False)
        for inputs in others if not self._in_turn else ():
            self._record(inputs, False)
        notes = self._recording.notes()
        self._reads = blame(notes["reads"])
        if refused := blame(notes["refused"]):
            raise NotRecorded(f"the network cannot be written down: {refused}")
        try:
            self._parts = read_parts(self._recording.parts())
        except RecordError as error:
            raise StudentError(str(error)) from error
        self._compare()

    def _record(self, inputs: Tensor, training: bool) -> None:
        self._recording.add_pass([inputs], training, self._lesson.structural)

    def _replayed(self) -> Any:
        clean = self._student.clean
        clean.fresh_process()
        return clean.recording.Replayed(self._parts, self._lesson.seed)

    def _compare(self) -> None:
        """Whether the record does what the network does, with other numbers too: guards against accidents alone."""
        net, clean = self._replayed(), self._student.clean
        own = self._recording.anew(OTHER_SEED)
        data = clean.recording.Replayed(self._parts, OTHER_SEED).state()
        if set(own) != set(data) or not all(close(own[name], data[name]) for name in own):
            raise NotRecorded(f"built from another seed, the network is another one than its record{self._because}")
        for inputs, training in ((self._train_batch, True), (self._question, False)):
            other = inputs if self._in_turn or self._lesson.structural else self._other(inputs)
            asked = ([other], training, NUMBERS, SHAKEN)
            mine = self._student.recording.behaviour(self._recording.module, *asked)
            found = differences(mine, clean.recording.behaviour(net, *asked))
            if found:
                mode = "training" if training else "evaluation"
                raise NotRecorded(f"in {mode}, its record gives others: {found[0]}{self._because}")

    @property
    def _because(self) -> str:
        """Values that were read, which is the usual reason."""
        return f"; it reads values: {self._reads}" if self._reads else ""

    def _other(self, inputs: Tensor) -> Tensor:
        """Other inputs of the same shape, in another order."""
        return self._lesson.without_values(inputs.flip(0), 31)

    def learn(self) -> Learned:
        """Train it in one clean process, and have it predict in another."""
        lesson, clean = self._lesson, self._student.clean
        net = self._replayed()
        recipe = lesson.recipe
        budget = lesson.budget(clean, net)
        steps = budget // recipe.batch_size
        if self._in_turn:
            self._follow(net, self._batches(steps), True)
        own = clean.learning.Recipe(recipe.learning_rate, recipe.batch_size, recipe.weight_decay)
        loss = f"{lesson.loss.__module__}.{lesson.loss.__qualname__}"
        named = {} if lesson.loss is F.cross_entropy else {"loss": by_name(loss)}
        losses = clean.learning.train(net, lesson.inputs, lesson.labels, own, budget, lesson.seed, **named).losses
        state = net.state()
        found = []
        for inputs in self._exam:
            net = self._replayed()
            net.load(state)
            if self._in_turn:
                self._follow(net, list(inputs.split(self._at_once)), False)
            found.append(clean.learning.predict(net, inputs, self._at_once))
        return Learned(found, steps, _first_nan(losses))

    def _batches(self, steps: int) -> list[Tensor]:
        lesson = self._lesson
        order = batches(len(lesson.inputs), lesson.recipe.batch_size, lesson.seed)
        return [lesson.inputs[next(order)] for _ in range(steps)]

    def _follow(self, net: Any, given: list[Tensor], training: bool) -> None:
        """Have the network recorded anew for each batch, with its lengths and without its values."""
        for start in range(0, len(given), TOGETHER):
            texts = [
                self._recording.one_pass([self._lesson.without_values(one)], training, self._lesson.structural)
                for one in given[start : start + TOGETHER]
            ]
            literals = self._recording.literals()
            if not all(isinstance(one, str) for one in texts):
                raise StudentError("a record that is none")
            if max(map(len, texts)) + nbytes((), literals) > MAX_BYTES:
                raise StudentError(f"the record of a pass is larger than {MAX_BYTES // 1024} KB")
            net.follow(texts, literals)


def _first_nan(losses: Any) -> str:
    for step, loss in enumerate(losses if isinstance(losses, tuple) else (), start=1):
        if type(loss) is float and not math.isfinite(loss):
            return f"the first that was NaN or infinite in it was the loss of step {step}"
    return ""
