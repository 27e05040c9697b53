"""The feedback page as an exporter of nbgrader's, for its command and for formgrader's button."""

from __future__ import annotations

from typing import Any

from nbconvert.exporters import Exporter
from traitlets import default

from grader.course import lookup
from grader.gradebook.place import place_of

from . import page
from .solution.publish import own_page, own_page_name, published


class FeedbackExporter(Exporter):
    """For `GenerateFeedback.exporter_class`: the page made from the verdicts, not from the notebook."""

    output_mimetype = "text/html"
    export_from_notebook = ""

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    def from_filename(self, filename: str, resources: Any = None, **kw: Any) -> tuple[Any, Any]:
        """The page of the student whose autograded notebook this is, as HTML text.

        Where the model solution was handed out in the course, a page that compares with it comes beside.
        """
        place = place_of(self, resources)
        graded = lookup.graded(place.course, place.assignment, place.student)
        beside = {}  # files that nbconvert's writer puts next to the page
        if published(place.course, place.assignment):
            beside[own_page_name(place.assignment)] = own_page(place.course, graded).encode()
        return page(place.course, graded), {**resources, "output_extension": ".html", "outputs": beside}
