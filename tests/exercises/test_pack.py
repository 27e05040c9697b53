"""Packing: what is in the zip, what is refused, and what is only said."""

from __future__ import annotations

import json
import os
import re
import time
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from exercises import pack as packing
from exercises.__main__ import app
from exercises.assignment import load_assignment
from exercises.cells import questions_of
from exercises.checking import Status, Verdict
from exercises.checking.kept import PLACE
from exercises.checking.latest import KEPT, note_latest
from exercises.given import manifest
from exercises.pack import PackError, due, pack
from grader import repository
from grader.authoring.galleries import solution_files

NOW = datetime(2030, 1, 15, 12, 30, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A student's folder with the solution and every question answered."""
    notebook = json.loads(repository.notebook("digits").read_bytes())
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            cell["source"] = "Because the weights are shared."
        if questions_of(cell["metadata"].get("tags", [])):
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["87 %\n"]}]
    (tmp_path / "digits.ipynb").write_text(json.dumps(notebook))
    (tmp_path / "exercises" / "digits").mkdir(parents=True)
    for name, text in solution_files("digits").items():
        (tmp_path / "exercises" / "digits" / f"{name}.py").write_text(text)
    (tmp_path / "exercises" / "digits" / "notes.py").write_text("not asked for")
    return tmp_path


def modules_of(folder: Path) -> dict[str, bytes]:
    names = load_assignment("digits").modules
    return {name: (folder / "exercises" / "digits" / f"{name}.py").read_bytes() for name in names}


def note(folder: Path, *tasks: str, passed: bool = True) -> None:
    """A run of the public checks of these tasks on the files as they are."""
    status = Status.PASSED if passed else Status.FAILED
    verdicts = [Verdict(f"{task}.{n}", task, "an idea", status, 0, 1) for task in tasks for n in range(2)]
    verdicts += [Verdict(f"{task}.more", task, "an idea", Status.FAILED, 0, 1, extra=True) for task in tasks]
    note_latest(folder / "exercises" / "digits", tasks, verdicts, modules_of(folder))


def test_pack_says_how_the_public_checks_stood_on_these_very_files(folder: Path) -> None:
    run = "; run python -m exercises check digits"
    assert pack("digits", folder).checked == f"public checks: never run{run}"
    note(folder, "receptive_field", "pooling", "blocks")
    assert pack("digits", folder).checked == f"public checks: never run for classifier, accuracy{run}"
    note(folder, "classifier")
    note(folder, "accuracy", passed=False)
    assert re.fullmatch(r"public checks: 8 of 10 passed on these files \(20.*\)", pack("digits", folder).checked)
    module = folder / "exercises" / "digits" / "pooling.py"
    module.write_text(module.read_text() + "\nfrom .helpers import f\n")
    (folder / "exercises" / "digits" / "helpers.py").write_text("def f(): pass\n")
    one = r"\(helpers\.py, pooling\.py changed after 20[-0-9: ]+\)"
    stale = ", ".join(f"{task} {one}" for task in ("pooling", "blocks", "classifier", "accuracy"))
    words = rf"public checks: not run on these files for {stale}; run python -m .* digits"
    assert re.fullmatch(words, pack("digits", folder).checked)
    module.write_bytes(module.read_bytes().removesuffix(b"\nfrom .helpers import f\n"))
    assert "8 of 10" in pack("digits", folder).checked


def test_pack_names_only_the_files_that_a_task_rests_on(folder: Path) -> None:
    tasks = [task.name for task in load_assignment("digits").tasks]
    note(folder, "receptive_field")  # first of all, before the other files were written
    for name in ("pooling", "recipe"):
        module = folder / "exercises" / "digits" / f"{name}.py"
        module.write_text(module.read_text() + "\n# more\n")
    note(folder, *tasks[1:])
    assert "10 of 10 passed on these files" in pack("digits", folder).checked
    module.write_text(module.read_text() + "# and more\n")
    words = r"public checks: not run on these files for accuracy \(recipe\.py changed after 20[-0-9: ]+\); run .*"
    assert re.fullmatch(words, pack("digits", folder).checked)


@pytest.mark.parametrize("text", ["", "[1]", '{"pooling": {"when": 1}}', '{"pooling": 3}'])
def test_a_note_that_cannot_be_read_is_none(folder: Path, text: str) -> None:
    note(folder, *(task.name for task in load_assignment("digits").tasks))
    folder.joinpath("exercises", "digits", PLACE, KEPT).write_text(text)
    assert pack("digits", folder).checked.startswith("public checks: never run; ")


