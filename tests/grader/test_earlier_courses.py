"""Courses on disk that an earlier version made, opened by this one: no point moves (tests/fixtures/README.md)."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import tarfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
MISTAKEN = "Alan-Turing-12"  # handed in the mistake `stride_one`
ARCHIVE = REPOSITORY / "tests" / "fixtures" / "course-0.2.1.tar.xz"
ENVIRONMENT = {**os.environ, "COURSE_REPOSITORY": str(REPOSITORY), "JUPYTER_NO_CONFIG": "1"}
ROWS = """
SELECT submission.student_id, submission.timestamp, notebook.name, submitted_notebook.late_submission_penalty,
       cell.name, grade.auto_score, grade.manual_score, grade.extra_credit, grade.needs_manual_grade
FROM grade
JOIN base_cell AS cell ON cell.id = grade.cell_id
JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id
JOIN notebook ON notebook.id = submitted_notebook.notebook_id
JOIN submitted_assignment AS submission ON submission.id = submitted_notebook.assignment_id
ORDER BY submission.student_id, notebook.name, cell.name
"""
# As nbgrader's programs do it: whatever the file says is done to the configuration that get_config() gives.
LOADED = """
import json, sys
from traitlets.config.loader import PyFileConfigLoader

config = PyFileConfigLoader("nbgrader_config.py", path=sys.argv[1]).load_config()
steps = [*config.Autograde.sanitize_preprocessors, *config.Autograde.autograde_preprocessors]
modules = [config.Autograde.exporter_class.__module__, *(step.__module__ for step in steps)]
print(json.dumps({
    "root": config.CourseDirectory.root, "course": config.CourseDirectory.course_id, "force": config.Autograde.force,
    "steps": [step.__name__ for step in steps], "ours": [name for name in modules if name.startswith("grader.")],
}))
"""


@pytest.fixture
def courses(tmp_path: Path) -> Path:
    """The folder with the courses of the earlier version: ki2/, and sums/, which is adopted."""
    with tarfile.open(ARCHIVE) as archive:
        trusted: dict[str, Any] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
        archive.extractall(tmp_path, **trusted)
    return tmp_path


def run(*command: str, cwd: Path = REPOSITORY) -> str:
    done = subprocess.run(
        [sys.executable, *command], cwd=cwd, env=ENVIRONMENT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


def grader(command: str, *words: str | Path, course: Path) -> str:
    return run("-m", "grader", command, *map(str, words), "--course", str(course))


def points(course: Path) -> list[tuple[Any, ...]]:
    """Every row of points in the gradebook, with what was taken off for lateness and the time of submission."""
    with closing(sqlite3.connect(course / "gradebook.db")) as database:
        return database.execute(ROWS).fetchall()


def remembered(course: Path) -> int:
    """How many parts of results the ledger holds."""
    with closing(sqlite3.connect(course / "verdicts.db")) as database:
        found: int = database.execute("SELECT count(*) FROM parts").fetchone()[0]
        return found


def autograde(course: Path, assignment: str, *options: str) -> list[dict[str, Any]]:
    """Nobody's points change but those of the mistake, whose checks are others now: and that is told."""
    found: list[dict[str, Any]] = json.loads(grader("autograde", assignment, "--json", *options, course=course))
    assert {one["student"] for one in found if one["change"]} <= {MISTAKEN}
    return found


