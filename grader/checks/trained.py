"""Hidden checks of trainings: a network is trained as data, where none of the student's code is.

What cannot be made data is trained from outside (`trainee.py`), and its points are only proposed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from torch import Tensor

from exercises.checking import Expect
from exercises.learning import require_numbers
from exercises.recording.claim import NotRecorded
from exercises.recording.lesson import Built, Lesson
from exercises.recording.taught import Learned, Network

from .audit import Audit
from .trainee import Trainee, require_size, taught_from_outside

Exam = Sequence[tuple[Tensor, Tensor]]  # inputs, and their labels
LISTENING: list[Callable[[Built, Lesson, Exam], None]] = []  # who is told of each training before it begins


def learn(
    student: Any,
    solution: Any,
    expect: Expect,
    built: Built,
    lesson: Lesson,
    exam: Exam,
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
    for listener in LISTENING:
        listener(built, lesson, exam)
    try:
        network = Network(student, built, lesson, [inputs for inputs, _ in exam])
        network.compare()
        require_size(network, Trainee(solution, built.by_itself(solution, lesson.seed)), expect)
        learned = network.learn()
    except NotRecorded as reason:
        expect.propose(str(reason))
        net = built.by_itself(student, lesson.seed)
        budget = lesson.budget(student, net)
        steps = budget // lesson.recipe.batch_size
        found = taught_from_outside(
            student, solution, expect, built, net, lesson, budget, exam, audit(steps) if audit else None
        )
        return Learned(found, steps)
    if audit is not None:  # where it is judged
        require_numbers(expect, learned.logits, learned.first_nan)
    return learned
<<<<<<< HEAD


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
        anew, data = named(own.get("anew")), self._replayed(OTHER_SEED).state()
        if set(anew) != set(data) or not all(close(anew[name], data[name]) for name in anew):
            raise NotRecorded(f"built from another seed, the network is another one than its record{self._because}")
        trained = {name for name, one in self._parts["parameters"] if one}
        self.nbytes = sum(one.nbytes for one in data.values())
        self.kept_bytes = sum(one.nbytes for name, one in data.items() if name not in trained)
        by_record = clean.recording.behaviours(self._replayed(self._lesson.seed), asked)
        shown = listed(own.get("shown"), len(asked))
        for mine, theirs, (_, training, *_) in zip(shown, by_record, asked, strict=True):
            if found := differences(named(mine), theirs):
                mode = "in training" if training else "in evaluation"
                raise NotRecorded(f"{mode}, its record gives others: {found[0]}{self._because}")

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
        state = net.state()
        clean.fresh_process()
        net = self._replayed(lesson.seed)
        net.load(state)
        found = []
        for inputs in self._exam:
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
            some = [self._lesson.without_values(one) for one in given[start : start + TOGETHER]]
            texts, literals = self._recording.passes_in_turn(some, training, self._lesson.structural)
            if not all(isinstance(one, str) for one in texts):
                raise StudentError("a record that is none")
            most = self._student.clean.record_kb
            if max(map(len, texts)) + nbytes((), literals) > most << 10:
                raise StudentError(f"the record of a pass is larger than {most} KB")
            net.follow(texts, literals)


def _first_nan(losses: Any) -> str:
    for step, loss in enumerate(losses if isinstance(losses, tuple) else (), start=1):
        if type(loss) is float and not math.isfinite(loss):
            return f"the first that was NaN or infinite in it was the loss of step {step}"
    return ""
=======
>>>>>>> network-as-data
