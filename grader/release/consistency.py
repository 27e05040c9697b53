"""Whether an assignment adds up: the checks say how many points there are, and toml and notebook follow them.

Read are the checks themselves, assignment.toml, and the graded cells of the notebook's source.
"""

from __future__ import annotations

import ast
import importlib
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path

from exercises.assignment import Assignment, load_assignment
from exercises.checking import Check
from exercises.checking.catalogue import checks_of
from grader import repository
from grader.settings.course_toml import WrongSettingError
from grader.settings.late_rule import default_rule

from .errors import ReleaseError
from .notebook import read_source

HUNDREDTHS = 9  # decimals to which sums of hundredths are rounded, far below one
TASK_CELL, QUESTION_CELL = "task-", "question-"  # how the grade_id of a graded cell begins


def refuse_what_does_not_add_up(facts: Assignment) -> None:
    """Compare tasks, questions, checks and graded cells of the notebook with each other, and given modules with files.

    The default of what lateness costs is read too.

    Raises:
        ReleaseError: they differ, a sentence for each difference; or checks or notebook cannot be read.
    """
    checks = all_checks(facts.name)
    cells = _graded_cells(facts)
    found = [
        *_without_a_task(facts),
        *_tasks(facts, checks, cells),
        *_questions(facts, cells),
        *_efforts(facts),
        *_without_an_entry(facts, cells),
        *_given(facts),
        *_late(facts),
    ]
    if found:
        raise ReleaseError("\n".join(found))


def all_checks(assignment: str) -> list[Check]:
    """The checks of an assignment, public and hidden, task by task.

    Raises:
        ReleaseError: a task has no module of checks, or one cannot be read.
    """
    facts = load_assignment(assignment)
    missing = [
        f"{repository.relative(path)} is missing: task {task.name} of {_toml(facts)} needs {what} checks there"
        for task in facts.tasks
        for what, path in (("public", _public(facts) / f"{task.name}.py"), ("hidden", _hidden(facts, task.name)))
        if not path.is_file()
    ]
    if missing:
        raise ReleaseError("\n".join(missing))
    importlib.invalidate_caches()
    try:
        return checks_of(facts, f"{facts.package}.checks", f"grader.checks.{facts.name}")
    except (ImportError, SyntaxError, ValueError) as error:
        raise ReleaseError(f"the checks of {facts.name} cannot be read: {error}{_where(error)}") from error
    except (Exception, SystemExit) as error:  # what a module raises on its import is any author's
        words = "".join(traceback.format_exception_only(error)).strip()
        raise ReleaseError(f"the checks of {facts.name} cannot be read: {words}{_where(error)}") from error


def _where(error: BaseException) -> str:
    """The line of the assignments' own code that an exception came from; empty where none is on the way."""
    roots = [str(repository.REPOSITORY / folder) for folder in ("exercises", "grader/checks", "solutions")]
    framework = str(repository.REPOSITORY / "exercises" / "checking")
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if frame.filename.startswith(tuple(roots)) and not frame.filename.startswith(framework):
            return f" ({repository.relative(Path(frame.filename))}, line {frame.lineno})"
    return ""


def check_ids(path: Path) -> list[str]:
    """The ids given to `@check("blocks.skip", ...)` in a file, which is read and not run."""
    return [
        node.args[0].value
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "check" and node.args
        if isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str)
    ]


def _public(facts: Assignment) -> Path:
    return repository.exercises(facts.name) / "checks"


def _hidden(facts: Assignment, task: str) -> Path:
    return repository.hidden_checks(facts.name) / f"{task}.py"


def _toml(facts: Assignment) -> str:
    return f"exercises/{facts.name}/assignment.toml"


def _notebook(facts: Assignment) -> str:
    return repository.relative(repository.notebook_source(facts.name))


def _without_a_task(facts: Assignment) -> Iterator[str]:
    """Modules that hold checks and belong to no task: they would never run."""
    tasks = {task.name for task in facts.tasks}
    for folder in (_public(facts), repository.hidden_checks(facts.name)):
        for path in sorted(folder.glob("*.py")):
            if path.stem in tasks:
                continue
            try:
                ids = check_ids(path)
            except SyntaxError as error:
                yield f"{repository.relative(path)}, line {error.lineno}, is no Python: {error.msg}"
                continue
            if ids:
                yield (
                    f"{repository.relative(path)} holds {ids[0]}, but {_toml(facts)} has no task {path.stem}: "
                    f'add [[task]] with name = "{path.stem}", or move its checks to the module of their task'
                )


