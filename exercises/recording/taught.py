"""Training a network as data: the student's process says what it is, and none of the student's code is where it learns.

What the student's process says is read as a claim (`claim.py`), and compared with what the network itself does, to find
accidents.  From then on the network is a list of operations: it is trained in a clean process from start values that
are drawn there, with the given loop, its optimiser and the labels, and predicts in another one that has never met an
example of the training.  Labels of the test stay with whoever asks.

At home all of it happens in one process, in the same order and with the same numbers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from exercises.checking.errors import StudentError
from exercises.learning.loop import batches

from .behaviour import close, differences
from .claim import NotRecorded, blame, listed, named, read_parts, tensors
from .lesson import Built, Lesson
from .record import nbytes

AT_ONCE = 50  # examples in one prediction
FEW_AT_ONCE = 25  # where each has a record of its own
OTHER_SEED, SHAKEN, NUMBERS = 1_000_003, 17, 29  # of start values, of changed values, of random numbers in a pass
LOOKS_AT_READERS = 6  # with other values each: what is decided by a value is decided otherwise in one of them
TOGETHER = 8  # records that travel at once: no more than one answer may hold


@dataclass(frozen=True)
class Learned:
    """What a training has come to.

    Attributes:
        logits: of each part of the exam, of whatever form.
        steps:  of the training.
        first_nan: in words, what was NaN or infinite first of all in it.
        more:   what the lesson asks afterwards; None where it asks nothing, or nobody could be asked.
    """

    logits: list[Any]
    steps: int
    first_nan: str = ""
    more: Any = None


def taught(student: Any, built: Built, lesson: Lesson, exam: Sequence[Tensor]) -> tuple[Learned, str]:
    """Train a student's network as grading does, and have it predict; for public checks.

    Args:
        exam: inputs of each part of the test.

    Returns:
        what came of it; and why it could not be made data, so that a person looks at its points: empty where it could.

    Raises:
        StudentError: the network cannot be built, or the training loop refused it; its own words say why.
    """
    try:
        network = Network(student, built, lesson, list(exam))
        network.compare()
        return network.learn(), ""
    except NotRecorded as reason:
        net = built.by_itself(student, lesson.seed)
        budget = lesson.budget(student, net)
        lesson.teach(student, net, budget)
        more = lesson.ask(student, net, budget)
        found = [student.learning.predict(net, inputs) for inputs in exam]
        return Learned(found, budget // lesson.recipe.batch_size, more=more), str(reason)


class Network:
    """A student's network as data, ready to be trained.

    Attributes:
        kept_bytes: of buffers and fixed parameters; `nbytes`: with what is trained.

    Raises:
        NotRecorded: it is trained from outside instead.
        StudentError: it cannot be built, or does not take these inputs.
    """

    def __init__(self, student: Any, built: Built, lesson: Lesson, exam: list[Tensor]) -> None:
        self._student, self._lesson, self._exam = student, lesson, exam
        build = built.build(student)
        wrap = built.wrap(student) if built.wrap else None
        try:
            self._recording = student.recording.Recording(
                build, list(built.args), dict(built.kwargs), lesson.seed, list(built.first), wrap
            )
        except StudentError as error:
            built.by_itself(student, lesson.seed)  # raises it too, unless it comes of being recorded
            raise NotRecorded(f"the network cannot be written down while it is built: {error.summary}") from error
        self._train_batch = lesson.without_values(lesson.inputs[: lesson.recipe.batch_size])
        told = self._record([(lesson.counted, False), (self._train_batch, True)])
        self._in_turn = bool(named(told.get("notes")).get("by_structure"))
        self._at_once = FEW_AT_ONCE if self._in_turn else AT_ONCE
        shapes = {one.shape: one for inputs in exam for one in inputs.split(self._at_once)}
        asked = [lesson.without_values(one, 7) for one in shapes.values()]
        self._question = asked[0]
        told = self._record([(inputs, False) for inputs in (asked[:1] if self._in_turn else asked)])
        notes = named(told.get("notes"))
        self._reads = blame(notes.get("reads"))
        if refused := blame(notes.get("refused")):
            raise NotRecorded(f"the network cannot be written down: {refused}")
        self._parts = read_parts(told.get("parts"), student.clean.record_kb, built=True)

    def _record(self, passes: list[tuple[Tensor, bool]]) -> dict[str, Any]:
        asked = [([one], training) for one, training in passes]
        try:
            return named(self._recording.add_passes(asked, self._lesson.structural))
        except StudentError as error:
            for inputs, training in asked:  # raises it too, unless it comes of being recorded
                self._student.recording.behaviour(self._recording.module, inputs, training, NUMBERS)
            raise NotRecorded(f"the network cannot be written down: {error.summary}") from error

    def _replayed(self, seed: int) -> Any:
        return self._student.clean.recording.Replayed(self._parts, seed)

    def compare(self) -> None:
        """Whether the record does what the network does, with other numbers too: guards against accidents alone.

        Raises:
            NotRecorded: it does not.
        """
        clean = self._student.clean
        clean.fresh_process()
        modes = ((self._train_batch, True), (self._question, False))
        same = self._in_turn or self._lesson.structural
        asked = [
            ([one if same else self._lesson.other(one, number)], training, NUMBERS, SHAKEN)
            for number in range(LOOKS_AT_READERS if self._reads else 1)
            for one, training in modes
        ]
        own = named(self._recording.behave(asked, OTHER_SEED))
        anew = named(own.get("anew"))
        try:
            data = self._replayed(OTHER_SEED).state()
            by_record = clean.recording.behaviours(self._replayed(self._lesson.seed), asked)
        except StudentError as error:  # where the network itself has just run
            raise NotRecorded(f"its record cannot be run: {error.summary}") from error
        if set(anew) != set(data) or not all(close(anew[name], data[name]) for name in anew):
            raise NotRecorded(f"built from another seed, the network is another one than its record{self._because}")
        trained = {name for name, one in self._parts["parameters"] if one}
        self.nbytes = sum(one.nbytes for one in data.values())
        self.kept_bytes = sum(one.nbytes for name, one in data.items() if name not in trained)
        shown = listed(own.get("shown"), len(asked))
        for mine, theirs, (_, training, *_) in zip(shown, by_record, asked, strict=True):
            if found := differences(named(mine), theirs):
                mode = "in training" if training else "in evaluation"
                words = f"written down once, the network gives others with other values, {mode}: {found[0]}"
                raise NotRecorded(f"{words}{self._because}")

    @property
    def _because(self) -> str:
        """Values that were read, which is the usual reason."""
        return f"; it reads values: {self._reads}" if self._reads else ""

    def learn(self) -> Learned:
        """Train it in the clean process that has compared it, and have it predict in another."""
        lesson, clean = self._lesson, self._student.clean
        net = self._replayed(lesson.seed)
        budget = lesson.budget(clean, net)
        steps = budget // lesson.recipe.batch_size
        if self._in_turn:
            self._follow(net, self._batches(steps), True)
        losses = lesson.teach(clean, net, budget).losses
        more = None if self._in_turn else lesson.ask(clean, net, budget)  # no record is left of passes in turn
        state = net.state()
        clean.fresh_process()
        net = self._replayed(lesson.seed)
        net.load(state)
        found = []
        for inputs in self._exam:
            if self._in_turn:
                self._follow(net, list(inputs.split(self._at_once)), False)
            found.append(clean.learning.predict(net, inputs, self._at_once))
        return Learned(found, steps, _first_nan(losses), more)

    def _batches(self, steps: int) -> list[Tensor]:
        lesson = self._lesson
        order = batches(len(lesson.inputs), lesson.recipe.batch_size, lesson.seed)
        return [lesson.inputs[next(order)] for _ in range(steps)]

    def _follow(self, net: Any, given: list[Tensor], training: bool) -> None:
        """Have the network recorded anew for each batch, with its lengths and without its values."""
        for start in range(0, len(given), TOGETHER):
            some = [self._lesson.without_values(one) for one in given[start : start + TOGETHER]]
            told = listed(self._recording.passes_in_turn(some, training, self._lesson.structural), 2)
            texts, literals = listed(told[0], len(some)), tensors(told[1])
            if not all(isinstance(one, str) for one in texts):
                raise StudentError("what was written down of the network is no record")
            most, size = self._student.clean.record_kb, max(map(len, texts)) + nbytes((), literals)
            if size > most << 10:
                raise NotRecorded(f"the record of one pass has {-(-size // 1024)} KB; at most {most} are taken as data")
            net.follow(texts, literals)


def _first_nan(losses: Any) -> str:
    for step, loss in enumerate(losses if isinstance(losses, tuple) else (), start=1):
        if type(loss) is float and not math.isfinite(loss):
            return f"the first that was NaN or infinite in it was the loss of step {step}"
    return ""
