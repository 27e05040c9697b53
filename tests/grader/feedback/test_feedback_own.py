"""The student's page shows what the student wrote in cells of their own, and the pictures in an answer."""

from __future__ import annotations

import base64
import json
from typing import Any

import nbformat
import pytest

from grader.grading.checked.notebook import outputs_of
from grader.notebook.marking import marking_notebook
from grader.notebook.pictures import encoded_anew
from tests.grader.feedback.feedback_bench import DIGITS, PLACEHOLDER, STUDENT, Bench, Reader, png, released_notebook
from tests.grader.notebook.kit import attachment, code, picture, text

QUESTION = f"question-{DIGITS.questions[0].name}"


def released() -> Any:
    """The bench's notebook, its questions marked by hand as in a real one."""
    notebook = released_notebook()
    for cell in notebook.cells:
        if cell.id.startswith("question-"):
            cell.metadata["nbgrader"] |= {"grade": True, "solution": True}
    return notebook


def handed_in(bench: Bench, *own: tuple[str, Any], graded: bool = True, **facts: Any) -> None:
    """Hand in cells of the student's own, each behind the cell of that id, and put `facts` into the first answer.

    Args:
        graded: whether the notebook that a person marks has been made from it already.
    """
    notebook = released()
    nbformat.write(notebook, bench.course.released_notebook("digits"))
    next(cell for cell in notebook.cells if cell.id == QUESTION).update(facts)
    for after, cell in reversed(own):
        place = next((n + 1 for n, one in enumerate(notebook.cells) if one.id == after), 0)
        notebook.cells.insert(place, cell)
    raw = json.dumps(notebook).encode()
    (bench.course.submitted("digits", STUDENT) / "digits.ipynb").write_bytes(raw)
    if graded:
        folder = bench.course.autograded("digits", STUDENT)
        folder.mkdir(parents=True)
        nbformat.write(marking_notebook(released(), raw), folder / "digits.ipynb")


def section(page: str, name: str) -> Reader:
    return Reader(page.split(f'id="{name}"', 1)[1].split("<h2", 1)[0].split("<h3", 1)[0])


@pytest.mark.parametrize("graded", [True, False])
def test_cell_below_the_answer_is_shown_with_it(bench: Bench, graded: bool) -> None:
    handed_in(bench, (QUESTION, text("*the* second half.")), graded=graded, source="The first half,")
    shown = section(bench.page(), QUESTION).text
    assert "Your answer: The first half, A cell of your own: *the* second half." in shown


def test_answer_in_another_cell_alone_is_shown_and_not_called_missing(bench: Bench) -> None:
    handed_in(bench, (QUESTION, text("Here.")))
    shown = section(bench.page(), QUESTION).text
    assert "A cell of your own: Here." in shown and "no answer" not in shown
    assert PLACEHOLDER not in shown


def test_cells_far_from_any_answer_stand_below_the_heading_that_they_follow(bench: Bench) -> None:
    outputs = [{"output_type": "display_data", "metadata": {}, "data": {"image/png": png()}}]
    handed_in(bench, ("", text("At the top.")), ("first", code("plot(5)  # mine", outputs=outputs)))
    page = bench.page()
    own = section(page, "own")
    assert "A cell of your own: At the top." in own.text
    assert "plot(5) # mine" in own.text
    assert "below “Digits”, with its output as you handed it in:" in own.text
    assert [image["src"] for image in own.all("img")] == [encoded_anew(base64.b64decode(png())).address]
    assert "The question's own cell holds no answer." in section(page, QUESTION).text


def test_changed_text_is_shown_as_such(bench: Bench) -> None:
    handed_in(bench, ("first", text("## Shift curves\n\nThey fall.", id="heading")))
    own = section(bench.page(), "own").text
    assert "A given cell as you changed it" in own and "They fall." in own


@pytest.mark.parametrize("graded", [True, False])
def test_pictures_in_an_answer_are_shown_and_others_named(bench: Bench, graded: bool) -> None:
    attachments = {
        "image.png": attachment(picture()),
        "photo.jpg": attachment(picture("JPEG"), "image/jpeg"),
        "image.svg": attachment(b"<svg onload='alert(1)'/>", "image/svg+xml"),
    }
    words = (
        "![](attachment:image.png) ![](attachment:image.svg) ![](attachment:gone.png) ![](https://example.org/a.png)"
    )
    handed_in(bench, graded=graded, source=words, attachments=attachments)
    page = bench.page()
    shown = section(page, QUESTION)
    assert [(image["src"] or "")[:22] for image in shown.all("img")] == [
        "data:image/png;base64,",
        "data:image/jpeg;base64",
    ]
    assert "[picture image.svg: not shown: only PNG, JPEG and GIF pictures are]" in shown.text
    assert "[picture gone.png: not shown: it is not in the notebook]" in shown.text
    assert list(Reader(page).outside()) == []


