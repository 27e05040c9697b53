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
