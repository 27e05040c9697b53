"""A student solves a task in JupyterLab, with nothing but the released folder, and packs it."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from exercises.assignment import assignment_names, load_assignment
from exercises.checking.catalogue import public_checks
from grader.authoring.galleries import solution_files
from tests.browser.chromium import errors_of, shoot
from tests.browser.courses import student_folder
from tests.browser.jupyter import NotebookTab, jupyter, open_file, open_terminal, write_file

PACK_S = 60


@pytest.mark.parametrize("name", assignment_names())
def test_a_student_solves_a_task_and_packs_it(page: Page, tmp_path: Path, name: str) -> None:
    facts = load_assignment(name)
    task, cell = facts.tasks[0], f'check("{facts.tasks[0].name}")'
    answer, module = solution_files(name)[task.module], f"exercises/{name}/{task.module}.py"
    checks = sum(check.task == task.name and not check.extra for check in public_checks(facts))
    folder = student_folder(name, tmp_path / "released")
    archive, receipt = folder / f"{name}-submission.zip", folder / f"{name}-receipt.txt"
    with jupyter(folder, tmp_path / "home") as lab:
        errors = errors_of(page)
        notebook = NotebookTab.open(page, lab, f"{name}.ipynb")
        notebook.run(f"from exercises.{name} import")
        expect(notebook.run(cell)).to_contain_text(f"0 of {checks} public checks passed")
        shoot(page, f"student-before-{name}")

        write_file(page, open_file(page, module), answer)
        assert (folder / module).read_text(encoding="utf-8") == answer
        shoot(page, f"student-editor-{name}")

        notebook.show()
        expect(notebook.run(cell)).to_contain_text(f"{checks} of {checks} public checks passed")
        shoot(page, f"student-after-{name}")
        notebook.save()

        open_terminal(page)
        page.keyboard.type(f"python -m exercises pack {name}\n")
        for _ in range(PACK_S):
            if receipt.exists():
                break
            page.wait_for_timeout(1000)
        page.wait_for_timeout(1000)  # until the terminal shows it
        shoot(page, f"student-packed-{name}")
        assert hashlib.sha256(archive.read_bytes()).hexdigest() in receipt.read_text(encoding="utf-8")
        with zipfile.ZipFile(archive) as packed:
            assert packed.read(module).decode() == answer
            assert f"{checks} of {checks} public checks passed".encode() in packed.read(f"{name}.ipynb")
        assert errors == []
