"""`try`: a right, a wrong and a hostile submission for whoever sees the grader for the first time."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from exercises.assignment import assignment_names, load_assignment
from exercises.checking import Status, Verdict
from grader.__main__ import app
from grader.authoring.galleries import solution_files
from grader.authoring.three import HOSTILE, RIGHT, WRONG, three
from grader.batch.desk import Done
from grader.cli.trying import show
from grader.grading.checked.groups import graded_checks
from grader.model.results import Graded


@pytest.mark.parametrize("assignment", assignment_names())
def test_the_three_are_the_solution_one_mistake_and_an_attack(assignment: str, tmp_path: Path) -> None:
    right, wrong, hostile = three(assignment, tmp_path)
    solution = solution_files(assignment)
    assert (right.student, wrong.student, hostile.student) == (RIGHT, WRONG, HOSTILE)
    assert right.modules == solution and right.total[0] == sum(check.points for check in graded_checks(assignment))
    changed = [name for name, text in wrong.modules.items() if text != solution[name]]
    assert len(changed) == 1 and wrong.total[0] == wrong.total[1] < right.total[0]
    first = load_assignment(assignment).modules[0]
    assert [name for name, text in hostile.modules.items() if text != solution[name]] == [first]
    ast.parse(hostile.modules[first])
    assert str(tmp_path / "gradebook.db") in hostile.modules[first]


def graded(student: str, points: float, got: str = "") -> Graded:
    task = load_assignment("digits").tasks[0]
    status = Status.PASSED if points == task.points else Status.FAILED
    verdict = Verdict(f"{task.name}.a", task.name, "An idea", status, points, task.points, got=got)
    return Graded(student, "digits", "1" * 64, (verdict,))


def test_points_stand_side_by_side_and_what_went_wrong_first_below(tmp_path: Path) -> None:
    submissions = three("digits", tmp_path)
    done = {
        RIGHT: Done(RIGHT, graded(RIGHT, 4)),
        WRONG: Done(WRONG, graded(WRONG, 0, "zeros\x1b[31m")),
        HOSTILE: Done(HOSTILE, None, problem="the container could not start"),
    }
    console = Console(record=True, width=100)
    show(console, "digits", submissions, done)
    said = console.export_text()
    assert "4 / 4" in said and "0 / 4" in said and "waits for a person" in said
    assert "zeros" in said and "\x1b" not in said and f"{RIGHT}:" not in said


@pytest.mark.slow
def test_all_three_are_graded_as_due_and_the_last_line_is_a_page(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["try", "--out", str(tmp_path)])
    assert result.exit_code == 0, result.output
    page = Path(result.output.rstrip().splitlines()[-1])
    assert page.is_file() and page.parts[-3] == WRONG
    said = " ".join(result.output.split())
    assert "reach the network: PermissionError" in said and "GOT" not in said
