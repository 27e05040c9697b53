"""The one rule for text from a student: nothing in it steers what shows it, and nothing else is lost."""

from __future__ import annotations

import pytest

from grader.model.plain import as_seen, plain
from grader.model.text import clean, fit
from tests.grader.steering import STEERING


@pytest.mark.parametrize("character", STEERING, ids=ascii)
def test_character_that_steers_is_taken_out(character: str) -> None:
    assert fit(f"a{character}b") == clean(f"a{character}b") == "ab"
    assert as_seen(f"a{character}") == plain(f"a{character}") == "a"


@pytest.mark.parametrize("text", ["tab\tand\nline", "Größe é 你好 שלום مرحبا", "👩\u200d🔬 \u00a0x"])
def test_other_text_stays(text: str) -> None:
    assert fit(text) == clean(text) == text
