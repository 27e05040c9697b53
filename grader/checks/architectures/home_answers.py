"""Writes what the reference gives for what public checks draw at home.

`python -m grader.checks.architectures.home_answers`. Students have no reference, and their checks compare with these
numbers: exercises/architectures/checks/home.json.
"""

from __future__ import annotations

import importlib
import json

from exercises.architectures.checks.judging import HOME_FILE, home_key, written
from exercises.assignment import load_assignment
from exercises.checking.draw import drawing
from grader.checks.answer import Answer


def home_answers() -> str:
    """The text of home.json."""
    solution = Answer("solutions.architectures", "architectures")
    found: dict[str, dict[str, object]] = {}
    for task in load_assignment("architectures").tasks:
        checks = importlib.import_module(f"exercises.architectures.checks.{task.name}")
        for id, cases in getattr(checks, "AT_HOME", {}).items():
            with drawing(id):
                found[id] = {
                    home_key(case, reading): written(case.of(solution, reading))
                    for case in cases()
                    for reading in ("", *case.accepted)
                }
    return json.dumps(found, indent=None, separators=(",", ":")).replace('},"', '},\n"') + "\n"


if __name__ == "__main__":
    HOME_FILE.write_text(home_answers(), encoding="utf-8")
    print(f"{HOME_FILE.name}: written")
