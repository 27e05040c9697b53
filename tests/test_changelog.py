"""One version: that of pyproject.toml is the newest in CHANGELOG.md."""

from __future__ import annotations

import re
import tomllib

from grader.repository import REPOSITORY


def test_the_newest_version_of_the_changelog_is_the_projects() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    versions = re.findall(r"^## (\S+)", (REPOSITORY / "CHANGELOG.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert versions[0] == project["version"]
    assert len(set(versions)) == len(versions)
