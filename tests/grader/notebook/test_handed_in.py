"""The student's own saved outputs stand in the marking notebook, with a label, and whatever the file holds."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from PIL import Image

from grader.grading.checked.notebook import outputs_of
from grader.model.plain import without_homes
from grader.model.results import Graded
from grader.notebook.handed_in import AS_HANDED_IN, NO_OUTPUT, RUN_AGAIN, handed_in_outputs
from grader.notebook.marking import MAX_CELLS, is_own, marking_notebook
from grader.notebook.outputs import MAX_ALL, ONLY_TEXT
from grader.notebook.own import CHANGED_TITLE
from grader.notebook.pictures import MAX_PICTURES, Room
from grader.notebook.working import NOTES_KEY
from tests.grader.notebook.kit import attachment, code, handed_in, picture, released, text

NOTHING_RUN = Graded("a", "digits", "hash", ())


def asked() -> NotebookNode:
    """The released notebook, in which a question is about the given cell."""
    notebook = released()
    next(cell for cell in notebook.cells if cell.id == "given").metadata["tags"] = ["question:why"]
    return notebook


def stream(words: Any, name: str = "stdout") -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": words}


def displayed(**data: Any) -> dict[str, Any]:
    return {"output_type": "display_data", "metadata": {}, "data": data}


def png(content: bytes = b"") -> dict[str, Any]:
    return displayed(**{"image/png": attachment(content or picture())["image/png"], "text/plain": "<Figure>"})


def saved(outputs: Any, **facts: Any) -> bytes:
    """The notebook as it is handed in, with these outputs in the given cell."""
    return handed_in(change=lambda cells: cells["given"].update(outputs=outputs, **facts))


def shown(raw: bytes, notebook: NotebookNode | None = None, graded: Graded = NOTHING_RUN) -> dict[str, list[Any]]:
    """What the page for marking shows below each cell of code, by the cell's last line of source."""
    found = {}
    for cell in marking_notebook(notebook or released(), raw).cells:
        if cell.cell_type == "code":
            found[cell.source.splitlines()[-1]] = outputs_of(cell, graded) or []
    return found


def words(outputs: list[Any]) -> list[str]:
    return [output.get("text") or output.get("evalue") or output["data"].get("text/plain", "") for output in outputs]


def test_saved_outputs_stand_below_their_cell_with_a_label() -> None:
    (label, printed, drawn) = shown(saved([stream(["a\n", "b\n"]), png()]))["plot(limit)"]
    assert label["data"]["text/plain"] == AS_HANDED_IN and "text/markdown" in label["data"]
    assert printed["text"] == "a\nb\n"
    assert drawn["data"]["image/png"] == Room().take(attachment(picture())).encoded


def test_cell_without_outputs_shows_nothing_unless_a_question_is_about_it() -> None:
    assert shown(saved([])) == {"plot(limit)": []}
    assert words(shown(saved([]), asked())["plot(limit)"]) == [NO_OUTPUT]
    assert words(shown(handed_in(change=lambda cells: cells.pop("given")), asked())["plot(limit)"]) == [NO_OUTPUT]
    for raw in (b"", b"no notebook", b"{}"):
        assert words(shown(raw, asked())["plot(limit)"]) == [NO_OUTPUT]


def test_what_a_run_showed_stands_below_what_was_handed_in() -> None:
    ran = Graded("a", "digits", "hash", (), cells={"given": [stream("anew\n")]})
    assert words(shown(saved([stream("mine")]), asked(), ran)["plot(limit)"]) == [
        AS_HANDED_IN,
        "mine",
        RUN_AGAIN,
        "anew\n",
    ]
    assert words(shown(saved([]), asked(), ran)["plot(limit)"]) == [NO_OUTPUT, RUN_AGAIN, "anew\n"]


