"""Hand the cases in, grade them as a course would be graded, and compare with what is honest."""

from __future__ import annotations

import signal
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from exercises.assignment import Task, load_assignment
from grader.batch.desk import Done
from grader.batch.run import grade_batch
from grader.gradebook.config import write_config
from grader.model.results import Graded
from grader.release.build import release
from grader.release.bundle import student_bundle, write_folder

from .cases import WON, Band, Case, Change
from .folder_damage import FOLDERS
from .notebook_damage import NOTEBOOKS
from .surroundings import Harm, Surroundings, words_in

TOLERANCE = 1e-6
WITNESS_EVERY = 8
STUCK_S = 600  # a batch in which nothing happens for so long has been stopped
SHOWN = 240
TRAINED = {"animals", "by_hand", "fake", "record"}  # themes that are about networks and their training


class StuckError(Exception):
    """Nothing has come out of the batch for too long."""


@dataclass(frozen=True)
class Row:
    """What became of one case.

    Attributes:
        due, got: points of all checks, extra credit included.
        waiting:  those of them that are only proposed, and wait for a person.
        reported: how many things the teaching assistant reads.
        faults:   in words, whatever was not honest; empty where all was.
        gap:      why it is known not to be honest (see cases.py).
    """

    name: str
    theme: str
    story: str
    due: Band
    got: float | None
    waiting: float
    reported: int
    seconds: float
    faults: tuple[str, ...]
    problems: tuple[str, ...] = ()
    gap: str = ""

    @property
    def honest(self) -> bool:
        return not self.faults


@dataclass(frozen=True)
class Outcome:
    """The run as a whole."""

    rows: tuple[Row, ...]
    witnesses: tuple[Row, ...]
    stopped_batch: tuple[str, ...]
    harm: Harm = field(default_factory=lambda: Harm((), (), ()))
    wall_s: float = 0.0

    @property
    def honest(self) -> int:
        return sum(row.honest for row in self.rows)

    @property
    def all_well(self) -> bool:
        harm = self.harm
        rows = (*self.rows, *self.witnesses)
        return all(r.honest or r.gap for r in rows) and not (
            self.stopped_batch or harm.connections or harm.touched or harm.running
        )

    def to_json(self) -> dict[str, Any]:
        """The report's form: figures, then a row for each case."""
        return {
            "cases": len(self.rows),
            "honest": self.honest,
            "known_gaps": sum(bool(row.gap) and not row.honest for row in self.rows),
            "witnesses": len(self.witnesses),
            "honest_witnesses": sum(row.honest for row in self.witnesses),
            "stopped_batch": len(self.stopped_batch),
            "touched_outside": len(self.harm.touched),
            "left_running": len(self.harm.running),
            "connections": len(self.harm.connections),
            "wall_s": round(self.wall_s, 1),
            "harm": asdict(self.harm),
            "rows": [{**asdict(row), "honest": row.honest} for row in (*self.rows, *self.witnesses)],
        }


