"""Keeps two pages of a simulated course in docs/samples/, to be opened without an installation: `make samples`.

`make pictures` writes them too, so that pictures and pages show the same course.  Each page ends with a comment that
says by which templates and style sheets it was written; tests/test_samples.py compares it with those that are here.
"""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

from grader.course.folder import Course
from grader.repository import REPOSITORY
from tests.browser.courses import COHORT, MISTAKEN, course_with_submissions, grade_and_publish

SAMPLES = REPOSITORY / "docs" / "samples"
MOST_BYTES = 500_000
LOOKS = ("grader/feedback/*.j2", "grader/feedback/*.css", "grader/report/*.j2", "grader/report/*.css")


def looks() -> str:
    """A hash of all that gives the pages their looks."""
    digest = hashlib.sha256()
    for path in sorted(path for pattern in LOOKS for path in REPOSITORY.glob(pattern)):
        digest.update(f"{path.relative_to(REPOSITORY).as_posix()}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def written_by(page: str) -> str:
    """What a kept page says of itself, in its last line."""
    return page.rstrip().rsplit("\n", 1)[-1]


def comment() -> str:
    return f"<!-- a simulated course; kept by `make samples`, with the looks {looks()} -->"


def keep_samples(course: Course) -> None:
    """Keep one student's feedback page and the report of a graded course of digits.

    Raises:
        ValueError: a page would be too large for a repository.
    """
    pages = {
        "feedback": course.root / "feedback" / MISTAKEN / "digits" / "digits.html",
        "report": course.root / "report" / "digits" / "report.html",
    }
    SAMPLES.mkdir(exist_ok=True)
    for name, path in pages.items():
        content = f"{path.read_text(encoding='utf-8').rstrip()}\n{comment()}\n".encode()
        if len(content) > MOST_BYTES:
            raise ValueError(f"{name}.html would have {len(content)} bytes, at most {MOST_BYTES} are wanted")
        (SAMPLES / f"{name}.html").write_bytes(content)
        print(f"docs/samples/{name}.html: {len(content)} bytes")


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="samples-") as name:
        course = course_with_submissions("digits", Path(name) / "course", COHORT)
        grade_and_publish(course, "digits")
        keep_samples(course)


if __name__ == "__main__":
    main()
