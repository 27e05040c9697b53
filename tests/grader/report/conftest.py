"""A course in which nobody has submitted, and one with a few submissions; tests work on copies."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from exercises.checking import StudentError
from grader.course.folder import Course
from grader.nbgrader_base.runs import put_programs_on_path
from grader.report.facts import Facts, gather
from tests.grader.report.report_bench import DIGITS, Bench, failed, missed, unwritten, verdicts


@pytest.fixture(scope="session")
def empty_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    put_programs_on_path()
    course = Course(tmp_path_factory.mktemp("report") / "course")
    course.released_notebook("digits").parent.mkdir(parents=True)
    course.released_notebook("digits").write_text("{}")
    with Gradebook(f"sqlite:///{course.gradebook}") as gradebook:
        gradebook.add_assignment("digits")
        gradebook.add_notebook("digits", "digits")
        for task in DIGITS.tasks:
            gradebook.add_grade_cell(f"task-{task.name}", "digits", "digits", max_score=task.points, cell_type="code")
        for question in DIGITS.questions:
            name = f"question-{question.name}"
            gradebook.add_grade_cell(name, "digits", "digits", max_score=question.points, cell_type="markdown")
    return course.root


@pytest.fixture(scope="session")
def small_course(empty_course: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six students: three with one mistake, one late, one at an unknown time, one poor network, one not graded."""
    root = tmp_path_factory.mktemp("small") / "course"
    shutil.copytree(empty_course, root)
    bench = Bench(Course(root))
    raised = StudentError(
        "RuntimeError: Quilla reads /home/quinn-01/data/x.csv",
        ("RuntimeError",),
        (("blocks.py", 7, "secret = own_line(1)"),),
    )
    place = {"cause": raised.cause, "where": raised.place, "source": raised.where[-1][2]}
    found = {
        "quinn-01": verdicts(failed("blocks.skip_2d", hint="Is x added?"), missed(0.406)),
        "quinn-02": verdicts(failed("blocks.skip_2d", hint="Is x added?")),
        "quinn-03": verdicts(failed("blocks.skip_2d", raised.got, expected="no exception", hint="Read it", **place)),
        "quinn-04": verdicts(unwritten("pooling.max_1d_example", "MaxPool1d.__init__")),
        "quinn-05": verdicts(),
    }
    times = {"quinn-01": 30.0, "quinn-02": -2.0, "quinn-03": None, "quinn-04": 5.0, "quinn-05": 1.0}
    for number, (student, one) in enumerate(found.items()):
        bench.hand_in(student, f"# {student}", times[student])
        bench.grade(student, one, seconds=1.0 + number)
    bench.hand_in("quinn-06", "# nobody has graded this")
    return root


@pytest.fixture(scope="session")
def small_facts(small_course: Path) -> Facts:
    """For tests that only look."""
    return gather(Course(small_course), "digits")


@pytest.fixture
def empty(empty_course: Path, tmp_path: Path) -> Bench:
    return _copy(empty_course, tmp_path)


@pytest.fixture
def small(small_course: Path, tmp_path: Path) -> Bench:
    return _copy(small_course, tmp_path)


def _copy(course: Path, folder: Path) -> Bench:
    shutil.copytree(course, folder / "course")
    return Bench(Course(folder / "course"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """nbgrader's own use of SQLAlchemy warns; that is not ours to mend."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"))