def test_changed_code_stands_behind_the_given_cell_with_its_own_outputs() -> None:
    raw = saved([stream("5 it is")], source="limit = 5\nplot(5)")
    notebook = marking_notebook(asked(), raw)
    given, changed = (cell for cell in notebook.cells if cell.cell_type == "code")
    assert given.source == "limit = 3\nplot(limit)" and not is_own(given)
    assert changed.source == f"# {CHANGED_TITLE} (not run while grading)\nlimit = 5\nplot(5)"
    assert outputs_of(given, NOTHING_RUN) == []
    assert words(outputs_of(changed, NOTHING_RUN) or []) == [AS_HANDED_IN, "5 it is"]
    assert notebook.metadata[NOTES_KEY]["open"] == [] and not notebook.metadata[NOTES_KEY]["beside"]


def test_outputs_are_found_before_and_after_they_were_moved_out_of_the_metadata() -> None:
    cell = next(cell for cell in marking_notebook(released(), saved([stream("mine")])).cells if cell.id == "given")
    before = handed_in_outputs(cell)
    cell.outputs = [*(outputs_of(cell, NOTHING_RUN) or []), stream("of a run")]  # as the step of autograding does
    assert before == handed_in_outputs(cell) == [stream("mine")] and "outputs" not in cell.metadata[NOTES_KEY]


def test_changed_cell_of_a_question_without_outputs_is_named_there() -> None:
    found = shown(saved([], source="limit = 5\nplot(5)"), asked())
    assert words(found["plot(5)"]) == [NO_OUTPUT] and found["plot(limit)"] == []


def test_of_a_cell_that_is_there_twice_the_one_with_outputs_counts() -> None:
    again = code("limit = 3\nplot(limit)", id="again", outputs=[stream("here")])
    assert words(shown(handed_in(("given", again)))["plot(limit)"]) == [AS_HANDED_IN, "here"]


def test_checks_at_home_are_not_shown() -> None:
    notebook = released()
    facts = {"grade_id": "task-a", "grade": True, "solution": False, "locked": True, "points": 1, "schema_version": 3}
    notebook.cells.append(new_code_cell("check('a')", id="task-a", metadata={"nbgrader": facts}))
    raw = json.loads(json.dumps(notebook))
    raw["cells"][-1]["outputs"] = [{**displayed(**{"text/plain": "1.0"}), "output_type": "execute_result"}]
    made = marking_notebook(notebook, json.dumps(raw).encode())
    assert made.cells[-1].outputs == [] and NOTES_KEY not in made.cells[-1].metadata


HOMES = {
    "/home/ada/work/a.py": "~/work/a.py",
    'File "/Users/Ada Lovelace/work/a.py", line 3': 'File "~/work/a.py", line 3',
    r"C:\Users\Ada Lovelace\a.py": r"~\a.py",
    r"'C:\\Users\\ada\\b.py'": r"'~\\b.py'",
    "c:/users/ada": "~",
    "/mnt/c/Users/ada/x /home/bob": "~/x ~",
    "PosixPath('/home/ada')": "PosixPath('~')",
    "a homepage, /home alone, C:\\Windows": "a homepage, /home alone, C:\\Windows",
}


@pytest.mark.parametrize(("before", "after"), HOMES.items())
def test_owners_of_home_folders_are_not_named(before: str, after: str) -> None:
    assert without_homes(before) == after
    error = {"output_type": "error", "ename": "E", "evalue": before, "traceback": [f"\x1b[31m{before}\x1b[0m"]}
    outputs = [stream(before), stream(before, "stderr"), error, displayed(**{"text/plain": [before]})]
    (_, out, err, stopped, result) = shown(saved(outputs))["plot(limit)"]
    assert [out["text"], err["text"], stopped["evalue"], *stopped["traceback"], result["data"]["text/plain"]] == [
        after
    ] * 5
    own = marking_notebook(released(), handed_in(("end", code(f"x = 1  # {before}"))))
    assert own.cells[-1].source.endswith(f"x = 1  # {after}")


