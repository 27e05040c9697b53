"""What an adopted assignment is: its notebooks with their cells, the files beside them, and the course's options."""

from __future__ import annotations

import ast
import functools
from dataclasses import dataclass, field

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
class AdoptedAssignment:
    """An adopted assignment, as nbgrader's gradebook, the course's folders and its configuration describe it.

    Attributes:
        files:     from source/, beside the notebooks: they replace a student's of the same name.
        kept:      paths of files that a student may change (`Autograde.exclude_overwriting`).
        ignored:   nbgrader's patterns of file names that do not count.
        cell_s:    how long a cell may take, in seconds (`ExecutePreprocessor.timeout`).
        unheard:   a pattern of standard error that costs nothing (`IgnorePattern.pattern`), empty if there is none.
    """

    assignment: str
    notebooks: tuple[AdoptedNotebook, ...] = ()
    files: dict[str, bytes] = field(default_factory=dict)
    kept: frozenset[str] = frozenset()
    ignored: tuple[str, ...] = ()
    cell_s: float = CELL_S
    unheard: str = ""

    def notebook(self, name: str) -> AdoptedNotebook:
        return next(notebook for notebook in self.notebooks if notebook.name == name)
