"""The submissions of the benchmark: honest ones that finish, no two with the same bytes."""

from __future__ import annotations

from dataclasses import replace

from grader.authoring.cohort import Answer, Simulated, cohort
from grader.authoring.galleries import WrongAnswer
from grader.authoring.saved_outputs import Outputs


def cases(assignment: str, count: int, jobs: int, outputs: Outputs | None = None) -> list[Simulated]:
    """The right answers and single mistakes of the galleries, in the order of the simulated cohort.

    Left out are answers that never end, and modules that are not written at all (their checks cost next to nothing).
    Every notebook is answered, and was saved with these outputs of the model solution.  A comment line makes all
    modules distinct, so that nothing that was found for one serves another.  The first `jobs` students are called
    "first-…", the others "then-…": see `run.py`.

    Raises:
        ValueError: the galleries do not hold so many, or there are too few for that many jobs.
    """
    if not 1 <= jobs < count / 2:
        raise ValueError(f"{count} submissions are too few: a first one for each of {jobs} jobs, and more others")
    everybody = cohort(assignment, size=4 * count, outputs=outputs)
    answered = next(one for one in everybody if one.answered)
    found = [one for one in everybody if not any(map(_is_left_out, one.answers))]
    if len(found) < count:
        raise ValueError(f"the galleries of {assignment} give {len(found)} submissions that finish, not {count}")
    return [_case(one, number, jobs, answered) for number, one in enumerate(found[:count], start=1)]


def _is_left_out(answer: Answer) -> bool:
    return isinstance(answer, WrongAnswer) and (answer.unwritten or not answer.ends)


def _case(one: Simulated, number: int, jobs: int, answered: Simulated) -> Simulated:
    student = f"{'first' if number <= jobs else 'then'}-{number:03d}"
    modules = {name: f"{text.rstrip()}\n# submission {number}\n" for name, text in one.modules.items()}
    return replace(one, student=student, modules=modules, notebook=answered.notebook, saved=answered.saved)
