"""What nbgrader converts: a notebook of ours, never the student's file; and our feedback page."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import Exporter, NotebookExporter
from nbformat import NotebookNode
from nbgrader.utils import is_solution
from traitlets import default

from .answers import find_answers
from .context import Place, converter_of, place_of

# Our notes on a submission travel from the sanitising to the autograding pass in the notebook's metadata.
NOTES = "course_grader"


def working_notebook(released: NotebookNode, raw: bytes | None) -> NotebookNode:
    """The released notebook with the student's answers put in, and nothing else of the student's file.

    Args:
        released: the notebook as students got it.
        raw:      the submitted file, or None.
    """
    notebook = copy.deepcopy(released)
    solutions = {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells if is_solution(cell)}
    answers = find_answers(raw, solutions)
    for grade_id, text in answers.texts.items():
        solutions[grade_id].source = text
    notebook.metadata[NOTES] = {"lost": list(answers.lost), "notes": list(answers.notes)}
    return notebook


class WorkingNotebookExporter(NotebookExporter):
    """For `Autograde.exporter_class`: gives nbgrader the working notebook instead of the submitted file.

    nbgrader converts twice.  The first pass (sanitising) is given a file in submitted/, which is read as bytes only and
    may be missing; the second (autograding) is given the file in autograded/ that the first has written.
    """

    export_from_notebook = ""

    def from_filename(self, filename: str, resources: Any = None, **kw: Any) -> tuple[Any, Any]:
        """The notebook as JSON text, after the steps of the pass.

        Raises:
            FileNotFoundError: the assignment was not released in this course.
        """
        place = place_of(self, resources)
        path = Path(filename)
        resources["metadata"] = {"name": path.stem, "path": str(path.parent)}
        notebook = nbformat.read(path, as_version=4) if self._is_sanitised(path, place) else self._fresh(place)
        output: tuple[str, Any] = self.from_notebook_node(notebook, resources, **kw)  # type: ignore[no-untyped-call]
        return output

    def _is_sanitised(self, path: Path, place: Place) -> bool:
        coursedir = converter_of(self).coursedir
        folder = coursedir.format_path(coursedir.autograded_directory, place.student, place.assignment)
        return path.absolute().parent == Path(folder).absolute()

    def _fresh(self, place: Place) -> NotebookNode:
        released = place.course.released_notebook(place.assignment)
        if not released.is_file():
            raise FileNotFoundError(f"{released} is missing: release {place.assignment} in this course first")
        raw = place.course.submission_notebook(place.assignment, place.student)
        return working_notebook(nbformat.read(released, as_version=4), raw)


class FeedbackExporter(Exporter):
    """For `GenerateFeedback.exporter_class`: the page made from the verdicts, not from the notebook."""

    output_mimetype = "text/html"
    export_from_notebook = ""

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    def from_filename(self, filename: str, resources: Any = None, **kw: Any) -> tuple[Any, Any]:
        """The page of the student whose autograded notebook this is, as HTML text."""
        from grader import feedback  # only this command needs it

        place = place_of(self, resources)
        page = feedback.page(place.course, place.assignment, place.student)
        return page, {**resources, "output_extension": ".html"}
