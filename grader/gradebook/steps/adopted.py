"""What differs in nbgrader's autograding for an adopted assignment: the working notebook, and what its cells show."""

from __future__ import annotations

from nbformat import NotebookNode
from nbgrader.preprocessors import AssignLatePenalties, LimitOutput, SaveAutoGrades

from grader.gradebook.place import Place
from grader.grading.adopted.merging import merged_for_marking, name_of
from grader.grading.adopted.plan import AdoptedPlan
from grader.model.results import Graded

from .book import BookVerdicts, RememberFlags
from .exporters import WorkingNotebookExporter
from .fail_closed import is_checked, not_graded
from .show_verdicts import ShowVerdicts, shown


class AdoptedNotebookExporter(WorkingNotebookExporter):
    """Gives nbgrader the student's notebook with the course's cells laid over it."""

    def _working(self, place: Place) -> NotebookNode:
        plan = place.course.plan(place.assignment)
        if not isinstance(plan, AdoptedPlan):
            raise TypeError(f"{place.assignment} is no adopted assignment")
        notebook = plan.notebook(place.notebook)
        return merged_for_marking(
            notebook, place.course.submission(place.assignment, place.student).files.get(notebook.file)
        )


class ShowCells(ShowVerdicts):
    """Gives each cell what it showed in the sandbox; a test cell of which nothing is known keeps an error."""

    def _show(self, notebook: NotebookNode, graded: Graded, place: Place) -> None:
        for cell in notebook.cells:
            if cell.cell_type == "code":
                outputs = graded.cells.get(place.task(name_of(cell)))
                if outputs is None and is_checked(cell):
                    cell.outputs = [not_graded("this cell did not run")]
                else:
                    cell.outputs = shown(outputs or [])


STEPS = [ShowCells, LimitOutput, RememberFlags, SaveAutoGrades, BookVerdicts, AssignLatePenalties]
