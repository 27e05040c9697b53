"""What programs import before they have anything to do: whoever asks for help, or starts a worker, does not wait."""

from __future__ import annotations

import subprocess
import sys

import pytest

from grader.repository import REPOSITORY

BOOKING = ("nbgrader", "nbconvert", "sqlalchemy", "rfc3987_syntax")
SLOW = (*BOOKING, "torch", "matplotlib", "distributed")


@pytest.mark.parametrize(
    ("program", "slow"),
    [
        ("grader.cli", SLOW),
        ("exercises.checking", SLOW),
        ("exercises.__main__", SLOW),
        ("grader.course.folder", SLOW),
        ("grader.grading.run", SLOW),
        ("grader.grading.fingerprint.checked", SLOW),
        ("grader.grading.checked.run", BOOKING),  # what a worker imports
    ],
)
def test_programs_begin_without_packages_that_take_seconds(program: str, slow: tuple[str, ...]) -> None:
    code = f"import sys, {program}; print([name for name in {slow} if sys.modules.get(name)])"
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_check_framework_gives_what_needs_torch_when_asked() -> None:
    import exercises.checking
    from exercises.checking.expect import Expect
    from exercises.checking.tensors import randomise

    assert exercises.checking.Expect is Expect and exercises.checking.randomise is randomise
    assert all(hasattr(exercises.checking, name) for name in exercises.checking.__all__)
    with pytest.raises(AttributeError, match="no attribute 'expct'"):
        _ = exercises.checking.expct  # type: ignore[attr-defined]
