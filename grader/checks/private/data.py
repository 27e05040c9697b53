"""Private data for graded training: nobody outside the trusted side has seen them, and each course has its own."""

from __future__ import annotations

import functools
import hashlib
import hmac
from dataclasses import dataclass, replace
from typing import Any

from exercises.assignment import GENERATED, Training, load_assignment

from .kinds import kind_of
from .shared import drawn_once

SAMPLE = 40  # examples in each part of a sample


@dataclass(frozen=True)
class HiddenData:
    """The private data of one assignment in one course, as one student meets them.

    Args:
        seed:   the course's private seed for this assignment.
        source: "generated", or the name of real data.
        whose:  the word that stands for a student (`word_for`), who meets the course's data in a disguise of his or
            her own, whatever is handed in; empty where the course as a whole is meant.
    """

    assignment: str
    seed: int
    source: str
    whose: str = ""

    def numbers_seed(self, *, shown: bool) -> int:
        """What checks draw their numbers from: the course's seed, the same for all who are compared.

        Args:
            shown: whether a verdict may show what was expected: then from a seed of the student's own, so that what
                one was shown is worth nothing to another.
        """
        return seed_of(self.seed, "numbers", self.whose) if shown and self.whose else self.seed

    def rules(self, task: str) -> Training:
        """Budget and thresholds of a task that trains.

        Raises:
            ValueError: assignment.toml has no [training.TASK].
        """
        training = load_assignment(self.assignment).training
        if task not in training:
            raise ValueError(f"{self.assignment}/assignment.toml has no [training.{task}]: the task {task} trains")
        return training[task]

    def threshold(self, task: str) -> dict[str, float]:
        """What is worth full points on this course's source of data, by name.

        Raises:
            ValueError: nothing was measured on these data yet.
        """
        found = self.rules(task).threshold.get(self.source)
        if not found:
            raise ValueError(
                f"{task} has no threshold on {self.source} data yet: run python -m grader calibrate {self.assignment} "
                f"--source {self.source}, which writes [training.{task}.threshold.{self.source}]"
            )
        return dict(found)

    def drawn(self, task: str, attempt: int) -> Any:
        """The data for the first, second, third … attempt (from 0) at a task, in this student's disguise.

        Their type is that of the task's kind of data.
        """
        kind = kind_of(self.assignment, self.rules(task).data)
        return kind.disguise(self.undisguised(task, attempt), seed_of(self.seed, attempt, self.whose))

    def undisguised(self, task: str, attempt: int) -> Any:
        """The same as the course has them, for a training in which no code of a student takes part."""
        rules = self.rules(task)
        sizes = rules.train_examples, rules.test_examples
        return course_data(self.assignment, rules.data, *sizes, seed_of(self.seed, attempt), self.source)

    def sample(self, task: str) -> Any:
        """A few examples of the task's kind, made here and now, that no training and no test has: code may see them."""
        return course_data(
            self.assignment, self.rules(task).data, SAMPLE, SAMPLE, seed_of(self.seed, "sample"), GENERATED
        )

    def prepare(self) -> None:
        """Draw the data of each task's first attempt now, if any trains: whoever asks next finds them."""
        for task, rules in load_assignment(self.assignment).training.items():
            if rules.data:
                self.drawn(task, 0)

    @property
    def of_the_course(self) -> HiddenData:
        """The same for every student: what no code of a student sees needs no disguise."""
        return replace(self, whose="")


def word_for(student: str, seed: int) -> str:
    """A word that stands for a student: private data follow from it, and no check learns from it whom it judges.

    HMAC(private seed, student): it follows from the course's secret, the assignment and the student, and from nothing
    that was handed in, so that a changed comment draws nothing anew.

    Args:
        student: the id.
        seed:    the course's private one for the assignment.
    """
    return hmac.digest(str(seed).encode(), student.encode("utf-8", "surrogateescape"), "sha256").hex()


def seed_of(*parts: object) -> int:
    """A seed that follows from these: the private one, the attempt, the student's word."""
    digest = hashlib.sha256("/".join(map(str, parts)).encode()).digest()
    return int.from_bytes(digest[:4], "big")


@functools.lru_cache(maxsize=8)
def course_data(assignment: str, kind: str, train: int, test: int, seed: int, source: str) -> Any:
    """The data of one attempt, the same for a whole course, and for all tasks that ask for as many of this kind.

    Processes that grade side by side share them: one draws, the others read.
    """
    what = hashlib.sha256(repr((assignment, kind, train, test, seed, source)).encode()).digest()
    return drawn_once(what, lambda: kind_of(assignment, kind).draw(train, test, seed, source))
