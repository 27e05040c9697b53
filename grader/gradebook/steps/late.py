"""Books what lateness costs by course.toml, as nbgrader's plugin and its step."""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors import AssignLatePenalties

from grader.course.lateness import _called_late, read_lateness
from grader.gradebook.place import place_of
from grader.nbgrader_base.converters import converter_of


class CourseLatePenalty(LateSubmissionPlugin):
    """nbgrader's plugin by our rule; where there is none nbgrader's own, which by default takes nothing."""

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float | None:
        """The points to take off.  nbgrader's seconds are not used: they know nothing of course.toml's extensions."""
        step = self.parent  # AssignLatePenalties, with its gradebook open
        lateness = read_lateness(converter_of(step).course)
        if lateness.rule_for(step.assignment_id) is None:
            penalty: float | None = super().late_submission_penalty(student_id, score, total_seconds_late)
            return penalty
        return lateness.penalty(step.gradebook.find_submission(step.assignment_id, student_id)) or None


class BookPenalty(AssignLatePenalties):
    """nbgrader's step, which asks the plugin only where it knows a time; here also where a system said "late" alone."""

    def preprocess(self, notebook: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        notebook, resources = super().preprocess(notebook, resources)
        place = place_of(self, resources)
        lateness = read_lateness(place.course)
        ours = isinstance(self.plugin_inst, CourseLatePenalty) and lateness.rule_for(place.assignment)
        if ours and _called_late(place.course, place.assignment, place.student):
            with Gradebook(place.db_url) as gradebook:
                row = gradebook.find_submission_notebook(place.notebook, place.assignment, place.student)
                row.late_submission_penalty = lateness.penalty(row.assignment) or None
                gradebook.db.commit()
        return notebook, resources
