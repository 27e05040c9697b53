"""What a student wrote in cells of their own: in formgrader's page, in the gradebook, through regrades."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any, ClassVar

import pytest
from nbconvert.exporters import HTMLExporter
from nbgrader.server_extensions.formgrader import handlers

from grader.gradebook.config import load_config
from grader.gradebook.safe_markdown import safe_markdown2html
from grader.gradebook.steps.show_verdicts import shown
from grader.gradebook.writer import GradebookWriter
from grader.grades.booked import read_booked
from grader.grades.to_mark import waiting
from grader.notebook.handed_in import AS_HANDED_IN
from grader.notebook.pictures import encoded_anew
from tests.grader.notebook.kit import attachment, code, picture, text
from tests.grader.steering import STEERING, steers

FIRST, SECOND = "question-shift_curves", "question-failing_recipe"


def handed_in(
    bench: Any, *own: tuple[str, Any], change: Callable[[dict[str, Any]], object] = lambda cells: None
) -> None:
    """Hand in and grade the released notebook with cells of the student's own, each behind the cell of that id."""
    notebook = bench.released()
    change({cell.id: cell for cell in notebook.cells})
    for after, cell in reversed(own):
        place = next((n + 1 for n, one in enumerate(notebook.cells) if one.id == after), 0)
        notebook.cells.insert(place, cell)
    bench.submit(notebook=json.dumps(notebook).encode())
    assert GradebookWriter(bench.course).write(bench.work()).written


def answer(words: str, name: str = FIRST, **facts: Any) -> Callable[[dict[str, Any]], None]:
    return lambda cells: cells[name].update(source=words, **facts)


def what_waits(bench: Any) -> set[str]:
    return {one.cell for one in waiting(bench.course, "digits", ["ada"])}


def formgrader(bench: Any) -> str:
    """The student's page, as formgrader's handler renders it; from the first cell on."""
    config = load_config(bench.course)
    config.HTMLExporter.template_name = "formgrade"
    config.HTMLExporter.extra_template_basedirs = [handlers.template_path]
    path = bench.course.root / "autograded" / "ada" / "digits" / "digits.ipynb"
    page, _ = HTMLExporter(config=config).from_filename(str(path), resources={"base_url": "/", "index": 0, "total": 1})
    return str(page).split("</header>", 1)[-1].split('<div class="cell', 1)[1]


def test_answer_in_a_new_cell_waits_and_is_shown(bench: Any) -> None:
    handed_in(bench, (FIRST, text("Pooling forgives shifts.")))
    assert what_waits(bench) == {FIRST, SECOND}
    assert bench.grades()[FIRST].auto_score is None
    page = formgrader(bench)
    assert page.index(f'id="{FIRST}"') < page.index("Pooling forgives shifts.") < page.index(f'id="{SECOND}"')
    assert "<em>The student's own cell:</em>" in page


def test_both_halves_of_a_split_answer_are_shown(bench: Any) -> None:
    handed_in(bench, (FIRST, text("the second half.")), change=answer("The first half,"))
    page = formgrader(bench)
    assert page.index("The first half,") < page.index("the second half.")


def test_cell_above_the_question_and_changed_text_keep_it_open(bench: Any) -> None:
    handed_in(bench, ("task-accuracy", text("Above.")))
    assert what_waits(bench) == {FIRST, SECOND} and "Above." in formgrader(bench)
    handed_in(bench, change=answer("# Digits\n\nIn the heading.", "title"))
    assert what_waits(bench) == {FIRST, SECOND} and "In the heading." in formgrader(bench)


def test_empty_cells_change_nothing(bench: Any) -> None:
    handed_in(bench, (FIRST, text(" \n")), (SECOND, text("<!-- nothing -->")))
    assert what_waits(bench) == set()
    assert [bench.grades()[name].auto_score for name in (FIRST, SECOND)] == [0.0, 0.0]


def test_own_code_shows_what_the_students_file_has_and_no_task_changes(bench: Any) -> None:
    image = attachment(picture())["image/png"]
    data = {"image/png": image, "text/html": "<script>alert(7)</script>"}
    outputs = [{"output_type": "display_data", "metadata": {}, "data": data}]
    handed_in(bench, (FIRST, code("plot(5)  # mine", outputs=outputs, execution_count=3)))
    (cell,) = (cell for name, cell in bench.autograded().items() if name.startswith("student-"))
    ours, mine = cell["outputs"]
    assert ours["data"]["text/plain"] == [AS_HANDED_IN]
    image = encoded_anew(picture()).encoded
    assert mine == {"output_type": "display_data", "metadata": {}, "data": {"image/png": image}}
    assert "outputs" not in cell["metadata"]["course_grader"]
    page = formgrader(bench)
    assert f'src="data:image/png;base64,{image}"' in page and "alert(7)" not in page
    assert f"<strong>{AS_HANDED_IN}</strong>" in page
    assert sum(row.auto_score or 0 for row in bench.grades().values()) == 18.0


