"""Folders to try the browser on: what a student gets, and a course with a few submissions."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

from nbgrader.api import Gradebook
from rich.console import Console

from exercises.assignment import load_assignment
from grader.authoring.cohort import cohort, hand_in
from grader.authoring.galleries import solution_files
from grader.authoring.saved_outputs import saved_outputs
from grader.cli.terminal.progress import graded_with_progress
from grader.course.folder import Course
from grader.feedback.write import write_feedback
from grader.gradebook.config import write_config
from grader.release.build import release
from grader.report import write_report

# Out of the cohort of 70: the model solution, the stubs as they were released, mistakes in three tasks.
CHOSEN = (0, 16, 19, 20, 23)
# The same for pictures: some right answers, and mistakes in every task, so that the report has something to say.
COHORT = (0, 1, 2, *range(13, 34))
MISTAKEN = "student-020"  # probabilities in the place of logits
COMMENT = "Say also what the *second* curve costs."


def student_folder(assignment: str, out: Path, solved: bool = False) -> Path:
    """What students get, with the model solution's modules in the place of the stubs if asked for."""
    folder = release(assignment, out=out).folder
    if solved:
        for name, text in solution_files(assignment).items():
            (folder / "exercises" / assignment / f"{name}.py").write_text(text, encoding="utf-8")
    return folder


def course_with_submissions(assignment: str, root: Path, chosen: Iterable[int] = CHOSEN) -> Course:
    """A course in which these students of the simulated cohort of 70 have handed in, and nothing is graded."""
    course = Course(root)
    write_config(course, course_id="browser")
    release(assignment, course_root=root, out=root / "handout")
    everybody = cohort(assignment, outputs=saved_outputs(assignment))
    hand_in(course, assignment, [everybody[number] for number in chosen])
    return course


def grade_and_publish(course: Course, assignment: str) -> None:
    """Grade everybody, mark one written answer with a comment, and write feedback, report and slides."""
    for one in graded_with_progress(course, assignment, course.students(assignment), Console(file=io.StringIO())):
        assert not one.problem, f"{one.student}: {one.problem}"
    mark(course, assignment, MISTAKEN, 0.5, COMMENT)
    write_feedback(course, assignment)
    write_report(course, assignment, course.root / "report" / assignment, slides=True)


def mark(course: Course, assignment: str, student: str, points: float, comment: str) -> None:
    """What formgrader books when a person marks the first written question."""
    question = f"question-{load_assignment(assignment).questions[0].name}"
    with Gradebook(f"sqlite:///{course.gradebook}", course_id="browser") as gradebook:
        grade = gradebook.find_grade(question, assignment, assignment, student)
        grade.manual_score, grade.needs_manual_grade = points, False
        gradebook.find_comment(question, assignment, assignment, student).manual_comment = comment
        gradebook.db.commit()
