"""What nbgrader converts: a notebook of ours, never the student's file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode

from grader.notebook.working import working_notebook

from .context import Place, converter_of, place_of


class WorkingNotebookExporter(NotebookExporter):
    """For `Autograde.exporter_class`: gives nbgrader the working notebook instead of the submitted file.

    nbgrader converts twice.  The first pass (sanitising) is given a file in submitted/, which is read as bytes only and
    may be missing; the second (autograding) is given the file in autograded/ that the first has written.
    """

    export_from_notebook = ""
    optimistic_validation = True  # once, after the last step of a pass

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
