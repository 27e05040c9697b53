"""The list of harmless mutants: read, and refused with words that name file, entry and what is expected."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader import repository
from grader.authoring.galleries import GalleryError
from grader.measuring.validity.harmless import harmless_mutants

ENTRY = """[[harmless]]
module = "pooling"
places = ["", "MaxPool1d.forward"]
before = "return x"
after = ["pass", "return y"]
reason = "It is the same."
"""


@pytest.fixture
def listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(repository, "solutions", lambda assignment: tmp_path)
    return tmp_path / "harmless_mutants.toml"


def test_an_entry_stands_for_each_place_and_each_change(listed: Path) -> None:
    assert harmless_mutants("digits") == ()
    listed.write_text(ENTRY)
    found = [(one.place, one.after) for one in harmless_mutants("digits")]
    assert found == [("", "pass"), ("", "return y"), ("MaxPool1d.forward", "pass"), ("MaxPool1d.forward", "return y")]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            'reason = "It is the same."\n',
            "",
            "entry 1 lacks reason; its keys are module, places, before, after, reason",
        ),
        ("reason", "raeson", "entry 1 lacks reason and has no raeson; its keys are"),
        ('["pass", "return y"]', '"pass"', "entry 1: after is a list of texts, not 'pass'"),
        ('"return x"', "3", "entry 1: before is a text, not 3"),
        ('"pooling"', '"pools"', "entry 1: there is no module pools; choose from receptive_field, pooling"),
        ("[[harmless]]", "[harmless]", ": it holds entries, and nothing else; each begins with a line [[harmless]]"),
        ("[[harmless]]", "[[mutant]]", ": it holds entries, and nothing else"),
        ("[[harmless]]", "[[harmless", " is no TOML: "),
    ],
)
def test_what_cannot_be_meant_is_named(listed: Path, old: str, new: str, says: str) -> None:
    listed.write_text(ENTRY.replace(old, new))
    with pytest.raises(GalleryError) as caught:
        harmless_mutants("digits")
    assert str(caught.value).startswith("solutions/digits/harmless_mutants.toml") and says in str(caught.value)
