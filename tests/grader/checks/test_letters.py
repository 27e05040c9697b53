"""An assignment with two tasks that train, under names of its own, on data of a kind of its own: graded as any other.

It lies in tests/fixtures/letters, and is laid over a copy of the repository.  Lines of symbols in the place of images,
four classes, a recipe with a field of its own, and results that are no accuracy.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from grader import repository

FIXTURE = Path(__file__).parents[2] / "fixtures" / "letters"
GRADE = """
import json, sys
from grader.authoring.galleries import right_answers, solution_files, wrong_answers
from grader.grading.checked.groups import groups_of
from grader.grading.checked.run import run_groups
from grader.model.submission import Submission

answers = {"solution": solution_files("letters"), **{one.name: one.files() for one in right_answers("letters")}}
answers |= {one.name: one.files() for one in wrong_answers("letters")}
found = {}
for name in sys.argv[1:]:
    modules = {module: text.encode() for module, text in answers[name].items()}
    groups = [group for group in groups_of("letters") if group.name != "notebook"]
    parts = run_groups(Submission(name, "letters", modules, None), groups, 5, "generated")
    verdicts = [verdict for part in parts for verdict in part.verdicts]
    problems = [str(problem) for part in parts for problem in part.problems]
    found[name] = {"points": {one.check: one.points for one in verdicts}, "problems": problems}
    found[name]["proposed"] = [one.proposed for one in verdicts]
    found[name] |= {"measured": {one.check: one.measured for one in verdicts}, "notes": [one.note for one in verdicts]}
print(json.dumps(found))
"""
DATA = """
import json
from grader.checks.private.data import HiddenData
from grader.checks.private.kinds import public_files
from grader.grading.checked.run import public_data

one, again, other = (HiddenData("letters", 5, "generated", name) for name in ("a", "a", "b"))
course = one.undisguised("present", 0)
lines = [hidden.drawn("present", 0) for hidden in (one, again, other)]
symbols = [sorted(set(zip(course.learn.tokens.flatten().tolist(), drawn.test.tokens.flatten().tolist())))
           for drawn in lines]
pairs = [set(zip(course.test.tokens.flatten().tolist(), drawn.test.tokens.flatten().tolist())) for drawn in lines]
print(json.dumps({
    "same": bool((lines[0].learn.tokens == lines[1].learn.tokens).all()),
    "other": bool((lines[0].learn.tokens == lines[2].learn.tokens).all()),
    "renamed": [len(pair) for pair in pairs],
    "sizes": [len(one.drawn(task, 0).learn.classes) for task in ("present", "majority")],
    "second": bool((one.undisguised("present", 1).learn.tokens == course.learn.tokens).all()),
    "public": [path.name for path in public_files("letters")],
    "given": [path for path in public_data("letters") if path.endswith(".txt")],
}))
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with the assignment, released."""
    root = tmp_path_factory.mktemp("repository")
    for folder in ("datasets", "docs", "exercises", "grader", "solutions"):
        left_out = shutil.ignore_patterns("__pycache__", "samples")
        shutil.copytree(repository.REPOSITORY / folder, root / folder, ignore=left_out)
    shutil.copytree(FIXTURE, root, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    ran(root, "-m", "grader", "release", "letters")
    return root


def ran(root: Path, *words: str) -> str:
    """What a command of Python's prints, run in the copy."""
    environment = {**os.environ, "PYTHONPATH": str(root), "OMP_NUM_THREADS": "1", "COURSE_DATA": str(root / "data")}
    done = subprocess.run([sys.executable, *words], cwd=root, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def graded(root: Path, *names: str) -> dict[str, Any]:
    return dict(json.loads(ran(root, "-c", GRADE, *names)))


def test_tasks_under_other_names_are_trained_and_judged_in_the_sandbox(course: Path) -> None:
    found = graded(course, "solution", "sums", "first_symbol_alone", "first_symbols_alone")
    full = {"present.shape": 0.5, "present.lines": 1.5, "majority.shape": 0.5, "majority.lines": 2.5}
    assert found["solution"]["points"] == found["sums"]["points"] == full, found
    assert not any(found["solution"]["proposed"]) and not any(found["sums"]["proposed"])
    assert not found["solution"]["problems"] and not any(found["solution"]["notes"])
    assert set(found["solution"]["measured"]["majority.lines"]) == {"found", "ranked"}
    assert found["first_symbol_alone"]["points"] == {**full, "present.lines": pytest.approx(0.0, abs=0.7)}
    assert found["first_symbols_alone"]["points"] == {**full, "majority.lines": pytest.approx(0.0, abs=0.7)}


def test_a_kind_of_its_own_is_drawn_and_disguised(course: Path) -> None:
    found = json.loads(ran(course, "-c", DATA))
    assert found["same"] and not found["other"] and not found["second"]
    assert found["renamed"] == [8, 8, 8]  # symbol by symbol
    assert found["sizes"] == [200, 240]
    assert found["public"] == ["letters-v1.txt"] and len(found["given"]) == 1


@pytest.mark.slow
def test_costs_and_verdicts_follow_the_tasks(course: Path) -> None:
    code = (
        "import json; from grader.grading.fingerprint.checked import basis_of; "
        "print(json.dumps([sorted(basis_of('letters', task).threshold) for task in ('present', 'majority')]))"
    )
    assert json.loads(ran(course, "-c", code)) == [["present"], ["majority"]]
    assert "majority.lines" in ran(course, "-m", "grader", "costs", "letters", "--repetitions", "1")
    assert "calibration of letters, majority, on generated data" in ran(course, "-m", "grader", "stale")


@pytest.mark.slow
def test_before_anything_was_measured_the_lecturer_is_told_what_to_run(course: Path) -> None:
    toml = course / "exercises" / "letters" / "assignment.toml"
    before = toml.read_text(encoding="utf-8")
    toml.write_text(before.replace("right = 0.75\n", ""), encoding="utf-8")
    try:
        found = graded(course, "solution")["solution"]
    finally:
        toml.write_text(before, encoding="utf-8")
    assert any("run python -m grader calibrate letters" in note for note in found["notes"])


@pytest.mark.slow
def test_both_tasks_are_calibrated_and_the_rest_of_the_file_stays(course: Path) -> None:
    toml = course / "exercises" / "letters" / "assignment.toml"
    before = toml.read_text(encoding="utf-8")
    toml.write_text(before.replace("right = 0.75\n", ""), encoding="utf-8")  # as before anything was measured
    try:
        ran(course, "-m", "grader", "calibrate", "letters", "--seeds", "60", "--processes", "2")
        text = toml.read_text(encoding="utf-8")
        found = tomllib.loads(text)["training"]
        assert found["present"]["threshold"]["generated"]["right"] > 0.6
        assert set(found["majority"]["threshold"]["generated"]) == {"found", "ranked"}
        assert "# What comes here, stays here." in text and "# So does this." in text and "by nobody" not in text
        records = json.loads((course / "docs" / "calibration.json").read_text(encoding="utf-8"))
        assert {"letters/present/generated", "letters/majority/generated"} <= set(records)
        assert {row["kind"] for row in records["letters/present/generated"]["reached"]} == {
            "reference", "right answer", "recipe", "wrong answer",
        }  # fmt: skip
        assert "holds: calibration of letters, present, on generated data" in ran(course, "-m", "grader", "stale")
    finally:
        toml.write_text(before, encoding="utf-8")
