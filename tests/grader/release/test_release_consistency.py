"""Checks, assignment.toml and notebook have to add up; what does not is named in a sentence that says what to do."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from exercises.assignment import assignment_names, load_assignment
from grader.__main__ import app
from grader.release.build import check_release, release
from grader.release.consistency import refuse_what_does_not_add_up
from grader.release.errors import ReleaseError

STUB = "exercises/tiny/adding.py"
FACTS = "exercises/tiny/assignment.toml"
SOURCE = "solutions/tiny/tiny.py"
PUBLIC, HIDDEN = "exercises/tiny/checks/adding.py", "grader/checks/tiny/adding.py"


def change(root: Path, name: str, old: str, new: str) -> None:
    text = (root / name).read_text()
    assert old in text
    (root / name).write_text(text.replace(old, new))


def refused(message: str) -> None:
    with pytest.raises(ReleaseError, match=message):
        check_release("tiny")


@pytest.mark.parametrize("name", assignment_names())
def test_every_assignment_adds_up(name: str) -> None:
    refuse_what_does_not_add_up(load_assignment(name))


@pytest.mark.parametrize("does", [release, check_release])
@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        (FACTS, "points = 2", "points = 3.5", (2, 3.5, 2)),
        (SOURCE, '"points": 2', '"points": 4', (2, 2, 4)),
        (PUBLIC, "points=1", "points=0.5", (1.5, 2, 2)),
    ],
)
def test_points_of_a_task_are_those_of_its_checks(
    tiny: Path, does: Callable[[str], object], name: str, old: str, new: str, said: tuple[float, float, float]
) -> None:
    change(tiny, name, old, new)
    checks, toml, cell = said
    message = (
        rf"task adding: its checks give {checks:g} without extra credit \(adding\.small .*, adding\.large 1\), "
        rf"exercises/tiny/assignment\.toml says {toml:g}, and its cell task-adding in solutions/tiny/tiny\.py "
        rf"says {cell:g}: the points of the checks count"
    )
    with pytest.raises(ReleaseError, match=message):
        does("tiny")
    assert not (tiny / STUB).exists()


def test_minutes_and_difficulty_of_a_task_stand_in_the_notebook(tiny: Path) -> None:
    change(tiny, FACTS, "points = 2", "points = 2\nminutes = 20\ndifficulty = 1")
    refused(r"task adding: .*assignment\.toml says 'about 20 minutes, difficulty 1 of 3', and .*tiny\.py does not")
    change(tiny, SOURCE, "# # Adding", "# # Adding\n# *About 20 minutes, difficulty 1 of 3.*")
    assert [drift.problem for drift in check_release("tiny")] == ["missing", "missing"]


def test_extra_credit_is_on_top_of_the_points(tiny: Path) -> None:
    checks = tiny / PUBLIC
    text = checks.read_text()
    checks.write_text(text + text[text.index("@check") :].replace("small", "more"))
    refused("its checks give 3 without extra credit")
    del sys.modules["exercises.tiny.checks.adding"]
    change(tiny, PUBLIC, 'more", points=1', 'more", extra=True, points=1')
    assert [drift.problem for drift in check_release("tiny")] == ["missing", "missing"]


@pytest.mark.parametrize(("name", "kind"), [(PUBLIC, "public"), (HIDDEN, "hidden")])
def test_a_task_has_a_module_of_public_and_one_of_hidden_checks(tiny: Path, name: str, kind: str) -> None:
    (tiny / name).unlink()
    result = CliRunner().invoke(app, ["check-release", "tiny"])
    words = f"{name} is missing: task adding of {FACTS} needs {kind} checks there"
    assert result.exit_code == 2 and words in result.output


def test_a_task_without_a_check_is_refused(tiny: Path) -> None:
    for name in (PUBLIC, HIDDEN):
        (tiny / name).write_text('"""None yet."""\n')
    refused(
        r"task adding of exercises/tiny/assignment\.toml has no check: write one in exercises/tiny/checks/adding\.py"
    )


def test_checks_that_cannot_be_read_are_named(tiny: Path) -> None:
    (tiny / HIDDEN).write_text("import nothing_of_this_name\n")
    refused(
        "the checks of tiny cannot be read: No module named 'nothing_of_this_name' "
        r"\(grader/checks/tiny/adding.py, line 1\)"
    )


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"""Checks."""', "1 / 0", r"ZeroDivisionError: division by zero \(.*/adding.py, line 1\)"),
        ('"""Checks."""', "raise SystemExit(3)", r"SystemExit: 3 \(.*/adding.py, line 1\)"),
        ("points=1", 'points="1"', r"check adding.large: points are a number, at least 0, not '1' \(.*line 6\)"),
        ("points=1", 'points=float("nan")', "check adding.large: points are a number, at least 0, not nan"),
        (', idea="Sums are right"', "", "TypeError: check.. missing 1 required keyword-only argument: 'idea'"),
        ("Sums are right", " ", "check adding.large: its idea is one sentence for students, not ' '"),
        (
            "points=1",
            'points=1, needs="adding.small"',
            r"check adding.large: needs is a list of ids: needs=\['adding.small'\]",
        ),
    ],
)
def test_what_checks_raise_when_they_are_imported_is_told(tiny: Path, old: str, new: str, words: str) -> None:
    change(tiny, HIDDEN, old, new)
    refused(f"the checks of tiny cannot be read: {words}")


@pytest.mark.parametrize("folder", ["exercises/tiny/checks", "grader/checks/tiny"])
def test_checks_without_a_task_are_refused_and_helpers_are_not(tiny: Path, folder: str) -> None:
    (tiny / folder / "helpers.py").write_text("def check(value):\n    return value\n\n\nEXAMPLE = check(3)\n")
    assert [drift.problem for drift in check_release("tiny")] == ["missing", "missing"]
    text = (tiny / PUBLIC).read_text()
    (tiny / folder / "other.py").write_text(text.replace("adding.small", "other.small"))
    refused(
        rf"{folder}/other\.py holds other\.small, but exercises/tiny/assignment\.toml has no task other: add \[\[task"
    )
    (tiny / folder / "other.py").write_text("def broken(:\n")
    refused(rf"{folder}/other\.py, line 1, is no Python: ")


def test_a_task_and_a_question_need_their_cells(tiny: Path) -> None:
    change(tiny, SOURCE, '"task-adding"', '"task-add"')
    change(tiny, SOURCE, '"question-why"', '"because"')
    with pytest.raises(ReleaseError) as caught:
        check_release("tiny")
    said = str(caught.value).splitlines()
    assert said == [
        f'task adding of {FACTS} has no cell in {SOURCE}: add one with "grade": true, "grade_id": "task-adding", '
        '"points": 2',
        f'question why of {FACTS} has no cell in {SOURCE}: add one with "grade": true, "grade_id": "question-why", '
        '"points": 1',
        f"{SOURCE} has the graded cell task-add, but {FACTS} has no task add: "
        'add [[task]] with name = "add", or take the cell out',
        f"{SOURCE} has the graded cell because, and nothing gives its points: a graded cell is called task-NAME, for a "
        "task, or question-NAME, for a question",
    ]


def test_a_question_of_the_notebook_needs_an_entry(tiny: Path) -> None:
    change(tiny, FACTS, 'name = "why"', 'name = "how"')
    refused(r"graded cell question-why, but exercises/tiny/assignment\.toml has no question why: add \[\[question\]\]")


def test_points_of_a_question_are_compared(tiny: Path) -> None:
    change(tiny, FACTS, "points = 1\n", "points = 1.5\n")
    refused(
        r"question why: exercises/tiny/assignment\.toml says 1\.5 points, and its cell question-why in "
        r"solutions/tiny/tiny\.py says 1: make the two equal"
    )


def test_release_and_check_release_look_at_the_gallery_too(tiny: Path, tmp_path: Path) -> None:
    for command in (["release", "tiny", "--out", str(tmp_path / "out")], ["check-release", "tiny"]):
        assert CliRunner().invoke(app, command).exit_code == 0
    change(tiny, "solutions/tiny/wrong_answers/adding.toml", "adding.*", "adding.small")
    for command in (["release", "tiny", "--out", str(tmp_path / "other")], ["check-release", "tiny"]):
        result = CliRunner().invoke(app, command)
        assert result.exit_code == 2
        assert (
            "no mistake of the gallery fails adding.large (Sums are right): add one that does to "
            'solutions/tiny/wrong_answers/adding.toml, with caught_by = ["adding.large"]'
        ) in result.output
    assert not (tmp_path / "other").exists()


def test_given_modules_lie_beside_the_students(tiny: Path) -> None:
    change(tiny, FACTS, 'title = "Adding"', 'title = "Adding"\ngiven = ["practise"]')
    refused(
        r"exercises/tiny/assignment\.toml: given names practise, but exercises/tiny/practise\.py is missing: write it, "
        "or take the name out of given"
    )
    (tiny / "exercises/tiny/practise.py").write_text("")
    assert [drift.problem for drift in check_release("tiny")] == ["missing", "missing"]


@pytest.mark.parametrize(
    ("late", "said"),
    [
        ("penalty = 0.1", r"\[late\] has no penalty"),
        ("penalty_per_day = -0.1", r"\[late\] penalty_per_day = -0\.1, but it is a share of the points"),
        ("penalty_per_day = 10", r"\[late\] penalty_per_day = 10, but it is a share of the points"),
    ],
)
def test_the_default_of_lateness_is_looked_at(tiny: Path, late: str, said: str) -> None:
    with (tiny / FACTS).open("a") as file:
        file.write(f"\n[late]\n{late}\n")
    refused(rf"exercises/tiny/assignment\.toml: {said}")


TRAINING = """
[training.adding]
examples_seen = 10
train_examples = 10
test_examples = 10
chance_like = 0.2
data = "digts"

[training.adding.threshold.generated]
sums = 0.5
"""


def test_kinds_of_data_exist(tiny: Path, tmp_path: Path) -> None:
    change(tiny, FACTS, 'data = "digits"', 'data = "letter"')
    with (tiny / FACTS).open("a") as file:
        file.write(TRAINING)
    for command in (["release", "tiny", "--out", str(tmp_path / "out")], ["check-release", "tiny"]):
        result = CliRunner().invoke(app, command)
        assert result.exit_code == 2
        for name in ("letter", "digts"):
            assert f"{FACTS}: data = '{name}', but the kinds of data are digits, " in result.output
    assert not (tmp_path / "out").exists()


def test_the_list_of_harmless_mutants_is_looked_at(tiny: Path, tmp_path: Path) -> None:
    (tiny / "solutions/tiny/harmless_mutants.toml").write_text('[[harmless]]\nmodule = "adding"\n')
    for command in (["release", "tiny", "--out", str(tmp_path / "out")], ["check-release", "tiny"]):
        result = CliRunner().invoke(app, command)
        assert result.exit_code == 2
        assert "solutions/tiny/harmless_mutants.toml, entry 1 lacks " in result.output
    assert not (tmp_path / "out").exists()
