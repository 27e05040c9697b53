"""Runs a batch while a small disk is full, and once more when there is room; started in a mount namespace of its own.

    python -m tests.grader.batch.crash.full_disk COURSE WHERE   -> JSON: problems and scores, full and later

WHERE is what lies on the small disk: ledger, gradebook, autograded, or course (all of it).
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from grader.batch import run as batch
from grader.course.folder import Course
from tests.grader.batch.crash.kit import full_points, hand_in, run, scores, sound

STUDENTS = [f"s{n:02d}" for n in range(6)]
ROOM = 24 << 10  # bytes left: enough to begin with, and not to end


def main(root: Path, where: str) -> None:
    course, disk = Course(root), root.parent / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(disk)], check=True)
    hand_in(course, *STUDENTS)
    hand_in(course, "before")
    graded: list[str] = []

    def grade(submission: Any, *rest: Any) -> Any:
        graded.append(submission.student)
        return full_points(submission, *rest)

    batch.grade_groups = grade
    first = run(course, ["before"])["before"].problem
    if where == "course":
        shutil.copytree(root, disk / "course", symlinks=True)
        course = Course(disk / "course")
    else:
        place = {"ledger": course.ledger, "gradebook": course.gradebook, "autograded": root / "autograded"}[where]
        shutil.move(place, disk / place.name)
        place.symlink_to(disk / place.name)
    _fill(disk)
    full = run(course, STUDENTS)
    said = {
        "first": first,
        "problems": {student: one.problem for student, one in full.items()},
        "scores": scores(course),
        "graded": list(graded),
        "sound": sound(course.gradebook) and sound(course.ledger),
    }
    (disk / "filler").unlink()
    later = run(course, [*STUDENTS, "before"])
    said["later"] = {
        "problems": {student: one.problem for student, one in later.items() if one.problem},
        "scores": scores(course),
        "graded": graded[len(said["graded"]) :],
        "sound": sound(course.gradebook) and sound(course.ledger),
    }
    print(json.dumps(said))


def _fill(disk: Path) -> None:
    """Leave ROOM bytes on a disk."""
    with (disk / "filler").open("wb") as file:
        free = shutil.disk_usage(disk).free - ROOM
        file.write(b"\0" * free)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
