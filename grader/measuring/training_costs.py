"""What judging one training costs beyond its tensors, in processor time: for the solution and the right answers.

Its tensors are those of the same training and prediction by the answer's own module, in one process.  Beside them stand
the network's record, the comparison of the two, the training as data in the place of the answer's own, all three in
this process, and what remains for the sandbox: processes, imports and the wire.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from typing import Any

import torch
from rich.table import Table

from exercises.assignment import GENERATED, load_assignment
from exercises.checking import Expect
from exercises.recording.claim import NotRecorded
from exercises.recording.lesson import Built, Lesson
from exercises.recording.taught import AT_ONCE, Network
from grader.authoring.answers import laid_out
from grader.authoring.galleries import right_answers, solution_files
from grader.checks import trained
from grader.checks.answer import Answer
from grader.checks.calibrated import measured_by, trained_modules
from grader.checks.trained import learn
from grader.grading.checked.reference import Reference
from grader.grading.checked.run import files_of, shelf
from grader.measuring.calibration.plan import taking_part
from grader.measuring.calibration.trials import on_its_own
from grader.model.submission import Submission
from grader.sandbox.outside.budget import Budget, container_limits
from grader.sandbox.outside.container import Container
from grader.sandbox.outside.student import RemoteStudent

SOLUTION = "model solution"
SEED = 0


@dataclass(frozen=True)
class Spent:
    """Processor time of one training, each in s.

    Attributes:
        tensors:   by the answer's own module.
        recording: of the network, where the answer's code runs.
        comparing: the record with the network.
        as_data:   training and prediction by the record, beyond `tensors`.
        sandbox:   judged in the sandbox, beyond all of these: processes, imports, the wire.
    """

    tensors: float
    recording: float
    comparing: float
    as_data: float
    sandbox: float

    @property
    def beyond(self) -> float:
        """All that is no tensor of the training."""
        return self.recording + self.comparing + self.as_data + self.sandbox


@dataclass(frozen=True)
class TrainingCost:
    """One answer's training in one task.

    Attributes:
        spent:   medians over the repetitions; of `beyond`, its own.
        outside: why it is not trained as data but from outside, which is not measured; empty for all that are.
    """

    task: str
    answer: str
    spent: Spent
    beyond: float
    outside: str = ""

    @property
    def share(self) -> float:
        """What it costs beyond its tensors, as a share of them."""
        return self.beyond / self.spent.tensors if self.spent.tensors else 0.0

    def to_json(self) -> dict[str, Any]:
        """Everything, with the share."""
        return {**asdict(self), "share": self.share}


class _Heard(Exception):  # noqa: N818 - it is what was asked for
    """Carries the lesson out of a check that was about to teach it."""


def measure_trainings(assignment: str, repetitions: int = 5, names: Iterable[str] = ()) -> tuple[TrainingCost, ...]:
    """Measure each training in turn, `repetitions` times after one round to warm up.

    Args:
        names: of right answers; none for the solution and all right answers whose code takes part in a training.

    Raises:
        ValueError: there are no repetitions, nothing is trained, or there is no such right answer.
    """
    if repetitions < 1:
        raise ValueError("at least one repetition is needed")
    tasks = list(load_assignment(assignment).training)
    if not tasks:
        raise ValueError(f"{assignment} trains nothing")
    wanted, known = list(names), {one.name for one in right_answers(assignment)}
    if unknown := [name for name in wanted if name not in known]:
        raise ValueError(f"{assignment} has no right answer {unknown[0]}; there are {', '.join(sorted(known))}")
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return tuple(
            _measure(assignment, task, name, files, repetitions)
            for task in tasks
            for name, files in _answers(assignment, task, wanted)
        )
    finally:
        torch.set_num_threads(threads)


def training_table(assignment: str, costs: Iterable[TrainingCost], repetitions: int) -> Table:
    """Task, answer, its tensors, what is beyond them with its parts, in ms of processor time, and the share."""
    shown = Table(title=f"{assignment}: judging one training, CPU ms, median of {repetitions}")
    shown.add_column("task")
    shown.add_column("answer")
    for title in ("tensors", "beyond", "share", "record", "compare", "as data", "sandbox"):
        shown.add_column(title, justify="right")
    for one in costs:
        if one.outside:
            shown.add_row(one.task, one.answer, "from outside")
            continue
        parts = (one.spent.recording, one.spent.comparing, one.spent.as_data, one.spent.sandbox)
        figures = (f"{one.spent.tensors * 1000:.0f}", f"{one.beyond * 1000:.0f}", f"{one.share:.0%}")
        shown.add_row(one.task, one.answer, *figures, *(f"{1000 * part:.0f}" for part in parts))
    shown.caption = "sandbox: processes, imports and the wire, the clean room's too; as data: beyond the tensors"
    return shown


def _answers(assignment: str, task: str, names: list[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """The solution, and the right answers that train something of their own; or those that are named."""
    modules = {*trained_modules(assignment, task), *taking_part(assignment, task)}
    if not names:
        yield SOLUTION, solution_files(assignment)
    for one in right_answers(assignment):
        if one.name in names or (not names and modules & set(one.own)):
            yield one.name, one.files()


def _measure(assignment: str, task: str, name: str, files: dict[str, str], repetitions: int) -> TrainingCost:
    rounds = []
    with on_its_own(), laid_out(assignment, files) as answer:
        reference = Reference(assignment, SEED, GENERATED)
        built, lesson, exam = _lesson(assignment, task, answer, reference)
        for _ in range(1 + repetitions):
            try:
                rounds.append(_round(assignment, files, answer, reference, built, lesson, exam))
            except NotRecorded as reason:
                return TrainingCost(task, name, Spent(0, 0, 0, 0, 0), 0, str(reason))
    measured = rounds[1:]
    medians = Spent(*(statistics.median(getattr(one, part.name) for one in measured) for part in fields(Spent)))
    return TrainingCost(task, name, medians, statistics.median(one.beyond for one in measured))


def _lesson(assignment: str, task: str, answer: Answer, reference: Reference) -> tuple[Built, Lesson, trained.Exam]:
    """What the task's check would teach this answer."""

    def hear(*lesson: Any) -> None:
        raise _Heard(lesson)

    with _listening(hear):
        try:
            measured_by(assignment, task)(answer, reference, Expect(), None, SEED)
        except _Heard as heard:
            return heard.args[0]  # type: ignore[no-any-return]
    raise ValueError(f"{task} of {assignment} trains without grader.checks.trained, so that nothing is beside")


