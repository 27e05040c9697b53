"""One assignment from end to end: galleries, mutants, scores."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.metadata import version

from grader.authoring.galleries import solution_files, wrong_answers
from grader.measuring.rests_on import validity_rests_on

from .faults import Faults
from .harmless import harmless_mutants
from .jobs import SEED, Job, Run, checks_in, run_jobs
from .report import MadeWith, Validity
from .right import judge_right
from .scores import check_scores, task_scores
from .survivors import all_mutants, fates
from .wrong import judge_wrong


def measure(assignment: str, seeds: int, training_seeds: int, run: Run, boxed: bool = False) -> Validity:
    """Judge the checks of an assignment; without training seeds nothing is trained, and what needs it is left out.

    Args:
        run:   how answers are judged.
        boxed: whether that is in the sandbox, as grading does.
    """
    faults = Faults()
    run = faults.noted(run)
    training = training_seeds > 0
    checks = tuple(check.id for check in checks_in(assignment))
    rests_on = validity_rests_on(assignment, training)  # as it is now: a file may change within the hour
    right = tuple(judge_right(assignment, range(seeds), range(training_seeds), run))
    listed = [answer.name for answer in wrong_answers(assignment)]
    judged = sorted(judge_wrong(assignment, training, run), key=lambda row: (row.module, listed.index(row.name)))
    mutants = all_mutants(assignment, choices=training)
    order = {mutant.text: place for place, mutant in enumerate(mutants)}
    found = tuple(sorted(fates(assignment, mutants, run), key=lambda fate: order[fate.mutant.text]))
    scored = tuple(c.id for c in checks_in(assignment) if c.points > 0 and (training or not c.trains))
    # in a process of ours, always: nobody can see from outside which lines run in the sandbox
    (solution,) = run_jobs([Job("which lines run", assignment, solution_files(assignment), scored, SEED, traced=True)])
    survivors = [fate.mutant for fate in found if not fate.killed_by]
    modules = {mutant.module for mutant in mutants}
    stale = [
        entry
        for entry in harmless_mutants(assignment)
        if entry.module in modules and not any(entry.fits(mutant) for mutant in survivors)
    ]
    return Validity(
        assignment,
        MadeWith(datetime.now(UTC).date().isoformat(), seeds, training_seeds, version("torch"), rests_on, boxed),
        checks,
        right,
        tuple(judged),
        found,
        task_scores(assignment, found),
        check_scores(scored, found, solution),
        tuple(stale),
        tuple(name for name in listed if name not in {row.name for row in judged}),
        faults.all(),
    )