def test_picture_that_autograding_has_not_made_is_not_believed(bench: Bench) -> None:
    """Whatever has come into the autograded notebook since: nothing but a PNG or a JPEG is put into the page."""
    handed_in(bench, source="![](attachment:a.png)", attachments={"a.png": attachment(picture())})
    path = bench.course.autograded("digits", STUDENT) / "digits.ipynb"
    for kind, value in (
        ("image/svg+xml", "PHN2Zz4="),
        ("image/png", 'x" onerror="alert(1)'),
        ("image/png", "PHN2Zz4="),
    ):
        notebook = nbformat.read(path, as_version=4)
        next(cell for cell in notebook.cells if cell.id == QUESTION).attachments["a.png"] = {kind: value}
        nbformat.write(notebook, path)
        assert section(bench.page(), QUESTION).all("img") == []


def test_page_of_own_cells_is_sound_and_runs_nothing(bench: Bench) -> None:
    hostile = "</div><script>alert(1)</script>\u202e<img src=x onerror=alert(2)>"
    own = (("", text(hostile)), (QUESTION, code(hostile)))
    handed_in(bench, *own, source=hostile, attachments={hostile: attachment(b"")})
    reader = Reader(bench.page())
    assert reader.faults == [] and reader.open == [] and list(reader.outside()) == []
    assert "\u202e" not in reader.text


def question_notebook(outputs: list[Any], source: str = "plot()", first: list[Any] | None = None) -> tuple[Any, bytes]:
    """The released notebook, whose second cell a question is about, and a file handed in with these outputs."""
    notebook = released()
    next(cell for cell in notebook.cells if cell.id == "second").metadata["tags"] = ["question:shift_curves"]
    student = json.loads(json.dumps(notebook))
    for cell in student["cells"]:
        if cell["id"] == "second":
            cell.update(outputs=outputs, source=source)
        if cell["id"] == "first":
            cell["outputs"] = first or []
    return notebook, json.dumps(student).encode()


def put(bench: Bench, notebook: Any, raw: bytes, *, graded: bool) -> None:
    nbformat.write(notebook, bench.course.released_notebook("digits"))
    (bench.course.submitted("digits", STUDENT) / "digits.ipynb").write_bytes(raw)
    if graded:  # as autograding leaves it: outputs moved to where pages show them
        marked = marking_notebook(notebook, raw)
        for cell in marked.cells:
            if cell.cell_type == "code":
                cell.outputs = [nbformat.from_dict(one) for one in outputs_of(cell, bench.graded) or []]
        folder = bench.course.autograded("digits", STUDENT)
        folder.mkdir(parents=True)
        nbformat.write(marked, folder / "digits.ipynb")


@pytest.mark.parametrize("graded", [True, False])
def test_cells_of_a_question_stand_with_it_as_they_were_handed_in(bench: Bench, graded: bool) -> None:
    drawn = {"output_type": "display_data", "metadata": {}, "data": {"image/png": png(3, 1)}}
    printed = {"output_type": "stream", "name": "stdout", "text": "in /home/ada: 87 %"}
    put(bench, *question_notebook([drawn, printed], first=[{**printed, "text": "early"}]), graded=graded)
    page = bench.page()
    asked, others = section(page, QUESTION), section(page, "figures")
    assert "The cells that it is about, as you handed them in: plot() in ~: 87 %" in asked.text
    assert [image["width"] for image in asked.all("img")] == ["3"] and others.all("img") == []
    assert "As you handed it in" in others.text and "Digits (1 text) show() early" in others.text
    assert "when we ran it" not in page


@pytest.mark.parametrize("graded", [True, False])
def test_cell_of_a_question_without_output_is_named(bench: Bench, graded: bool) -> None:
    put(bench, *question_notebook([]), graded=graded)
    assert "plot() No output was handed in for this cell." in section(bench.page(), QUESTION).text


@pytest.mark.parametrize("graded", [True, False])
def test_changed_cell_of_a_question_is_shown_with_the_students_source(bench: Bench, graded: bool) -> None:
    printed = {"output_type": "stream", "name": "stdout", "text": "mine"}
    put(bench, *question_notebook([printed], "plot(5)  # faster, as I said"), graded=graded)
    page = bench.page()
    assert "plot(5) # faster, as I said You changed this cell. mine" in section(page, QUESTION).text
    assert page.count("as I said") == 1 and "A given cell as you changed it" not in page


def test_run_by_the_grader_has_a_section_of_its_own(bench: Bench) -> None:
    printed = {"output_type": "stream", "name": "stdout", "text": "mine"}
    put(bench, *question_notebook([printed]), graded=False)
    page = bench.page(cells={"second": [{**printed, "text": "anew"}]})
    assert "mine" in section(page, QUESTION).text and "anew" not in section(page, QUESTION).text
    assert "plot() anew" in section(page, "again").text


def test_hostile_outputs_stay_text(bench: Bench) -> None:
    hostile = "</pre></details><script>alert(1)</script><img src=x onerror=alert(2)>"
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": hostile},
        {"output_type": "error", "ename": hostile, "evalue": hostile, "traceback": [hostile]},
        {"output_type": "display_data", "metadata": {}, "data": {"text/plain": hostile, "text/html": hostile}},
        {"output_type": "display_data", "metadata": {}, "data": {"image/png": f'x" onerror="{hostile}'}},
    ]
    put(bench, *question_notebook(outputs, hostile, first=outputs), graded=True)
    reader = Reader(bench.page())
    assert reader.faults == [] and reader.open == [] and list(reader.outside()) == []
    assert reader.text.count("<script>alert(1)</script>") >= 5
