"""The real assignment: exercises/ in step with solutions/, and a student's folder that is clean and runs by itself."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from exercises.assignment import assignment_names, load_assignment
from grader import repository
from grader.release.build import check_release, release
from grader.release.bundle import student_bundle, write_folder
from grader.release.confidential import find_secrets
from grader.release.leaks import leaks
from grader.release.packages import sandbox_bundle
from grader.release.regions import find_regions
from grader.release.stubs import FOOTER_LINE, HEADER_LINE, stub

MODULES = load_assignment("digits").modules

# Reads "class or function", "method or nothing", "task" and says what calling it gives; arguments do not matter, since
# a stub raises before it looks at them.
CALL_STUBS = """
import importlib, inspect, json, sys

def call(module, path):
    owner, _, method = path.partition(".")
    thing = getattr(module, owner)
    first = []
    if method:
        first, thing = [thing.__new__(thing)], getattr(thing, method)
    needed = [p for p in inspect.signature(thing).parameters.values() if p.default is p.empty]
    return thing(*first, *[None] * (len(needed) - len(first)))

said = {"where": importlib.import_module("exercises").__file__, "path": sys.path}
for name, path in json.loads(sys.argv[1]):
    module = importlib.import_module(f"exercises.digits.{name}")
    try:
        said[f"{name}.{path}"] = "no exception, but " + repr(call(module, path))
    except NotImplementedError as error:
        said[f"{name}.{path}"] = str(error)
print(json.dumps(said))
"""


def solution(module: str) -> str:
    return (repository.solutions("digits") / f"{module}.py").read_text(encoding="utf-8")


def stubbed_functions(module: str) -> dict[str, str]:
    """Every function that has a region, by its name in the module, and the region's task."""
    text, found = solution(module), {}
    owners: list[tuple[str, list[ast.stmt]]] = [("", ast.parse(text).body)]
    owners += [(f"{node.name}.", node.body) for node in ast.parse(text).body if isinstance(node, ast.ClassDef)]
    for region in find_regions(text, module):
        for prefix, body in owners:
            for node in body:
                if isinstance(node, ast.FunctionDef) and node.lineno < region.begin <= (node.end_lineno or 0):
                    found[prefix + node.name] = region.task
    return found


def run_in(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a folder that knows nothing of the repository: no PYTHONPATH, no site of the user, no home."""
    environment = {"PATH": "", "HOME": str(folder), "USER": "student", "OMP_NUM_THREADS": "1"}
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    command = [sys.executable, "-s", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The student's folder, built from what is committed."""
    path = tmp_path_factory.mktemp("student") / "digits"
    write_folder(student_bundle("digits"), path)
    return path


@pytest.mark.parametrize("module", MODULES)
def test_stub_is_in_step_with_its_solution(module: str) -> None:
    path = repository.exercises("digits") / f"{module}.py"
    assert path.read_text(encoding="utf-8") == stub(solution(module), f"solutions/digits/{module}.py")


def test_every_student_module_has_a_region() -> None:
    assert [module for module in MODULES if not find_regions(solution(module), module)] == []


def test_guard_knows_answers_of_every_module() -> None:
    places = {where.split(":")[0] for where in find_secrets("digits").answers.values()}
    assert {f"solutions/digits/{module}.py" for module in MODULES} <= places


@pytest.mark.parametrize("module", MODULES)
def test_guard_finds_each_solution_in_the_place_of_its_stub(module: str) -> None:
    found = leaks({f"exercises/digits/{module}.py": solution(module).encode()}, "digits")
    assert any("a mark" in finding for finding in found)
    assert any(f"a line of the answer in solutions/digits/{module}.py" in finding for finding in found)


@pytest.mark.parametrize("assignment", assignment_names())
def test_sandbox_bundle_is_clean(assignment: str) -> None:
    assert leaks(sandbox_bundle(assignment), assignment) == []


@pytest.mark.parametrize("assignment", assignment_names())
def test_student_bundle_is_clean(assignment: str) -> None:
    assert leaks(student_bundle(assignment), assignment) == []


@pytest.mark.parametrize("assignment", assignment_names())
def test_exercises_are_in_step_with_the_solution(assignment: str) -> None:
    assert [str(drift) for drift in check_release(assignment)] == []


def test_folder_holds_nothing_beside_the_allow_list(folder: Path) -> None:
    allowed = re.compile(
        r"digits\.ipynb|README\.md|requirements\.txt|LICENSE|exercises/(checking|learning|recording|showing)/\w+\.py"
        r"|exercises/(__init__|__main__|annotations|assignment|cells|doctor|foresight|given|limits|own|pack|shadows|syntax|tables)\.py"
        r"|exercises/digits/(checks/)?\w+\.py|exercises/digits/(assignment\.toml|given\.json)|exercises/digits/pictures/[\w.-]+"
        r"|datasets/[\w/]+\.py|docs/students\.md|docs/pictures/[\w-]+\.png"
    )
    names = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()]
    assert [name for name in names if not allowed.fullmatch(name)] == []
    assert {f"exercises/digits/{module}.py" for module in MODULES} < set(names)


