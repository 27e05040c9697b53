"""An adopted course gets the scores that are due, as nbgrader's own autograde gives them where it is honest."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import nbgrader
import pytest
from nbformat.v4 import new_code_cell
from nbgrader.apps import NbGraderAPI

from grader.adopt.taking import adopt
from grader.batch.desk import Done
from grader.batch.run import grade_batch
from grader.course import lookup
from grader.feedback.write import write_feedback
from grader.gradebook.config import load_config
from grader.gradebook.writer import GradebookWriter
from grader.nbgrader_base.generate import generate_assignment
from tests.grader.adopt.adopt_kit import CELLS, FULL, RIGHT, Kit, copies, notebook, rows, stock

HALF_RIGHT = {
    "mean": "def mean(numbers):\n    return sum(numbers) // len(numbers)",  # the hidden test catches it
    "read": "def read(path):\n    return [1, 2]",
}
# What students do besides answering: cells of their own, magics, errors, output on standard error, a slow figure.
OWN_CELLS = (
    "import warnings, matplotlib.pyplot as plt\nfrom IPython.display import display, HTML, clear_output",
    "%precision 3\ndisplay(HTML('<b>bold</b>'), 0.123456)\nclear_output()",
    "%timeit -n1 -r1 sum([1])",
    "1 / 0",
    "warnings.warn('odd')",
    "plt.plot([1, 2])\nplt.show()",
    "import asyncio\nawait asyncio.sleep(0)",
    "assert not get_ipython().system('echo from the shell') and not _exit_code",
    "_",
    "In[1], len(Out)",
    "42;",
)


def submit_cohort(kit: Kit) -> None:
    """Right, half right, nothing done, with own cells, without a notebook."""
    kit.submit("ada", kit.answered(**RIGHT))
    kit.submit("bob", kit.answered(**HALF_RIGHT))
    kit.submit("cyd", kit.released())
    busy = kit.answered(**RIGHT)
    busy.cells[2:2] = [new_code_cell(source) for source in OWN_CELLS]
    kit.submit("dan", busy, a="changed by the student")
    kit.submit("eve", None)


def grade(kit: Kit) -> dict[str, Done]:
    """As the command does, in parallel."""
    students = kit.course.students("week1")
    return {done.student: done for done in grade_batch(kit.course, "week1", students)}


def test_a_cohort_gets_the_points_that_are_due_cell_by_cell(adopted: Kit) -> None:
    submit_cohort(adopted)
    done = grade(adopted)
    assert not any(one.problem for one in done.values())
    by_hand = {"why": None, "plot": None, "essay": None}
    assert adopted.scores("ada") == {**FULL, **by_hand}
    unanswered = {"why": 0, "plot": 0, "essay": None}
    assert adopted.scores("bob") == {"check_mean": 0, "check_empty": 0, "partly": 1.5, **unanswered}
    assert adopted.scores("cyd") == {"check_mean": 0, "check_empty": 0, "partly": 0, **unanswered}
    assert adopted.scores("dan") == {**FULL, **by_hand}
    assert set(adopted.scores("eve").values()) <= {0, None}
    assert any("sums.ipynb is missing" in one.text for one in done["eve"].graded.problems)


def test_what_is_known_runs_no_code_again_and_what_changed_does(adopted: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    adopted.submit("ada", adopted.answered(**HALF_RIGHT))
    writer = GradebookWriter(adopted.course)
    first = lookup.graded(adopted.course, "week1", "ada")
    assert writer.write(lookup.work_on(adopted.course, "week1", "ada")).written and writer.stands(first)
    ran: list[str] = []
    monkeypatch.setattr(lookup, "grade_groups", lambda submission, *rest: ran.append(submission.student) or ())
    assert lookup.graded(adopted.course, "week1", "ada") == first and not ran
    shutil.rmtree(adopted.root / "submitted" / "ada")
    adopted.submit("ada", adopted.answered(**RIGHT))
    with pytest.raises(KeyError):
        lookup.graded(adopted.course, "week1", "ada")
    assert ran == ["ada"]


def test_formgraders_buttons_grade_and_write_feedback(adopted: Kit) -> None:
    folder = adopted.submit("ada", adopted.answered(**HALF_RIGHT))
    (folder / "timestamp.txt").write_text("2030-01-15 10:00:00 UTC")
    outcome = NbGraderAPI(config=load_config(adopted.course)).autograde("week1", "ada")
    assert outcome["success"], outcome
    assert adopted.scores("ada")["partly"] == 1.5
    folder = adopted.root / "autograded" / "ada" / "week1"
    assert {path.name for path in folder.iterdir()} == {"sums.ipynb", "a.txt", "b.txt", "timestamp.txt"}
    assert write_feedback(adopted.course, "week1") == 1
    page = (adopted.root / "feedback" / "ada" / "week1" / "sums.html").read_text()
    assert "check_mean" in page and "AssertionError" in page


@pytest.mark.slow
def test_scores_are_those_of_stock_nbgrader(kit: Kit) -> None:
    submit_cohort(kit)
    theirs, ours = copies(kit, "theirs", "ours")
    stock(theirs.root, "autograde", "week1")
    adopt(ours.course)
    grade(ours)
    # Whoever hands in no notebook is passed over by nbgrader, and noted here.
    assert [row for row in rows(ours.root) if row[0] != "eve"] == rows(theirs.root)


@pytest.mark.slow
def test_nbgraders_own_example_gets_stocks_scores(tmp_path: Path) -> None:
    stock(tmp_path, "quickstart", "theirs")
    guide = Path(nbgrader.__file__).parent / "docs" / "source" / "user_guide"
    stock(tmp_path / "theirs", "generate_assignment", "ps1")
    shutil.copytree(guide / "submitted", tmp_path / "theirs" / "submitted")
    (ours,) = copies(Kit(tmp_path / "theirs"), "ours")
    stock(tmp_path / "theirs", "autograde", "ps1")
    adopt(ours.course)
    done = list(grade_batch(ours.course, "ps1", ours.course.students("ps1")))
    assert [one.problem for one in done] == ["", ""]
    assert rows(ours.root) == rows(tmp_path / "theirs")
    assert {name for _, name, *_ in rows(ours.root)} == {"problem1", "problem2"}
    again = [one.known for one in grade_batch(ours.course, "ps1", ours.course.students("ps1"))]
    assert again == [True, True]


@pytest.mark.slow
def test_nbgraders_own_command_grades_through_the_sandbox(adopted: Kit) -> None:
    spy = f"import os\nos.path.exists({str(adopted.root)!r})"
    adopted.submit("ada", adopted.answered(**{**RIGHT, "plot": spy}))
    stock(adopted.root, "autograde", "week1")
    assert {name: adopted.scores("ada")[name] for name in FULL} == FULL
    ran = nbformat.read(adopted.root / "autograded" / "ada" / "week1" / "sums.ipynb", as_version=4)
    (plot,) = (cell for cell in ran.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "plot")
    assert plot.outputs[0].data["text/plain"] == "False"
    stock(adopted.root, "generate_feedback", "week1")
    assert (adopted.root / "feedback" / "ada" / "week1" / "sums.html").is_file()


def test_an_error_on_standard_error_counts_as_in_nbgrader_unless_the_course_ignores_it(kit: Kit) -> None:
    loud = "import sys\ndef mean(numbers):\n    print('hint', file=sys.stderr)\n    return sum(numbers) / len(numbers)"
    kit.submit("ada", kit.answered(mean=loud))
    config = kit.root / "nbgrader_config.py"
    for silence, due in ("", 0.0), ("\nc.IgnorePattern.enabled = True\nc.IgnorePattern.pattern = 'hint'", 2.0):
        config.write_text(config.read_text() + silence)
        (copy,) = copies(kit, f"copy{due}")
        adopt(copy.course)
        assert lookup.graded(copy.course, "week1", "ada").task_points("sums/check_mean") == due


def test_two_notebooks_and_a_layout_of_the_courses_own(tmp_path: Path) -> None:
    root = tmp_path / "other"
    root.mkdir()
    structure = "{nbgrader_step}/{assignment_id}/{student_id}"
    (root / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.CourseDirectory.directory_structure = {structure!r}\n"
        f"c.CourseDirectory.submitted_directory = 'inbox'\nc.CourseDirectory.db_url = 'sqlite:///{root}/marks.db'\n"
    )
    kit = Kit(root)
    source = root / "source" / "week1" / "."
    source.mkdir(parents=True)
    for stem in ("one", "two"):
        nbformat.write(notebook(CELLS[1:3]), source / f"{stem}.ipynb")
    generate_assignment(root, "week1", database=True)
    taken = adopt(kit.course)
    assert [(found.name, found.reason) for found in taken.assignments] == [("week1", "")]
    inbox = root / "inbox" / "week1" / "ada"
    shutil.copytree(root / "release" / "week1", inbox)
    assert kit.course.students("week1") == ["ada"]
    graded = lookup.graded(kit.course, "week1", "ada")
    assert graded.tasks == ("one/check_mean", "two/check_mean")
    assert GradebookWriter(kit.course).write(lookup.work_on(kit.course, "week1", "ada")).written
    assert (root / "autograded" / "week1" / "ada" / "two.ipynb").is_file() and (root / "marks.db").is_file()
