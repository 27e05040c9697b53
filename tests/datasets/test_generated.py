"""The generated data that everybody has, as files."""

import pytest

from datasets import load_digits
from datasets.generated import generated_files


def test_files_are_made_where_they_are_missing_and_found_again() -> None:
    first = generated_files("digits")
    assert len(first) == 3 and all(path.stat().st_size > 0 for path in first)
    times = [path.stat().st_mtime_ns for path in first]
    load_digits("generated")
    assert [path.stat().st_mtime_ns for path in generated_files("digits")] == times


def test_unknown_kinds_are_refused() -> None:
    with pytest.raises(ValueError, match="'letters'.*digits or speech"):
        generated_files("letters")
