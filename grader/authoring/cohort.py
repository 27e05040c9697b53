"""A cohort of simulated students: right and wrong answers of the galleries, each with the points that are due."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import cycle, islice, zip_longest
from pathlib import Path
from typing import Any

from exercises.assignment import load_assignment
from exercises.cells import questions_of
from exercises.checking import Check
from grader import repository
from grader.course.folder import Course
from grader.course.handed_in import note_collected
from grader.grading.checked.groups import graded_checks
from grader.model.results import Output
from grader.release.bundle import student_bundle, write_folder

from .dependents import dependents
from .galleries import RightAnswer, WrongAnswer, right_answers, solution_files, wrong_answers
from .saved_outputs import Outputs

Answer = RightAnswer | WrongAnswer
Band = tuple[float, float]  # lowest and highest points that are due
TOLERANCE = 1e-6
MODEL_OUTPUTS = "with the outputs of the model solution"
NO_OUTPUTS = "without outputs"
STOPPED = "with an error where a question needs an output"
UNREADABLE = "without a notebook that can be read"
ERROR: Output = {
    "output_type": "error",
    "ename": "NameError",
    "evalue": "name 'curves' is not defined",
    "traceback": ["\x1b[31mNameError\x1b[39m: in /home/student/digits", "name 'curves' is not defined"],
}
SINGLES = 0.7  # share of the cohort that makes one mistake


@dataclass(frozen=True)
class Simulated:
    """One simulated student's submission.

    Attributes:
        story:    what this student did, in words.
        answers:  of the galleries, those that it is put together from; none for the model solution.
        answered: whether the notebook is answered, and nothing else was done to it.
        saved:    what outputs the notebook was saved with, in words.
        modules:  the text of each module.
        notebook: bytes of the notebook, None where it is missing.
        due:      points due for each check.
    """

    student: str
    story: str
    modules: dict[str, str]
    notebook: bytes | None
    due: dict[str, Band] = field(default_factory=dict)
    answers: tuple[Answer, ...] = ()
    answered: bool = False
    saved: str = NO_OUTPUTS

    def as_due(self, points: dict[str, float]) -> bool:
        """Whether each check gave the points that are due."""
        return not self.differences(points)

    def differences(self, points: dict[str, float]) -> list[str]:
        """In words, each check that gave other points than those due."""
        return [
            f"{check} gave {points.get(check)}, due are {low:g} to {high:g}"
            for check, (low, high) in self.due.items()
            if check not in points or not low - TOLERANCE <= points[check] <= high + TOLERANCE
        ]

    @property
    def total(self) -> Band:
        return sum(low for low, _ in self.due.values()), sum(high for _, high in self.due.values())


def cohort(assignment: str, size: int = 70, outputs: Outputs | None = None) -> list[Simulated]:
    """All right answers, then mistakes of every module in turn, then pairs of mistakes; damaged notebooks among them.

    The order is fixed: the same cohort on every run.

    Args:
        outputs: what most notebooks were saved with, of the model solution whatever the modules are (`saved_outputs`);
            without it nobody has any.
    """
    checks = graded_checks(assignment)
    right, wrong = right_answers(assignment), wrong_answers(assignment)
    notebooks = _notebooks(assignment, outputs or {})
    _, _, answered = notebooks[0]
    found = islice(_answers(assignment, checks, right, wrong, singles=int(SINGLES * size)), size)
    return [
        Simulated(
            f"student-{number:03d}", f"{story}; {damage}", modules, notebook, due, answers, notebook == answered, saved
        )
        for number, ((story, answers, modules, due), (damage, saved, notebook)) in enumerate(
            zip(found, cycle(notebooks), strict=False), start=1
        )
    ]


def hand_in(course: Course, assignment: str, simulated: Iterable[Simulated]) -> int:
    """Lay the submissions into the course's submitted/ folder, as `collect` would; returns how many."""
    bundle = student_bundle(assignment)
    handed_in = list(simulated)
    for one in handed_in:
        files = {**bundle, **{f"exercises/{assignment}/{name}.py": text.encode() for name, text in one.modules.items()}}
        files.pop(f"{assignment}.ipynb")
        if one.notebook is not None:
            files[f"{assignment}.ipynb"] = one.notebook
        write_folder(files, course.submitted(assignment, one.student))
        note_collected(course, assignment, one.student, datetime.now(UTC), "simulated")
    return len(handed_in)