def test_terminal_codes_and_what_turns_the_text_around_are_gone() -> None:
    (_, printed) = shown(saved([stream("\x1b[1mbold\x1b[0m \x9b31mred a\u202eb\u2066c \x00\x07\ud800 1 %\r9 %\n")]))[
        "plot(limit)"
    ]
    assert printed["text"] == "9 %\n"
    (_, printed) = shown(saved([stream("\x1b[1mbold\x1b[0m \x9b31mred a\u202eb\u2066c\x00\x07")]))["plot(limit)"]
    assert printed["text"] == "bold red abc"


WORDLESS = {
    "HTML": displayed(**{"text/html": "<script>alert(1)</script>"}),
    "HTML of an object": displayed(**{"text/html": "<b>", "text/plain": "<IPython.core.display.HTML object>"}),
    "script": displayed(**{"application/javascript": "alert(1)", "text/plain": ["<a.B object at 0x7f00>"]}),
    "widget": displayed(
        **{"application/vnd.jupyter.widget-view+json": {"model_id": "a"}, "text/plain": "interactive(children=())"}
    ),
    "SVG": displayed(**{"image/svg+xml": "<svg onload='alert(1)'/>"}),
    "nothing": displayed(),
    "markdown": displayed(**{"text/markdown": f"**{RUN_AGAIN}**"}),
}


@pytest.mark.parametrize("output", WORDLESS.values(), ids=WORDLESS.keys())
def test_what_only_a_browser_can_show_is_words(output: dict[str, Any]) -> None:
    (_, only) = shown(saved([output]))["plot(limit)"]
    assert only["data"] == {"text/plain": ONLY_TEXT}


def test_text_beside_html_is_shown_alone() -> None:
    (_, only) = shown(saved([displayed(**{"text/html": "<table>", "text/plain": ["a  b\n", "1  2"]})]))["plot(limit)"]
    assert only["data"] == {"text/plain": "a  b\n1  2"}


def _large(side: int, colours: str = "L") -> bytes:
    file = io.BytesIO()
    Image.new(colours, (side, side)).save(file, "PNG")
    return file.getvalue()


PICTURES = {
    "no picture": ("bm90IGEgcGljdHVyZQ==", None),
    "no base64": ('iVBORw0KGgo="><script>alert(1)</script>', None),
    "no ASCII": ("ä", None),
    "half a picture": (base64.b64encode(picture(size=(300, 300))[:-40]).decode(), "damaged"),
    "a signature alone": (base64.b64encode(b"\x89PNG\r\n\x1a\n").decode(), "only PNG, JPEG and GIF"),
    "too many pixels": (base64.b64encode(_large(9000, "1")).decode(), "too many pixels"),
    "a JPEG": (base64.b64encode(picture("JPEG")).decode(), None),
}


@pytest.mark.parametrize(("encoded", "reason"), PICTURES.values(), ids=PICTURES.keys())
def test_picture_that_is_none_is_named_or_left_out(encoded: str, reason: str | None) -> None:
    (_, only) = shown(saved([displayed(**{"image/png": encoded, "text/plain": "words"})]))["plot(limit)"]
    if reason is None:
        assert only["data"] == {"text/plain": "words"}
    else:
        assert set(only["data"]) == {"text/plain"} and reason in only["data"]["text/plain"]


def test_picture_is_encoded_anew_and_made_to_fit() -> None:
    (_, only) = shown(saved([png(_large(3000) + b"<script>at the end</script>")]))["plot(limit)"]
    raw = base64.b64decode(only["data"]["image/png"])
    assert b"script" not in raw and Image.open(io.BytesIO(raw)).size == (1600, 1600)


