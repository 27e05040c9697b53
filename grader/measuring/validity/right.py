"""Right answers: the solution and everything in `right_answers/` should pass every check, whatever the seed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from exercises.checking import Status
from grader.authoring.galleries import right_answers, solution_files

from .jobs import Job, Outcome, Run, checks_in

CHECK_S, TRAINING_S = 30.0, 300.0


@dataclass(frozen=True)
class RightRow:
    """One right answer over all seeds.

    Attributes:
        misses:   what did not pass, in words, with its seed; empty for full marks on every seed.
        proposed: checks whose points are only proposed, in words: right, and a person has to say so.
    """

    name: str
    description: str
    misses: tuple[str, ...] = ()
    proposed: tuple[str, ...] = ()

    @property
    def full_marks(self) -> bool:
        return not self.misses

    @property
    def in_words(self) -> str:
        """Whether it has full marks, or what it first missed; and beside it whether points are only proposed."""
        words = "yes" if self.full_marks else self.misses[0]
        return f"{words}; proposed: {self.proposed[0]}" if self.proposed else words


def judge_right(assignment: str, seeds: Sequence[int], training_seeds: Sequence[int], run: Run) -> Iterator[RightRow]:
    """Run the checks that do not train with each of the seeds, and graded training with each of the training seeds."""
    answers = {"solution": ("What the course calls the solution.", solution_files(assignment))}
    answers |= {answer.name: (answer.description, answer.files()) for answer in right_answers(assignment)}
    quick = tuple(check.id for check in checks_in(assignment) if not check.trains)
    training = tuple(check.id for check in checks_in(assignment) if check.trains and check.points > 0)
    parts = [(quick, seed, CHECK_S) for seed in seeds] + [(training, seed, TRAINING_S) for seed in training_seeds]
    jobs = [
        Job(f"{name}/{seed}", assignment, files, checks, seed, check_s)
        for checks, seed, check_s in parts
        for name, (_, files) in answers.items()
    ]
    misses: dict[str, list[str]] = {name: [] for name in answers}
    proposed: dict[str, dict[str, None]] = {name: {} for name in answers}
    for outcome in run(jobs):
        name, seed = outcome.name.split("/")
        misses[name] += [f"seed {seed}: {words}" for words in not_passed(outcome)]
        proposed[name] |= {f"{one.check}: {one.proposed}": None for one in outcome.verdicts if one.proposed}
    yield from (
        RightRow(name, about, tuple(misses[name]), tuple(proposed[name])) for name, (about, _) in answers.items()
    )


def not_passed(outcome: Outcome) -> list[str]:
    """Each check that did not pass, in words, a process that died, and what a person would be told of the answer."""
    failed = [v for v in outcome.verdicts if v.status is not Status.PASSED]
    found = [f"{v.check}: {v.status}: {v.got or v.fault or v.note}" for v in failed]
    return [*found, *([outcome.problem] if outcome.problem else []), *outcome.told]
