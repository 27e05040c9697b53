"""A full disk: said in one sentence; nothing that was there is lost, and the next run completes all."""

from __future__ import annotations

import errno
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from grader.course.folder import Course
from grader.model.faults import FaultError, in_words
from grader.repository import REPOSITORY
from tests.grader.batch.crash.full_disk import STUDENTS
from tests.grader.batch.crash.kit import ENVIRONMENT, FULL

OWN_MOUNTS = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]


@pytest.fixture
def on_full_disk(course: Course) -> Any:
    probe = [*OWN_MOUNTS, "mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(course.root)]
    if subprocess.run(probe, capture_output=True).returncode:
        pytest.skip("no disk of a few megabytes can be mounted here, not even in a namespace of its own")

    def run(where: str) -> Any:
        arguments = [*OWN_MOUNTS, sys.executable, "-m", "tests.grader.batch.crash.full_disk", str(course.root), where]
        done = subprocess.run(arguments, cwd=REPOSITORY, env=ENVIRONMENT, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr[-3000:]
        said = json.loads(done.stdout.splitlines()[-1])
        assert said["first"] == "" and said["sound"] and said["scores"]["before"] == FULL
        assert not any("Traceback" in problem for problem in said["problems"].values())
        everybody = dict.fromkeys([*STUDENTS, "before"], FULL)
        assert said["later"]["sound"] and said["later"]["problems"] == {} and said["later"]["scores"] == everybody
        return said

    return run


@pytest.mark.slow
def test_full_ledger_costs_no_grade(on_full_disk: Any, course: Course) -> None:
    said = on_full_disk("ledger")
    told = f"could not be recorded, and will be graded again: the disk is full: {course.ledger} could not be written"
    unrecorded = [student for student, problem in said["problems"].items() if problem.startswith(told)]
    assert unrecorded and all(problem == "" or problem.startswith(told) for problem in said["problems"].values())
    assert said["scores"] == said["later"]["scores"]
    assert sorted(said["later"]["graded"]) == sorted(unrecorded)


@pytest.mark.slow
def test_full_gradebook_loses_no_verdict(on_full_disk: Any, course: Course) -> None:
    said = on_full_disk("gradebook")
    told = f"not written to the gradebook: the disk is full: {course.gradebook} could not be written"
    unwritten = [student for student, problem in said["problems"].items() if problem.startswith(told)]
    assert unwritten and all(problem == "" or problem.startswith(told) for problem in said["problems"].values())
    assert all(set(said["scores"].get(student, {}).values()) <= {None} for student in unwritten)
    assert said["later"]["graded"] == []


@pytest.mark.slow
def test_full_autograded_folder_leaves_no_rows_without_a_notebook(on_full_disk: Any, course: Course) -> None:
    said = on_full_disk("autograded")
    unwritten = {student: problem for student, problem in said["problems"].items() if problem}
    assert unwritten
    for student, problem in unwritten.items():
        assert problem.startswith("not written to the gradebook: the disk is full: ") and student in problem
        assert set(said["scores"].get(student, {}).values()) <= {None}
    assert said["later"]["graded"] == []


@pytest.mark.slow
def test_batch_on_a_full_disk_stops_grading_what_it_cannot_keep(on_full_disk: Any, course: Course) -> None:
    said = on_full_disk("course")
    problems = list(said["problems"].values())
    assert all("the disk is full: " in problem for problem in problems if problem)
    assert problems[-1].startswith("not graded, since its grade could not be kept: ")
    assert STUDENTS[-1] not in said["graded"]


def test_faults_are_worded_for_a_person(tmp_path: Path) -> None:
    here = tmp_path / "gradebook.db"
    assert in_words(OSError(errno.ENOSPC, "No space left on device", "/a/b"), here) == (
        "the disk is full: /a/b could not be written. Make room, and run again"
    )
    assert in_words(OSError(errno.EDQUOT, "Disk quota exceeded"), here).startswith(f"the disk is full: {here} ")
    assert in_words(PermissionError(errno.EACCES, "Permission denied", "/a/b"), here) == "/a/b: Permission denied"
    assert in_words(FaultError("write one there"), here) == "write one there"
    assert in_words(ZeroDivisionError("a fault of ours"), here) == ""
    here.mkdir()
    with pytest.raises(sqlite3.OperationalError) as opened:
        sqlite3.connect(here).execute("SELECT 1")
    assert in_words(opened.value, here).startswith(f"{here} cannot be read or written: unable to open database file")
