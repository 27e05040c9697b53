"""Each written question names the cells of the notebook that it is about."""

from __future__ import annotations

from pathlib import Path

import pytest

from exercises.assignment import assignment_names, load_assignment
from exercises.cells import EXPLORATION, first_line, questions_of
from grader import repository
from grader.release.build import check_release, release
from grader.release.errors import ReleaseError
from grader.release.notebook import read_source
from grader.release.questions import refuse_questions_without_cells

TAGGED = '# %% tags=["question:why"]\n'
NOTEBOOK = "solutions/tiny/tiny.py"

REFUSED = {
    "no cell": (TAGGED, "# %%\n", "no cell says that question why is about it.*cells = false"),
    "no such question": (TAGGED, TAGGED + '1\n\n# %% tags=["question:how"]\n', r"names no question .*\(why\)"),
    "for exploration too": (TAGGED, '# %% tags=["question:why", "exploration"]\n', 'take the tag "exploration" away'),
    "text": (TAGGED, '# %% [markdown] tags=["question:why"]\n# Text\n\n# %%\n', "belongs on cells of code"),
    "a task's check": (
        '# %% nbgrader={"grade": true, "grade_id": "task-adding"',
        '# %% tags=["question:why"] nbgrader={"grade": true, "grade_id": "task-adding"',
        "a task's check",
    ),
}


def edit(root: Path, file: str, old: str, new: str) -> None:
    text = (root / file).read_text(encoding="utf-8")
    assert old in text
    (root / file).write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(("old", "new", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_release_refuses_what_the_tags_do_not_bear_out(tiny: Path, old: str, new: str, said: str) -> None:
    edit(tiny, NOTEBOOK, old, new)
    for attempt in (release, check_release):
        with pytest.raises(ReleaseError, match=f"(?s)tiny.py.*{said}"):
            attempt("tiny")


def test_question_that_is_about_no_cell_says_so(tiny: Path) -> None:
    edit(tiny, NOTEBOOK, TAGGED, "# %%\n")
    edit(tiny, "exercises/tiny/assignment.toml", 'title = "Why?"\n', 'title = "Why?"\ncells = false\n')
    refuse_questions_without_cells(load_assignment("tiny"))


@pytest.mark.parametrize("assignment", assignment_names())
def test_cells_of_questions_reach_the_released_notebook(assignment: str) -> None:
    source = read_source(repository.notebook_source(assignment))
    tagged = {
        name
        for cell in source.cells
        for name in questions_of(cell.metadata.get("tags", []))
        if EXPLORATION not in cell.metadata.tags
    }
    assert tagged == {question.name for question in load_assignment(assignment).questions if question.cells}
    released = repository.notebook(assignment).read_text(encoding="utf-8")
    assert all(f'"question:{name}"' in released for name in tagged)


def test_a_cell_is_called_by_its_first_telling_line() -> None:
    assert first_line("%matplotlib inline\n# a note\nimport torch\n\n  x = 1\ny = 2") == "x = 1"
    assert first_line("import torch\n") == "import torch" and first_line("") == "" and first_line("y" * 99) == "y" * 80