def test_a_folder_that_cannot_be_written_to_keeps_no_note(folder: Path) -> None:
    (folder / "exercises" / "digits" / "__pycache__").write_text("a file in the place of the folder")
    note(folder, "pooling")
    assert pack("digits", folder).checked.startswith("public checks: never run; ")


def test_a_notebook_that_was_saved_before_the_newest_module_is_asked_about(folder: Path) -> None:
    when = (folder / "exercises" / "digits" / "blocks.py").stat().st_mtime
    os.utime(folder / "exercises" / "digits" / "blocks.py", (when + 7300, when + 7300))
    assert pack("digits", folder).remarks == (
        "digits.ipynb was saved 2 hours before blocks.py: is it saved, and does it show what your code gives now?",
    )
    os.utime(folder / "digits.ipynb", (when + 7260, when + 7260))
    assert pack("digits", folder).remarks == ()


def test_zip_holds_the_notebook_and_the_modules_and_nothing_else(folder: Path) -> None:
    receipt = pack("digits", folder, now=NOW)
    expected = {"digits.ipynb", *(f"exercises/digits/{name}.py" for name in load_assignment("digits").modules)}
    with zipfile.ZipFile(receipt.archive) as archive:
        assert set(archive.namelist()) == set(receipt.files) == expected
        assert archive.read("exercises/digits/blocks.py") == (folder / "exercises/digits/blocks.py").read_bytes()
    assert receipt.remarks == ()
    assert sorted(path.name for path in folder.iterdir()) == [
        "digits-receipt.txt", "digits-submission.zip", "digits.ipynb", "exercises",
    ]  # fmt: skip


def test_receipt_names_the_hash_and_the_time(folder: Path) -> None:
    receipt = pack("digits", folder, now=NOW)
    text = (folder / "digits-receipt.txt").read_text()
    assert receipt.sha256 in text and "2030-01-15T12:30:00+00:00" in text and "exercises/digits/pooling.py" in text


ZONES = {  # as POSIX writes them: what a local clock shows when it is 23:59 in UTC+2
    "UTC0": "Tue 2030-01-15 21:59 in the time zone of this computer (UTC+0000)",
    "CET-1CEST,M3.5.0,M10.5.0/3": "Tue 2030-01-15 22:59 in the time zone of this computer (UTC+0100)",
    "NPT-5:45": "Wed 2030-01-16 03:44 in the time zone of this computer (UTC+0545)",
}


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone of a process can be set on POSIX alone")
@pytest.mark.parametrize(("zone", "words"), ZONES.items())
def test_deadline_is_named_in_the_students_own_zone(monkeypatch: pytest.MonkeyPatch, zone: str, words: str) -> None:
    deadline = datetime(2030, 1, 15, 23, 59, tzinfo=timezone(timedelta(hours=2)))
    facts = replace(load_assignment("digits"), deadline=deadline)
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        said = {left: due(facts, deadline - left) for left in (timedelta(hours=49), timedelta(minutes=-1))}
    finally:
        monkeypatch.undo()
        time.tzset()
    assert list(said.values()) == [f"deadline: {words}: 2 days left", f"deadline: {words}: it was 1 minute ago"]


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(days=30), "30 days left"),
        (timedelta(hours=47, minutes=59), "47 hours left"),
        (timedelta(minutes=119), "119 minutes left"),
        (timedelta(), "0 minutes left"),
        (timedelta(days=-2), "it was 2 days ago"),
        (timedelta(hours=-3), "it was 3 hours ago"),
    ],
)
def test_time_that_is_left_is_named(left: timedelta, words: str) -> None:
    facts = load_assignment("digits")
    assert due(facts, facts.deadline - left).endswith(f": {words}")


def test_deadline_without_an_offset_is_the_courses() -> None:
    facts = replace(load_assignment("digits"), deadline=datetime(2030, 1, 15, 23, 59))
    assert due(facts) == "deadline: Tue 2030-01-15 23:59, in the course's time zone"


