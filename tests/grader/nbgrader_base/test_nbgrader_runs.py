"""What is changed in nbgrader, so that it can be run for a whole course in one process."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from importlib.machinery import PathFinder
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from nbgrader.api import Gradebook
from sqlalchemy import create_engine, event

from grader.course.folder import Course
from grader.gradebook.config import load_config, write_config
from grader.nbgrader_base.runs import _index, put_programs_on_path, quiet_database, reuse_engines
from grader.repository import REPOSITORY


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A gradebook that was opened before."""
    put_programs_on_path()
    quiet_database()
    reuse_engines()
    path = tmp_path / "gradebook.db"
    open_and_add(path, "first")
    return path


def open_and_add(file: Path, student: str) -> None:
    with Gradebook(f"sqlite:///{file}") as gradebook:
        gradebook.add_student(student)


def students(file: Path) -> list[str]:
    with Gradebook(f"sqlite:///{file}") as gradebook:
        return sorted(student.id for student in gradebook.students)


def test_gradebook_that_was_opened_before_is_only_asked_for_its_course(file: Path) -> None:
    asked: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        asked.append(statement)

    with Gradebook(f"sqlite:///{file}") as gradebook:
        engine = gradebook.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        with Gradebook(f"sqlite:///{file}"):
            assert len(asked) == 1 and asked[0].startswith("SELECT course")
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert students(file) == ["first"]


def test_gradebook_that_was_removed_is_made_anew(file: Path) -> None:
    file.rename(file.with_name("old.db"))  # its inode stays taken
    open_and_add(file, "second")
    assert students(file) == ["second"]


def test_gradebook_that_was_emptied_is_made_anew(file: Path) -> None:
    file.write_bytes(b"")
    open_and_add(file, "second")
    assert students(file) == ["second"]


def test_other_database_in_the_place_on_disk_of_a_removed_one_is_prepared(file: Path) -> None:
    with closing(sqlite3.connect(file)) as database:  # the same inode, as a new file may have it
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for name in names:
            database.execute(f'DROP TABLE "{name}"')
        database.execute("CREATE TABLE other (id)")
        database.commit()
    open_and_add(file, "second")
    assert students(file) == ["second"]


def test_another_course_in_the_same_file_is_looked_for(file: Path) -> None:
    with Gradebook(f"sqlite:///{file}", "another") as gradebook:
        assert gradebook.check_course("another").id == "another"


@pytest.mark.parametrize("query", ["grade WHERE notebook_id", "submitted_notebook WHERE assignment_id"])
def test_rows_of_one_submission_are_found_without_reading_those_of_all(file: Path, query: str) -> None:
    with closing(sqlite3.connect(file)) as connection:
        [plan] = connection.execute(f"EXPLAIN QUERY PLAN SELECT id FROM {query} = 'x'").fetchall()
    assert "USING" in plan[3] and "INDEX course_" in plan[3]


def test_gradebook_that_cannot_be_written_is_opened_without_index(file: Path) -> None:
    copy = file.with_name("copy.db")
    copy.write_bytes(file.read_bytes())
    with closing(sqlite3.connect(copy)) as connection:
        for name in (
            "course_grade_notebook_id",
            "course_comment_notebook_id",
            "course_submitted_notebook_assignment_id",
        ):
            connection.execute(f"DROP INDEX {name}")
        connection.commit()
    copy.chmod(0o444)
    engine = create_engine(f"sqlite:///file:{copy}?mode=ro&uri=true")
    _index(SimpleNamespace(engine=engine))
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT count(*) FROM sqlite_master WHERE name LIKE 'course_%'").fetchone() == (0,)
    engine.dispose()


def test_a_configuration_that_names_another_copy_of_the_grader_loads_the_one_that_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Processes that grade take the path of this one: with an older copy first on it they would grade as that does."""
    older = tmp_path / "older"
    (older / "grader").mkdir(parents=True)
    (older / "grader" / "__init__.py").write_text("")
    course = Course(tmp_path / "course")
    file = write_config(course)
    file.write_text(file.read_text().replace(str(REPOSITORY), str(older)))
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setenv("COURSE_REPOSITORY", "")  # so that it is as it was afterwards
    monkeypatch.delenv("COURSE_REPOSITORY")
    load_config(course)
    found = PathFinder.find_spec("grader", sys.path)
    assert found is not None and found.origin == str(REPOSITORY / "grader" / "__init__.py")