def _graded_cells(facts: Assignment) -> dict[str, float]:
    """The points of each cell that nbgrader grades, by its grade_id."""
    cells = [cell["metadata"].get("nbgrader", {}) for cell in read_source(repository.notebook_source(facts.name)).cells]
    return {str(cell.get("grade_id", "")): float(cell.get("points", 0)) for cell in cells if cell.get("grade")}


def _tasks(facts: Assignment, checks: list[Check], cells: Mapping[str, float]) -> Iterator[str]:
    for task in facts.tasks:
        mine = [check for check in checks if check.task == task.name]
        total = round(sum(check.points for check in mine if not check.extra), HUNDREDTHS)
        each = ", ".join(f"{check.id} {check.points:g}" for check in mine if not check.extra and check.points)
        cell = cells.get(f"{TASK_CELL}{task.name}")
        if not mine:
            place = repository.relative(_public(facts) / f"{task.name}.py")
            yield f"task {task.name} of {_toml(facts)} has no check: write one in {place}"
        elif cell is None:
            yield _no_cell(facts, f"task {task.name}", f"{TASK_CELL}{task.name}", total)
        elif not total == task.points == cell:
            yield (
                f"task {task.name}: its checks give {total:g} without extra credit ({each or 'none has points'}), "
                f"{_toml(facts)} says {task.points:g}, and its cell {TASK_CELL}{task.name} in {_notebook(facts)} "
                f"says {cell:g}: the points of the checks count, so write these into the other two, or change checks"
            )


def _questions(facts: Assignment, cells: Mapping[str, float]) -> Iterator[str]:
    for question in facts.questions:
        cell = cells.get(f"{QUESTION_CELL}{question.name}")
        if cell is None:
            yield _no_cell(facts, f"question {question.name}", f"{QUESTION_CELL}{question.name}", question.points)
        elif cell != question.points:
            yield (
                f"question {question.name}: {_toml(facts)} says {question.points:g} points, and its cell "
                f"{QUESTION_CELL}{question.name} in {_notebook(facts)} says {cell:g}: make the two equal"
            )


def _efforts(facts: Assignment) -> Iterator[str]:
    """Tasks whose minutes and difficulty students do not read above the task's cell, behind that of the task before."""
    tasks = {f"{TASK_CELL}{task.name}": task for task in facts.tasks}
    above = ""
    for cell in read_source(repository.notebook_source(facts.name)).cells:
        task = tasks.get(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))
        if task is None:
            above += str(cell["source"]).lower() if cell["cell_type"] == "markdown" else ""
            continue
        if task.effort not in above:
            yield (
                f"task {task.name}: {_toml(facts)} says {task.effort!r}, and {_notebook(facts)} does not, above the "
                f"cell {TASK_CELL}{task.name}: write these words there, or change them in the toml"
            )
        above = ""


def _no_cell(facts: Assignment, what: str, grade_id: str, points: float) -> str:
    return (
        f"{what} of {_toml(facts)} has no cell in {_notebook(facts)}: add one with "
        f'"grade": true, "grade_id": "{grade_id}", "points": {points:g}'
    )


def _without_an_entry(facts: Assignment, cells: Mapping[str, float]) -> Iterator[str]:
    """Graded cells that assignment.toml knows nothing of: nobody would ever give their points."""
    known = {f"{TASK_CELL}{task.name}" for task in facts.tasks}
    known |= {f"{QUESTION_CELL}{question.name}" for question in facts.questions}
    for grade_id in cells:
        if grade_id in known:
            continue
        for begin, table in ((TASK_CELL, "task"), (QUESTION_CELL, "question")):
            if grade_id.startswith(begin):
                name = grade_id.removeprefix(begin)
                yield (
                    f"{_notebook(facts)} has the graded cell {grade_id}, but {_toml(facts)} has no {table} {name}: "
                    f'add [[{table}]] with name = "{name}", or take the cell out'
                )
                break
        else:
            yield (
                f"{_notebook(facts)} has the graded cell {grade_id or 'without grade_id'}, and nothing gives its "
                f"points: a graded cell is called {TASK_CELL}NAME, for a task, or {QUESTION_CELL}NAME, for a question"
            )


def _given(facts: Assignment) -> Iterator[str]:
    """Given modules that do not lie beside the student's: the checks that call them could not run."""
    for name in facts.given:
        path = repository.exercises(facts.name).joinpath(*name.split("."))
        if not path.with_suffix(".py").is_file() and not (path / "__init__.py").is_file():
            yield (
                f"{_toml(facts)}: given names {name}, but {repository.relative(path.with_suffix('.py'))} is missing: "
                "write it, or take the name out of given"
            )


def _late(facts: Assignment) -> Iterator[str]:
    """A table [late] that cannot be meant: courses without one of their own would stop at it."""
    try:
        default_rule(facts.name)
    except WrongSettingError as error:
        yield str(error)
