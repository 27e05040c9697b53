"""The sample pages in docs/: written by the templates that are here, small, and without anything from elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.grader.feedback.feedback_bench import Reader
from tests.samples import MOST_BYTES, SAMPLES, comment, written_by

NAMES = ("feedback", "report")


@pytest.fixture(params=NAMES)
def path(request: pytest.FixtureRequest) -> Path:
    return SAMPLES / f"{request.param}.html"


def test_there_are_these_pages_and_no_others() -> None:
    assert sorted(path.name for path in SAMPLES.iterdir()) == [f"{name}.html" for name in NAMES]


def test_a_page_is_written_by_the_present_templates(path: Path) -> None:
    assert written_by(path.read_text(encoding="utf-8")) == comment(), "take it anew: make samples"


def test_a_page_is_small_and_opens_by_itself(path: Path) -> None:
    assert path.stat().st_size <= MOST_BYTES
    reader = Reader(path.read_text(encoding="utf-8"))
    assert list(reader.outside()) == [] and reader.faults == [] and reader.open == []


def test_a_page_names_made_up_students_alone(path: Path) -> None:
    text = Reader(path.read_text(encoding="utf-8")).text
    assert "@" not in text and "/home/" not in text and "/tmp/" not in text
    assert set(re.findall(r"student-\d+", text)) == ({"student-020"} if path.stem == "feedback" else set())