def run(cases: Sequence[Case], workers: int = 2, seen: Callable[[Row], None] = lambda row: None) -> Outcome:
    """Grade the cases, with an honest submission after every few of them, in a course of their own.

    The honest ones are written to the end, but for what trains where none of the cases after them trains.

    Args:
        seen: is called with each row as it comes.
    """
    assignments = tuple(dict.fromkeys(case.assignment for case in cases))
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="gauntlet-") as folder, Surroundings(Path(folder), assignments) as around:
        course = around.course
        course.root.mkdir()
        write_config(course, course_id="gauntlet")
        entered: dict[str, Case] = {}
        for assignment in assignments:
            release(assignment, course_root=course.root, out=course.root / "handout")
            entered |= _with_witnesses([case for case in cases if case.assignment == assignment])
        around.hand_in_bystander()
        for student, case in entered.items():
            hand_in(around, student, case)
        around.remember()
        rows: dict[str, Row] = {}
        with _noticing_standstill() as alive:
            try:
                for assignment in assignments:
                    some = [student for student, case in entered.items() if case.assignment == assignment]
                    for done in grade_batch(course, assignment, some, run_notebooks=True, workers=lambda: workers):
                        alive()
                        rows[done.student] = examine(entered[done.student], done, around)
                        seen(rows[done.student])
            except Exception as error:  # the batch must outlive everything
                seen(_lost(Case("the batch", "", ""), f"the batch ended: {type(error).__name__}: {error}"))
        stopped = tuple(f"{s}: {c.name}" for s, c in entered.items() if s not in rows)
        for student, case in entered.items():
            rows.setdefault(student, _lost(case, "the batch ended without its result"))
        harm = around.harm()
    return Outcome(
        rows=tuple(rows[student] for student in entered if "-case-" in student),
        witnesses=tuple(rows[student] for student in entered if "-witness-" in student),
        stopped_batch=stopped,
        harm=harm,
        wall_s=time.monotonic() - begin,
    )


def hand_in(around: Surroundings, student: str, case: Case) -> Path:
    """Lay a case into the course's submitted/ folder."""
    bundle, known = student_bundle(case.assignment), around.known_in(case.assignment)
    modules = case.modules(known)
    files = {**bundle, **{f"exercises/{case.assignment}/{name}.py": text.encode() for name, text in modules.items()}}
    if case.notebook:
        damaged = NOTEBOOKS[case.notebook](files.pop(f"{case.assignment}.ipynb"))
        files |= {} if damaged is None else {f"{case.assignment}.ipynb": damaged}
    folder = around.course.submitted(case.assignment, student)
    write_folder(files, folder)
    if case.folder:
        FOLDERS[case.folder](folder, known)
    return folder


def examine(case: Case, done: Done, around: Surroundings) -> Row:
    """Compare what the grader says with what is honest."""
    if done.graded is None:
        return _lost(case, f"no result: {done.problem}")
    faults = list(_faults(case, done.graded, around))
    if done.problem:
        faults.append(done.problem)
    return Row(
        name=case.name,
        theme=case.theme,
        story=case.story,
        due=_total(case),
        got=sum(verdict.points for verdict in done.graded.verdicts),
        waiting=sum(verdict.points for verdict in done.graded.proposed),
        reported=len(done.graded.problems),
        seconds=round(done.graded.wall_s, 1),
        faults=tuple(fault[:SHOWN] for fault in faults),
        problems=tuple(problem.text[:SHOWN] for problem in done.graded.problems),
        gap=case.gap,
    )


def _faults(case: Case, graded: Graded, around: Surroundings) -> Iterator[str]:
    verdicts = {verdict.check: verdict for verdict in graded.verdicts}
    for check, (low, high) in case.due().items():
        verdict = verdicts.get(check)
        if verdict is None:
            yield f"{check} is missing"
        elif verdict.proposed and verdict.points > high:
            continue  # they wait for a person
        elif not low - TOLERANCE <= verdict.points <= high + TOLERANCE:
            yield f"{check} gave {verdict.points:g}, honest are {low:g} to {high:g} ({verdict.got[:80]})"
        elif verdict.points and bool(verdict.proposed) != (check in case.proposed):
            yield f"the points of {check} {'are only proposed' if verdict.proposed else 'do not wait for a person'}"
    if graded.unfinished:
        yield "the grader itself failed on a check"
    if case.reported and not graded.problems:
        yield "the teaching assistant is not told"
    if case.reported is False and graded.problems:
        yield f"the teaching assistant is told of nothing: {graded.problems[0]}"
    texts = words_told(graded)
    autograded = around.course.root / "autograded" / graded.student / case.assignment / f"{case.assignment}.ipynb"
    if autograded.exists():
        texts += words_in(autograded.read_text(encoding="utf-8"))
    else:
        yield "there is no autograded notebook"
    for expected in case.shows:
        if not any(one in text for text in texts for one in expected.split(" | ")):
            yield f"nothing shows {expected!r}: was the attack made?"
    for text in texts:
        if WON in text:
            yield f"an act that has to fail did not: {text[text.index(WON) :][:160]}"
    yield from (f"a secret came out: {place}" for place in around.leaks(*texts))


