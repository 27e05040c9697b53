"""nbgrader's own commands on our configuration: what arrives in the gradebook and in the autograded notebook."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.apps import AutogradeApp, NbGraderApp

from exercises.checking import Status
from grader.course.handed_in import note_collected
from grader.model.problems import refused
from grader.notebook.handed_in import AS_HANDED_IN, RUN_AGAIN

REPOSITORY = Path(__file__).resolve().parents[3]


def test_button_books_partial_credit_and_zero(bench: Any) -> None:
    bench.submit(notebook=bench.answered())
    outcome = bench.autograde(result=bench.verdicts(points={"blocks": 2.5, "pooling": 0.0}))
    assert outcome["success"], outcome
    rows = bench.grades()
    scores = {name: (row.auto_score, row.needs_manual_grade) for name, row in rows.items()}
    assert scores == {
        "task-receptive_field": (4.0, False),
        "task-pooling": (0.0, False),
        "task-blocks": (2.5, False),
        "task-classifier": (4.0, False),
        "task-accuracy": (2.0, False),
        "question-shift_curves": (None, True),
        "question-failing_recipe": (None, True),
    }


def test_button_makes_the_secret_of_a_course_that_has_none_but_of_no_wrong_folder(bench: Any) -> None:
    secret = bench.course.root / "course.secret"
    secret.unlink()
    bench.submit(notebook=bench.released())
    released = bench.course.released_notebook("digits")
    released.rename(released.with_suffix(".away"))
    assert not bench.autograde()["success"] and not secret.exists()
    released.with_suffix(".away").rename(released)
    assert bench.autograde()["success"] and secret.exists()


def test_points_above_the_cells_are_capped(bench: Any) -> None:
    bench.submit(notebook=bench.released())
    assert bench.autograde(result=bench.verdicts(points={"pooling": 3.0000001}))["success"]
    assert bench.grades()["task-pooling"].auto_score == 3.0


def test_unanswered_questions_get_zero_without_a_person(bench: Any) -> None:
    bench.submit(notebook=bench.released())
    bench.autograde()
    row = bench.grades()["question-shift_curves"]
    assert (row.auto_score, row.needs_manual_grade) == (0.0, False)


def test_checked_cell_shows_words_and_points(bench: Any) -> None:
    bad = bench.verdict("pooling", 0.0, 3.0, expected="shape (2, 4)", got="shape (4, 2)", hint="Which axis?")
    bench.submit(notebook=bench.released())
    bench.autograde(result=bench.verdicts(verdicts=(bad,)))
    stream, result = bench.autograded()["task-pooling"]["outputs"]
    lines = "".join(stream["text"]).splitlines()
    assert lines[0].split(maxsplit=4) == ["FAIL", "0", "/", "3", "the idea of pooling  [pooling.check]"]
    assert [line.split(maxsplit=1) for line in lines[1:]] == [
        ["expected", "shape (2, 4)"],
        ["got", "shape (4, 2)"],
        ["hint", "Which axis?"],
    ]
    assert result["output_type"] == "execute_result" and result["data"]["text/plain"] == ["0.0"]


def test_other_cells_show_what_was_handed_in_and_below_it_what_a_run_showed(bench: Any) -> None:
    notebook = bench.released()
    cell = next(cell for cell in notebook.cells if cell.id == "given")
    cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text="mine, in /home/ada/work")]
    bench.submit(notebook=notebook)
    shown = {"given": [{"output_type": "stream", "name": "stdout", "text": "given \ud800"}]}
    forged = [{"output_type": "execute_result", "data": {"text/plain": "4"}, "metadata": {}, "execution_count": 1}]
    cells = {**shown, "guess": forged, "task-pooling": forged}
    outcome = bench.autograde(result=bench.verdicts(points={"pooling": 0.0}, cells=cells))
    assert outcome["success"], outcome
    after = bench.autograded()
    ours, mine, again, ran = after["given"]["outputs"]
    assert ours["data"]["text/plain"] == [AS_HANDED_IN] and again["data"]["text/plain"] == [RUN_AGAIN]
    assert (mine["text"], ran["text"]) == (["mine, in ~/work"], ["given ?"])
    assert after["guess"]["outputs"][1]["data"]["text/plain"] == ["4"]
    assert bench.grades()["task-pooling"].auto_score == 0.0


def test_notes_for_the_ta_stand_on_top_as_plain_text(bench: Any) -> None:
    bench.submit(notebook=bench.released())
    bench.autograde(result=bench.verdicts(problems=(refused("blocks.py", "<b>a link</b>"),)))
    cell = next(iter(bench.autograded().values()))
    assert cell["cell_type"] == "code" and "a link" in cell["outputs"][0]["text"][0]


def _extra_cells(notebook: Any) -> bytes:
    notebook.cells.insert(0, nbformat.v4.new_code_cell("import os; os._exit(1)", id="mine"))
    return nbformat.writes(notebook).encode()


def _forged(notebook: Any) -> bytes:
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.source, cell.metadata["nbgrader"] = "100", {**cell.metadata.get("nbgrader", {}), "points": 100}
    return nbformat.writes(notebook).encode()


def _doubled(notebook: Any) -> bytes:
    cells = [{**cell, "id": f"{cell['id']}-{n}"} for cell in notebook.cells for n in range(2)]
    return nbformat.writes(nbformat.from_dict({**notebook, "cells": cells})).encode()


DAMAGED = {
    "byte order mark": lambda nb: b"\xef\xbb\xbf" + nbformat.writes(nb).encode(),
    "every cell doubled": _doubled,
    "cells of the student's": _extra_cells,
    "forged source and points": _forged,
    "reversed": lambda nb: nbformat.writes(nbformat.from_dict({**nb, "cells": nb.cells[::-1]})).encode(),
    "nbformat 3": lambda nb: nbformat.writes(nb, version=3).encode(),
    "no cells": lambda nb: nbformat.writes(nbformat.from_dict({**nb, "cells": []})).encode(),
    "invalid JSON": lambda nb: nbformat.writes(nb).encode()[:-40],
    "empty file": lambda nb: b"",
    "no file": lambda nb: None,
}


@pytest.mark.filterwarnings("ignore")  # nbformat's, on writing the damaged files
@pytest.mark.parametrize("damage", DAMAGED.values(), ids=DAMAGED.keys())
def test_damaged_notebook_costs_no_points_of_the_modules(bench: Any, damage: Any) -> None:
    raw = damage(bench.answered())
    folder = bench.submit(notebook=raw)
    before = sorted(path.relative_to(folder) for path in folder.rglob("*"))
    outcome = bench.autograde(result=bench.verdicts(points={"blocks": 2.5}))
    assert outcome["success"], outcome
    rows = bench.grades()
    assert sum(row.auto_score or 0 for row in rows.values()) == 15.5
    assert rows["question-shift_curves"].needs_manual_grade  # answered or lost: a person reads, nobody gets 0
    cells = bench.autograded()
    shown = [cell for cell in cells if cell != "grader-notes" and not cell.startswith("student-")]
    assert shown == [cell["id"] for cell in bench.released().cells]
    assert "".join(cells["given"]["source"]) == "print('given')"
    assert sorted(path.relative_to(folder) for path in folder.rglob("*")) == before


def test_answers_reach_the_autograded_notebook(bench: Any) -> None:
    notebook = bench.answered("Blurred, hence robust.")
    next(cell for cell in notebook.cells if cell["id"] == "guess").source = "guess = 8"
    bench.submit(notebook=_doubled(notebook))
    bench.autograde()
    after = bench.autograded()
    assert "".join(after["question-shift_curves"]["source"]) == "Blurred, hence robust."
    assert "".join(after["guess"]["source"]) == "guess = 8"


def test_only_the_modules_reach_the_tas_folder(bench: Any) -> None:
    folder = bench.submit(notebook=bench.released())
    (folder / "stolen.txt").symlink_to(bench.course.gradebook)
    (folder / "given.txt").mkdir()
    (folder / "torch.py").write_text("")
    (folder / "timestamp.txt").write_text("yesterday-ish")
    outcome = bench.autograde()
    assert outcome["success"], outcome
    after = bench.course.root / "autograded" / "ada" / "digits"
    assert {path.relative_to(after).as_posix() for path in after.rglob("*") if path.is_file()} == {
        "digits.ipynb",
        "given.txt",
        "exercises/digits/blocks.py",
    }
    assert (after / "exercises" / "digits" / "blocks.py").read_text() == "ANSWER = 1\n"


def test_modules_of_the_students_own_reach_the_tas_folder(bench: Any) -> None:
    inner = bench.submit(notebook=bench.released()) / "exercises" / "digits"
    (inner / "blocks.py").write_text("from .helpers import relu\n")
    (inner / "helpers.py").write_text("relu = 1\n")
    (inner / "notes.py").write_text("imported by nobody\n")
    assert bench.autograde()["success"]
    after = bench.course.root / "autograded" / "ada" / "digits" / "exercises" / "digits"
    assert {path.name: path.read_text() for path in after.iterdir()} == {
        "blocks.py": "from .helpers import relu\n",
        "helpers.py": "relu = 1\n",
    }


def test_time_of_submission_is_collects_not_the_students(bench: Any) -> None:
    folder = bench.submit(notebook=bench.released())
    (folder / "timestamp.txt").write_text("2020-01-01 00:00:00 UTC")
    bench.autograde()
    with bench.gradebook() as gradebook:
        assert gradebook.find_submission("digits", "ada").timestamp is None
    note_collected(bench.course, "digits", "ada", datetime(2027, 2, 2, 12, tzinfo=UTC))
    bench.autograde()
    with bench.gradebook() as gradebook:
        assert gradebook.find_submission("digits", "ada").timestamp == datetime(2027, 2, 2, 12)


def test_task_that_the_grader_failed_on_waits_for_a_person(bench: Any) -> None:
    told = {"note": "Traceback: our fault", "fault": "KeyError: '\x1b[2Ja' (pooling.py, line 3)"}
    broken = bench.verdict("pooling", 0.0, 3.0, status=Status.ERROR, **told)
    fine = bench.verdict("blocks", 5.0, 5.0)
    bench.submit(notebook=bench.released())
    assert bench.autograde(result=bench.verdicts(verdicts=(broken, fine)))["success"]
    rows = bench.grades()
    assert (rows["task-pooling"].auto_score, rows["task-pooling"].needs_manual_grade) == (None, True)
    assert (rows["task-blocks"].auto_score, rows["task-blocks"].needs_manual_grade) == (5.0, False)
    assert (rows["task-accuracy"].auto_score, rows["task-accuracy"].needs_manual_grade) == (None, True)  # no verdict
    words, error = bench.autograded()["task-pooling"]["outputs"]
    text = "".join(words["text"])
    assert "(pooling.py, line 3)" in text and "\x1b" not in text
    assert error["output_type"] == "error" and "our fault" in error["traceback"][-1]


def test_failing_engine_leaves_no_score_of_an_earlier_submission(bench: Any) -> None:
    bench.submit(notebook=bench.answered())
    bench.autograde()
    bench.engine.results.clear()
    outcome = bench.api().autograde("digits", "ada")
    assert not outcome["success"] and "KeyError" in outcome["log"]
    rows = bench.grades().values()
    assert all(row.auto_score is None and row.needs_manual_grade for row in rows)


def test_steps_switched_off_book_nothing(bench: Any) -> None:
    bench.submit(notebook=bench.released())
    bench.engine.results["ada"] = bench.verdicts()
    api = bench.api()
    api.config.ShowVerdicts.enabled = False
    assert api.autograde("digits", "ada")["success"]
    rows = bench.grades()
    assert all(row.auto_score is None and row.needs_manual_grade for n, row in rows.items() if n.startswith("task-"))


def command(*arguments: str) -> None:
    """Run `nbgrader …` in this process; each run begins with fresh applications."""
    try:
        NbGraderApp.launch_instance([*arguments])
    finally:
        NbGraderApp.clear_instance()
        AutogradeApp.clear_instance()


def test_command_grades_one_student_and_a_resubmission(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The stock command, in process, started in the course folder, twice without --force."""
    bench.submit("ada", bench.answered())
    bench.submit("bob", bench.answered())
    monkeypatch.chdir(bench.course.root)
    for points in (1.0, 2.0):
        bench.engine.results = {"ada": bench.verdicts("ada", {"pooling": points})}
        command("autograde", "digits", "--student=ada", "--no-execute")
        assert bench.grades("ada")["task-pooling"].auto_score == points
    assert bench.engine.asked == ["ada", "ada"]


