"""The guide for students in every zip: its links hold there, it is small, and it says what the notebooks say."""

from __future__ import annotations

import json
import posixpath
import re

import pytest

from exercises.assignment import assignment_names
from grader import repository
from grader.release.bundle import GUIDE, LINK_PATTERN, student_bundle

MOST_BYTES = 600_000  # of the guide with its pictures, in a zip that is not compressed
SYSTEMS = ("Windows", "macOS", "Colab", "JupyterHub")
TEXT = (repository.REPOSITORY / GUIDE).read_text(encoding="utf-8")


@pytest.fixture(params=assignment_names())
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_links_of_readme_guide_and_notebook_hold_in_the_zip(name: str) -> None:
    bundle = student_bundle(name)
    cells = json.loads(bundle[f"{name}.ipynb"])["cells"]
    texts = {"README.md": bundle["README.md"].decode(), GUIDE: bundle[GUIDE].decode()}
    texts[f"{name}.ipynb"] = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    for path, text in texts.items():
        links = [link for link in LINK_PATTERN.findall(text) if not link.startswith("attachment:")]
        assert links, path
        for link in links:
            assert posixpath.normpath(posixpath.join(posixpath.dirname(path), link)) in bundle, f"{path}: {link}"


def test_guide_and_its_pictures_are_small() -> None:
    sizes = {path: len(content) for path, content in student_bundle("digits").items() if path.startswith("docs/")}
    assert len(sizes) > 3 and sum(sizes.values()) < MOST_BYTES


def test_guide_states_the_hours_of_the_notebook(name: str) -> None:
    (row,) = re.findall(rf"^\| `{name}` \|.*$", TEXT, re.MULTILINE)
    (stated,) = re.findall(
        r"^# - \*\*Time:\*\* (.*)\.", repository.notebook_source(name).read_text("utf-8"), re.MULTILINE
    )
    hours = row.split("|")[2].strip()
    assert hours.endswith("hours") and hours in stated


@pytest.mark.parametrize("system", SYSTEMS)
def test_guide_has_four_lines_for_each_system(system: str) -> None:
    (steps,) = re.findall(rf"^\*\*{system}\*\*\n\n((?:.+\n)+)", TEXT, re.MULTILINE)
    assert [line[:2] for line in steps.splitlines() if not line.startswith(" ")] == ["1.", "2.", "3.", "4."]
    assert "digits.zip" in steps or ("zip" in steps and "digits-submission.zip" in steps)
