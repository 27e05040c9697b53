"""The model solution after the deadline: what is handed out, what it tells, and what it does not."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from exercises.assignment import load_assignment
from exercises.checking import check
from grader import repository
from grader.__main__ import app
from grader.authoring.galleries import WrongAnswer, solution_files, wrong_answers
from grader.course import closing
from grader.course.folder import Course
from grader.feedback.solution.beside import compare
from grader.feedback.solution.lines import Change, changes, hunks
from grader.feedback.solution.mistakes import costs, effect
from grader.feedback.solution.notes import Notes, gather_notes
from grader.feedback.solution.pages import beside_page, notes_page
from grader.feedback.solution.publish import write_solutions
from grader.model.submission import Submission
from grader.release.build import release
from grader.release.confidential import find_secrets
from grader.release.consistency import all_checks
from grader.release.errors import ReleaseError
from grader.release.model_solution import model_solution
from tests.grader.feedback.feedback_bench import STUDENT, Bench, Reader, graded
from tests.grader.feedback.test_feedback_safety import HOSTILE

DIGITS = load_assignment("digits")
MARKS = re.compile(r"(BEGIN|END) SOLUTION|# Task \d")


@pytest.fixture(scope="module")
def notes() -> Notes:
    return gather_notes("digits")


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("solutions")
    write_solutions("digits", folder)
    return folder


def submission(**changed: str | None) -> Submission:
    """The stubs as they were released, but for these modules; None: not handed in."""
    texts = {name: (repository.exercises("digits") / f"{name}.py").read_text("utf-8") for name in DIGITS.modules}
    modules = {name: text.encode() for name, text in (texts | changed).items() if text is not None}
    return Submission(STUDENT, "digits", modules, None)


def test_the_zip_lays_the_solution_beside_ones_own_files_and_can_be_imported(out: Path, tmp_path: Path) -> None:
    folder = release("digits", out=tmp_path).folder
    with zipfile.ZipFile(out / "digits-solutions.zip") as archive:
        assert sorted(archive.namelist()) == sorted(
            [f"solutions/digits/{name}.py" for name in DIGITS.modules] + ["solutions/digits/notes.html"]
        )
        archive.extractall(folder)
    for name in DIGITS.modules:
        text = (folder / f"solutions/digits/{name}.py").read_text(encoding="utf-8")
        assert text.startswith(f"# The model solution, to be read beside exercises/digits/{name}.py.\n")
        assert not MARKS.search(text)
    code = "from solutions.digits.blocks import ConvBlock2d; from solutions.digits import recipe; print(recipe.RECIPE)"
    environment = {**os.environ, "PYTHONPATH": ""}
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_same_solution_gives_the_same_bytes(out: Path, tmp_path: Path) -> None:
    again = write_solutions("digits", tmp_path)
    assert again.zip.read_bytes() == (out / "digits-solutions.zip").read_bytes()
    assert again.page.read_bytes() == (out / "digits-solutions.html").read_bytes()


def test_the_page_fetches_nothing_and_tells_no_secret(out: Path) -> None:
    page = (out / "digits-solutions.html").read_text(encoding="utf-8")
    reader = Reader(page)
    assert list(reader.outside()) == [] and reader.faults == [] and reader.open == []
    assert not MARKS.search(page)
    assert not [id for id in find_secrets("digits").checks if id in page]
    assert str(repository.REPOSITORY) not in page and "wrong_answers" not in page


def test_each_region_and_each_mistake_of_the_gallery_stands_on_it_once(notes: Notes) -> None:
    found = [note.description for module in notes.modules for part in module.parts for note in part.notes]
    due = [one.description for one in wrong_answers("digits") if one.module and not one.unwritten]
    assert sorted(found) == sorted(due) and notes.mistakes == len(due)
    codes = [line.strip() for module in notes.modules for part in module.parts for line in part.code.split("\n")]
    assert "return windows.amax(dim=-1)" in codes
    assert all(part.code for module in notes.modules for part in module.parts if part.title.startswith("Task "))


def test_a_mistake_stands_below_the_region_that_it_changes(notes: Notes) -> None:
    (pooling,) = [module for module in notes.modules if module.name == "pooling"]
    parts = {part.title: part for part in pooling.parts}
    (note,) = [
        note
        for note in parts["Task 2.2: write MaxPool2d.__init__"].notes
        if note.description == "Without a stride, windows of MaxPool2d start at every pixel."
    ]
    assert note.changed == (
        (
            Change("same", "self.kernel_size = kernel_size"),
            Change("gone", "self.stride = kernel_size if stride is None else stride"),
            Change("new", "self.stride = 1 if stride is None else stride"),
        ),
    )
    assert dict(note.effect.said)["expected"] == "[4, -1], shape (1, 1, 1, 2)"
    assert any(not notice.public for notice in note.effect.notices)
    assert note.effect.costs.startswith("1.9 to 2.3 points (")


def test_costs_are_the_points_of_the_checks_that_notice_it() -> None:
    checks = [
        check("receptive_field.a", points=0.5, idea="A")(lambda student, solution, expect: None),
        check("receptive_field.b", points=0.5, idea="B")(lambda student, solution, expect: None),
        check("pooling.a", points=2, idea="C")(lambda student, solution, expect: None),
        check("pooling.more", points=1, idea="D", extra=True)(lambda student, solution, expect: None),
    ]

    def told(caught_by: tuple[str, ...], **partly: tuple[float, float]) -> str:
        luck = {name.replace("__", "."): band for name, band in partly.items()}
        mistake = WrongAnswer("m", "M.", "digits", "pooling", (("a", "b"),), caught_by, luck)
        return costs(mistake, DIGITS, checks)

    assert told(("receptive_field.*",)) == "1 point in task 1"
    assert told(("receptive_field.a", "pooling.a")) == "2.5 points (0.5 in task 1, 2 in task 2)"
    assert told((), pooling__a=(1.5, 2.0)) == "0 to 0.5 points"
    assert told(("pooling.more",)) == "1 of the extra credit"
    assert told(("pooling.*",)) == "2 points and 1 of the extra credit in task 2"


def test_of_a_mistake_that_runs_for_ever_nothing_is_tried() -> None:
    endless = [one for one in wrong_answers("digits") if not one.ends]
    assert endless, "the gallery has some"
    for mistake in endless:
        assert effect(mistake, DIGITS, all_checks("digits")).said == ()


def test_what_differs_stands_side_by_side_with_its_line_numbers() -> None:
    first, second = ["a", "b", "c", "d", "e"], ["a", "b", "x", "d", "e", "f"]
    one, two = hunks(first, second, around=0)
    assert [line.text for line in one.first] == ["c"] and [line.text for line in one.second] == ["x"]
    assert (one.first_at, one.second_at) == (3, 3)
    assert two.first == () and [line.text for line in two.second] == ["f"] and two.second_at == 6
    assert hunks(first, first, around=3) == ()
    assert changes(["if a:", "    b", ""], ["if a:", "    c", ""], around=1) == (
        (Change("same", "if a:"), Change("gone", "    b"), Change("new", "    c")),
    )


def test_ones_own_files_stand_beside_the_solution() -> None:
    solution = model_solution("digits")
    found = compare(
        submission(pooling=solution["pooling"], blocks=None, recipe="x = 1\n" * 3_000, helpers="def mine(): ...\n")
    )
    states = {pair.name: pair.state for pair in found.pairs}
    assert states["blocks"] == "missing" and states["recipe"] == "long" and states["classifier"] == ""
    assert found.own == ("helpers",)
    text = Reader(beside_page(found)).text
    assert "You have not handed in this file." in text and "helpers.py" in text
    assert "raise NotImplementedError" in text and "self.output = nn.Linear(hidden, num_classes)" in text
    assert "Staff: generated" not in text and "Your answers go here" not in text


def test_a_file_that_says_the_same_is_no_difference() -> None:
    texts = {name: f"# Your answers go here: save, and run `python -m exercises check digits {name}`.\n{text}"
             for name, text in model_solution("digits").items()}  # fmt: skip
    assert {pair.state for pair in compare(submission(**texts)).pairs} == {"same"}


def test_hostile_files_stay_text() -> None:
    given = submission(pooling=f"{HOSTILE}\x1b[31m\x00\u202e\n")
    page = beside_page(compare(replace(given, modules={**given.modules, "blocks": b"\xff\xfe\x00"})))
    reader = Reader(page)
    assert list(reader.outside()) == [] and reader.faults == []
    assert "<script" not in page.lower() and "\x1b" not in page and "\u202e" not in page
    assert "<script>alert(1)</script>" in reader.text


def test_feedback_names_the_page_once_the_solution_is_handed_out(bench: Bench) -> None:
    assert "model solution" not in bench.page()
    write_solutions_into(bench.course)
    page = bench.page(*graded().verdicts)
    assert 'href="digits-solution.html"' in page


def write_solutions_into(course: Course) -> None:
    (course.root / "solutions").mkdir()
    (course.root / "solutions" / "digits-solutions.zip").write_bytes(b"")


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["release", *words])
    return result.exit_code, " ".join(result.output.split())


def test_before_the_latest_deadline_nothing_is_handed_out(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = bench.course.root
    bench.course.settings.write_text(
        'zone = "UTC"\n[deadlines]\ndigits = "2030-01-15 23:59"\n[extensions.digits]\nada = "2030-01-17 12:00"\n'
        "[late]\npenalty_per_day = 0.5\n"
    )
    words = ("digits", "--solutions", "--course", str(root))

    def at(text: str) -> tuple[int, str]:
        monkeypatch.setattr(closing, "this_moment", lambda: datetime.fromisoformat(text).replace(tzinfo=UTC))
        return run(*words)

    code, said = at("2030-01-16 12:00")
    assert code == 2 and "not handed out before the deadline, Thursday 17 January 2030, 12:00" in said
    assert "(extended for ada); --now does it all the same" in said
    assert not (root / "solutions").exists()
    code, said = at("2030-01-17 13:00")
    assert code == 0, said
    assert "warning: digits still earns points when it is handed in late, until Friday 18 January" in said
    assert "1 pages digits-solution.html" in said
    assert (root / "solutions" / "digits-solutions.zip").is_file()
    assert (root / "feedback" / STUDENT / "digits" / "digits-solution.html").is_file()
    code, said = at("2030-01-20 00:00")
    assert code == 0 and "warning" not in said


def test_now_is_now_and_needs_a_name(tmp_path: Path) -> None:
    code, said = run("digits", "--solutions", "--now", "--out", str(tmp_path))
    assert code == 0 and (tmp_path / "digits-solutions.html").is_file() and "common mistakes" in said
    assert run("--solutions")[0] == 2
    assert run("digits", "--now")[0] == 2


def test_a_solution_that_tells_more_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    hidden = sorted(find_secrets("digits").checks)[0]
    monkeypatch.setattr("grader.feedback.solution.publish.notes_page", lambda notes: f"<p>'{hidden}'</p>")
    monkeypatch.setattr("grader.feedback.solution.publish.gather_notes", lambda name: Notes(name, "", ()))
    with pytest.raises(ReleaseError, match=f"notes.html: the hidden check '{hidden}'"):
        write_solutions("digits", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_solutions_are_whole() -> None:
    assert model_solution("digits").keys() == solution_files("digits").keys()
    assert "SOLUTION" not in "".join(model_solution("digits").values())


def test_page_of_notes_escapes(notes: Notes) -> None:
    assert "&lt;" in notes_page(notes)
