"""docs/authoring-reference.md against the code: it names all that there is, and nothing else; its examples run."""

from __future__ import annotations

import ast
import contextlib
import inspect
import re
import sys
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

import exercises.checking as checking
from exercises import assignment, learning
from exercises.assignment import Assignment, Question, Task, Training, load_assignment
from exercises.checking import Check, Expect, Hidden, LocalStudent, Reference, Status, Student, check, plain, probe
from exercises.checking.check import Check as CheckClass
from exercises.checking.run import run_check
from exercises.checking.thing import MAX_ITEMS
from exercises.limits import RANGES
from exercises.recording.lesson import Built, Lesson
from grader import repository
from grader.authoring import mistake_file
from grader.checks import calibrated
from grader.checks.attempts import best_of
from grader.checks.audit import Audit
from grader.checks.corners import corners
from grader.checks.private.kinds import BUILT_IN, DataKind, kinds_of
from grader.checks.trained import learn
from grader.measuring.validity import harmless
from grader.release.interpreter import RUNNING_VERSION
from grader.release.packages import GIVEN_SUFFIXES
from grader.settings.course_toml import TABLE_NAMES
from grader.settings.late_rule import LATE_KEYS

PAGE = (repository.REPOSITORY / "docs" / "authoring-reference.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PROSE = BLOCK.sub("", PAGE)
SPANS = re.findall(r"`([^`\n]+)`", PROSE)
PLACEHOLDERS = {"MODULE", "NAME"}

PLACES = {  # what a check that trains calls, or has
    "Built": Built,
    "Lesson": Lesson,
    "learn": learn,
    "Audit.of": Audit.of,
    "best_of": best_of,
    "score": learning.score,
    "read_recipe": learning.read_recipe,
    "student.learning.budget_of": learning.budget_of,
    "measured": calibrated.Measured.__call__,
    "TRAINED": None,
    "CORNERS": None,
}

FILTERS = "def apply(function, x):\n    return function(x)\n"
TABLES = """from torch import nn


class Network(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.output = nn.Linear(width, width)
"""


def blocks(kind: str) -> list[str]:
    return [text for name, text in BLOCK.findall(PAGE) if name == kind]


def table(first: str) -> dict[str, str]:
    """The rows of the table whose first column has this title: its first cells, each with the rest of its row."""
    lines = iter(PROSE.splitlines())
    assert any(line.startswith(f"| {first} |") for line in lines), first
    assert next(lines).startswith("|---")
    rows: dict[str, str] = {}
    for line in lines:
        if not line.startswith("|"):
            break
        cell, rest = re.split(r"(?<!\\) \| ", line.strip("| "), maxsplit=1)
        rows[cell] = rest
    return rows


def quoted(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


def in_first(first: str) -> set[str]:
    """The names in the first column of a table, without arguments."""
    return {name.partition("(")[0] for cell in table(first) for name in quoted(cell)}


def members(kind: type) -> set[str]:
    return {name for name in vars(kind) if not name.startswith("_")}


def attributes(of: str, text: str = PROSE) -> set[str]:
    """What the page has behind `of.`, outside of its examples."""
    return set(re.findall(rf"(?<![\w.]){of}\.(\w+)", " ".join(re.findall(r"`[^`\n]+`", text)))) - PLACEHOLDERS


def calls_on_the_page() -> list[ast.Call]:
    """All calls in the page's code, examples left out; "…" is anything."""
    found: list[ast.Call] = []
    for span in SPANS:
        with contextlib.suppress(SyntaxError):  # a path, a key, a command
            tree = ast.parse(span.replace("…", "0").removeprefix("with ").rstrip(":"))
            found += [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return found


def of_module(*names: str) -> set[str]:
    """The public functions and classes of `probe` that these modules define."""
    return {
        name
        for name, value in vars(probe).items()
        if not name.startswith("_") and getattr(value, "__module__", "") in names and callable(value)
    }


def test_every_name_of_checking_stands_in_its_table() -> None:
    assert in_first("name of `exercises.checking`") == set(checking.__all__)
    assert in_first("name") == set(PLACES)


def test_expect_has_what_the_page_says_and_nothing_else() -> None:
    assert attributes("expect") == members(Expect)


def test_probe_has_what_the_page_says_and_nothing_else() -> None:
    found = of_module("exercises.checking.probe", "exercises.checking.meta")
    assert {"on_meta", "input_gradient", "Trainee"} <= found
    assert attributes("probe") - {"VIEWS"} == found


def test_student_reference_and_hidden_have_what_the_page_says() -> None:
    assert attributes("student") == members(Student)
    assert attributes("solution") == members(Reference)
    assert attributes("hidden") == members(Hidden)
    assert attributes("student\\.learning") <= set(learning.__all__)


@pytest.mark.parametrize(
    ("call", "function"),
    [
        *((f"expect.{name}", getattr(Expect, name)) for name in sorted(members(Expect))),
        *((f"probe.{name}", getattr(probe, name)) for name in sorted(attributes("probe") - {"VIEWS"})),
        *((name, function) for name, function in PLACES.items() if function),
        *((name, getattr(checking, name)) for name in ("awkward", "generator", "randomise", "random_state")),
        *((name, getattr(checking, name)) for name in ("weights", "load_weights", "built", "by_name")),
        ("corners", corners),
    ],
)
def test_calls_on_the_page_have_arguments_that_there_are(call: str, function: Callable[..., Any]) -> None:
    """Each is bound to its function's signature, a value standing for each argument that has no name."""
    written = [found for found in calls_on_the_page() if ast.unparse(found.func) == call]
    assert written, call
    method = [None] if call.startswith("expect.") or call == "measured" else []
    for one in written:
        inspect.signature(function).bind(*method, *one.args, **{str(named.arg): None for named in one.keywords})


def test_check_takes_what_the_page_says() -> None:
    names = {name.strip("`") for name in table("of `@check`")}
    assert names == set(inspect.signature(check).parameters)
    assert names <= {field.name for field in fields(CheckClass)}


def test_assignment_toml_has_the_keys_that_the_page_says() -> None:
    rows = table("key")
    keys = {name for cell in rows for name in quoted(cell)}
    tables = {"tasks": "[[task]]", "questions": "[[question]]", "training": "[training.TASK]"}
    tables |= {"limits": "[limits]", "late": "[late]"}
    due = {tables.get(field.name, field.name) for field in fields(Assignment)}
    assert keys == due | {"[training.TASK.threshold.SOURCE]"}
    for name, kind in (("[[task]]", Task), ("[[question]]", Question), ("[training.TASK]", Training)):
        said = {word.partition(" ")[0] for word in quoted(rows[f"`{name}`"])}
        assert said == {field.name for field in fields(kind)}, name
    assert set(quoted(rows["`[limits]`"])) == set(RANGES)
    assert set(quoted(rows["`[late]`"])) == set(LATE_KEYS)
    assert {f"[{name}" for name in TABLE_NAMES} <= {span.partition(".")[0].rstrip("]") for span in SPANS}


def test_the_example_of_assignment_toml_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assignment, "EXERCISES", tmp_path)
    example = blocks("toml")[0]
    (tmp_path / "first_week").mkdir()
    (tmp_path / "first_week" / "assignment.toml").write_text(example, encoding="utf-8")
    facts = load_assignment("first_week")
    assert facts.training["heard"].threshold == {"generated": {"right": 0.9}}
    assert facts.limits.training_s == 20
    for key in (name for cell in table("key") for name in quoted(cell) if name.isidentifier()):
        assert re.search(rf"^{key} = ", example, re.MULTILINE), key
    assert f'("{facts.python}" without it)' in PAGE
    assert tuple(map(int, facts.python.split("."))) <= RUNNING_VERSION


def test_files_that_may_be_given_are_those_that_the_page_lists() -> None:
    assert {span for span in SPANS if re.fullmatch(r"\.[a-z]+", span)} == GIVEN_SUFFIXES


def test_galleries_have_the_keys_that_the_page_says() -> None:
    assert in_first("key of an entry") == set(mistake_file.KEYS)
    (entry,) = mistake_file.read_entries(blocks("toml")[1], of_all_modules=False)
    assert entry.caught_by == ("averages.example", "averages.values")
    sentence = PROSE[PROSE.index("harmless_mutants.toml") :].partition("\n\n")[0]
    assert set(harmless.KEYS) <= set(quoted(sentence.partition("`[[harmless]]`")[2]))


def test_kinds_of_data_have_the_fields_that_the_page_says() -> None:
    assert in_first("field of `DataKind`") == {field.name for field in fields(DataKind)}
    built_in = [name for name, kind in kinds_of("digits").items() if kind.draw.__module__ in BUILT_IN]
    assert len(built_in) == len(BUILT_IN)
    assert " and ".join(f"`{name}`" for name in built_in) + " are built in" in PAGE


def test_numbers_of_what_travels_are_those_of_the_code() -> None:
    for words in (
        f"int of up to {plain.MAX_BITS} bits",
        f"at most {plain.MAX_DIMENSIONS} axes",
        f"over {plain.CALL_BYTES >> 20} MiB, {plain.MAX_TENSORS:,} tensors or {plain.CALL_WORDS >> 20} MiB of text",
        f"over {plain.MAX_TENSORS:,} tensors or {plain.ANSWER_WORDS >> 20} MiB of text: handle",
        f"at most {MAX_ITEMS:,} items",
    ):
        assert words in PAGE
    integers = {f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)}
    said = "tensor of float16/32/64, bfloat16, complex64/128, (u)int8 to 64, bool"
    floats = {"float16", "float32", "float64", "bfloat16", "complex64", "complex128", "bool"}
    assert said in PAGE
    assert floats | integers == set(plain.DTYPES)


def test_examples_of_checks_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "reference_example"
    package.mkdir()
    for name, text in (("__init__", ""), ("filters", FILTERS), ("tables", TABLES)):
        (package / f"{name}.py").write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    student = LocalStudent("reference_example")
    found: list[Check] = []
    for text in blocks("python"):
        names: dict[str, Any] = {"__name__": "example"}
        exec(compile(text, "authoring-reference.md", "exec"), names)
        found += [value for value in names.values() if isinstance(value, Check)]
    verdicts = [run_check(one, student, student, reveal=False, earlier={}) for one in found]
    for module in [name for name in sys.modules if name.startswith("reference_example")]:
        monkeypatch.delitem(sys.modules, module)
    assert [verdict.status for verdict in verdicts] == [Status.PASSED] * len(blocks("python")), verdicts
    assert len(verdicts) == 2
