"""nbgrader's formgrader as a teaching assistant uses it, in its tab of JupyterLab."""

from __future__ import annotations

import re

from playwright.sync_api import FrameLocator, Locator, Page, expect

from grader.cli.jupyterlab import Lab
from tests.browser.jupyter import choose

GRADE_MS = 300_000  # the first submission waits until torch is imported, on a busy machine for a minute


class Formgrader:
    def __init__(self, page: Page, lab: Lab) -> None:
        page.goto(lab.url())
        choose(page, "Nbgrader", "Formgrader")
        self.page = page
        self.frame: FrameLocator = page.frame_locator("#formgrader iframe")

    def submissions(self, assignment: str) -> None:
        """The page with a row for each student."""
        self.frame.get_by_role("link", name="Manage Assignments").click()
        row = self.frame.locator("tr", has_text=assignment)
        row.locator(".num-submissions a").click()

    def row(self, student: str) -> Locator:
        return self.frame.locator("tr", has_text=student)

    def press(self, student: str, button: str) -> str:
        """Press a student's button "autograde" or "generate-feedback"; returns what the message box says at the end."""
        self.row(student).locator(f".{button} a").click()
        box = self.frame.locator("#success-modal, #error-modal")
        box.wait_for(timeout=GRADE_MS)
        said = box.inner_text()
        box.get_by_role("button", name="OK").click()
        expect(box).to_have_count(0)
        return said

    def open(self, assignment: str, student: str) -> None:
        """Manual grading: the page of a graded submission, where the list names nobody."""
        self.frame.get_by_role("link", name="Manual Grading").click()
        self.frame.locator("td.name a", has_text=assignment).click()  # the assignment
        self.frame.locator("td.avg-score").first.wait_for()
        self.frame.locator("td.name a", has_text=assignment).click()  # its notebook
        self.row(student).locator("a.name-hidden").click()

    def show(self, question: str) -> tuple[Locator, Locator]:
        """The fields for points and comment, with what the gradebook holds in them."""
        score, text = self.frame.locator(f"#{question}"), self.frame.locator(f"#{question}-comment")
        score.scroll_into_view_if_needed()
        # What is typed before the gradebook has answered is saved nowhere; its answer sets these placeholders.
        for ready in (self.frame.locator(f"#{question}_extra_credit"), text):
            expect(ready).to_have_attribute("placeholder", re.compile("."))
        return score, text

    def mark(self, question: str, points: str, comment: str) -> None:
        """Type other points and another comment than the gradebook holds, and wait until they are saved."""
        score, text = self.show(question)
        for field, value, kind in ((score, points, "grade"), (text, comment, "comment")):
            with self.page.expect_response(lambda answer, kind=kind: _saved(answer.url, answer.request.method, kind)):
                field.fill(value)
                field.blur()


def _saved(url: str, method: str, kind: str) -> bool:
    return method == "PUT" and f"/formgrader/api/{kind}/" in url