def mark(bench: Any, *names: str) -> None:
    for name in names:
        bench.mark(name, manual_score=0.5)


def test_mark_is_asked_for_again_when_the_extra_text_changes_and_only_then(bench: Any) -> None:
    def both(cells: dict[str, Any]) -> None:
        answer("First half,")(cells)
        answer("Nothing helped.", SECOND)(cells)

    handed_in(bench, (FIRST, text("second half.")), change=both)
    mark(bench, FIRST, SECOND)
    before = bench.autograded()
    handed_in(bench, (FIRST, text("second half.")), change=both)
    assert what_waits(bench) == set() and bench.autograded() == before
    handed_in(bench, (FIRST, text("another second half.")), change=both)
    assert what_waits(bench) == {FIRST}
    assert read_booked(bench.course, "digits", "ada").grades[FIRST].points is None
    assert read_booked(bench.course, "digits", "ada").grades[SECOND].points == 0.5


def test_mark_for_an_answer_in_another_cell_stands_until_that_changes(bench: Any) -> None:
    handed_in(bench, (SECOND, text("1. Pooling. 2. The rate.")))
    mark(bench, FIRST, SECOND)
    handed_in(bench, (SECOND, text("1. Pooling. 2. The rate.")))
    assert what_waits(bench) == set()
    handed_in(bench, (SECOND, text("1. Pooling. 2. The size.")))
    assert what_waits(bench) == {FIRST, SECOND}


def test_pasted_picture_is_shown(bench: Any) -> None:
    paste = answer("See ![it](attachment:image.png).", attachments={"image.png": attachment(picture())})
    handed_in(
        bench,
        (FIRST, text('<img src="attachment:b.png">', attachments={"b.png": attachment(picture("JPEG"))})),
        change=paste,
    )
    page = formgrader(bench)
    (kept,) = bench.autograded()[FIRST]["attachments"]["image.png"].values()
    assert f'src="data:image/png;base64,{kept}"' in page and 'alt="it"' in page
    assert page.count("data:image/png;base64,") == 1 and page.count("data:image/jpeg;base64,") == 1


UNSHOWN = {
    "SVG": ({"a.svg": attachment(b"<svg onload='alert(1)'/>", "image/svg+xml")}, "![](attachment:a.svg)", "a.svg"),
    "30 MB": ({"a.png": attachment(b"\x89PNG" + bytes(30 << 20))}, "![](attachment:a.png)", "larger than 8 MB"),
    "no attachment": ({}, "![](attachment:image.png)", "[picture image.png: not shown: it is not in the notebook]"),
    "HTML without an attachment": ({}, '<img src="attachment:image.png">', "[picture image.png: not shown"),
    "address": ({}, "![x](https://example.org/spy.png)", "[picture https://example.org/spy.png: not shown"),
    "HTML address": ({}, '<img src="//example.org/spy.png">', "[picture //example.org/spy.png: not shown"),
    "relative address": ({}, "![](../../logout)", "[picture ../../logout: not shown"),
    "data of the student's": ({}, "![x](data:image/svg+xml;base64,PHN2Zz4=)", "[picture x: not shown"),
    "source set": ({}, '<img srcset="https://example.org/spy.png 1x">', "[picture: not shown"),
}