def test_equal_files_give_an_equal_zip_and_a_change_another_one(folder: Path) -> None:
    first = pack("digits", folder).sha256
    assert pack("digits", folder).sha256 == first
    (folder / "exercises" / "digits" / "recipe.py").write_text("RECIPE = 1\n")
    assert pack("digits", folder).sha256 != first


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("exercises/digits/blocks.py", None, "blocks.py is missing: it was looked for in"),
        ("exercises/digits/blocks.py", b"  \n", "blocks.py is empty: save it again"),
        ("exercises/digits/blocks.py", b"x = '\xff'", "blocks.py is not UTF-8 (byte 5)"),
        ("exercises/digits/blocks.py", b"#" * 70_000, "blocks.py has 0.1 MB, and grading reads 0.0625 MB: move"),
        ("digits.ipynb", b'{"cells": [', "digits.ipynb is no notebook any more"),
        ("digits.ipynb", b"[1, 2]", "digits.ipynb is no notebook any more"),
    ],
)
def test_what_would_be_useless_is_refused_and_nothing_is_written(
    folder: Path, name: str, content: bytes | None, words: str
) -> None:
    (folder / name).unlink()
    if content is not None:
        (folder / name).write_bytes(content)
    with pytest.raises(PackError) as refused:
        pack("digits", folder)
    assert words in str(refused.value)
    assert not list(folder.glob("digits-*"))


def test_all_problems_are_named_at_once(folder: Path) -> None:
    for name in ("digits.ipynb", "exercises/digits/recipe.py"):
        (folder / name).unlink()
    with pytest.raises(PackError, match=r"(?s)digits\.ipynb.*recipe\.py"):
        pack("digits", folder)


def test_what_is_unfinished_is_packed_and_said(folder: Path) -> None:
    for name in ("pooling.py", "recipe.py"):
        stub = (repository.exercises("digits") / name).read_text()
        (folder / "exercises/digits" / name).write_text(stub)
    (folder / "exercises/digits/blocks.py").write_text("def f(:\n")
    (folder / "digits.ipynb").write_bytes(repository.notebook("digits").read_bytes())
    remarks = "\n".join(pack("digits", folder).remarks)
    assert "recipe.py: not written yet: RECIPE is None" in remarks
    assert "pooling.py: not written yet: Task 2.1" in remarks
    assert "blocks.py: Python cannot read it (line 1: " in remarks
    assert "digits.ipynb: the question “Explain your two shift curves” (step 24) is not answered yet" in remarks
    failing = "the question “What did you change in the failing recipe, in what order, on what evidence?”"
    told = f"which {failing} is about, has no output: run it, and save; whoever marks sees what is saved"
    assert f"digits.ipynb: the cell “hidden, activation = 3, torch.sigmoid”, {told}" in remarks


def displayed(**data: Any) -> dict[str, Any]:
    return {"output_type": "display_data", "metadata": {}, "data": data}


UNSEEN = {
    "nothing": ([], "has no output: run it, and save"),
    "an error": (
        [
            displayed(**{"text/plain": "3"}),
            {"output_type": "error", "ename": "ValueError", "evalue": "", "traceback": []},
        ],
        "stopped with ValueError: run it again when it works, and save",
    ),
    "a widget": (
        [displayed(**{"text/plain": "interactive()", "application/vnd.jupyter.widget-view+json": {"model_id": "a"}})],
        "shows neither text nor a PNG picture",
    ),
    "an object": (
        [displayed(**{"text/plain": ["<IPython.lib.display.Audio object>"], "text/html": "<audio>"})],
        "shows neither text nor a PNG picture",
    ),
}


@pytest.mark.parametrize(("outputs", "told"), UNSEEN.values(), ids=UNSEEN.keys())
def test_cell_of_a_question_whose_output_nobody_will_see_is_named(
    folder: Path, outputs: list[dict[str, Any]], told: str
) -> None:
    notebook = json.loads((folder / "digits.ipynb").read_bytes())
    (cell,) = (c for c in notebook["cells"] if "question:shift_curves" in c["metadata"].get("tags", []))
    cell["outputs"] = outputs
    (folder / "digits.ipynb").write_text(json.dumps(notebook))
    (remark,) = pack("digits", folder).remarks
    assert remark.startswith("digits.ipynb: the cell “def global_network():”, which the question “Explain your ")
    assert told in remark


