"""A small course as a lecturer might have it: hidden tests, partial credit, cells marked by hand, files beside them."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from grader.course.folder import Course
from grader.nbgrader_base.generate import generate_assignment

KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
CONFIG = "c = get_config()\nc.CourseDirectory.course_id = 'sums'"  # no line break at the end
ROWS = """
SELECT submission.student_id, notebook.name, cell.name, grade.auto_score, grade.needs_manual_grade
FROM grade
JOIN base_cell AS cell ON cell.id = grade.cell_id
JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id
JOIN notebook ON notebook.id = submitted_notebook.notebook_id
JOIN submitted_assignment AS submission ON submission.id = submitted_notebook.assignment_id
"""
MEAN = "def mean(numbers):\n    ### BEGIN SOLUTION\n    return sum(numbers) / len(numbers)\n    ### END SOLUTION"
READ = "def read(path):\n    ### BEGIN SOLUTION\n    return [int(n) for n in open(path)]\n    ### END SOLUTION"
CHECK_MEAN = """\
assert mean([1, 2, 3]) == 2
### BEGIN HIDDEN TESTS
assert mean([1, 2]) == 1.5
### END HIDDEN TESTS"""
CHECK_EMPTY = 'try:\n    mean([])\nexcept ValueError:\n    pass\nelse:\n    raise AssertionError("no error")'
PARTLY = "round(sum(read(name) == wanted for name, wanted in [('a.txt', [1, 2]), ('b.txt', [])]) * 1.5, 1)"
CELLS = (
    ("code", "import numpy as np\n%matplotlib inline", None),
    ("code", MEAN, {"grade_id": "mean", "solution": True}),
    ("code", CHECK_MEAN, {"grade_id": "check_mean", "grade": True, "locked": True, "points": 2}),
    ("code", CHECK_EMPTY, {"grade_id": "check_empty", "grade": True, "locked": True, "points": 1}),
    ("code", READ, {"grade_id": "read", "solution": True}),
    ("code", PARTLY, {"grade_id": "partly", "grade": True, "locked": True, "points": 3}),
    ("markdown", "Because.", {"grade_id": "why", "grade": True, "solution": True, "points": 2}),
    ("code", "np.arange(3)", {"grade_id": "plot", "grade": True, "solution": True, "points": 1}),
    ("markdown", "Write an essay below.", {"grade_id": "essay", "task": True, "locked": True, "points": 4}),
)
RIGHT = {
    "mean": "def mean(numbers):\n    if not numbers:\n        raise ValueError\n    return float(np.mean(numbers))",
    "read": "def read(path):\n    return [int(line) for line in open(path)]",
    "why": "Since it is.",
    "plot": "np.arange(3)",
}
FULL = {"check_mean": 2.0, "check_empty": 1.0, "partly": 3.0}


def cell(kind: str, source: str, nbgrader: dict[str, Any] | None, number: int = 0) -> NotebookNode:
    """A cell of a source notebook."""
    facts = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3, "cell_type": kind}
    metadata = {"nbgrader": facts | nbgrader} if nbgrader else {}
    made: NotebookNode = (new_code_cell if kind == "code" else new_markdown_cell)(
        source, id=f"given-{number}", metadata=metadata
    )
    return made


def notebook(cells: Any = CELLS, kernel: dict[str, str] | None = None) -> NotebookNode:
    made = [cell(*one, number) for number, one in enumerate(cells)]
    result: NotebookNode = new_notebook(cells=made, metadata={"kernelspec": kernel or KERNEL})
    return result


@dataclass(frozen=True)
class Kit:
    """A course folder and what tests do in it."""

    root: Path

    @property
    def course(self) -> Course:
        return Course(self.root)

    def release(self, name: str = "week1", **notebooks: NotebookNode) -> None:
        folder = self.root / "source" / name
        folder.mkdir(parents=True)
        for stem, node in (notebooks or {"sums": notebook()}).items():
            nbformat.write(node, folder / f"{stem}.ipynb")
        (folder / "a.txt").write_text("1\n2\n")
        (folder / "b.txt").write_text("")
        generate_assignment(self.root, name, database=True)

    def released(self, name: str = "week1", stem: str = "sums") -> NotebookNode:
        return nbformat.read(self.root / "release" / name / f"{stem}.ipynb", as_version=4)

    def answered(self, **answers: str) -> NotebookNode:
        """The released notebook with these answers."""
        node = self.released()
        for one in node.cells:
            name = one.metadata.get("nbgrader", {}).get("grade_id")
            one.source = answers.get(name, one.source)
        return node

    def submit(self, student: str, node: NotebookNode | bytes | None, **files: str) -> Path:
        folder = self.root / "submitted" / student / "week1"
        shutil.copytree(self.root / "release" / "week1", folder)
        (folder / "sums.ipynb").unlink()
        if node is not None:
            (folder / "sums.ipynb").write_bytes(node if isinstance(node, bytes) else nbformat.writes(node).encode())
        for name, text in files.items():
            (folder / f"{name}.txt").write_text(text)
        return folder

    def scores(self, student: str) -> dict[str, float | None]:
        """nbgrader's automatic scores of a student, by cell; cells that wait for a person have none."""
        return {name: None if waits else score for who, _, name, score, waits in rows(self.root) if who == student}

    def files(self) -> dict[str, bytes]:
        """Everything in the folder but the gradebook and what grading is for."""
        skipped = ("gradebook.db", "autograded", "feedback")
        found = [path for path in self.root.rglob("*") if path.is_file()]
        kept = [path for path in found if path.relative_to(self.root).parts[0] not in skipped]
        return {str(path.relative_to(self.root)): path.read_bytes() for path in kept}


def rows(root: Path) -> list[tuple[str, str, str, float | None, int]]:
    """Student, notebook, cell, automatic score, and whether it waits for a person, in this order."""
    with closing(sqlite3.connect(root / "gradebook.db")) as database:
        return sorted(database.execute(ROWS).fetchall())


def stock(root: Path, *command: str) -> None:
    """Run nbgrader's own program in a course folder."""
    program = [str(Path(sys.executable).with_name("nbgrader")), *command]
    environment = {**os.environ, "JUPYTER_NO_CONFIG": "1"}
    done = subprocess.run(program, cwd=root, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def copies(kit: Kit, *names: str) -> Iterator[Kit]:
    """The same course several times."""
    for name in names:
        shutil.copytree(kit.root, kit.root.with_name(name))
        yield Kit(kit.root.with_name(name))
