"""nbgrader's source and release in a course folder."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from grader.nbgrader_base.runs import put_programs_on_path
from grader.release.build import release
from grader.release.bundle import student_bundle
from grader.release.errors import ReleaseError
from grader.release.notebook import source_notebook

# nbgrader's own gradebook code gives rise to these, with any submission
pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")


def content(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_course_gets_the_solution_in_source_and_the_students_folder_in_release(tiny: Path, tmp_path: Path) -> None:
    done = release("tiny", course_root=tmp_path / "course", out=tmp_path / "out")
    bundle = student_bundle("tiny")
    assert done.source == tmp_path / "course" / "source" / "tiny"
    assert done.released == tmp_path / "course" / "release" / "tiny"
    assert content(done.released) == bundle
    assert content(done.source) == {**bundle, "tiny.ipynb": source_notebook("tiny")}


def test_course_says_whom_its_students_ask(tiny: Path, tmp_path: Path) -> None:
    (tmp_path / "course").mkdir()
    (tmp_path / "course" / "course.toml").write_text('contact = "the forum"\n')
    done = release("tiny", course_root=tmp_path / "course", out=tmp_path / "out")
    assert done.released is not None
    assert "**Whom to ask:** the forum" in (done.released / "README.md").read_text()
    assert "**Whom to ask:** the forum" in (done.folder / "README.md").read_text()


def test_course_gradebook_knows_the_assignment(tiny: Path, tmp_path: Path) -> None:
    release("tiny", course_root=tmp_path / "course", out=tmp_path / "out")
    with Gradebook(f"sqlite:///{tmp_path / 'course' / 'gradebook.db'}") as gradebook:
        assert gradebook.find_assignment("tiny").max_score == 3
        cells = gradebook.find_notebook("tiny", "tiny").grade_cells
        assert {cell.name: cell.max_score for cell in cells} == {"task-adding": 2, "question-why": 1}


def test_a_given_file_that_is_gone_leaves_source_and_release(tiny: Path, tmp_path: Path) -> None:
    table = tiny / "exercises/tiny/table.csv"
    table.write_text("1,2\n")
    first = release("tiny", course_root=tmp_path / "course", out=tmp_path / "out")
    assert first.source is not None and (first.source / "exercises/tiny/table.csv").is_file()
    table.unlink()
    done = release("tiny", course_root=tmp_path / "course", out=tmp_path / "out")
    assert done.source is not None and done.released is not None
    assert content(done.released) == student_bundle("tiny")
    assert not (done.source / "exercises/tiny/table.csv").exists()


def test_course_release_twice_gives_the_same_files(tiny: Path, tmp_path: Path) -> None:
    release("tiny", course_root=tmp_path / "course", out=tmp_path / "out")
    first = {n: c for n, c in content(tmp_path / "course").items() if n != "gradebook.db"}
    release("tiny", course_root=tmp_path / "course", out=tmp_path / "out")
    assert {n: c for n, c in content(tmp_path / "course").items() if n != "gradebook.db"} == first


def test_course_with_folders_of_its_own_gets_them_there(tiny: Path, tmp_path: Path) -> None:
    root = tmp_path / "course"
    root.mkdir()
    (root / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.source_directory = 'solved'\n"
        "c.CourseDirectory.directory_structure = '{assignment_id}/{nbgrader_step}/{student_id}'\n"
    )
    done = release("tiny", course_root=root, out=tmp_path / "out")
    assert (done.source, done.released) == (root / "tiny" / "solved", root / "tiny" / "release")
    assert content(done.released) == student_bundle("tiny")
    assert not (root / "source").exists() and not (root / "release").exists()


def test_course_keeps_submissions_when_released_again(tiny: Path, tmp_path: Path) -> None:
    root = tmp_path / "course"
    release("tiny", course_root=root, out=tmp_path / "out")
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        gradebook.add_student("ada")
        gradebook.add_submission("tiny", "ada")
    release("tiny", course_root=root, out=tmp_path / "out")
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        assert [s.student.id for s in gradebook.assignment_submissions("tiny")] == ["ada"]


def test_course_refuses_new_graded_cells_once_there_are_submissions(tiny: Path, tmp_path: Path) -> None:
    root = tmp_path / "course"
    release("tiny", course_root=root, out=tmp_path / "out")
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        gradebook.add_student("ada")
        gradebook.add_submission("tiny", "ada")
    notebook = tiny / "solutions/tiny/tiny.py"
    notebook.write_text(notebook.read_text().replace("warm-up", "warm-down"))
    before = content(root)
    with pytest.raises(ReleaseError, match=r"1 submissions.*added: \['warm-down'\], removed: \['warm-up'\]"):
        release("tiny", course_root=root, out=tmp_path / "out")
    assert content(root) == before


def test_course_refuses_files_in_source_that_it_did_not_write(tiny: Path, tmp_path: Path) -> None:
    stray = tmp_path / "course" / "source" / "tiny" / "answers.txt"
    stray.parent.mkdir(parents=True)
    stray.write_text("mine")
    with pytest.raises(ReleaseError, match=r"answers\.txt"):
        release("tiny", course_root=tmp_path / "course", out=tmp_path / "out")
    assert stray.read_text() == "mine"
    assert not (tmp_path / "course" / "release").exists()


def test_course_reads_its_own_configuration_and_refuses_one_that_keeps_answers(tiny: Path, tmp_path: Path) -> None:
    root = tmp_path / "course"
    root.mkdir()
    (root / "nbgrader_config.py").write_text("c = get_config()\nc.ClearHiddenTests.enabled = False\n")
    with pytest.raises(ReleaseError, match=r"tiny\.ipynb.*nbgrader_config\.py"):
        release("tiny", course_root=root, out=tmp_path / "out")


def test_programs_are_found_without_an_activated_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    put_programs_on_path()
    assert os.environ["PATH"].split(os.pathsep) == [str(Path(sys.executable).parent), str(tmp_path)]
    put_programs_on_path()
    assert len(os.environ["PATH"].split(os.pathsep)) == 2


def test_a_release_for_a_course_says_the_courses_deadline_everywhere(tiny: Path, tmp_path: Path) -> None:
    root = tmp_path / "course"
    root.mkdir()
    (root / "course.toml").write_text('zone = "Europe/Helsinki"\n[deadlines]\ntiny = "2031-07-15 12:30"\n')
    done = release("tiny", course_root=root, out=tmp_path / "out")
    assert done.released is not None and done.source is not None
    words = "Tuesday 15 July 2031, 12:30 (UTC+0300, Europe/Helsinki)"
    for folder in (done.folder, done.released, done.source):
        assert words in (folder / "README.md").read_text()
        facts = (folder / "exercises/tiny/assignment.toml").read_text()
        assert "deadline = 2031-07-15T12:30:00+03:00\n" in facts and facts.count("deadline") == 1
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        assert gradebook.find_assignment("tiny").duedate == datetime(2031, 7, 15, 9, 30)
    assert "2 February 2030" in (release("tiny", out=tmp_path / "out").folder / "README.md").read_text()


def test_a_wrong_deadline_of_the_course_is_refused_before_anything_is_written(tiny: Path, tmp_path: Path) -> None:
    root = tmp_path / "course"
    root.mkdir()
    (root / "course.toml").write_text('[deadlines]\ntiny = "soon"\n')
    with pytest.raises(ReleaseError, match=r"course\.toml: \[deadlines\] tiny = 'soon', but it is a date and a time"):
        release("tiny", course_root=root, out=tmp_path / "out")
    assert not (tmp_path / "out").exists() and not (tiny / "exercises/tiny/adding.py").exists()
