"""A student solves a task in JupyterLab, with nothing but the released folder, and packs it."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

from playwright.sync_api import Page, expect

from grader.authoring.galleries import solution_files
from tests.browser.chromium import errors_of, shoot
from tests.browser.courses import student_folder
from tests.browser.jupyter import NotebookTab, jupyter, open_file, open_terminal, write_file

ANSWER = solution_files("digits")["receptive_field"]
MODULE = "exercises/digits/receptive_field.py"
CHECK = 'check("receptive_field")'
PACK_S = 60


def test_a_student_solves_a_task_and_packs_it(page: Page, tmp_path: Path) -> None:
    folder = student_folder("digits", tmp_path / "released")
    archive, receipt = folder / "digits-submission.zip", folder / "digits-receipt.txt"
    with jupyter(folder, tmp_path / "home") as lab:
        errors = errors_of(page)
        notebook = NotebookTab.open(page, lab, "digits.ipynb")
        expect(notebook.run("load_digits")).to_contain_text("Generated digits")
        expect(notebook.run(CHECK)).to_contain_text("0 of 5 public checks passed")
        shoot(page, "student-before")

        write_file(page, open_file(page, MODULE), ANSWER)
        assert (folder / MODULE).read_text(encoding="utf-8") == ANSWER
        shoot(page, "student-editor")

        notebook.show()
        expect(notebook.run(CHECK)).to_contain_text("5 of 5 public checks passed")
        shoot(page, "student-after")
        notebook.save()

        open_terminal(page)
        page.keyboard.type("python -m exercises pack digits\n")
        for _ in range(PACK_S):
            if receipt.exists():
                break
            page.wait_for_timeout(1000)
        page.wait_for_timeout(1000)  # until the terminal shows it
        shoot(page, "student-packed")
        assert hashlib.sha256(archive.read_bytes()).hexdigest() in receipt.read_text(encoding="utf-8")
        with zipfile.ZipFile(archive) as packed:
            assert packed.read(MODULE).decode() == ANSWER
            assert b"5 of 5 public checks passed" in packed.read("digits.ipynb")
        assert errors == []
