"""What needs a person after grading, sorted by what the person has to do."""

from __future__ import annotations

import re
from dataclasses import replace

from exercises.checking import Status, Verdict
from grader.batch.desk import Done
from grader.model.problems import Kind, Problem
from grader.model.results import Graded
from grader.model.text import clean

LONGEST = 300  # characters of one text

# How the grader itself words the end of a process, after "pooling.MaxPool2d" or "pooling.py"; the name of an exception
# has no dot.
ENDED = re.compile(
    r"\w+\.\w+: (?:on import )?the code (?:did not answer|used more than|was stopped|crashed|ended|closed)"
)
GIVEN_UP = ("did not finish when it was asked before", "the submission has used up its ")
NO_IMPORT = re.compile(r"(?:SyntaxError|IndentationError|TabError|ImportError|ModuleNotFoundError): ")


TITLES = {
    Kind.NOT_GRADED: "Not graded, or not all of it: a file is missing or was refused, or the grader failed",
    Kind.CRASHED: "Crashed: a module does not import, or the code was stopped",
    Kind.DOUBTFUL: "Doubtful: a mistake or an act, to be read before anything is said",
    Kind.ACT: "Acts against the grader, to be read",
}


def needs(done: Done) -> tuple[Problem, ...]:
    """Everything about one submission that needs a person, written answers apart: those wait in formgrader."""
    found = [Problem(Kind.NOT_GRADED, done.problem)] if done.problem else []
    if done.graded is not None:
        found += done.graded.problems
        found += [Problem(Kind.CRASHED, text) for text in _crashes(done.graded)]
    return tuple(replace(one, text=" ".join(clean(one.text, LONGEST).split())) for one in dict.fromkeys(found))


def _crashes(graded: Graded) -> list[str]:
    """What stopped the code of a task as a whole, each with the tasks that it cost; a single exception is none."""
    tasks: dict[str, dict[str, None]] = {}
    for verdict in graded.verdicts:
        if verdict.status is Status.FAILED and (_is_crash(verdict.got) or _stops_all(graded, verdict)):
            tasks.setdefault(verdict.got, {})[verdict.task] = None
    missing = {problem.file.removesuffix(".py").replace("/", ".") for problem in graded.problems if problem.file}
    return [
        f"{', '.join(names)}: {got}"
        for got, names in tasks.items()
        if not any(f"No module named '{name}'" in got for name in missing)  # told already: the file is missing
    ]


def _is_crash(got: str) -> bool:
    return bool(NO_IMPORT.match(got) or ENDED.match(got)) or any(words in got for words in GIVEN_UP)


def _stops_all(graded: Graded, verdict: Verdict) -> bool:
    """Whether each check of a task that ran, of two or more, met this very exception: then it is the import's."""
    ran = [one for one in graded.of_task(verdict.task) if one.status is not Status.NOT_RUN]
    return len(ran) > 1 and verdict.expected == "no exception" and all(one.got == verdict.got for one in ran)
