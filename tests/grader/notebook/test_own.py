"""What a student wrote outside the cells that are there for it is shown, and keeps a question open."""

from __future__ import annotations

import json
from typing import Any

import nbformat
import pytest

from exercises.assignment import assignment_names
from grader import repository
from grader.grading.checked.notebook import cells_to_run
from grader.model.submission import Submission
from grader.notebook.marking import MAX_CELLS, ShownCell, is_own, marking_notebook, shown_cells
from grader.notebook.own import ANOTHER_ANSWER_TITLE, CHANGED_TITLE, OWN_TITLE
from grader.notebook.pictures import encoded_anew
from grader.notebook.working import NOTES_KEY, working_notebook
from tests.grader.notebook.kit import PLACEHOLDER, attachment, code, handed_in, picture, raw_text, released, text

BOTH = ["question-why", "question-what"]
ANSWER = "The head weighs positions."


def notes(raw: bytes | None) -> dict[str, Any]:
    found: dict[str, Any] = marking_notebook(released(), raw).metadata[NOTES_KEY]
    return found


def shown(raw: bytes) -> list[ShownCell]:
    return list(shown_cells(marking_notebook(released(), raw)))


def changed(name: str, source: str) -> Any:
    return lambda cells: cells[name].update(source=source)


def again(cells: dict[str, Any]) -> None:
    """The question's cell, copied with its metadata as JupyterLab does, over the cell that packs."""
    copy = json.loads(json.dumps(cells["question-why"]))
    cells["end"].update({**copy, "id": "copied", "source": "A second answer."})


WROTE = {
    "a cell below the placeholder": (handed_in(("question-why", text(ANSWER))), OWN_TITLE),
    "a cell above the placeholder": (handed_in(("ask-why", text(ANSWER))), OWN_TITLE),
    "a cell at the top": (handed_in(("", text(ANSWER))), OWN_TITLE),
    "a cell at the end": (handed_in(("end", text(ANSWER))), OWN_TITLE),
    "a raw cell": (handed_in(("question-why", raw_text(ANSWER))), OWN_TITLE),
    "a cell of code that is prose": (handed_in(("question-why", code(ANSWER))), OWN_TITLE),
    "a comment in code far away": (handed_in(("title", code(f"plot(5)  # {ANSWER}"))), OWN_TITLE),
    "prose in code far away": (handed_in(("title", code(ANSWER))), OWN_TITLE),
    "a printed sentence": (handed_in(("title", code(f"print('{ANSWER}')"))), OWN_TITLE),
    "the question's own text": (
        handed_in(change=changed("ask-why", f"**Why** does one of them fall? {ANSWER}")),
        CHANGED_TITLE,
    ),
    "another given text": (handed_in(change=changed("title", f"# Shifts\n\n{ANSWER}")), CHANGED_TITLE),
    "a comment in given code": (
        handed_in(change=changed("given", f"limit = 3\nplot(limit)  # {ANSWER}")),
        CHANGED_TITLE,
    ),
    "a picture alone": (handed_in(("end", text("", attachments={"a.png": attachment(picture())}))), OWN_TITLE),
}


@pytest.mark.parametrize(("raw", "what"), WROTE.values(), ids=WROTE.keys())
def test_what_the_student_wrote_is_shown_and_keeps_unanswered_questions_open(raw: bytes, what: str) -> None:
    (cell,) = shown(raw)
    assert cell.what == what
    assert ANSWER in cell.source or cell.attachments
    assert notes(raw)["open"] == BOTH


NOTHING = {
    "nothing": handed_in(),
    "an empty cell": handed_in(("question-why", text(""))),
    "blanks": handed_in(("question-why", text(" \n\t\u200b\u00a0&nbsp;")), ("end", code("  \n"))),
    "an HTML comment": handed_in(("question-why", text("<!-- to do\n -->\n<!---->"))),
    "other ends of lines": handed_in(change=changed("end", "## Pack  \r\n\r\nSave, and pack.\n")),
    "a released cell twice": handed_in(("end", text("# Shifts"))),
    "the placeholder twice": handed_in(("question-why", text(PLACEHOLDER))),
    "a given cell emptied": handed_in(change=changed("ask-why", "")),
    "given code with other numbers": handed_in(change=changed("given", "limit = 5\nplot(limit)")),
    "given code turned into a comment": handed_in(change=changed("given", "# limit = 3\nplot(4)")),
    "code far from any question": handed_in(("title", code("x.shape"))),
}


@pytest.mark.parametrize("raw", NOTHING.values(), ids=NOTHING.keys())
def test_where_nothing_is_written_no_question_stays_open(raw: bytes) -> None:
    assert notes(raw)["open"] == [] and notes(raw)["lost"] == []


def test_comment_that_never_ends_is_something_written() -> None:
    assert notes(handed_in(("end", text(f"<!-- {ANSWER}"))))["open"] == BOTH


def test_code_without_words_may_answer_the_question_that_it_stands_next_to() -> None:
    assert notes(handed_in(("question-why", code("plot(5)"))))["open"] == ["question-why"]


def test_answered_question_needs_nothing_else_to_be_read() -> None:
    raw = handed_in(("question-why", text("and more")), why="First half,")
    assert notes(raw)["open"] == ["question-what"]
    assert list(notes(raw)["beside"]) == BOTH


def test_own_cells_stand_behind_those_that_they_follow() -> None:
    raw = handed_in(
        ("", text("top")), ("title", code("1 + 1")), ("question-why", text("one")), ("question-why", text("two"))
    )
    cells = marking_notebook(released(), raw).cells
    places = [cell.source.splitlines()[-1] if is_own(cell) else cell.id for cell in cells]
    assert places == [
        *("top", "title", "1 + 1", "given", "ask-why", "question-why", "one", "two"),
        *("ask-what", "question-what", "end"),
    ]
    assert [cell.beside for cell in shown(raw)] == ["", "", "question-why", "question-why"]


