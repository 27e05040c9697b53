"""What a student wrote outside the known cells of an adopted assignment, and pictures in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from nbconvert.exporters import HTMLExporter
from nbgrader.server_extensions.formgrader import handlers

from grader.course import lookup
from grader.gradebook.config import load_config
from grader.gradebook.writer import GradebookWriter
from tests.grader.adopt.adopt_kit import RIGHT, Kit
from tests.grader.notebook.kit import attachment, code, picture, text

TASKS = {"mean": RIGHT["mean"], "read": RIGHT["read"]}  # and nothing in words


def handed_in(kit: Kit, *own: tuple[str, Any], change: Callable[[Any], object] = lambda cells: None) -> None:
    """Hand in and grade the tasks, with cells of the student's own, each behind the cell of that grade_id."""
    node = kit.answered(**TASKS)
    cells = {cell.metadata.get("nbgrader", {}).get("grade_id", cell.id): cell for cell in node.cells}
    change(cells)
    for after, cell in own:
        place = next((n + 1 for n, one in enumerate(node.cells) if one is cells.get(after)), 0)
        node.cells.insert(place, cell)
    kit.submit("ada", json.dumps(node).encode())
    assert GradebookWriter(kit.course).write(lookup.work_on(kit.course, "week1", "ada")).written


def formgrader(kit: Kit) -> str:
    config = load_config(kit.course)
    config.HTMLExporter.template_name = "formgrade"
    config.HTMLExporter.extra_template_basedirs = [handlers.template_path]
    path = kit.root / "autograded" / "ada" / "week1" / "sums.ipynb"
    page, _ = HTMLExporter(config=config).from_filename(str(path), resources={"base_url": "/", "index": 0, "total": 1})
    return str(page)


def test_answer_below_its_cell_waits_for_a_person(adopted: Kit) -> None:
    handed_in(adopted, ("why", text("Because of this.")))
    scores = adopted.scores("ada")
    assert (scores["why"], scores["plot"], scores["partly"]) == (None, None, 3.0)
    assert "Because of this." in formgrader(adopted)


def test_what_stands_next_to_no_answer_opens_none(adopted: Kit) -> None:
    """As in nbgrader: what belongs to a task, and what a course leaves room for."""
    handed_in(adopted, ("essay", text("My essay.")), ("read", code("read('a.txt')  # mine")), ("mean", text("Done.")))
    scores = adopted.scores("ada")
    assert (scores["why"], scores["plot"], scores["essay"]) == (0.0, 0.0, None)


def test_text_written_into_the_courses_own_is_shown_below_it(adopted: Kit) -> None:
    handed_in(adopted, change=lambda cells: cells["essay"].update(source="Write an essay below.\n\nHere it is."))
    page = formgrader(adopted)
    assert page.count("Write an essay below.") == 2 and page.count("Here it is.") == 1


def test_pasted_pictures_are_shown_and_others_named(adopted: Kit) -> None:
    pasted = {"a.png": attachment(picture()), "b.svg": attachment(b"<svg/>", "image/svg+xml")}
    words = "![](attachment:a.png) ![](attachment:b.svg) ![](attachment:gone.png)"
    own = text(words, attachments={"a.png": attachment(picture())})
    handed_in(adopted, ("why", own), change=lambda cells: cells["why"].update(source=words, attachments=pasted))
    page = formgrader(adopted)
    assert page.count("data:image/png;base64,") == 2
    assert page.count("[picture b.svg: not shown: only PNG") == 1 and page.count("[picture gone.png: not shown") == 2


def test_text_turned_into_code_with_a_picture_breaks_nothing(adopted: Kit) -> None:
    change = {"cell_type": "code", "source": "# Here.", "outputs": [], "attachments": {"a.png": attachment(picture())}}
    handed_in(adopted, change=lambda cells: cells["essay"].update(change))
    assert "# Here." in formgrader(adopted)