def test_batch_goes_on_after_a_broken_submission(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for student in ("ada", "bob", "cy"):
        bench.submit(student, bench.answered())
    bench.engine.results = {student: bench.verdicts(student) for student in ("ada", "cy")}
    monkeypatch.chdir(bench.course.root)
    with pytest.raises(SystemExit) as stopped:
        command("autograde", "digits")
    assert stopped.value.code == 1
    assert bench.grades("cy")["task-blocks"].auto_score == 5.0
    assert bench.grades("bob")["task-blocks"].auto_score is None


def test_unloadable_grader_stops_nbgrader_instead_of_running_code(bench: Any) -> None:
    """With nbgrader's own configuration the notebook would run, unconfined, on this machine."""
    bench.submit(notebook=bench.released())
    environment = {**os.environ, "COURSE_REPOSITORY": str(bench.course.root / "nowhere"), "PYTHONPATH": ""}
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    arguments = [sys.executable, "-m", "nbgrader", "autograde", "digits"]
    done = subprocess.run(
        arguments, cwd=bench.course.root, env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 1, done.stderr
    assert "set COURSE_REPOSITORY" in done.stderr
    assert not (bench.course.root / "autograded").exists()


@pytest.mark.slow
def test_without_our_configuration_nobody_gets_points(bench: Any) -> None:
    """Stock nbgrader, real kernel: the checked cells raise."""
    bench.submit(notebook=bench.answered())
    bench.course.config.unlink()
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    arguments = [sys.executable, "-m", "nbgrader", "autograde", "digits", "--course=ki2"]
    done = subprocess.run(
        arguments, cwd=bench.course.root, env=environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    rows = bench.grades()
    assert [row.auto_score for name, row in rows.items() if name.startswith("task-")] == [0.0] * 5
    assert "SystemError" in str(bench.autograded()["task-blocks"]["outputs"])