def test_own_cells_say_that_they_are_the_students() -> None:
    raw = handed_in(("question-why", text("one")), ("title", code("1 + 1")))
    sources = [cell.source for cell in marking_notebook(released(), raw).cells if is_own(cell)]
    assert sources == ["# The student's own cell (not run while grading)\n1 + 1", "*The student's own cell:*\n\none"]


def test_second_answer_is_shown_below_the_first() -> None:
    raw = handed_in(why="First.", change=again)
    (cell,) = shown(raw)
    assert (cell.what, cell.source, cell.beside) == (ANOTHER_ANSWER_TITLE, "A second answer.", "question-why")


def test_same_answer_twice_is_shown_once() -> None:
    assert shown(handed_in(why="A second answer.", change=again)) == []


def test_cell_without_metadata_and_id_is_found_by_its_text() -> None:
    def strip(cells: dict[str, Any]) -> None:
        for cell in cells.values():
            cell.metadata.clear()
            cell.id = f"other-{cell.id}"

    raw = handed_in(why=ANSWER, change=strip)
    assert [(cell.source, cell.above) for cell in shown(raw)] == [(ANSWER, "ask-why")]
    assert notes(raw)["lost"] == BOTH


def test_code_keeps_what_it_showed_without_scripts() -> None:
    image = attachment(picture())["image/png"]
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": ["a\n", "b"]},
        {"output_type": "display_data", "metadata": {}, "data": {"image/png": image + "\n", "text/html": "<script>"}},
    ]
    (cell,) = shown(handed_in(("question-why", code("plot()", outputs=outputs))))
    anew = encoded_anew(picture()).encoded
    assert [output.get("text") or output["data"] for output in cell.outputs] == ["a\nb", {"image/png": anew}]


def test_too_many_and_too_long_cells_are_cut_and_noted() -> None:
    raw = handed_in(*[("end", text(f"{number} " + "x" * 30_000)) for number in range(MAX_CELLS + 5)])
    notebook = marking_notebook(released(), raw)
    told = notebook.metadata[NOTES_KEY]["notes"]
    assert sum(map(is_own, notebook.cells)) == MAX_CELLS
    assert sum(len(cell.source) for cell in notebook.cells) < 210_000
    assert len(told) == 2 and told[0].startswith("5 more cells") and "are cut" in told[1]


def test_large_output_is_left_out_and_noted() -> None:
    outputs = [{"output_type": "stream", "name": "stdout", "text": "x" * 19_000}] * 20
    raw = handed_in(("end", code("1", outputs=outputs)))
    assert len(shown(raw)[0].outputs) == 10
    assert "1 of the student's own cells are cut" in notes(raw)["notes"][0]


def basis(raw: bytes) -> Any:
    return notes(raw)["beside"].get("question-why", "")


def test_what_belongs_to_an_answer_changes_with_the_text_next_to_it_alone() -> None:
    def extra(below: str = "below", other: str = "other", scratch: str = "x.shape") -> Any:
        own = (("question-why", text(below)), ("question-what", text(other)), ("title", code(scratch)))
        return basis(handed_in(*own, why="First half,", what="Nothing."))

    assert extra() == extra(other="changed") == extra(scratch="x.mean()")
    assert extra() != extra(below="changed")
    assert basis(handed_in(why="First half,")) == ""


def test_words_next_to_no_answer_belong_to_every_answer() -> None:
    own = [handed_in(("end", text(words)), why="See the end.", what="Same.") for words in ("one", "two")]
    assert len({basis(raw) for raw in own}) == 2


def test_own_cells_do_not_run() -> None:
    raw = handed_in(("", code("import os; os.abort()")))
    ids = [cell.id for cell in working_notebook(released(), raw).cells]
    assert ids == [cell.id for cell in released().cells]
    assert cells_to_run(Submission("a", "digits", {}, raw)) == cells_to_run(Submission("a", "digits", {}, None))


@pytest.mark.parametrize("assignment", assignment_names())
def test_released_notebook_holds_nothing_of_a_students(assignment: str) -> None:
    path = repository.notebook(assignment)
    notebook = marking_notebook(nbformat.read(path, as_version=4), path.read_bytes())
    assert not any(map(is_own, notebook.cells)) and notebook.metadata[NOTES_KEY]["open"] == []


def test_attachments_and_outputs_of_any_form_break_nothing() -> None:
    nested: Any = []
    for _ in range(200):
        nested = [nested]
    damage = [7, {"a": 7}, {"a": {"image/png": nested}}, {"a\ud800": {"image/png": 7}}]
    outputs = [None, 7, nested, [nested], [{"output_type": "error", "ename": "E", "evalue": "", "traceback": [nested]}]]
    cells = [("end", {**text("words"), "attachments": one}) for one in damage]
    cells += [("end", {**code("1"), "outputs": one}) for one in outputs]
    raw = json.loads(handed_in())
    raw["cells"] += [cell for _, cell in cells]
    notebook = marking_notebook(released(), json.dumps(raw).encode())
    assert sum(map(is_own, notebook.cells)) == len(cells)
    assert nbformat.writes(notebook).encode()


def test_much_code_is_not_looked_through() -> None:
    raw = handed_in(*[("title", code("x = [1, 2, 3]\n" * 1400)) for _ in range(200)])
    assert notes(raw)["open"] == BOTH