@contextmanager
def _listening(listener: Callable[[Built, Lesson, trained.Exam], None]) -> Iterator[None]:
    trained.LISTENING.append(listener)
    try:
        yield
    finally:
        trained.LISTENING.remove(listener)


def _round(
    assignment: str,
    files: dict[str, str],
    answer: Answer,
    reference: Reference,
    built: Built,
    lesson: Lesson,
    exam: trained.Exam,
) -> Spent:
    """One training by the answer's own module, as data in this process, and judged in the sandbox."""
    begin = time.process_time()
    _by_itself(answer, built, lesson, exam)
    own = time.process_time()
    network = Network(answer, built, lesson, [inputs for inputs, _ in exam])
    recorded = time.process_time()
    network.compare()
    compared = time.process_time()
    network.learn()
    learned = time.process_time()
    judged = _judged(assignment, files, reference, built, lesson, exam)
    tensors = own - begin
    return Spent(tensors, recorded - own, compared - recorded, learned - compared - tensors, judged - (learned - own))


def _by_itself(answer: Answer, built: Built, lesson: Lesson, exam: trained.Exam) -> None:
    net = built.by_itself(answer, lesson.seed)
    lesson.teach(answer, net, lesson.budget(answer, net))
    for inputs, _ in exam:
        answer.learning.predict(net, inputs, AT_ONCE)


def _judged(
    assignment: str,
    files: dict[str, str],
    reference: Reference,
    built: Built,
    lesson: Lesson,
    exam: trained.Exam,
) -> float:
    """Processor time of a training in the sandbox: of this process, the student's sessions, and the clean room."""
    facts = load_assignment(assignment)
    budget = Budget.of(facts.limits)
    submission = Submission("", assignment, {name: text.encode() for name, text in files.items()}, None)
    limits = container_limits(facts.limits, budget)
    with Container(files_of(submission), limits, shelf(assignment)) as container:
        student = RemoteStudent(container, assignment, submission.modules, budget, facts.given)
        student.begin(seed=0)
        begin = time.process_time()
        learn(student, reference, Expect(), built, lesson, exam)
        student.end()
        here = time.process_time() - begin
        empty, sessions = container.empty, container.spent_cpu_s
    return here + sessions + empty.usage.cpu_s