def _answers(
    assignment: str, checks: list[Check], right: tuple[RightAnswer, ...], wrong: tuple[WrongAnswer, ...], singles: int
) -> Iterator[tuple[str, tuple[Answer, ...], dict[str, str], dict[str, Band]]]:
    """Stories without end: each answer alone, then a mistake in the first module together with one elsewhere.

    Neither of their two modules imports the other, so the points of such a pair are those of both mistakes together.
    Where there is no pair, the single mistakes come again.
    """
    full = {check.id: (check.points, check.points) for check in checks}
    yield "the model solution", (), solution_files(assignment), full
    for answer in right:
        yield f"right: {answer.description}", (answer,), answer.files(), full
    by_module = [[m for m in wrong if m.module == module] for module in dict.fromkeys(m.module for m in wrong)]
    in_turn = [mistake for row in zip_longest(*by_module) for mistake in row if mistake]
    for mistake in in_turn[:singles]:
        yield f"wrong: {mistake.description}", (mistake,), mistake.files(), due_of(checks, mistake)
    first = load_assignment(assignment).modules[0]
    later = dependents(solution_files(assignment))
    apart = [name for name in later if name not in (first, *later[first]) and first not in later[name]]
    here = [m for m in in_turn if m.module == first]
    elsewhere = [m for m in reversed(in_turn) if m.module in apart]
    if not (here and elsewhere):
        for mistake in cycle(in_turn):
            yield f"wrong: {mistake.description}", (mistake,), mistake.files(), due_of(checks, mistake)
    for mistake, other in zip(cycle(here), cycle(elsewhere), strict=False):
        modules = {**other.files(), first: mistake.files()[first]}
        story = f"wrong: {mistake.description} And: {other.description}"
        yield story, (mistake, other), modules, due_of(checks, mistake, other)


def due_of(checks: list[Check], *mistakes: WrongAnswer) -> dict[str, Band]:
    """The points that are due for each check, of the solution with these mistakes."""
    due: dict[str, Band] = {}
    for check in checks:
        due[check.id] = (check.points, check.points)
        for mistake in mistakes:
            if mistake.catches(check.id):
                due[check.id] = (0.0, 0.0)
            elif check.id in mistake.partly:
                due[check.id] = mistake.partly[check.id]
    return due


def held(simulated: Iterable[Simulated]) -> dict[str, int]:
    """How many notebooks were saved with which outputs."""
    return dict(Counter(one.saved for one in simulated))


def held_in_words(simulated: Sequence[Simulated]) -> str:
    """What a run says of them: "24 hand in notebooks: 18 with the outputs of …, 2 without outputs"."""
    kinds = ", ".join(f"{count} {kind}" for kind, count in held(simulated).items())
    return f"{len(simulated)} hand in notebooks: {kinds}"


def _notebooks(assignment: str, outputs: Outputs) -> list[tuple[str, str, bytes | None]]:
    """Notebooks as they really come back: no damage to one may change a point of what the modules earn.

    Each with what was done to it, and what outputs it was saved with.  The first one is answered and undamaged.
    """
    released = json.loads(repository.notebook(assignment).read_bytes())
    run = json.loads(json.dumps(released))
    for cell in run["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = outputs.get(cell["id"], [])

    def edited(change: Any, before: Any = run) -> bytes:
        notebook = json.loads(json.dumps(before))
        change(notebook["cells"])
        return json.dumps(notebook).encode()

    def stopped(cells: list[dict[str, Any]]) -> None:
        answer(cells)
        for cell in cells:
            if questions_of(cell["metadata"].get("tags", [])):
                cell["outputs"] = [ERROR]

    def answer(cells: list[dict[str, Any]]) -> None:
        for cell in cells:
            if cell["metadata"].get("nbgrader", {}).get("grade_id", "").startswith("question-"):
                cell["source"] = "An answer in a sentence or two."

    def delete(cells: list[dict[str, Any]]) -> None:
        cells[:] = [cell for cell in cells if not cell["metadata"].get("nbgrader", {}).get("grade")]

    def duplicate(cells: list[dict[str, Any]]) -> None:
        cells.extend(json.loads(json.dumps(cells)))

    def strip(cells: list[dict[str, Any]]) -> None:
        for cell in cells:
            cell["metadata"] = {}

    def retype(cells: list[dict[str, Any]]) -> None:
        for cell in cells:
            cell["cell_type"] = "raw"

    def more_points(cells: list[dict[str, Any]]) -> None:
        for cell in cells:
            if "points" in cell["metadata"].get("nbgrader", {}):
                cell["metadata"]["nbgrader"]["points"] = 1000

    def crash(cells: list[dict[str, Any]]) -> None:
        cells.insert(0, {"cell_type": "code", "metadata": {}, "source": "1 / 0", "outputs": []})

    answered, full = edited(answer), MODEL_OUTPUTS if outputs else NO_OUTPUTS
    plain = ("notebook answered", full, answered)
    return [
        plain,
        plain,
        ("notebook untouched", NO_OUTPUTS, json.dumps(released).encode()),
        ("graded cells deleted", full, edited(delete)),
        plain,
        ("notebook with a byte order mark", full, b"\xef\xbb\xbf" + answered),
        ("every cell twice", full, edited(duplicate)),
        ("notebook answered, its outputs cleared", NO_OUTPUTS, edited(answer, released)),
        ("notebook is half a file", UNREADABLE, answered[: len(answered) // 2]),
        ("metadata stripped", full, edited(strip)),
        ("notebook answered, a cell of each question stopped", STOPPED, edited(stopped)),
        ("notebook missing", UNREADABLE, None),
        ("cells retyped", NO_OUTPUTS, edited(retype)),
        ("points edited", full, edited(more_points)),
        ("notebook empty", UNREADABLE, b""),
        ("a cell that raises on top", full, edited(crash)),
    ]


def write_due(simulated: Iterable[Simulated], path: Path) -> None:
    """Write what is due beside the submissions, so that a run can be compared later."""
    table = {one.student: {"story": one.story, "due": one.due} for one in simulated}
    path.write_text(json.dumps(table, indent=1), encoding="utf-8")