@pytest.mark.slow
def test_stubs_import_by_themselves_and_name_their_task_when_used(folder: Path) -> None:
    functions = [(module, path, task) for module in MODULES for path, task in stubbed_functions(module).items()]
    assert len(functions) > 15
    calls = json.dumps([(module, path) for module, path, _ in functions])
    done = run_in(folder, "-c", CALL_STUBS, calls)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert Path(said.pop("where")).is_relative_to(folder)
    assert str(repository.REPOSITORY) not in said.pop("path")
    assert said == {f"{module}.{path}": task for module, path, task in functions}


@pytest.mark.slow
def test_recipe_stub_imports_and_is_none(folder: Path) -> None:
    done = run_in(folder, "-c", "from exercises.digits.recipe import RECIPE; print(RECIPE)")
    assert (done.stdout, done.returncode) == ("None\n", 0), done.stderr


@pytest.mark.slow
def test_no_public_check_passes_on_the_stubs(folder: Path) -> None:
    done = run_in(folder, "-m", "exercises", "check", "digits", "--json")
    assert done.returncode == 1, done.stderr
    status = {verdict["check"]: verdict["status"] for verdict in json.loads(done.stdout)["verdicts"]}
    assert {check.split(".")[0] for check in status} == {task.name for task in load_assignment("digits").tasks}
    assert set(status.values()) <= {"failed", "not run"}, status


def test_stubs_begin_with_what_to_do_and_end_with_where_they_come_from(folder: Path) -> None:
    for module in MODULES:
        lines = (folder / "exercises" / "digits" / f"{module}.py").read_text(encoding="utf-8").splitlines()
        assert lines[0] == HEADER_LINE.format(assignment="digits", module=module)
        assert lines[-1] == FOOTER_LINE.format(source=f"solutions/digits/{module}.py")


def test_requirements_name_what_the_folder_imports(folder: Path) -> None:
    named = set(re.findall(r"^([\w-]+)", (folder / "requirements.txt").read_text(), re.MULTILINE))
    known = {"exercises", "datasets", *sys.stdlib_module_names}
    comes_with = {"IPython": "ipywidgets", "PIL": "matplotlib"}
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            for name in {name.split(".")[0] for name in names} - known:
                assert comes_with.get(name, name) in named, f"{path.name} imports {name}"


@pytest.mark.slow
def test_release_of_digits_into_a_course_is_repeatable(tmp_path: Path) -> None:
    assert check_release("digits") == []  # or the release would mend exercises/, and a test must not
    done = [release("digits", course_root=tmp_path / "course", out=tmp_path / n) for n in ("one", "two")]
    assert done[0].zip.read_bytes() == done[1].zip.read_bytes()
    assert done[1].rewritten == ()
