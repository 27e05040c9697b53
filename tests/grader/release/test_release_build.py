"""The whole release of a small assignment: what it writes, twice the same, and what is out of step."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from typer.testing import CliRunner

from grader.__main__ import app
from grader.release.build import Drift, check_release, release
from grader.release.errors import ReleaseError

STUB, NOTEBOOK = "exercises/tiny/adding.py", "exercises/tiny/tiny.ipynb"


def test_release_reports_what_it_wrote(tiny: Path, tmp_path: Path) -> None:
    done = release("tiny", out=tmp_path / "out")
    assert done.rewritten == (STUB, NOTEBOOK)
    assert (done.folder, done.zip) == (tmp_path / "out" / "tiny", tmp_path / "out" / "tiny.zip")
    assert done.files == sum(path.is_file() for path in done.folder.rglob("*"))
    assert (done.source, done.released) == (None, None)
    with pytest.raises(dataclasses.FrozenInstanceError):
        done.files = 0  # type: ignore[misc]


def test_release_goes_to_build_where_nothing_is_said(tiny: Path) -> None:
    assert release("tiny").folder == tiny / "build" / "release" / "tiny"


def test_release_names_out_where_the_checkout_cannot_be_written(tiny: Path, tmp_path: Path) -> None:
    (tiny / "build").touch()  # stands in for a read-only disk, which the superuser would write to all the same
    result = CliRunner().invoke(app, ["release", "tiny"])
    assert result.exit_code == 2
    assert f"tiny is not released: {tiny / 'build'}" in result.output and "--out FOLDER" in result.output
    result = CliRunner().invoke(app, ["release", "tiny", "--out", str(tiny / "build" / "mine")])
    assert result.exit_code == 2 and "--out" not in result.output
    assert CliRunner().invoke(app, ["release", "tiny", "--out", str(tmp_path / "out")]).exit_code == 0


def test_release_twice_gives_the_same_bytes_and_rewrites_nothing(tiny: Path, tmp_path: Path) -> None:
    first = release("tiny", out=tmp_path / "one")
    times = {path: path.stat().st_mtime_ns for path in (tiny / STUB, tiny / NOTEBOOK)}
    second = release("tiny", out=tmp_path / "two")
    assert second.rewritten == ()
    assert {path: path.stat().st_mtime_ns for path in times} == times
    assert first.zip.read_bytes() == second.zip.read_bytes()


def test_check_release_is_silent_after_a_release(tiny: Path, tmp_path: Path) -> None:
    release("tiny", out=tmp_path / "out")
    assert check_release("tiny") == []


def test_check_release_reports_missing_files_and_writes_none(tiny: Path) -> None:
    assert check_release("tiny") == [Drift(STUB, "missing"), Drift(NOTEBOOK, "missing")]
    assert not (tiny / STUB).exists()


@pytest.mark.parametrize("name", [STUB, NOTEBOOK])
def test_check_release_reports_an_edited_file(tiny: Path, tmp_path: Path, name: str) -> None:
    release("tiny", out=tmp_path / "out")
    (tiny / name).write_text((tiny / name).read_text() + "\n")
    (drift,) = check_release("tiny")
    assert drift.file == name
    assert "make release" in str(drift)


def test_check_release_reports_a_changed_solution(tiny: Path, tmp_path: Path) -> None:
    release("tiny", out=tmp_path / "out")
    solution = tiny / "solutions/tiny/adding.py"
    solution.write_text(solution.read_text().replace("write add", "write the sum"))
    assert [drift.file for drift in check_release("tiny")] == [STUB]


def test_left_over_stub_is_reported_and_refused(tiny: Path, tmp_path: Path) -> None:
    release("tiny", out=tmp_path / "out")
    left_over = tiny / "exercises/tiny/subtracting.py"
    left_over.write_text((tiny / STUB).read_text())
    assert [drift.file for drift in check_release("tiny")] == ["exercises/tiny/subtracting.py"]
    with pytest.raises(ReleaseError, match=r"subtracting\.py"):
        release("tiny", out=tmp_path / "out")


def test_release_refuses_a_task_without_solution(tiny: Path) -> None:
    (tiny / "solutions/tiny/adding.py").unlink()
    with pytest.raises(ReleaseError, match=r"solutions/tiny/adding\.py is missing"):
        release("tiny")


def test_release_refuses_marks_in_a_module_that_no_task_names(tiny: Path) -> None:
    (tiny / "solutions/tiny/other.py").write_text((tiny / "solutions/tiny/adding.py").read_text())
    with pytest.raises(ReleaseError, match=r"other\.py has solution marks"):
        release("tiny")


def test_release_names_the_assignments_that_there_are(tiny: Path) -> None:
    with pytest.raises(ValueError, match="choose one of: tiny"):
        release("huge")


def test_release_refuses_a_python_that_is_older_than_the_grading_one(tiny: Path, tmp_path: Path) -> None:
    facts = tiny / "exercises" / "tiny" / "assignment.toml"
    facts.write_text('python = "9.1"\n' + facts.read_text())
    with pytest.raises(ReleaseError, match=r"tiny/assignment\.toml says that Python 9\.1 grades, and this is 3\."):
        release("tiny", out=tmp_path / "out")
    assert not (tmp_path / "out").exists() and not (tiny / STUB).exists()


def test_release_remarks_on_a_python_that_is_newer_than_the_grading_one(tiny: Path, tmp_path: Path) -> None:
    facts = tiny / "exercises" / "tiny" / "assignment.toml"
    facts.write_text('python = "3.2"\n' + facts.read_text())
    assert "where every machine that grades has it" in release("tiny", out=tmp_path / "out").remark
    result = CliRunner().invoke(app, ["release", "tiny", "--out", str(tmp_path / "out")])
    assert result.exit_code == 0 and "says that Python 3.2 grades" in result.output
