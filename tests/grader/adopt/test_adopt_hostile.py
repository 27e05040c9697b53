"""Notebooks that get points for nothing from stock nbgrader, or stop it: here they get what is due, or 0."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from exercises.checking import Status
from grader.course import lookup
from grader.feedback.write import write_feedback
from grader.gradebook.writer import GradebookWriter
from tests.grader.adopt.adopt_kit import FULL, RIGHT, Kit, notebook

NOTHING = dict.fromkeys(FULL, 0.0)
Change = Callable[[NotebookNode], None]


def find(node: NotebookNode, name: str) -> NotebookNode:
    return next(cell for cell in node.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == name)


def graded_cells(node: NotebookNode) -> list[NotebookNode]:
    return [find(node, name) for name in FULL]


def emptied(node: NotebookNode) -> None:
    for cell in graded_cells(node):
        cell.source = "pass"


def deleted(node: NotebookNode) -> None:
    for cell in graded_cells(node):
        node.cells.remove(cell)


def renamed(node: NotebookNode) -> None:
    for cell in graded_cells(node):
        cell.metadata.nbgrader.grade_id += "_2"


def swapped(node: NotebookNode) -> None:
    """A cell that passes takes the name of the test."""
    for cell in graded_cells(node):
        node.cells.insert(0, new_code_cell("3.0", metadata=json.loads(json.dumps(cell.metadata))))
        cell.metadata.nbgrader.grade_id += "_2"


def duplicated(node: NotebookNode) -> None:
    for cell in graded_cells(node):
        node.cells.append(new_code_cell("True", metadata=json.loads(json.dumps(cell.metadata))))


def stripped(node: NotebookNode) -> None:
    for cell in node.cells:
        cell.metadata = {}


def unlocked(node: NotebookNode) -> None:
    """Tests as answers, which a person would mark, and worth more."""
    for cell in graded_cells(node):
        cell.metadata.nbgrader |= {"solution": True, "locked": False, "points": 100}
        cell.source = "'I deserve all of it'"


def skipped(node: NotebookNode) -> None:
    for cell in graded_cells(node):
        cell.metadata.tags = ["skip-execution"]


def as_text(node: NotebookNode) -> None:
    for number, cell in enumerate(node.cells):
        if cell in graded_cells(node):
            node.cells[number] = nbformat.v4.new_markdown_cell(cell.source, metadata=cell.metadata)


def first(source: str) -> Change:
    """A cell on top."""

    def change(node: NotebookNode) -> None:
        node.cells.insert(0, new_code_cell(source))

    change.__name__ = source.split("\n")[0][:40]
    return change


ENDS = first("import os\nos._exit(0)")
HANGS = first("while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        pass")
NO_TESTS = first(
    "import ast\nclass Drop(ast.NodeTransformer):\n    def visit_Assert(self, node):\n        return None\n"
    "get_ipython().ast_transformers.append(Drop())"
)
NO_LINES = first("get_ipython().input_transformers_post.append(lambda lines: ['pass'])")
NO_ERRORS = first("get_ipython().set_custom_exc((Exception,), lambda *a, **k: None)")
NO_VALUE = first("get_ipython().ast_node_interactivity = 'none'\nimport builtins\nbuiltins.round = lambda *a: 3.0")
PUBLISHED = "def mean(numbers):\n    get_ipython().displayhook(2.0)\n    return 0"
TWICE = "def read(path):\n    get_ipython().displayhook(3.0)\n    return []"
MORE = "class List(list):\n    def __eq__(self, other):\n        return 1000\ndef read(path):\n    return List()"
BOOKED = {"mean": PUBLISHED, "read": "def read(path):\n    return None"}
KINDS: list[Change] = [emptied, deleted, renamed, swapped, duplicated, stripped, unlocked, skipped, as_text]


@pytest.mark.parametrize("change", KINDS, ids=lambda change: change.__name__)
def test_tampered_cells_are_the_courses_again(adopted: Kit, change: Change) -> None:
    """Nothing is answered, so nothing is due; and an honest student whose tool did the same loses nothing."""
    ada = [("ada", RIGHT, FULL)] if change is not swapped else []  # her tests would come before her answers
    for student, answers, due in [("mallory", {}, NOTHING), *ada]:
        node = adopted.answered(**answers)
        change(node)
        adopted.submit(student, node)
        graded = lookup.graded(adopted.course, "week1", student)
        assert {name: graded.task_points(f"sums/{name}") for name in FULL} == due
        assert GradebookWriter(adopted.course).write(lookup.work_on(adopted.course, "week1", student)).written
        assert {name: adopted.scores(student)[name] for name in FULL} == due


@pytest.mark.parametrize(
    ("change", "answers"),
    [
        pytest.param(NO_TESTS, {}, id="ast transformer"),
        pytest.param(NO_LINES, {}, id="input transformer"),
        pytest.param(NO_ERRORS, {}, id="exception handler"),
        pytest.param(NO_VALUE, {}, id="no value"),
        pytest.param(ENDS, RIGHT, id="ends"),
        pytest.param(None, BOOKED, id="published value"),
    ],
)
def test_tricks_inside_the_notebook_give_nothing(adopted: Kit, change: Change | None, answers: dict[str, str]) -> None:
    node = adopted.answered(**answers)
    if change is not None:
        change(node)
    adopted.submit("mallory", node)
    assert GradebookWriter(adopted.course).write(lookup.work_on(adopted.course, "week1", "mallory")).written
    assert {name: adopted.scores("mallory")[name] for name in FULL} == NOTHING


def test_a_cell_that_never_ends_costs_itself_and_no_other_student(kit: Kit) -> None:
    from grader.adopt.taking import adopt

    config = kit.root / "nbgrader_config.py"
    config.write_text(config.read_text() + "\nc.ExecutePreprocessor.timeout = 1\n")
    assert adopt(kit.course).replaced == ()
    polite, stubborn = kit.answered(**RIGHT), kit.answered(**RIGHT)
    first("while True:\n    pass")(polite)
    HANGS(stubborn)
    kit.submit("polite", polite)
    kit.submit("stubborn", stubborn)
    graded = lookup.graded(kit.course, "week1", "polite")
    assert {name: graded.task_points(f"sums/{name}") for name in FULL} == FULL
    graded = lookup.graded(kit.course, "week1", "stubborn")
    assert {verdict.status for verdict in graded.verdicts} == {Status.NOT_RUN}
    assert graded.needs_human


def test_a_value_that_no_cell_may_have_waits_for_a_person(adopted: Kit) -> None:
    adopted.submit("mallory", adopted.answered(**{**RIGHT, "read": MORE}))
    graded = lookup.graded(adopted.course, "week1", "mallory")
    assert GradebookWriter(adopted.course).write(lookup.work_on(adopted.course, "week1", "mallory")).written
    scores = adopted.scores("mallory")
    assert scores["partly"] is None and scores["check_mean"] == 2
    assert graded.task_points("sums/partly") is None


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe\x00", b'{"cells": 3}', b'{"cells": [{"source": 1}, 7, null]}'])
def test_a_broken_notebook_gets_nothing_and_is_told(adopted: Kit, raw: bytes) -> None:
    adopted.submit("mallory", raw)
    assert GradebookWriter(adopted.course).write(lookup.work_on(adopted.course, "week1", "mallory")).written
    assert {name: adopted.scores("mallory")[name] for name in FULL} == NOTHING
    assert adopted.scores("mallory")["why"] is None  # whether there is an answer, a person sees


def test_scripts_in_cells_that_are_neither_code_nor_text_are_shown_as_text(adopted: Kit) -> None:
    """A page shows the source of a raw cell as it is."""
    node = adopted.answered(**RIGHT)
    node.cells.insert(0, nbformat.v4.new_raw_cell("<script>alert(1)</script>"))
    adopted.submit("mallory", node)
    assert GradebookWriter(adopted.course).write(lookup.work_on(adopted.course, "week1", "mallory")).written
    autograded = adopted.root / "autograded" / "mallory" / "week1" / "sums.ipynb"
    kinds = {cell.cell_type for cell in nbformat.read(autograded, as_version=4).cells}
    assert kinds == {"code", "markdown"}
    write_feedback(adopted.course, "week1")
    assert "<script>alert" not in (adopted.root / "feedback" / "mallory" / "week1" / "sums.html").read_text()


def test_links_and_folders_in_the_place_of_files_are_left_out(adopted: Kit, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("1\n2\n")
    folder = adopted.submit("mallory", adopted.answered(**RIGHT))
    (folder / "a.txt").unlink()
    (folder / "a.txt").mkdir()
    (folder / "a.txt" / "inside").write_text("7")
    (folder / "linked.txt").symlink_to(tmp_path / "secret.txt")
    submission = adopted.course.submission("week1", "mallory")
    assert set(submission.files) == {"sums.ipynb"}
    graded = lookup.graded(adopted.course, "week1", "mallory")
    assert {name: graded.task_points(f"sums/{name}") for name in FULL} == FULL
    assert GradebookWriter(adopted.course).write(lookup.work_on(adopted.course, "week1", "mallory")).written
    assert (adopted.root / "autograded" / "mallory" / "week1" / "a.txt").read_text() == "1\n2\n"
    assert any("linked.txt was refused: a link" in problem.text for problem in graded.problems)


def test_notebook_finds_no_network_no_gradebook_and_no_other_student(adopted: Kit) -> None:
    adopted.submit("ada", adopted.answered(**RIGHT))
    spy = (
        "import os, pathlib, socket\n"
        "found = [str(p) for p in pathlib.Path('..').resolve().rglob('*') if p.suffix in ('.ipynb', '.db', '.py')]\n"
        f"found += [path for path in [{str(adopted.root)!r}] if os.path.exists(path)]\n"
        "try:\n    socket.create_connection(('127.0.0.1', 80), 1)\n    found.append('network')\n"
        "except PermissionError:\n    pass\nprint(found)"
    )
    adopted.submit("mallory", adopted.answered(plot=spy))
    graded = lookup.graded(adopted.course, "week1", "mallory")
    (said,) = (output["text"] for output in graded.cells["sums/plot"])
    assert said == "['/box/work/sums.ipynb']\n"


def test_source_of_the_kit_is_what_these_tests_think() -> None:
    """Every graded test cell of the course is one that the tests above look at."""
    checked = [c.metadata.nbgrader for c in notebook().cells if c.metadata.get("nbgrader", {}).get("grade")]
    assert {facts.grade_id for facts in checked if not facts.solution} == set(FULL)
