"""The feedback page as an exporter of nbgrader's, for its command and for formgrader's button."""

from __future__ import annotations

from typing import Any

from nbconvert.exporters import Exporter
from traitlets import default

from grader.course import lookup
from grader.gradebook.place import place_of

from . import page


class FeedbackExporter(Exporter):
    """For `GenerateFeedback.exporter_class`: the page made from the verdicts, not from the notebook."""

    output_mimetype = "text/html"
    export_from_notebook = ""

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    def from_filename(self, filename: str, resources: Any = None, **kw: Any) -> tuple[Any, Any]:
        """The page of the student whose autograded notebook this is, as HTML text."""
        place = place_of(self, resources)
        text = page(place.course, lookup.graded(place.course, place.assignment, place.student))
        return text, {**resources, "output_extension": ".html"}
