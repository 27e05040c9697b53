"""The files of one student beside the model solution."""

from __future__ import annotations

from dataclasses import dataclass

from exercises.assignment import load_assignment
from grader.course.folder import Course
from grader.model.plain import plain
from grader.model.submission import Submission
from grader.release.model_solution import HEADING, model_solution
from grader.release.stubs import FOOTER_LINE, HEADER_LINE

from .lines import Hunk, hunks, lines_of

AROUND = 3  # lines shown around a difference
MOST_LINES = 2_000  # of a file that is compared; longer ones take long, and nobody reads them
MISSING, SAME, LONG = "missing", "same", "long"


@dataclass(frozen=True)
class Pair:
    """A module of the student's beside the solution's.

    Attributes:
        titles: of the tasks that it answers.
        state:  "missing" where it was not handed in, "same" where it says what the solution says, "long" where it has
                too many lines to be compared; else empty.
        hunks:  the student's lines first.
    """

    name: str
    titles: tuple[str, ...]
    state: str
    hunks: tuple[Hunk, ...] = ()


@dataclass(frozen=True)
class Beside:
    """All that the page shows.

    Attributes:
        own: further modules of the student's, which the solution has not.
    """

    title: str
    student: str
    pairs: tuple[Pair, ...]
    own: tuple[str, ...]


def gather_beside(course: Course, assignment: str, student: str) -> Beside:
    """One student's files, as grading reads them, beside the model solution.

    Raises:
        FileNotFoundError: the student submitted nothing.
        OSError: a file cannot be read on this machine.
        ReleaseError: the model solution is not complete.
    """
    return compare(course.submission(assignment, student))


def compare(submission: Submission) -> Beside:
    """The files of a submission beside the model solution.  Raises ReleaseError as `model_solution` does."""
    facts, solution = load_assignment(submission.assignment), model_solution(submission.assignment)
    pairs = []
    for module, text in solution.items():
        titles = tuple(task.title for task in facts.tasks if task.module == module)
        state, found = _compared(submission, module, text)
        pairs.append(Pair(module, titles, state, found))
    own = sorted(submission.modules.keys() - solution.keys())
    return Beside(facts.title, plain(submission.student, 200), tuple(pairs), tuple(own))


def _compared(submission: Submission, module: str, text: str) -> tuple[str, tuple[Hunk, ...]]:
    content = submission.modules.get(module)
    if content is None:
        return MISSING, ()
    heading = HEADING.format(assignment=submission.assignment, module=module)
    first = HEADER_LINE.format(assignment=submission.assignment, module=module)
    last = FOOTER_LINE.format(source=f"solutions/{submission.assignment}/{module}.py")
    lines = lines_of(content.decode("utf-8-sig", errors="replace"))
    lines = [heading if line == first else line for line in lines if line != last]  # no difference of anybody's
    if len(lines) > MOST_LINES:
        return LONG, ()
    found = hunks(_without_ends(lines), lines_of(f"{heading}\n{text}"), AROUND)
    return ("" if found else SAME), found


def _without_ends(lines: list[str]) -> list[str]:
    """Without empty lines at the end, where the released file had its last line."""
    while lines and not lines[-1]:
        lines = lines[:-1]
    return lines
