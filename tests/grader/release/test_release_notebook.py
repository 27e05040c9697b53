"""Notebooks: built from text, the same bytes each time, cleared by nbgrader itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest

from grader import repository
from grader.release.errors import ReleaseError
from grader.release.notebook import source_notebook, student_notebook


def cells(content: bytes) -> list[dict[str, Any]]:
    return json.loads(content)["cells"]  # type: ignore[no-any-return]


def source_of(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def test_source_notebook_is_valid_and_minimal(tiny: Path) -> None:
    content = source_notebook("tiny")
    nbformat.validate(nbformat.reads(content.decode(), as_version=4))
    notebook = json.loads(content)
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    assert set(notebook["metadata"]) == {"kernelspec", "language_info"}
    assert all(not cell.get("outputs") and cell.get("execution_count") is None for cell in notebook["cells"])
    assert all(set(cell["metadata"]) <= {"nbgrader", "tags"} for cell in notebook["cells"])


def test_source_notebook_takes_ids_from_grade_id_or_position(tiny: Path) -> None:
    ids = [cell["id"] for cell in cells(source_notebook("tiny"))]
    assert ids == ["cell-001", "cell-002", "warm-up", "task-adding", "question-why"]


def test_notebooks_are_the_same_bytes_twice(tiny: Path) -> None:
    assert source_notebook("tiny") == source_notebook("tiny")
    assert student_notebook("tiny") == student_notebook("tiny")


def test_student_notebook_has_no_answers_and_no_hidden_tests(tiny: Path) -> None:
    before, after = source_notebook("tiny").decode(), student_notebook("tiny").decode()
    for secret in ("warm_up_answer", "add(100, 200)", "counting on", "BEGIN"):
        assert secret in before
        assert secret not in after
    assert "add(1, 2) == 3" in after
    assert "raise NotImplementedError()" in after
    assert "YOUR ANSWER HERE" in after


def test_student_notebook_locks_graded_cells_and_keeps_ids(tiny: Path) -> None:
    source, student = cells(source_notebook("tiny")), cells(student_notebook("tiny"))
    assert [cell["id"] for cell in student] == [cell["id"] for cell in source]
    locked = {cell["id"] for cell in student if cell["metadata"].get("editable") is False}
    assert locked == {"task-adding"}
    assert all("checksum" in cell["metadata"]["nbgrader"] for cell in student if "nbgrader" in cell["metadata"])


def write_source(text: str) -> None:
    repository.notebook_source("tiny").write_text(text, encoding="utf-8")


def test_notebook_refuses_two_cells_with_one_id(tiny: Path) -> None:
    meta = '{"grade": false, "grade_id": "a", "locked": true, "schema_version": 3, "solution": false, "task": false}'
    write_source(f"# %% nbgrader={meta}\nx = 1\n\n# %% nbgrader={meta}\ny = 1\n")
    with pytest.raises(ReleaseError, match="cells 1 and 2 have the same id 'a'"):
        source_notebook("tiny")


def test_notebook_says_where_a_missing_source_belongs(tiny: Path) -> None:
    repository.notebook_source("tiny").unlink()
    with pytest.raises(ReleaseError, match=r"solutions/tiny/tiny\.py is missing"):
        source_notebook("tiny")


def test_student_notebook_passes_on_what_nbgrader_refuses(tiny: Path) -> None:
    write_source("# %%\n### BEGIN SOLUTION\nx = 1\n### END SOLUTION\n")
    with pytest.raises(ReleaseError, match="non-solution cell"):
        student_notebook("tiny")


def test_student_notebook_leaves_no_folder_behind(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    student_notebook("tiny")
    assert list(scratch.iterdir()) == []
