"""Which changed file makes which verdicts new: what they rest on, and nothing else."""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path

import pytest

from exercises import assignment as facts
from exercises.assignment import assignment_names, load_assignment
from grader import repository
from grader.grading.checked.plan import CheckedPlan
from grader.grading.fingerprint import adopted, checked
from grader.grading.fingerprint.imports import reach, scan_code, scan_module
from grader.release.errors import ReleaseError

TASKS = frozenset({"receptive_field", "pooling", "blocks", "classifier", "accuracy"})
EVERYTHING = TASKS | {"notebook"}
SPOKEN = frozenset({"features", "baseline", "masking", "classifier", "augment", "accuracy", "notebook"})
FOLDERS = ("datasets", "docs", "exercises", "grader", "solutions")


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("repository")
    for folder in FOLDERS:
        left_out = shutil.ignore_patterns("__pycache__", "pictures" if folder == "docs" else "")
        shutil.copytree(repository.REPOSITORY / folder, root / folder, ignore=left_out)
    return root


@pytest.fixture
def copy(everything: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the repository, to change; each test leaves it as it was."""
    monkeypatch.setattr(repository, "REPOSITORY", everything)
    monkeypatch.setattr(facts, "EXERCISES", everything / "exercises")
    forget()
    yield everything
    forget()


def forget() -> None:
    checked.forget()
    adopted.adopted_fingerprint.cache_clear()


def changed_groups(assignment: str, path: Path, change: Callable[[bytes], bytes]) -> set[str]:
    """The groups whose version is another one after the change of a file, which is undone."""
    groups = (*(task.name for task in load_assignment(assignment).tasks), "notebook")

    def versions() -> dict[str, str]:
        forget()
        return {group: CheckedPlan(assignment, seed=3).version(group) for group in groups}

    before, old = versions(), path.read_bytes() if path.exists() else None
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(change(old or b""))
    try:
        after = versions()
    finally:
        path.unlink() if old is None else path.write_bytes(old)
    return {group for group in groups if before[group] != after[group]}


def one_more_line(old: bytes) -> bytes:
    return old + b"\n"


@pytest.mark.parametrize(
    ("changed", "groups"),
    [
        # checks: a task's own, and helpers of those tasks that import them
        ("grader/checks/digits/pooling.py", {"pooling"}),
        ("exercises/digits/checks/blocks.py", {"blocks"}),
        ("exercises/digits/checks/receptive_field.py", {"receptive_field"}),
        ("exercises/digits/checks/own.py", {"pooling", "blocks", "classifier"}),
        ("grader/checks/weights.py", {"blocks"}),
        ("grader/checks/trainee.py", {"accuracy"}),
        ("grader/checks/spoken_digits/data.py", set()),
        ("grader/checks/private/disguise.py", EVERYTHING),
        # what runs them
        ("exercises/checking/expect.py", EVERYTHING),
        ("exercises/checking/tensors.py", EVERYTHING),
        ("exercises/checking/probe.py", EVERYTHING),
        ("grader/grading/checked/run.py", EVERYTHING),
        ("grader/grading/checked/plan.py", set()),
        ("grader/settings/deadlines.py", set()),
        ("grader/grading/checked/groups.py", EVERYTHING),
        ("grader/model/results.py", EVERYTHING),
        ("grader/sandbox/wire.py", EVERYTHING),
        ("grader/sandbox/inside/cells.py", EVERYTHING),
        ("grader/sandbox/outside/student.py", EVERYTHING),
        ("datasets/synthetic_digits.py", EVERYTHING),
        # the model solution and what lies around a submission
        ("solutions/digits/blocks.py", EVERYTHING),
        ("exercises/digits/training.py", EVERYTHING),
        ("exercises/digits/pictures/curves.py", EVERYTHING),
        ("exercises/showing/style.py", EVERYTHING),
        ("exercises/digits/sounds/ah.wav", EVERYTHING),
        ("exercises/digits/examples.npz", EVERYTHING),
        ("exercises/digits/table.csv", EVERYTHING),
        ("exercises/digits/notes.docx", set()),  # of a kind that nobody gets: the release says so
        ("exercises/digits/digits.ipynb", {"notebook"}),
        # what decides no verdict of these
        ("exercises/digits/pooling.py", set()),  # a stub: the submission takes its place
        ("exercises/spoken_digits/checks/features.py", set()),
        ("exercises/spoken_digits/examples.npz", set()),
        ("solutions/spoken_digits/features.py", set()),
        ("solutions/digits/wrong_answers/pooling.toml", set()),
        ("exercises/__main__.py", set()),
        ("grader/grading/adopted/running.py", set()),
        ("grader/grading/fingerprint/checked.py", set()),
        ("grader/checks/calibrated.py", set()),
        ("grader/notebook/marking.py", EVERYTHING),
        ("grader/course/ledger.py", set()),
        ("grader/gradebook/writer.py", set()),
        ("grader/grades/table.py", set()),
        ("grader/feedback/render.py", set()),
        ("grader/feedback/page.css", set()),
        ("grader/report/page.py", set()),
        ("grader/cli/report.py", set()),
        ("grader/measuring/costs.py", set()),
        ("docs/students.md", set()),
    ],
)
def test_changed_file_makes_new_only_what_rests_on_it(copy: Path, changed: str, groups: set[str]) -> None:
    assert changed_groups("digits", copy / changed, one_more_line) == groups


@pytest.mark.parametrize(
    ("changed", "groups"),
    [
        ("exercises/spoken_digits/checks/moved.py", {"features", "baseline", "masking", "augment"}),
        ("grader/checks/spoken_digits/data.py", SPOKEN),
        ("grader/checks/spoken_digits/best.py", set()),
        ("exercises/spoken_digits/checks/inputs.py", {"features", "baseline", "masking", "classifier", "augment"}),
        ("exercises/digits/checks/accuracy.py", {"accuracy"}),
        ("solutions/digits/classifier.py", SPOKEN),
        ("exercises/digits/training.py", SPOKEN),
        ("exercises/digits/examples.npz", SPOKEN),
        ("exercises/digits/assignment.toml", set()),
        ("exercises/digits/digits.ipynb", set()),
    ],
)
def test_an_assignment_that_builds_on_another_rests_on_that_too(copy: Path, changed: str, groups: set[str]) -> None:
    assert changed_groups("spoken_digits", copy / changed, one_more_line) == groups


@pytest.mark.parametrize(
    ("old", "new", "groups"),
    [
        (r'^title = ".*"', 'title = "Another"', set()),
        (r"^deadline = 2027", "deadline = 2028", set()),
        (r'^title = "Task 2.*"', 'title = "Another"', set()),
        (r'^title = "Explain.*"', 'title = "Another"', set()),
        (r"^version = 1", "version = 2", EVERYTHING),
        (r'(?<=module = "pooling"\n)points = 3', "points = 4", {"pooling"}),
        (r"^digits = 0.87", "digits = 0.88", {"accuracy", "notebook"}),  # the notebook draws the threshold
        (r"^examples_seen = 4500", "examples_seen = 4600", {"accuracy", "notebook"}),
        (r"^# 2026.*$", "# another day", set()),
        (r"^\[training.accuracy\]", "[limits]\nnotebook_s = 33\n\n[training.accuracy]", {"notebook"}),
        (r"^\[training.accuracy\]", "[limits]\nanswer_mb = 17\n\n[training.accuracy]", EVERYTHING),
        (r"^\[training.accuracy\]", "[limits]\nrequest_s = 3\n\n[training.accuracy]", EVERYTHING),
        (r"^\[training.accuracy\]", "[limits]\nanswer_mb = 16\n\n[training.accuracy]", set()),  # as it is without
    ],
)
def test_of_assignment_toml_counts_what_decides_verdicts(copy: Path, old: str, new: str, groups: set[str]) -> None:
    def change(text: bytes) -> bytes:
        found, count = re.subn(old, new, text.decode(), count=1, flags=re.MULTILINE)
        assert count == 1
        return found.encode()

    assert changed_groups("digits", copy / "exercises" / "digits" / "assignment.toml", change) == groups


def test_task_that_uses_private_data_rests_on_the_budget_whatever_its_name(copy: Path) -> None:
    checks = copy / "grader" / "checks" / "digits" / "pooling.py"
    before = checks.read_bytes()
    checks.write_bytes(before + b"\n\ndef used(solution):\n    return solution.hidden.drawn('accuracy', 0)\n")
    toml = copy / "exercises" / "digits" / "assignment.toml"
    try:
        changed = changed_groups("digits", toml, lambda text: text.replace(b"digits = 0.87", b"digits = 0.88"))
    finally:
        checks.write_bytes(before)
    assert changed == {"pooling", "accuracy", "notebook"}


@pytest.mark.parametrize(
    "line",
    [
        "import grader.report.totals",
        "from grader.report import totals",
        "from grader.report.totals import anything",
        "import importlib; importlib.import_module('grader.report.totals')",
        "import sys; COMMAND = [sys.executable, '-m', 'grader.report.totals']",
    ],
)
def test_newly_imported_module_counts_however_it_is_imported(copy: Path, line: str) -> None:
    imported, importing = copy / "grader" / "report" / "totals.py", copy / "grader" / "checks" / "digits" / "pooling.py"
    before = importing.read_bytes()
    assert changed_groups("digits", imported, one_more_line) == set()
    importing.write_bytes(before + f"\n\ndef late():\n    {line}\n".encode())
    try:
        assert changed_groups("digits", imported, one_more_line) == {"pooling"}
    finally:
        importing.write_bytes(before)


@pytest.mark.parametrize(
    "gone",
    [
        "grader/sandbox/inside/warm.py",
        "grader/grading/checked/run.py",
        "grader/checks/digits/pooling.py",
        "exercises/digits/checks/pooling.py",
        "solutions/digits/pooling.py",
    ],
)
def test_module_that_is_named_and_missing_is_an_error(copy: Path, gone: str) -> None:
    hidden = (copy / gone).rename(copy / "hidden")
    try:
        with pytest.raises(
            ModuleNotFoundError, match=re.escape(gone.split("/__init__")[0].split(".py")[0].split("/")[-1])
        ):
            checked.basis_of("digits", "pooling")
    finally:
        hidden.rename(copy / gone)


def test_given_file_that_is_listed_and_missing_is_an_error(copy: Path) -> None:
    hidden = (copy / "exercises" / "shadows.py").rename(copy / "hidden")
    try:
        with pytest.raises(ReleaseError, match=r"exercises/shadows\.py is missing"):
            checked.basis_of("digits", "pooling")
    finally:
        hidden.rename(copy / "exercises" / "shadows.py")


def test_stubs_need_not_have_been_made(copy: Path) -> None:
    """Whoever writes an assignment measures its checks before anything is released."""
    before = checked.basis_of("digits", "pooling")
    hidden = (copy / "exercises" / "digits" / "pooling.py").rename(copy / "hidden")
    forget()
    try:
        assert checked.basis_of("digits", "pooling") == before
    finally:
        hidden.rename(copy / "exercises" / "digits" / "pooling.py")


@pytest.mark.parametrize("package", ["torch", "torchaudio", "torchvision", "numpy"])
def test_other_version_of_a_package_that_computes_makes_everything_new(
    copy: Path, monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    before, old = checked.basis_of("digits", "pooling"), adopted.adopted_fingerprint()
    real = metadata.version
    from grader.grading.fingerprint import versions

    monkeypatch.setattr(versions, "version", lambda name: "0.0" if name == package else real(name))
    monkeypatch.setattr(adopted, "version", lambda name: "0.0" if name == package else real(name))
    forget()
    after = checked.basis_of("digits", "pooling")
    assert after.fingerprint != before.fingerprint and after.code == before.code
    assert adopted.adopted_fingerprint() != old


@pytest.mark.parametrize(
    ("changed", "new"),
    [
        ("grader/grading/adopted/judging.py", True),
        ("grader/notebook/outputs.py", True),
        ("grader/sandbox/inside/cells.py", True),
        ("exercises/checking/student.py", True),  # a session words errors with it
        ("grader/checks/private/data.py", False),
        ("grader/grading/checked/groups.py", False),
        ("exercises/digits/training.py", False),
        ("grader/gradebook/writer.py", False),
        ("grader/feedback/render.py", False),
    ],
)
def test_adopted_verdicts_rest_on_what_runs_notebooks(copy: Path, changed: str, new: bool) -> None:
    before, old = adopted.adopted_fingerprint(), (copy / changed).read_bytes()
    forget()
    (copy / changed).write_bytes(old + b"\n")
    try:
        assert (adopted.adopted_fingerprint() != before) is new
    finally:
        (copy / changed).write_bytes(old)


# Imports whose module is known only when they run.  Who adds one says here why what it reaches counts all the same.
IMPORTED_BY_VARIABLE = {
    "exercises/checking/__init__.py": "names that are handed on lazily; they stand under TYPE_CHECKING too",
    "exercises/checking/catalogue.py": "the group's own checks, where the derivation starts",
    "exercises/checking/named.py": "torch's functions, and given modules, which checks name whole in a string",
    "exercises/checking/student.py": "the student's modules, or the solution's, where the derivation starts",
    "exercises/foresight.py": "the student's modules, on the student's machine",
    "exercises/transfer/material.py": "modules of earlier assignments, whose model solutions are among the given files",
    "grader/checks/private/kinds.py": "the kinds of data: the derivation starts with an assignment's own",
    "grader/sandbox/inside/session.py": "given modules, of each assignment; the student's",
    "grader/sandbox/inside/warm.py": "installed packages",
}


@pytest.mark.parametrize("assignment", assignment_names())
def test_no_import_escapes_the_derivation(assignment: str) -> None:
    tasks = [task.name for task in load_assignment(assignment).tasks]
    starts = [*checked.RUNNERS, *(name for task in tasks for name in checked._checks(assignment, task))]
    found = set()
    for path, content in reach(starts).files.items():
        for node in ast.walk(ast.parse(content)):
            if not isinstance(node, ast.Call) or isinstance(node.args[0] if node.args else None, ast.Constant):
                continue
            if ast.unparse(node.func).split(".")[-1] in ("import_module", "__import__"):
                found.add(path)
    assert found <= set(IMPORTED_BY_VARIABLE)


@pytest.mark.parametrize("kind", [checked, adopted])
def test_runners_reach_what_they_are_known_to_run(kind: object) -> None:
    files = reach(kind.RUNNERS).files  # type: ignore[attr-defined]
    assert {"grader/sandbox/inside/session.py", "grader/sandbox/outside/container.py", "grader/sandbox/wire.py"} <= set(
        files
    )
    assert not any(path.startswith(("grader/gradebook/", "grader/feedback/", "grader/report/")) for path in files)


def test_relative_imports_start_at_their_package() -> None:
    code = "from . import a\nfrom .b import c\nfrom ..d import e\n"
    assert scan_code(ast.parse(code), ["grader", "x"]).modules == {
        "grader.x", "grader.x.a", "grader.x.b", "grader.x.b.c", "grader.d", "grader.d.e",
    }  # fmt: skip


def test_fingerprints_of_an_assignment_parse_each_file_once(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []
    parse = ast.parse

    def counting(content: bytes | str, path: str = "", *rest: object, **options: object) -> object:
        parsed.append(path)
        return parse(content, path, *rest, **options)

    scan_module.cache_clear()
    forget()
    monkeypatch.setattr(ast, "parse", counting)
    for task in load_assignment("digits").tasks:
        checked.basis_of("digits", task.name)
    read = [path for path in parsed if path.endswith(".py")]
    assert len(read) > 100
    assert len(read) == len(set(read))
