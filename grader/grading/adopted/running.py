"""Runs an adopted assignment's notebooks in the sandbox, each in a container of its own, cell by cell."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from nbformat import NotebookNode

from grader.model.problems import Kind, Problem, missing, refused, unfinished
from grader.model.results import Output, Part
from grader.model.submission import Submission
from grader.notebook.outputs import safe_outputs
from grader.notebook.working import is_marked
from grader.sandbox import wire
from grader.sandbox.errors import SandboxError, SessionEndedError
from grader.sandbox.inside.confine import Limits
from grader.sandbox.outside.container import Container
from grader.sandbox.outside.session import Session

from .assignment import AdoptedAssignment, AdoptedNotebook, SourceCell
from .judging import Judged, judged, not_run, undecided
from .merging import is_readable, merged, name_of, runs

CELLS = 10  # a notebook may take so many times as long as one cell
ALL_S = 600.0  # wall clock of one submission
PATIENT = 3.0  # wall clock beside processor time: a busy machine must not cost points


def run_groups(
    submission: Submission, plan: AdoptedAssignment, names: Sequence[str], limits: Limits | None = None
) -> tuple[Part, ...]:
    """Run these notebooks.  A fault of the sandbox gives verdicts with Status.ERROR: a person decides."""
    end = time.monotonic() + ALL_S
    notebooks = [notebook for notebook in plan.notebooks if notebook.name in names]
    return tuple(_part(submission, plan, notebook, end, limits) for notebook in notebooks)


def _part(
    submission: Submission, plan: AdoptedAssignment, notebook: AdoptedNotebook, end: float, limits: Limits | None
) -> Part:
    begin, checked = time.monotonic(), [cell for cell in notebook.known if cell.checked]
    raw = submission.files.get(notebook.file)
    if raw is None or not is_readable(raw):
        reason = missing(notebook.file) if raw is None else refused(notebook.file, "it cannot be read as a notebook")
        return _put_together(notebook, [not_run(notebook, cell, reason.text) for cell in checked], {}, (reason,))
    limits = limits or Limits()
    limits = replace(limits, cpu_s=max(limits.cpu_s, int(CELLS * plan.cell_s)))
    run = _Run(plan, notebook.file, merged(notebook, raw), end)
    try:
        with Container(_files(submission, plan), limits) as container:
            run.go(container.session())
    except SandboxError as error:
        found = [undecided(notebook, cell, f"not run: {error}") for cell in checked]
        return _put_together(notebook, found, {}, (unfinished(f"{notebook.file}: {error}"),), finished=False)
    found = [_judged(notebook, cell, run) for cell in checked]
    notes = [Problem(Kind.ACT, f"{one.verdict.task}: {one.verdict.note}") for one in found if one.verdict.note]
    part = _put_together(notebook, found, run.outputs, (*run.problems, *notes))
    return replace(part, cpu_s=container.usage.cpu_s, wall_s=time.monotonic() - begin)


def _judged(notebook: AdoptedNotebook, cell: SourceCell, run: _Run) -> Judged:
    if cell.name in run.outputs:
        found = judged(notebook, cell, run.outputs[cell.name])
        return replace(found, verdict=replace(found.verdict, seconds=run.seconds[cell.name]))
    return not_run(notebook, cell, run.ended or "it holds nothing that could run")


def _put_together(
    notebook: AdoptedNotebook,
    found: list[Judged],
    outputs: dict[str, list[Output]],
    problems: tuple[Problem, ...],
    *,
    finished: bool = True,
) -> Part:
    shown = outputs | {one.verdict.task.removeprefix(f"{notebook.name}/"): one.outputs for one in found}
    return Part(
        notebook.name,
        tuple(one.verdict for one in found),
        {notebook.task(cell): those for cell, those in shown.items()},
        problems,
        finished=finished,
    )


def _files(submission: Submission, plan: AdoptedAssignment) -> dict[str, bytes]:
    """What lies beside the notebook: what was handed in, and over it the course's files."""
    kept = {path: content for path, content in plan.files.items() if path not in plan.kept}
    return {**plan.files, **submission.files, **kept}


class _Run:
    """A notebook on its way, and what its cells have shown.

    Attributes:
        outputs: of each cell that ran, by `name_of`.
        seconds: how long it took, on the clock.
        ended:   why no more cells run; empty as long as they do.
    """

    def __init__(self, plan: AdoptedAssignment, file: str, notebook: NotebookNode, end: float) -> None:
        self._plan, self._file, self._notebook, self._end = plan, file, notebook, end
        self.outputs: dict[str, list[Output]] = {}
        self.seconds: dict[str, float] = {}
        self.problems: list[Problem] = []
        self.ended = ""

    def go(self, session: Session) -> None:
        """Run every cell, in order; an error ends its own cell, the end of the process all that follow."""
        try:
            session.request({"op": "nothing", "seed": 0}, cpu_s=self._plan.cell_s, wall_s=self._plan.cell_s)
            for cell in self._notebook.cells:
                if runs(cell):
                    begin, name = time.monotonic(), name_of(cell)
                    self.outputs[name] = self._heard(self._ask(session, cell))
                    self.seconds[name] = time.monotonic() - begin
        except SessionEndedError as ended:
            self.ended = ended.reason
            kind, story = (Kind.ACT, "") if ended.hostile else (Kind.CRASHED, "the notebook did not run to its end: ")
            told = f"{story}{self._file}: {ended.reason}; the cells from there on did not run"
            self.problems.append(Problem(kind, told))
        session.close()

    def _ask(self, session: Session, cell: NotebookNode) -> list[Output]:
        cell_s = self._plan.cell_s
        left_s = self._end - time.monotonic()
        if left_s <= 0:
            raise SessionEndedError(f"the submission has used up its {ALL_S:.0f} s")
        kernel = {"graded": is_marked(cell, "grade"), "cpu_s": cell_s, "wall_s": min(PATIENT * cell_s, left_s)}
        # The cell's own process interrupts it first, so that the next ones run; the limits from outside come later.
        answer, _ = session.request(
            {"op": "cell", "source": cell.source, "kernel": kernel},
            cpu_s=cell_s + 5,
            wall_s=min(PATIENT * cell_s + 10, left_s + 10),
        )
        try:
            claimed: Any = wire.decode(answer.get("value"), [], lambda number, name: None)
        except wire.WireError as error:
            raise SessionEndedError(
                f"the code answered in a form that no honest program writes: {error}", hostile=True
            ) from None
        if not isinstance(claimed, list) or "error" in answer:
            raise SessionEndedError("the code has broken the program that runs it", hostile=True)
        return safe_outputs(claimed)

    def _heard(self, outputs: list[Output]) -> list[Output]:
        """Without what the course's pattern ignores on standard error."""
        if not self._plan.unheard:
            return outputs
        pattern = re.compile(self._plan.unheard)
        return [one for one in outputs if one.get("name") != "stderr" or not pattern.search(one["text"])]
