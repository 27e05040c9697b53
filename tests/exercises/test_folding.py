"""What waits for one part, or for one file, is told once."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from exercises.assignment import load_assignment
from exercises.checking import Cause, Status, Verdict
from exercises.checking.folding import Folded, folded
from exercises.checking.show import Report, as_texts
from grader import repository
from grader.authoring.galleries import solution_files

MARK = re.compile(r"^(PASS|FAIL|TODO|xtra|----|PART|\?{4})  ", re.MULTILINE)


def failed(check: str, cause: Cause, got: str, line: int = 1, **more: object) -> Verdict:
    task = check.split(".")[0]
    where = (f"{task}.py", line)
    return Verdict(check, task, "an idea", Status.FAILED, 0, 0.5, got=got, cause=cause, where=where, **more)  # type: ignore[arg-type]


def unwritten(check: str, what: str, line: int = 1, **more: object) -> Verdict:
    return failed(check, Cause.NOT_WRITTEN, f"not written yet: {what}", line, **more)


def test_a_part_that_is_not_written_is_one_line_at_the_end_of_its_task() -> None:
    wrong = failed("a.wrong", Cause.WRONG, "5")
    verdicts = [
        unwritten("a.one", "Task 1.2", 9),
        unwritten("a.two", "Task 1.1", 4),
        wrong,
        unwritten("a.three", "Task 1.2", 9),
        unwritten("b.one", "Task 2", extra=True),
    ]
    assert [one.head if isinstance(one, Folded) else one for one in folded(verdicts)] == [
        wrong,
        "not written yet: Task 1.1  [1 check]",
        "not written yet: Task 1.2  [2 checks]",
        "not written yet: Task 2  [1 check]",
    ]
    report = Report("digits", "", tuple(verdicts), ())
    marks = ["FAIL", "TODO", "TODO", "xtra"]
    assert MARK.findall(str(report)) == marks and MARK.findall("\n".join(as_texts(verdicts))) == marks
    assert "TODO        0 / 1  not written yet: Task 1.2  [2 checks]\n" in str(report)
    assert [report._repr_html_().count(f">{mark}</b>") for mark in ("FAIL", "TODO", "xtra")] == [1, 2, 1]


def test_what_has_ended_is_shown_at_once() -> None:
    def running() -> Iterator[Verdict]:
        yield failed("a.one", Cause.WRONG, "5")
        raise AssertionError("asked for more before the first was shown")

    assert "got       5" in next(as_texts(running()))


def test_a_check_that_needs_an_unwritten_part_goes_with_it() -> None:
    needing = Verdict("a.two", "a", "an idea", Status.NOT_RUN, 0, 1, about="a.one")
    (group,) = folded([unwritten("a.one", "Task 1"), needing])
    assert isinstance(group, Folded) and (group.head[-10:], group.max_points) == ("[2 checks]", 1.5)
    other = replace(needing, about="a.none")
    assert list(folded([other])) == [other]


def test_a_file_that_cannot_be_read_is_one_entry_over_all_tasks() -> None:
    got = "SyntaxError: expected ':'  (a.py, line 1: def f())"
    verdicts = [failed(f"{task}.one", Cause.UNREADABLE, got, expected=f"{task}: no exception") for task in "abc"]
    text = str(Report("digits", "", tuple(verdicts), ()))
    assert MARK.findall(text) == ["FAIL"] and text.count(got) == 1
    assert "3 checks stop at the same place" in text and "no exception" not in text
    assert list(folded(verdicts[:1])) == verdicts[:1]  # alone, it is a check like others


def test_an_exception_of_one_line_is_told_once_whatever_the_sizes() -> None:
    one = failed("a.one", Cause.RAISED, "RuntimeError: got 3 channels  (a.py, line 1: x)", expected="[3]: no exception")
    two = replace(one, check="a.two", expected="[7]: no exception", got=one.got.replace("3", "7"), hint="another?")
    between = replace(one, check="a.between", idea="of values", cause=Cause.WRONG, got="5")
    text = str(Report("digits", "", (one, two), ()))
    assert text.count("RuntimeError") == 1 and "the same as in the check above" in text and "another?" not in text
    text = str(Report("digits", "", (one, between, two), ()))
    assert text.count("RuntimeError") == 1 and "the same exception from the same line as above: an idea" in text
    for other in (
        replace(two, where=("a.py", 2)),
        replace(two, about="TypeError"),
        replace(two, task="b"),
    ):
        text = str(Report("digits", "", (one, other), ()))
        assert text.count("got       RuntimeError") == 2


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A student's folder as it was released."""
    for name in ("exercises", "datasets"):
        shutil.copytree(repository.REPOSITORY / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def marks_of(folder: Path) -> tuple[list[str], str]:
    command = [sys.executable, "-m", "exercises", "check", "digits"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 1
    return MARK.findall(done.stdout), done.stdout


def test_untouched_folder_is_a_list_of_what_to_write_and_nothing_that_failed(folder: Path) -> None:
    marks, text = marks_of(folder)
    regions = sum(text.count("BEGIN SOLUTION") for text in solution_files("digits").values())
    assert set(marks) == {"TODO", "xtra"} and len(marks) <= regions
    assert [text.count(f"{task.name}: passed 0 of") for task in load_assignment("digits").tasks] == [1] * 5


def test_a_missing_colon_is_one_entry(folder: Path) -> None:
    for name, text in solution_files("digits").items():
        (folder / "exercises" / "digits" / f"{name}.py").write_text(text, encoding="utf-8")
    pooling = folder / "exercises" / "digits" / "pooling.py"
    pooling.write_text(pooling.read_text().replace(") -> None:", ") -> None", 1))
    marks, text = marks_of(folder)
    assert marks.count("FAIL") == 1 and text.count("SyntaxError") == 1 and set(marks) == {"FAIL", "PASS"}
    assert "SyntaxError: expected ':'  (pooling.py, line " in text