def words_told(graded: Graded) -> list[str]:
    """Every text of a result but for the notes that staff alone read, which may quote a check."""
    return words_in(Graded.to_json(_without_notes(graded)))


def _without_notes(graded: Graded) -> Graded:
    return replace(graded, verdicts=tuple(replace(verdict, note="") for verdict in graded.verdicts))


def _with_witnesses(cases: Sequence[Case]) -> dict[str, Case]:
    """The cases of one assignment, with an honest submission after every few of them, by student."""
    assignment = cases[0].assignment
    modules = {task.module for task in _training(assignment)}
    found: dict[str, Case] = {}
    for number, case in enumerate(cases):
        if number % WITNESS_EVERY == 0:
            next_ones = cases[number : number + WITNESS_EVERY]
            trained = any(not modules <= set(one.unwritten) for one in next_ones)
            found[f"{assignment}-witness-{number:03d}"] = _witness(assignment, number, trained)
        found[f"{assignment}-case-{number:03d}"] = case
    found[f"{assignment}-witness-{len(cases):03d}"] = _witness(assignment, len(cases), trained)
    return found


def _witness(assignment: str, number: int, trained: bool) -> Case:
    """The right answer, different from all others in one remark, so that nothing is known of it."""
    changes = tuple(Change(name, append=f"\n# witness {number}\n") for name in load_assignment(assignment).modules)
    name = f"{assignment}_witness_{number:03d}"
    witness = Case(name, "the right answer", "witness", assignment, changes, reported=False)
    return witness if trained else without_training(witness)


def without_training(case: Case) -> Case:
    """The same case with what trains not yet written, so that nothing has to be trained; it costs these tasks."""
    tasks = _training(case.assignment)
    modules, names = {task.module for task in tasks}, {task.name for task in tasks}
    return replace(
        case,
        changes=tuple(change for change in case.changes if change.module not in modules),
        unwritten=tuple({*case.unwritten, *modules}),
        lost=(*case.lost, *(f"{name}.*" for name in names)),
        partly={check: band for check, band in case.partly.items() if check.partition(".")[0] not in names},
        proposed=tuple(check for check in case.proposed if check.partition(".")[0] not in names),
    )


def concerns_training(case: Case) -> bool:
    """Whether a case is about what trains: by its theme, by a module that it changes, or by points that it loses."""
    tasks = _training(case.assignment)
    modules = {change.module for change in case.changes}
    concerned = {check.partition(".")[0] for check in (*case.lost, *case.partly, *case.proposed)}
    return case.theme in TRAINED or any(task.module in modules or task.name in concerned for task in tasks)


def _training(assignment: str) -> list[Task]:
    """The tasks that train."""
    facts = load_assignment(assignment)
    return [task for task in facts.tasks if task.name in facts.training]


def _total(case: Case) -> Band:
    due = case.due().values()
    return sum(low for low, _ in due), sum(high for _, high in due)


def _lost(case: Case, fault: str) -> Row:
    return Row(case.name, case.theme, case.story, _total(case), None, 0.0, 0, 0.0, (fault[:SHOWN],))


@contextmanager
def _noticing_standstill() -> Iterator[Callable[[], None]]:
    """Hands out a function to be called whenever something has happened.  Raises Stuck inside where nothing does."""

    def stuck(*_: object) -> None:
        raise StuckError(f"nothing has come out of the batch for {STUCK_S} s")

    before = signal.signal(signal.SIGALRM, stuck)

    def alive() -> None:
        signal.alarm(STUCK_S)

    alive()
    try:
        yield alive
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
