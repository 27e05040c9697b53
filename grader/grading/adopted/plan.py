"""What an adopted assignment is: its notebooks with their cells, the files beside them, and the course's options."""

from __future__ import annotations

import ast
import functools
import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, tzinfo
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from grader.grading.checked.fingerprint import CODE
from grader.grading.plan import GradingPlan, Group
from grader.model.results import Graded, Output, Part
from grader.model.submission import Submission
from grader.repository import REPOSITORY
from grader.settings.deadlines import named_zone_of

from .reading import read_files

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from grader.sandbox.inside.confine import Limits

CELL_S = 30.0  # nbgrader's own default


@dataclass(frozen=True)
class SourceCell:
    """A cell that nbgrader knows, as it came out of the course's source/: hidden tests are in it, solutions are not.

    Attributes:
        id:     the cell's id in the released notebook, by which it is found where its metadata were stripped.
        points: of a graded cell or a task.
    """

    name: str
    cell_type: str
    source: str
    checksum: str | None
    locked: bool
    grade: bool = False
    solution: bool = False
    task: bool = False
    points: float = 0.0
    id: str = ""

    @property
    def checked(self) -> bool:
        """Whether what the cell shows decides its points; other graded cells are marked by a person."""
        return self.grade and not self.solution and self.cell_type == "code"

    @functools.cached_property
    def may_give_points(self) -> bool:
        """Whether it ends in an expression, whose value can be its points; a cell of asserts cannot show a value."""
        from IPython.core.inputtransformer2 import TransformerManager  # whoever only asks for a plan does not wait

        try:
            tree = ast.parse(TransformerManager().transform_cell(self.source))
        except SyntaxError:
            return True
        return bool(tree.body) and isinstance(tree.body[-1], ast.Expr)

    @functools.cached_property
    def idea(self) -> str:
        """The first line of the text that the cell opens with, else its name."""
        try:
            text = ast.get_docstring(ast.parse(self.source))
        except SyntaxError:
            text = None
        return text.splitlines()[0] if text else self.name


@dataclass(frozen=True)
class PlainCell:
    """A cell of the released notebook that nbgrader does not look after; its id is empty where it has none."""

    cell_type: str
    source: str
    id: str = ""


@dataclass(frozen=True)
class AdoptedNotebook:
    """One notebook of an adopted assignment.

    Attributes:
        cells:    all cells of the released notebook, in its order.
        metadata: the notebook's own, for example its kernel.
    """

    name: str
    cells: tuple[SourceCell | PlainCell, ...]
    metadata: dict[str, object] = field(default_factory=dict)

    @property
    def file(self) -> str:
        return f"{self.name}.ipynb"

    @property
    def known(self) -> tuple[SourceCell, ...]:
        """The cells that nbgrader looks after."""
        return tuple(cell for cell in self.cells if isinstance(cell, SourceCell))

    def task(self, cell: str) -> str:
        """The name under which the verdict on a test cell is kept."""
        return f"{self.name}/{cell}"


@dataclass(frozen=True)
class AdoptedPlan(GradingPlan):
    """An adopted assignment.  Each notebook is a group by itself; there is no private seed.

    Attributes:
        files:     from source/, beside the notebooks: they replace a student's of the same name.
        kept:      paths of files that a student may change (`Autograde.exclude_overwriting`).
        ignored:   nbgrader's patterns of file names that do not count.
        cell_s:    how long a cell may take, in seconds (`ExecutePreprocessor.timeout`).
        unheard:   a pattern of standard error that costs nothing (`IgnorePattern.pattern`), empty if there is none.
    """

    has_feedback_page: ClassVar[bool] = False  # it has no checks to word: the course keeps nbgrader's
    trusts_timestamp: ClassVar[bool] = True

    assignment: str
    notebooks: tuple[AdoptedNotebook, ...] = ()
    files: dict[str, bytes] = field(default_factory=dict)
    kept: frozenset[str] = frozenset()
    ignored: tuple[str, ...] = ()
    cell_s: float = CELL_S
    unheard: str = ""

    @classmethod
    def of(cls, root: Path, assignment: str) -> AdoptedPlan:
        from .definition import adopted_plan  # nbgrader takes a second to import

        return adopted_plan(root, assignment)

    @classmethod
    def prepare(cls, root: Path) -> None:
        """An adopted course is graded without a secret."""

    def require_prepared(self) -> None:
        """Nothing is lacking where there is a plan."""

    @classmethod
    def deadline(cls, root: Path, assignment: str) -> datetime | None:
        return None

    @classmethod
    def zone(cls, root: Path, assignment: str) -> tzinfo | None:
        return named_zone_of(root)

    @staticmethod
    def task_of(notebook: str, cell: str) -> str:
        return f"{notebook}/{cell}"

    @property
    def groups(self) -> tuple[Group, ...]:
        return tuple(Group(notebook.name) for notebook in self.notebooks)

    @property
    def notebook_names(self) -> tuple[str, ...]:
        return tuple(notebook.name for notebook in self.notebooks)

    def notebook(self, name: str) -> AdoptedNotebook:
        return next(notebook for notebook in self.notebooks if notebook.name == name)

    def looked_at(self, submission: Submission, group: str) -> str:
        return submission.hash

    def read(self, folder: Path, student: str) -> Submission:
        """Everything that was handed in but for what the course ignores.

        Raises:
            FileNotFoundError: there is no such folder.
            OSError: there is a file that this machine does not let us read.
        """
        return read_files(
            folder,
            self.assignment,
            student,
            first=[notebook.file for notebook in self.notebooks],
            given=self.files,
            kept=self.kept,
            ignored=self.ignored,
        )

    def version(self, group: str) -> str:
        """Changes with everything that a notebook's verdicts rest on, but for the submission itself."""
        own = asdict(self.notebook(group))
        digest = hashlib.sha256(json.dumps([own, sorted(self.kept), self.cell_s, self.unheard]).encode())
        for path, content in sorted(self.files.items()):
            digest.update(f"\0{path}\0{len(content)}\0".encode() + content)
        digest.update(_code_version().encode())
        return digest.hexdigest()

    def grade(self, submission: Submission, names: Sequence[str], limits: Limits | None = None) -> tuple[Part, ...]:
        from .running import run_groups  # brings nbgrader

        return run_groups(submission, self, names, limits)

    def working_notebook(self, notebook: str, released: NotebookNode, submission: Submission) -> NotebookNode:
        from .merging import merged_for_marking  # brings nbformat

        one = self.notebook(notebook)
        return merged_for_marking(one, submission.files.get(one.file))

    def outputs_of(self, notebook: str, cell: NotebookNode, graded: Graded) -> list[Output] | None:
        from .judging import outputs_of  # brings nbgrader

        return outputs_of(self.notebook(notebook), cell, graded)


@functools.cache
def _code_version() -> str:
    """Hash of the code that runs notebooks, and of the versions of what it runs on."""
    digest = hashlib.sha256(f"{sys.version} {version('torch')} {version('ipython')} {version('nbgrader')}".encode())
    for pattern in ("grader/grading/**/*", "grader/model/*", "grader/notebook/*", "grader/sandbox/**/*"):
        for path in sorted(REPOSITORY.glob(pattern)):
            if path.suffix in CODE:
                digest.update(str(path.relative_to(REPOSITORY)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