@pytest.mark.parametrize(("attachments", "words", "told"), UNSHOWN.values(), ids=UNSHOWN.keys())
def test_picture_that_is_not_shown_is_named_and_breaks_nothing(
    bench: Any, attachments: dict[str, Any], words: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.grading.checked.reading.NOTEBOOK_BYTES", 100 << 20)  # for the largest
    handed_in(bench, change=answer(f"Before {words} after.", attachments=attachments))
    page = formgrader(bench)
    assert told in page and f'id="{SECOND}"' in page
    assert "<img" not in page and "<svg" not in page


def test_notebook_with_too_large_a_picture_is_lost_and_waits(bench: Any) -> None:
    """Above what is read of a notebook: nobody has seen the answers, so nobody gets 0."""
    large = {"a.png": attachment(b"\x89PNG" + bytes(30 << 20))}
    handed_in(bench, change=answer("![](attachment:a.png)", attachments=large))
    assert what_waits(bench) == {FIRST, SECOND}
    assert f'id="{FIRST}"' in formgrader(bench)


def test_notebook_that_was_graded_before_pictures_were_kept_can_be_marked(bench: Any) -> None:
    handed_in(bench, change=answer("plain"))
    path = bench.course.root / "autograded" / "ada" / "digits" / "digits.ipynb"
    notebook = json.loads(path.read_text())
    next(cell for cell in notebook["cells"] if cell["id"] == FIRST)["source"] = "![](attachment:image.png)"
    path.chmod(0o644)
    path.write_text(json.dumps(notebook))
    assert "[picture image.png: not shown" in formgrader(bench)


def test_text_that_cannot_be_rendered_is_shown_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: Any) -> str:
        raise RecursionError

    monkeypatch.setattr("grader.gradebook.safe_markdown.MarkdownWithMath.render", fail)
    assert safe_markdown2html("a < b <script>") == "<pre>a &lt; b &lt;script&gt;</pre>"


def test_what_an_older_grader_has_booked_is_booked_anew(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has given 0 to answers in other cells, and nothing else would touch those again."""
    with monkeypatch.context() as older:
        older.setattr("grader.gradebook.up_to_date.FORM", "1")
        handed_in(bench)
        assert GradebookWriter(bench.course).stands(bench.verdicts())
    assert not GradebookWriter(bench.course).stands(bench.verdicts())


def test_nothing_in_the_marking_notebook_steers_what_shows_it(bench: Any) -> None:
    words = f"x{STEERING}y"
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": words},
        {"output_type": "error", "ename": words, "evalue": words, "traceback": [words]},
        {"output_type": "display_data", "metadata": {}, "data": {"text/plain": words}},
    ]
    own = [(FIRST, text(words)), (FIRST, code(f"# {words}", outputs=outputs, execution_count=3))]
    handed_in(bench, *own, change=answer(f"{words} &#x202e;&#8238;&rlm;&#x85; &amp; &lt;"))
    (path,) = (bench.course.root / "autograded" / "ada").rglob("*.ipynb")
    held = json.dumps(json.loads(path.read_text(encoding="utf-8")), ensure_ascii=False)
    assert held.count("xy") >= 6 and not steers(held)
    page = formgrader(bench)
    assert not steers(page) and not steers(html.unescape(page)) and "&amp; &lt;" in page


@pytest.mark.parametrize(
    "words",
    ["a&#8238b", "a&#x202E;b", "a&rlm;b", "a&&rlm;#8238;b", "[a&lrm;b](https://example.org/&#8238;x)", "`a\u202eb`"],
)
def test_reference_to_a_character_that_steers_is_left_out(words: str) -> None:
    assert not steers(html.unescape(safe_markdown2html(words)))


def test_output_of_a_run_holds_nothing_that_steers() -> None:
    (node,) = shown([{"output_type": "stream", "name": "stdout", "text": f"1 %\r\x1b[31mx{STEERING}y\x1b[0m\n"}])
    assert node.text == "xy\n"


FETCHING = (
    '<img src="https://example.org/a.png" srcset="https://example.org/b.png 2x"><table background="//example.org/c">'
    '<tr><td style="background:url(https://example.org/d)">x</td></tr></table><video poster="//example.org/e"></video>'
    '<link rel="stylesheet" href="//example.org/f"><iframe src="//example.org/g"></iframe>'
    '<object data="//example.org/h"></object><style>@import "//example.org/i";</style>'
    '<svg><image href="//example.org/j"/>'
    "</svg>\n\n![](https://example.org/k.png)\n\n![l][l]\n\n[l]: https://example.org/l.png\n"
)


def test_formgraders_page_fetches_nothing_from_an_address_of_a_students(bench: Any) -> None:
    class Fetched(HTMLParser):
        found: ClassVar[list[Any]] = []

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.found.extend((tag, one) for one in attrs if tag != "a" and "example.org" in (one[1] or ""))

    handed_in(bench, (FIRST, text(FETCHING)), ("title", text(FETCHING)), change=answer(FETCHING))
    page = formgrader(bench)
    Fetched().feed(page)
    assert "example.org/a.png: not shown" in page and "<style>@import" not in page and not Fetched.found
