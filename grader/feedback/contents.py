"""Gathers all that a feedback page shows, from the verdicts, the gradebook and the student's notebook.

Notes for the TA (`Verdict.note`, `Graded.problems`) and sources of checks are not among it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import nbformat
from nbformat import NotebookNode

from exercises.assignment import Assignment, Question, Task, load_assignment
from exercises.checking.verdict import Status, Verdict
from grader.course.folder import Course
from grader.grades.booked import Booked, read_booked
from grader.grades.total import Grade, Total
from grader.model.plain import plain
from grader.model.problems import Kind
from grader.model.results import Graded
from grader.notebook.marking import marking_notebook
from grader.notebook.pictures import Picture

from .outputs import CellPart, Group, handed_in, run_again
from .own import OwnPart, own_parts, pictures_of
from .solution.publish import own_page_name, published

ANSWER = 20_000  # characters shown of a written answer


@dataclass(frozen=True)
class CheckLine:
    """One check.

    Attributes:
        points:  None where the grader could not decide.
        details: pairs such as ("got", "zeros").
        hints:   further hints, to be opened one after the other.
    """

    idea: str
    status: Status
    points: float | None
    maximum: float
    extra: bool
    details: tuple[tuple[str, str], ...]
    hints: tuple[str, ...] = ()


@dataclass(frozen=True)
class TaskPart:
    """A task.  `remark` says where the points that count do not come from the checks shown."""

    name: str
    title: str
    grade: Grade
    checks: tuple[CheckLine, ...]
    remark: str
    comment: str

    @property
    def passed(self) -> int:
        return sum(check.status is Status.PASSED for check in self.checks)


@dataclass(frozen=True)
class QuestionPart:
    """A written question; `answer` is empty where the student gave none.

    Attributes:
        pictures: those in the answer, and words in the place of those that are not shown.
        own:      the student's own cells next to the answer.
        cells:    the cells of the notebook that the question is about, with what they showed as handed in.
    """

    name: str
    title: str
    grade: Grade
    answer: str
    comment: str
    pictures: tuple[Picture | str, ...] = ()
    own: tuple[OwnPart, ...] = ()
    cells: tuple[CellPart, ...] = ()


@dataclass(frozen=True)
class NextStep:
    """The first failed check of a task, and its hint."""

    task: str
    title: str
    idea: str
    hint: str


@dataclass(frozen=True)
class Contents:
    """Everything that is on a student's page.

    Attributes:
        late_reason: why points are taken off for lateness; empty where none are.
        all_passed:  whether there are verdicts, and every check but those for extra credit passed.
        own:         the student's own cells that stand next to no answer.
        comments:    a person's words on other cells of the notebook, with the cell's name.
        showed:      what the other cells of the student's own file showed.
        run_again:   what the cells showed where the grader was asked to run the notebook.
        stopped:     whether that run ended before its last cell.
        solution:    the page beside this one that compares the student's files with the model solution; empty as long
                     as that was not handed out.
    """

    title: str
    student: str
    handed_in: str
    total: Total
    late_reason: str
    next_steps: tuple[NextStep, ...]
    all_passed: bool
    tasks: tuple[TaskPart, ...]
    questions: tuple[QuestionPart, ...]
    own: tuple[OwnPart, ...]
    comments: tuple[tuple[str, str], ...]
    showed: tuple[Group, ...]
    run_again: tuple[Group, ...]
    stopped: bool
    solution: str = ""


def gather(course: Course, graded: Graded) -> Contents:
    """Everything that the page of one student shows, from the verdicts on the submission.

    Raises:
        FileNotFoundError: the student submitted nothing, or the assignment was not released in this course.
        ValueError: there is no such assignment.
    """
    assignment, student = graded.assignment, graded.student
    facts = load_assignment(assignment)
    booked = read_booked(course, assignment, student)
    released = _released(course, assignment)
    marked = _marked(course, assignment, student, released)
    own, showed = own_parts(marked, released), handed_in(marked, released)
    asked = {f"question-{question.name}" for question in facts.questions}
    tasks = tuple(_task(task, graded, booked) for task in facts.tasks)
    questions = tuple(
        replace(
            _question(question, booked, marked, released, own), cells=tuple(showed.questions.get(question.name, ()))
        )
        for question in facts.questions
    )
    counting = [verdict for verdict in graded.verdicts if not verdict.extra]
    return Contents(
        title=facts.title,
        student=plain(booked.name, 200),
        handed_in=booked.handed_in,
        total=Total.of([*(t.grade for t in tasks), *(q.grade for q in questions)], booked.late_penalty),
        late_reason=booked.late_reason,
        next_steps=_next_steps(tasks),
        all_passed=bool(counting) and all(verdict.status is Status.PASSED for verdict in counting),
        tasks=tasks,
        questions=questions,
        own=tuple(part for part in own if part.beside not in asked),
        comments=_other_comments(facts, booked),
        showed=showed.groups,
        run_again=run_again(graded.cells, released),
        stopped=any(problem.kind is Kind.CRASHED for problem in graded.problems),
        solution=own_page_name(assignment) if published(course, assignment) else "",
    )


def _task(task: Task, graded: Graded, booked: Booked) -> TaskPart:
    grade = booked.grades.get(f"task-{task.name}", Grade(None, task.points))
    verdicts = graded.of_task(task.name)
    return TaskPart(
        name=task.name,
        title=task.title,
        grade=grade,
        checks=_lines(verdicts, grade),
        remark=_remark(grade, graded.task_points(task.name)),
        comment=plain(booked.comments.get(f"task-{task.name}", ""), ANSWER),
    )


def _lines(verdicts: Iterable[Verdict], grade: Grade) -> tuple[CheckLine, ...]:
    """A line for each verdict; further hints that checks of the task share stand with the first of them."""
    told: set[tuple[str, ...]] = set()
    lines = []
    for verdict in verdicts:
        line = _line(verdict, grade)
        lines.append(replace(line, hints=()) if verdict.hints in told else line)
        told.add(verdict.hints)
    return tuple(lines)


def _line(verdict: Verdict, grade: Grade) -> CheckLine:
    undecided = verdict.status is Status.ERROR
    return CheckLine(
        idea=plain(verdict.idea),
        status=verdict.status,
        points=None if undecided else verdict.points,
        maximum=verdict.max_points,
        extra=verdict.extra,
        details=_details(verdict, grade),
        hints=tuple(map(plain, verdict.hints)),
    )


def _details(verdict: Verdict, grade: Grade) -> tuple[tuple[str, str], ...]:
    """What was expected, what came, and a hint; what a failed grader would say is for the TA alone."""
    if verdict.status is Status.ERROR:
        return (("why", "a person has marked this task" if grade.by_hand else "a person will look at it"),)
    if verdict.status is Status.NOT_RUN:
        found = [("why", verdict.got), ("hint", verdict.hint)]
    elif verdict.status is Status.PASSED:
        found = [("got", verdict.got)]
    else:
        found = [("expected", verdict.expected), ("got", verdict.got), ("hint", verdict.hint)]
    if grade.points is None:
        found.append(("proposed", verdict.awaits))
    return tuple((label, plain(text)) for label, text in found if text)


def _remark(grade: Grade, from_checks: float | None) -> str:
    if grade.points is None:
        return ""
    if grade.by_hand:
        return "A person set these points."
    if from_checks is not None and abs(from_checks - grade.points) > 0.005:
        return "The points of the checks below add up to another number; the points in the gradebook count."
    return ""


def _next_steps(tasks: tuple[TaskPart, ...]) -> tuple[NextStep, ...]:
    """For each task its first failed check: the later ones often fail for the same reason."""
    steps = []
    for task in tasks:
        failed = [c for c in task.checks if c.status in (Status.FAILED, Status.PARTLY) and not c.extra]
        if failed:
            details = dict(failed[0].details)
            steps.append(NextStep(task.name, task.title, failed[0].idea, details.get("hint", "")))
    return tuple(steps)


def _question(
    question: Question, booked: Booked, marked: NotebookNode, released: NotebookNode, own: tuple[OwnPart, ...]
) -> QuestionPart:
    cell = f"question-{question.name}"
    answer, placeholder = _cell(marked, cell), _cell(released, cell)
    unchanged = answer is None or (placeholder is not None and answer.source.strip() == placeholder.source.strip())
    return QuestionPart(
        name=question.name,
        title=question.title,
        grade=booked.grades.get(cell, Grade(None, question.points)),
        answer="" if answer is None or unchanged else plain(answer.source, ANSWER),
        comment=plain(booked.comments.get(cell, ""), ANSWER),
        pictures=() if answer is None else pictures_of(answer),
        own=tuple(part for part in own if part.beside == cell),
    )


def _other_comments(facts: Assignment, booked: Booked) -> tuple[tuple[str, str], ...]:
    """Comments on cells that are neither a task's nor a question's, as pairs of the cell's name and the words."""
    shown = {f"task-{task.name}" for task in facts.tasks}
    shown |= {f"question-{question.name}" for question in facts.questions}
    others = [(cell, text) for cell, text in sorted(booked.comments.items()) if text and cell not in shown]
    return tuple((cell, plain(text, ANSWER)) for cell, text in others)


def _marked(course: Course, assignment: str, student: str, released: NotebookNode) -> NotebookNode:
    """The notebook that the TA marked if there is one, else what it will be."""
    path = course.autograded(assignment, student) / f"{assignment}.ipynb"
    if not path.is_file():
        return marking_notebook(released, course.submission_notebook(assignment, student))
    notebook: NotebookNode = nbformat.read(path, as_version=4)
    return notebook


def _cell(notebook: NotebookNode, grade_id: str) -> NotebookNode | None:
    named = (cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id)
    return next(named, None)


def _released(course: Course, assignment: str) -> NotebookNode:
    path = course.released_notebook(assignment)
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing: release {assignment} in this course first")
    notebook: NotebookNode = nbformat.read(path, as_version=4)
    return notebook