def test_pictures_of_a_question_come_first_where_there_are_too_many() -> None:
    notebook = asked()
    many = [png()] * MAX_PICTURES
    extra = [new_code_cell(f"plot({n})", id=f"more-{n}") for n in range(3)]
    notebook.cells[0:0] = extra
    raw = json.loads(json.dumps(notebook))
    for cell in raw["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [png()] if cell["id"] == "given" else many
    found = shown(json.dumps(raw).encode(), notebook)
    drawn = {line: sum("image/png" in output["data"] for output in outputs[1:]) for line, outputs in found.items()}
    assert drawn == {"plot(limit)": 1, "plot(0)": MAX_PICTURES - 1, "plot(1)": 0, "plot(2)": 0}
    assert "a notebook may show 20" in words(found["plot(2)"])[-1]


def test_pixels_are_limited_together() -> None:
    bombs = [png(_large(7000, "1"))] * 20  # 49 million pixels in a few kilobytes each
    (_, *outputs) = shown(saved(bombs))["plot(limit)"]
    assert [("image/png" in output["data"]) for output in outputs] == [True] * 4 + [False] * 16
    assert "too large together" in words(outputs)[-1]


def test_text_is_limited_and_what_is_left_out_is_noted() -> None:
    notebook = released()
    notebook.cells += [new_code_cell(f"show({n})", id=f"more-{n}") for n in range(30)]
    raw = json.loads(json.dumps(notebook))
    for cell in raw["cells"]:
        cell["outputs"] = [stream("x" * 60_000)] * 3
    made = marking_notebook(notebook, json.dumps(raw).encode())
    texts = [output["text"] for cell in made.cells for output in handed_in_outputs(cell)]
    assert max(map(len, texts)) < 20_100 and sum(map(len, texts)) <= MAX_ALL
    (note,) = made.metadata[NOTES_KEY]["notes"]
    assert note.startswith("outputs of 28 given cells are left out here")


def test_answers_come_before_changed_code_where_there_are_too_many_cells() -> None:
    notebook = released()
    notebook.cells[0:0] = [new_code_cell(f"show({n})", id=f"more-{n}") for n in range(MAX_CELLS + 5)]
    raw = json.loads(json.dumps(notebook))
    for cell in raw["cells"]:
        if cell["cell_type"] == "code":
            cell["source"] = f"{cell['source']} + 1"
    raw["cells"].append(json.loads(json.dumps(text("An answer at the end."))))
    made = marking_notebook(notebook, json.dumps(raw).encode())
    assert sum(map(is_own, made.cells)) == MAX_CELLS and "An answer at the end." in made.cells[-1].source


@pytest.mark.parametrize("version", [3, 5, 99, -1, "4", None, 4.5, True, [4]])
def test_outputs_of_a_format_that_nobody_knows_are_not_shown(version: Any) -> None:
    document = {**json.loads(saved([stream("mine")])), "nbformat": version}
    assert shown(json.dumps(document).encode()) == {"plot(limit)": []}


NESTED: Any = []
for _ in range(200):
    NESTED = [NESTED]
ODD = {
    "no list": "x" * 1000,
    "an object": {"output_type": "stream", "name": "stdout", "text": "a"},
    "numbers": [1, None, True, float("nan")],
    "deep": [NESTED, {"output_type": NESTED}, displayed(**{"text/plain": NESTED, "image/png": NESTED})],
    "wrong parts": [stream(7), stream(["a", 7, NESTED]), stream("a", "stdin"), displayed(**{"text/plain": {"a": 1}})],
    "odd errors": [{"output_type": "error", "ename": 7, "evalue": None, "traceback": "x"}],
    "odd lines": [{"output_type": "error", "ename": "E", "evalue": "", "traceback": [NESTED, 7, "fine"]}],
    "kinds of old": [{"output_type": "pyout", "text": "a"}, {"output_type": "pyerr"}, {"output_type": "html"}],
    "updates": [{"output_type": "update_display_data", "data": {"text/plain": "a"}}],
}


@pytest.mark.parametrize("outputs", ODD.values(), ids=ODD.keys())
def test_outputs_of_any_form_break_nothing(outputs: Any) -> None:
    for notebook in (released(), asked()):
        for output in shown(saved(outputs), notebook)["plot(limit)"]:
            assert output["output_type"] in ("stream", "error", "display_data")


def test_output_cannot_pass_for_a_label_of_ours() -> None:
    forged = displayed(**{"text/markdown": f"**{RUN_AGAIN}**", "text/plain": RUN_AGAIN})
    (ours, theirs) = shown(saved([forged]))["plot(limit)"]
    assert "text/markdown" in ours["data"] and theirs["data"] == {"text/plain": RUN_AGAIN}