@pytest.mark.parametrize("outputs", [7, [7], [{"output_type": 7, "data": 7}], [{}], {"a": 1}])
def test_outputs_of_any_form_are_packed(folder: Path, outputs: Any) -> None:
    notebook = json.loads((folder / "digits.ipynb").read_bytes())
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = outputs
    (folder / "digits.ipynb").write_text(json.dumps(notebook))
    assert "digits.ipynb" in pack("digits", folder).files


def test_cell_of_a_question_that_shows_a_picture_beside_a_widget_is_seen(folder: Path) -> None:
    notebook = json.loads((folder / "digits.ipynb").read_bytes())
    for cell in notebook["cells"]:
        if questions_of(cell["metadata"].get("tags", [])):
            picture = displayed(**{"image/png": ["iVBORw0KGgo="], "text/plain": ["<Figure size 640x480>"]})
            cell["outputs"] = [displayed(**{"text/html": "<b>"}), picture]
    (folder / "digits.ipynb").write_text(json.dumps(notebook))
    assert pack("digits", folder).remarks == ()


def test_a_zip_that_cannot_be_written_leaves_no_draft(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(packing.zipfile.ZipFile, "writestr", full)
    with pytest.raises(OSError, match="No space left"):
        pack("digits", folder)
    assert not [path for path in folder.iterdir() if "submission" in path.name]


def test_command_packs_the_folder_that_it_lies_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import exercises.__main__ as program

    monkeypatch.setattr(program, "ROOT", folder)
    done = CliRunner().invoke(app, ["pack", "digits"])
    assert done.exit_code == 0 and "sha256: " in done.output
    assert "public checks: never run; run python -m exercises check digits\ndeadline: " in done.output
    assert " in the time zone of this computer (UTC" in done.output
    assert f"Upload {folder / 'digits-submission.zip'}" in done.output.replace("\n", "")
    (folder / "digits.ipynb").unlink()
    failed = CliRunner().invoke(app, ["pack", "digits"])
    assert failed.exit_code == 2 and "nothing was packed:" in failed.output


def test_command_says_whom_to_ask_where_the_course_does(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import exercises.__main__ as program

    monkeypatch.setattr(program, "ROOT", folder)
    (folder / "exercises" / "digits" / "given.json").write_bytes(manifest({}, ["torch"], contact="help@course.example"))
    done = CliRunner().invoke(app, ["pack", "digits"])
    assert "keep it until you have your points.\nWhom to ask: help@course.example\n" in done.output
    (folder / "digits.ipynb").unlink()
    failed = CliRunner().invoke(app, ["pack", "digits"])
    assert failed.output.endswith("\nWhom to ask: help@course.example\n")


def test_a_notebook_that_the_browser_renamed_is_named(folder: Path) -> None:
    (folder / "digits.ipynb").rename(folder / "digits (1).ipynb")
    with pytest.raises(PackError, match=r"there is digits \(1\)\.ipynb: rename the right one"):
        pack("digits", folder)


@pytest.mark.parametrize(
    "other", ["blocks (1).py", "blocks.py.txt", "Blocks-Copy1.py", "blocks 2.py", "blocks_copy.py"]
)
def test_a_module_that_was_renamed_is_named(folder: Path, other: str) -> None:
    place = folder / "exercises" / "digits"
    (place / "blocks.py").rename(place / other)
    (place / "blocks.pyc").touch()
    with pytest.raises(PackError) as refused:
        pack("digits", folder)
    assert f"blocks.py is missing: it was looked for in {folder}; there is {other}: rename" in str(refused.value)


def test_a_copy_that_was_saved_later_is_asked_about(folder: Path) -> None:
    for name, when in (("digits (1).ipynb", 10), ("exercises/digits/pooling.py.txt", 10), ("digits-old.ipynb", 10)):
        (folder / name).touch()
        os.utime(folder / name, (time.time() + when, time.time() + when))
    (folder / "exercises/digits/blocks-Copy1.py").touch()
    os.utime(folder / "exercises/digits/blocks-Copy1.py", (0, 0))
    assert pack("digits", folder).remarks == (
        "digits.ipynb: digits (1).ipynb, which lies beside it, was saved later: is this the right one?",
        "exercises/digits/pooling.py: pooling.py.txt, which lies beside it, was saved later: is this the right one?",
    )


def test_a_folder_that_is_not_there_is_named(folder: Path) -> None:
    with pytest.raises(PackError, match="there is no folder .*nowhere: make it first"):
        pack("digits", folder, folder / "nowhere")
