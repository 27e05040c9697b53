"""Assignments that build on others: all of their model solutions come with them, however deep."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from exercises.assignment import foundations, load_assignment
from grader.authoring.answers import laid_out
from grader.grading.checked.plan import CheckedPlan
from grader.release.errors import ReleaseError
from grader.release.leaks import leaks
from grader.release.packages import sandbox_bundle

FACTS = """name = "{name}"
title = "Week {name}"
version = 1
builds_on = {builds_on}
deadline = 2030-02-02T23:59:00+02:00

[[task]]
name = "{name}_task"
title = "Task 1"
module = "{name}_task"
points = 1
"""
SOLUTION = '''"""Task 1."""
{imports}

def value_of_{name}():
    # Task 1.1: write value_of_{name}
    ### BEGIN SOLUTION
    the_secret_of_{name} = [{values}]
    return the_secret_of_{name}
    ### END SOLUTION
'''


def add_week(root: Path, name: str, *builds_on: str, stated: str = "") -> None:
    """An assignment whose solution calls those that it builds on."""
    calls = ", ".join([f"*value_of_{base}()" for base in builds_on] + [f'"{name}"'])
    imports = "".join(f"from ..{base}.{base}_task import value_of_{base}\n" for base in builds_on)
    solution = SOLUTION.format(name=name, values=calls, imports=imports)
    files = {
        f"exercises/{name}/__init__.py": "",
        f"exercises/{name}/given_{name}.py": "GIVEN = 1\n",
        f"exercises/{name}/assignment.toml": FACTS.format(name=name, builds_on=stated or str(list(builds_on))),
        f"exercises/{name}/{name}_task.py": "raise NotImplementedError\n",
        f"solutions/{name}/__init__.py": "",
        f"solutions/{name}/{name}_task.py": solution,
    }
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")


@pytest.fixture
def weeks(tiny: Path) -> Path:
    """Four weeks: `fourth` builds on `third` and `second`, and both on `first`."""
    add_week(tiny, "first", stated='""')
    add_week(tiny, "second", "first", stated='"first"')
    add_week(tiny, "third", "first")
    add_week(tiny, "fourth", "third", "second")
    return tiny


def test_builds_on_is_a_name_or_a_list(weeks: Path) -> None:
    found = {name: load_assignment(name).builds_on for name in ("first", "second", "fourth")}
    assert found == {"first": (), "second": ("first",), "fourth": ("third", "second")}


def test_foundations_are_followed_down_each_once_the_deepest_first(weeks: Path) -> None:
    assert foundations("first") == ()
    assert foundations("second") == ("first",)
    assert foundations("fourth") == ("first", "third", "second")


def test_a_bundle_holds_all_solutions_that_it_builds_on(weeks: Path) -> None:
    bundle = sandbox_bundle("fourth")
    for base in ("first", "second", "third"):
        solution = bundle[f"exercises/{base}/{base}_task.py"].decode()
        assert f"the_secret_of_{base}" in solution and "Task 1.1" not in solution and "SOLUTION" not in solution
        assert f"exercises/{base}/given_{base}.py" in bundle and f"exercises/{base}/assignment.toml" not in bundle
    assert bundle["exercises/fourth/fourth_task.py"] == b"raise NotImplementedError\n"
    assert "exercises/fourth/assignment.toml" in bundle
    assert not any(path.startswith(("exercises/third/", "exercises/fourth/")) for path in sandbox_bundle("second"))


def test_only_earlier_solutions_are_no_secrets(weeks: Path) -> None:
    answer = weeks / "solutions" / "fourth" / "fourth_task.py"
    answer.write_text(answer.read_text().replace("return the_secret", "the_secret_of_first = 1\n    return the_secret"))
    bundle = sandbox_bundle("fourth")
    assert leaks(bundle, "fourth") == []
    notes = b'the_secret_of_fourth = [*value_of_third(), *value_of_second(), "fourth"]\n'
    found = leaks({**bundle, "exercises/fourth/notes.py": notes}, "fourth")
    assert any("a line of the answer in solutions/fourth/fourth_task.py" in one for one in found)


def test_solutions_that_an_answer_builds_on_lie_beside_it(weeks: Path) -> None:
    text = (weeks / "solutions" / "fourth" / "fourth_task.py").read_text()
    with laid_out("fourth", {"fourth_task": text}) as answer:
        assert answer.fourth_task.value_of_fourth() == ["first", "third", "first", "second", "fourth"]
    assert not [name for name in sys.modules if name.startswith("answer_")]


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        ('"fourth"', r"second/assignment\.toml: builds_on names 'fourth', which makes a circle: fourth, which builds "
                     r"on second, which builds on fourth; take one of them out"),
        ('["second"]', r"builds_on names 'second', which makes a circle: second, which builds on second"),
        ('["first", "frist"]', r"second/assignment\.toml: builds_on names 'frist', and there is none; choose from f"),
        ("3", r"second/assignment\.toml: builds_on = 3, but it is a name, or a list of names"),
        ('["first", 3]', r"builds_on = \['first', 3\], but it is a name, or a list of names"),
    ],
)  # fmt: skip
def test_a_circle_or_a_missing_one_is_named(weeks: Path, stated: str, message: str) -> None:
    add_week(weeks, "second", "first", stated=stated)
    add_week(weeks, "fourth", "second")
    with pytest.raises(ValueError, match=message):
        foundations("fourth")
    with pytest.raises(ReleaseError, match=message):
        sandbox_bundle("fourth")
    with pytest.raises(ValueError, match=message):
        CheckedPlan.check(weeks, "fourth")


def test_a_foundation_without_its_module_is_named(weeks: Path) -> None:
    (weeks / "solutions" / "first" / "first_task.py").unlink()
    with pytest.raises(ReleaseError, match=r"solutions/first/first_task\.py is missing"):
        sandbox_bundle("fourth")
