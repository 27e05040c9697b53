"""A teaching assistant grades, marks and comments with formgrader's buttons."""

from __future__ import annotations

from pathlib import Path

from nbgrader.api import Gradebook
from playwright.sync_api import Page, expect

from tests.browser.chromium import errors_of, shoot
from tests.browser.courses import MISTAKEN, course_with_submissions
from tests.browser.formgrader import Formgrader
from tests.browser.jupyter import jupyter

QUESTION = "question-shift_curves"
COMMENT = "The second curve has a price, too: which?"
# nbgrader's marking page fetches MathJax from the network, and its script stops where it does not come.
WITHOUT_NETWORK = ("MathJax", "cdnjs")


def test_an_assistant_grades_marks_and_sends_feedback(page: Page, tmp_path: Path) -> None:
    course = course_with_submissions("digits", tmp_path / "course")
    feedback = course.root / "feedback" / MISTAKEN / "digits" / "digits.html"
    with jupyter(course.root, tmp_path / "home") as lab:
        errors = errors_of(page)
        formgrader = Formgrader(page, lab)
        formgrader.submissions("digits")
        assert "Successfully autograded" in formgrader.press(MISTAKEN, "autograde")
        expect(formgrader.row(MISTAKEN).locator(".status")).to_have_text("needs manual grading")
        shoot(page, "assistant-submissions")

        formgrader.open("digits", MISTAKEN)
        formgrader.mark(QUESTION, "0.5", COMMENT)
        shoot(page, "assistant-marking")

        formgrader.frame.get_by_role("link", name="Manual Grading").click()
        formgrader.submissions("digits")
        assert "Successfully generated feedback" in formgrader.press(MISTAKEN, "generate-feedback")
        assert [error for error in errors if not any(word in error for word in WITHOUT_NETWORK)] == []

    with Gradebook(f"sqlite:///{course.gradebook}", course_id="browser") as gradebook:
        grade = gradebook.find_grade(QUESTION, "digits", "digits", MISTAKEN)
        assert (grade.manual_score, grade.needs_manual_grade) == (0.5, False)
        assert gradebook.find_grade("task-receptive_field", "digits", "digits", MISTAKEN).auto_score == 4
        assert gradebook.find_comment(QUESTION, "digits", "digits", MISTAKEN).manual_comment == COMMENT
    page.goto(feedback.as_uri())
    expect(page.get_by_text(COMMENT)).to_be_visible()