def of_right_answers(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return [row for row in rows if row[0] != MISTAKEN]


def test_configurations_of_an_earlier_version_put_nbgrader_under_this_one(courses: Path) -> None:
    for name in ("ki2", "sums"):
        course = courses / name
        assert str(REPOSITORY) not in (course / "nbgrader_config.py").read_text(encoding="utf-8")
        found = json.loads(run("-c", LOADED, str(course), cwd=course))
        assert (found["root"], found["course"], found["force"]) == (str(course.resolve()), name, True)
        assert "BookVerdicts" in found["steps"] and "Execute" not in found["steps"]
        assert len(found["ours"]) >= 5


def test_times_that_an_earlier_version_noted_are_read(courses: Path) -> None:
    found = json.loads(grader("times", "digits", "--json", course=courses / "ki2"))
    assert {student: (note["when"], note["source"], note["number"]) for student, note in found.items()} == {
        "Ada-Lovelace-11": ("2027-02-01T18:30:00+01:00", "worksheet.csv", "11"),
        "Alan-Turing-12": ("2027-02-04T08:00:00+01:00", "worksheet.csv", "12"),
        "Grace-Hopper-13": (None, "", "13"),
    }


@pytest.mark.slow
def test_grading_a_course_of_an_earlier_version_moves_no_point(courses: Path) -> None:
    course = courses / "ki2"
    before, parts = points(course), remembered(course)
    by_hand = [row for row in before if row[6] is not None]
    late = {row[0] for row in before if row[3]}
    assert len(before) == 3 * 7 and len(by_hand) == 2 and late == {"Alan-Turing-12"}
    first = autograde(course, "digits")
    assert sorted(one["student"] for one in first) == ["Ada-Lovelace-11", "Alan-Turing-12", "Grace-Hopper-13"]
    moved = next(one["change"] for one in first if one["student"] == MISTAKEN)
    assert moved is None or all(one["by"] for one in moved["checks"])
    assert of_right_answers(points(course)) == of_right_answers(before) and remembered(course) >= parts
    before = points(course)
    again = grader("autograde", "digits", course=course)
    assert "3 submissions, 3 of them unchanged since they were last graded, 0 need a person" in again
    autograde(course, "digits", "--regrade")
    assert points(course) == before
    shown = grader("show", "digits", "Alan-Turing-12", course=course)
    assert "agrees with what is booked" in shown and "differs" not in shown
    grader("export", "digits", "--out", courses / "grades.csv", course=course)
    now, then = ((folder / "grades.csv").read_text(encoding="utf-8").splitlines() for folder in (courses, course))
    assert [line for line in now if MISTAKEN not in line] == [line for line in then if MISTAKEN not in line]
    assert "3 feedback pages" in grader("feedback", "digits", course=course)
    grader("report", "digits", course=course)


@pytest.mark.slow
def test_nbgrader_itself_grades_a_course_of_an_earlier_version(courses: Path) -> None:
    course = courses / "ki2"
    before = points(course)
    for student in ("Alan-Turing-12", "Ada-Lovelace-11"):
        run("-m", "nbgrader", "autograde", "digits", "--student", student, cwd=course)
    assert of_right_answers(points(course)) == of_right_answers(before)


@pytest.mark.slow
def test_a_course_that_an_earlier_version_adopted_keeps_its_points_and_is_given_back(courses: Path) -> None:
    course, original = courses / "sums", courses / "sums-before-adoption" / "nbgrader_config.py"
    before = points(course)
    assert len(before) == 2 * 6 and {row[5] for row in before} >= {0.0, 1.0, 2.0, 3.0}
    assert sorted(one["student"] for one in autograde(course, "week1")) == ["ada", "alan"]
    assert points(course) == before
    again = grader("autograde", "week1", course=course)
    assert "2 submissions, 2 of them unchanged since they were last graded, 0 need a person" in again
    autograde(course, "week1", "--regrade")
    assert points(course) == before
    assert "agrees with what is booked" in grader("show", "week1", "alan", course=course)
    said = run("-m", "grader", "adopt", str(course), "--undo")
    assert "our lines are out of nbgrader_config.py" in said and "changed since" not in said
    assert (course / "nbgrader_config.py").read_bytes() == original.read_bytes()
    assert points(course) == before
    assert {path.name for path in course.iterdir()} == {
        "autograded", "gradebook.db", "nbgrader_config.py", "release", "source", "submitted"
    }  # fmt: skip


def test_adopting_is_undone_without_grading_first(courses: Path) -> None:
    course, original = courses / "sums", courses / "sums-before-adoption" / "nbgrader_config.py"
    run("-m", "grader", "adopt", str(course), "--undo")
    assert (course / "nbgrader_config.py").read_bytes() == original.read_bytes()
    assert not (course / "adopted.json").exists()
