"""What nbgrader converts: a notebook of ours, never the student's file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode

from grader.gradebook.place import Place, place_of, work_of


class WorkingNotebookExporter(NotebookExporter):
    """For `Autograde.exporter_class`: gives nbgrader the plan's notebook instead of the submitted file.

    The submitted file is read as bytes only, and may be missing.
    """

    export_from_notebook = ""
    optimistic_validation = True  # once, after the last step

    def from_filename(self, filename: str, resources: Any = None, **kw: Any) -> tuple[Any, Any]:
        """The notebook as JSON text, after all steps.

        Raises:
            FileNotFoundError: the assignment was not released in this course.
        """
        path = Path(filename)
        resources["metadata"] = {"name": path.stem, "path": str(path.parent)}
        notebook = self._working(place_of(self, resources))
        output: tuple[str, Any] = self.from_notebook_node(notebook, resources, **kw)  # type: ignore[no-untyped-call]
        return output

    def _working(self, place: Place) -> NotebookNode:
        work = work_of(self)
        released = place.course.released_notebook(place.assignment, place.notebook)
        if not released.is_file():
            raise FileNotFoundError(f"{released} is missing: release {place.assignment} in this course first")
        return work.plan.working_notebook(place.notebook, nbformat.read(released, as_version=4), work.submission)
