"""What a person may want to read of a cohort's code: what few submissions use, and the model solution does not."""

from __future__ import annotations

from contextlib import suppress

from exercises.assignment import assignment_names
from grader.authoring.galleries import GalleryError, solution_files
from grader.course.folder import Course
from grader.course.readings import Readings
from grader.grading.checked.to_read import Use, rare, uses_in


def reading_list(course: Course, assignment: str) -> dict[str, tuple[Use, ...]]:
    """By student, what is to be read; nobody whose files use nothing out of the way.

    Every submission that lies in the course is read, whoever is graded.  An assignment of somebody else's has no list:
    its code stands in the notebooks.
    """
    if assignment not in assignment_names():
        return {}
    plan, readings = course.plan(assignment), Readings(course.ledger)
    cohort = {}
    for student in course.students(assignment):
        with suppress(OSError):  # told where it is graded
            cohort[student] = readings.uses_in(plan.read(course.submitted(assignment, student), student).modules)
    readings.keep()
    solution: tuple[Use, ...] = ()
    with suppress(GalleryError, OSError):  # a machine without the solution: all the more is to be read
        solution = uses_in({name: text.encode() for name, text in solution_files(assignment).items()})
    return rare(cohort, solution)
