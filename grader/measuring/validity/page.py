"""docs/validity.md: the same as on the terminal, as a page."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exercises.assignment import assignment_names

from .matrix import TaskMatrix, matrices
from .report import CAUGHT, MUTATION_SCORE, Validity
from .survivors import Fate
from .wrong import MEANINGS

HEAD = f"""\
# Do the checks judge rightly?

Written by `make validity`; do not edit. `make stale` tells whether it still holds. Three questions, for each
assignment:

- **Right answers.** The solution and other right answers, written in other ways, get full marks on every private seed.
- **Wrong answers.** Of typical mistakes, at least {CAUGHT:.0%} are caught by the checks that they name. No check fails
  that the mistake does not touch.
- **Mutants.** The solution with one small change: another operator, constant, axis or function, a statement or an
  argument left out, two swapped. At least {MUTATION_SCORE:.0%} are killed; each survivor is listed with the reason why
  it does no harm.

A mutant is *killed* where a check that is worth points does not pass, or the code does not end: a check of its own
task, or else ("elsewhere") of a task that builds on it. Graded training is not judged for mutants, except for those of
modules that nothing else judges, such as recipes. *Harmless* are survivors that are right answers too: those that
`solutions/<assignment>/harmless_mutants.toml` lists, and choices that reach the threshold.

The score of a task is killed / (all - harmless). The score of a check is the same over the mutants in those lines of
its task's module that run while the check runs on the solution: whether the code that it looks at is held in place, by
it or by the checks beside it. Beside it stand how many of them it kills itself, and how many it alone kills; a check
does not run where one that it needs has failed, and then kills nothing.

Answers and mutants are judged as submissions are graded: each in a container of the sandbox, with a fresh process for
each task, the limits of grading, and nothing but what travels between the two sides. Only the run that notes which
lines a check runs stays outside. Each section says how it was made.
"""


def updated(before: str, one: Validity) -> str:
    """The whole page as markdown, with this assignment's section made anew and those of other ones as they were.

    Args:
        before: the page so far, empty if there is none.
    """
    _, *sections = re.split(r"^(?=## )", before, flags=re.MULTILINE)
    kept = {section.split("\n", 1)[0].removeprefix("## "): section.rstrip() + "\n" for section in sections}
    parts = [*_summary(one), *_matrices(one), *_scores(one), *_survivors(one)]
    kept[one.assignment] = "\n".join(parts).rstrip() + "\n"
    return "\n".join([HEAD, *(kept[name] for name in assignment_names() if name in kept)])


def percent(score: float | None) -> str:
    """ "97.5%", and a dash where there is nothing to score."""
    return "-" if score is None else f"{score:.1%}"


def _summary(one: Validity) -> Iterator[str]:
    made, counts = one.made, one.to_json()
    trained = f"{made.training_seeds} with training" if made.training_seeds else "none with training"
    yield f"## {one.assignment}\n"
    yield f"{made.date}, torch {made.torch}, {made.seeds} private seeds without training, {trained}; {made.way}.\n"
    yield f"- Right answers with full marks: {counts['right']['full_marks']} of {counts['right']['total']}."
    wrong = counts["wrong"]
    yield f"- Mistakes caught: {wrong['caught']} of {wrong['total']}, {wrong['by_named_check']} as they say."
    if one.not_judged:
        yield f"- Mistakes that only training shows, not judged here: {', '.join(one.not_judged)}."
    killed, harmless = sum(bool(f.killed_by) for f in one.fates), len(one.harmless)
    score = percent(one.mutation_score)
    yield f"- Mutants killed: {killed} of {len(one.fates)}, {harmless} harmless; mutation score {score}."
    yield f"- Bars missed: {len(one.misses()) or 'none'}." + ("" if one.misses() else "\n")
    if one.misses():
        yield from (f"  - {_escaped(words[:300])}" for words in one.misses())
        yield ""
    if one.faults:
        yield "### Checks that failed themselves\n"
        for fault in one.faults:
            yield f"{_escaped(str(fault))}\n\n```\n{fault.traceback}\n```\n"
    yield "### Right answers\n"
    yield from _table("| answer | how it is written | full marks |", ("--", "--", "--"))
    for row in one.right:
        yield f"| {row.name} | {_escaped(row.description)} | {_escaped(row.in_words)} |"
    yield ""


def _matrices(one: Validity) -> Iterator[str]:
    yield "### Mistakes and checks\n"
    yield "One table for each task, with the mistakes that touch it:\n"
    yield from (f"- `{sign}` {words}" for sign, words in MEANINGS.items() if sign.strip())
    yield ""
    for matrix in matrices(one):
        yield from _matrix(matrix)


def _matrix(matrix: TaskMatrix) -> Iterator[str]:
    yield f"#### {one_line(matrix.task)}\n"
    yield f"{matrix.legend()}\n"
    numbers = " | ".join(str(number) for number in range(1, len(matrix.checks) + 1))
    yield from _table(f"| mistake | in | {numbers} |", ("--", "--", *(":-:" for _ in matrix.checks)))
    for row, signs in matrix.rows:
        yield f"| {row.name} | {row.module or 'all'} | {' | '.join(signs)} |"
    yield ""


def _scores(one: Validity) -> Iterator[str]:
    yield "### Mutation scores\n"
    yield from _table("| task | mutants | harmless | killed | of these elsewhere | score |", ("--", *("--:",) * 5))
    for task in one.tasks:
        numbers = f"{task.mutants} | {task.harmless} | {task.killed} | {task.elsewhere}"
        yield f"| {task.task} | {numbers} | {percent(task.score)} |"
    yield ""
    yield from _table("| check | mutants | killed | by itself | by it alone | score |", ("--", *("--:",) * 5))
    for check in one.scores:
        numbers = f"{check.mutants} | {check.killed} | {check.itself} | {check.alone}"
        yield f"| {check.check} | {numbers} | {percent(check.score)} |"
    yield ""


def _survivors(one: Validity) -> Iterator[str]:
    yield "### Mutants that survive\n"
    if one.holes:
        yield "Not known to be harmless:\n"
        yield from (f"- {one_line(fate.mutant.place)}: `{fate.mutant}`" for fate in one.holes)
        yield ""
    reasons: dict[str, list[Fate]] = {}
    for fate in one.harmless:
        reasons.setdefault(fate.harmless, []).append(fate)
    for reason, mine in reasons.items():
        yield f"{reason}\n"
        yield from (f"- `{fate.mutant}`" for fate in mine)
        yield ""


def _table(head: str, rules: tuple[str, ...]) -> tuple[str, str]:
    return head, "|" + "|".join(rules) + "|"


def one_line(words: str) -> str:
    """Words for a heading; "the module" where there are none."""
    return words or "the module"


def _escaped(words: str) -> str:
    return " ".join(words.split()).replace("|", "\\|")
