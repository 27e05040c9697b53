"""What the page says."""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from exercises.checking.verdict import Status
from grader.course.adoption import Adoption, Layout
from grader.course.folder import Course
from grader.grades.table import rows
from grader.model.problems import Kind, Problem
from tests.grader.feedback.feedback_bench import DIGITS, STUDENT, Bench, Reader, figure, graded, png, stdout, verdict


def failed(task: str, **changes: object) -> object:
    return verdict(task, 0, 4, expected="5", got="7", hint="Look again", **changes)


def test_page_shows_title_student_and_total_first(bench: Bench) -> None:
    bench.book_everything()
    with bench.gradebook() as gradebook:
        gradebook.update_or_create_student(STUDENT, first_name="First", last_name="Last")
    text = Reader(bench.page()).text
    begin = text[text.index("Feedback Conv") : text.index("What to do next")]
    assert DIGITS.title in begin
    assert "First Last" in begin
    assert "Total: 19 of 20 points" in begin


def test_page_uses_the_id_where_there_is_no_name(bench: Bench) -> None:
    assert STUDENT in Reader(bench.page()).text


def test_page_never_counts_unmarked_as_zero(bench: Bench) -> None:
    text = Reader(bench.page()).text
    assert "Total: not marked yet (20 points)" in text
    assert text.count("not marked yet (4)") == 4  # two tasks of 4 points, in the table and below
    assert "0 / 4" not in text


def test_page_says_how_much_is_still_open(bench: Bench) -> None:
    bench.book_everything()
    bench.book("question-shift_curves", manual_score=None, needs_manual_grade=True)
    bench.book("task-blocks", auto_score=None, needs_manual_grade=True)
    text = Reader(bench.page()).text
    assert "Total: 13.5 points so far; 6 of the 20 points are not marked yet" in text
    assert "13.5 / 20 so far" in text


def test_page_does_not_trust_a_score_that_waits_for_a_person(bench: Bench) -> None:
    bench.book_everything()
    bench.book("task-blocks", auto_score=5.0, needs_manual_grade=True)
    assert "14 points so far; 5 of the 20 points" in Reader(bench.page()).text


def test_page_takes_the_mark_by_hand_over_the_checks(bench: Bench) -> None:
    bench.book_everything()
    bench.book("task-blocks", auto_score=2.0, manual_score=4.0)
    text = Reader(bench.page()).text
    assert "Points: 4 / 5. A person set these points." in text
    assert "Total: 18 of 20 points" in text


def test_page_says_where_checks_and_gradebook_differ(bench: Bench) -> None:
    bench.book_everything()
    bench.book("task-blocks", auto_score=2.0)
    assert "2 / 5. The points of the checks below add up to another number" in Reader(bench.page()).text


def test_page_adds_extra_credit_on_top(bench: Bench) -> None:
    bench.book_everything()
    bench.book("task-pooling", auto_score=3.0, extra_credit=0.75)
    text = Reader(bench.page(verdict("pooling", 3, 3), verdict("pooling", 0.75, 0.75, extra=True))).text
    assert "3 / 3 + 0.75 extra" in text
    assert "Extra credit in the total 0.75" in text
    assert "Total: 19.75 of 20 points" in text
    assert "extra credit, 0.75 / 0.75" in text


def test_page_takes_the_late_penalty_off(bench: Bench) -> None:
    bench.book_everything()
    with bench.gradebook() as gradebook:
        gradebook.find_submission_notebook("digits", "digits", STUDENT).late_submission_penalty = 2.5
        gradebook.db.commit()
    text = Reader(bench.page()).text
    assert "Taken off for lateness \N{MINUS SIGN}2.5" in text
    assert "Total: 16.5 of 20 points" in text


def test_page_says_in_one_line_why_points_are_taken_off(bench: Bench) -> None:
    bench.book_everything()
    bench.course.settings.write_text("[late]\npenalty_per_day = 0.25\n")
    with bench.gradebook() as gradebook:
        submission = gradebook.find_submission("digits", STUDENT)
        submission.assignment.duedate = datetime(2030, 1, 15)
        submission.timestamp = datetime(2030, 1, 16, 1)
        gradebook.db.commit()
    text = Reader(bench.page()).text
    assert "Taken off for lateness (2 days begun since the deadline, 0.5 of the points) \N{MINUS SIGN}9.5" in text


def test_total_is_that_of_the_exported_table(bench: Bench) -> None:
    bench.book_everything()
    bench.book("task-pooling", auto_score=1.25, extra_credit=0.5)
    (row,) = rows(bench.course, "digits")
    assert row.total is not None
    assert f"Total: {row.total:g} of 20 points" in Reader(bench.page()).text


def test_page_without_a_row_in_the_gradebook_says_not_marked(bench: Bench) -> None:
    with bench.gradebook() as gradebook:
        gradebook.remove_submission("digits", STUDENT)
    assert "Total: not marked yet (20 points)" in Reader(bench.page()).text


def test_failed_check_shows_expected_got_and_hint(bench: Bench) -> None:
    text = Reader(bench.page(failed("blocks"))).text
    assert "✗ failed 0 / 4 The idea of blocks expected 5 got 7 hint Look again" in text


def test_further_hints_are_folded_one_into_the_other_and_those_that_checks_share_stand_once(bench: Bench) -> None:
    hints = ("Which windows?", "Line of thought: <one> after the other.")
    bench.book_everything()
    page = bench.page(failed("blocks", hints=hints), failed("blocks", hints=hints), failed("pooling"))
    assert page.count('<details class="hints">') == 2 and page.count(hints[0]) == 1
    first, last = page.index(hints[0]), page.index("Line of thought: &lt;one&gt;")
    assert first < last and "</details>" not in page[first:last]


def test_passed_check_shows_no_hint(bench: Bench) -> None:
    page = bench.page(verdict("blocks", 5, 5, expected="0.9", got="0.95 of the digits", hint="Train longer"))
    text = Reader(page).text
    assert "got 0.95 of the digits" in text
    assert "Train longer" not in text


def test_check_that_did_not_run_says_why(bench: Bench) -> None:
    late = verdict("blocks", 0, 1, status=Status.NOT_RUN, got="this needs an earlier check to pass first: shapes")
    assert "○ not run 0 / 1 The idea of blocks why this needs an earlier" in Reader(bench.page(late)).text


def test_fault_of_the_grader_is_not_a_mark(bench: Bench) -> None:
    fault = verdict("blocks", 0, 5, status=Status.ERROR, got="7", hint="a hint", note="Traceback of the grader")
    text = Reader(bench.page(fault, problems=(Problem(Kind.TAMPERING, "tried to open the gradebook"),))).text
    assert "? not checked yet 5 points open The idea of blocks why a person will look at it" in text
    assert "Traceback" not in text
    assert "tried to open" not in text
    assert "0 / 5" not in text


def test_notebook_that_was_stopped_is_told_without_the_words_for_staff(bench: Bench) -> None:
    told = "It was stopped before its end"
    passed = verdict("blocks", 5, 5)
    assert told not in Reader(bench.page(passed, problems=(Problem(Kind.TAMPERING, "an act"),))).text
    text = Reader(bench.page(passed, problems=(Problem(Kind.CRASHED, "KeyError in the grader"),))).text
    assert told in text and "KeyError" not in text


def test_fault_of_the_grader_that_a_person_has_marked_is_no_longer_open(bench: Bench) -> None:
    bench.book("task-blocks", manual_score=4.0)
    text = Reader(bench.page(verdict("blocks", 0, 5, status=Status.ERROR))).text
    assert "a person has marked this task" in text
    assert "will look at it" not in text


def test_points_that_are_proposed_are_open_until_a_person_has_entered_them(bench: Bench) -> None:
    reason = "it cannot be recorded (blocks.py, line 3: x.item())"
    bench.book("task-blocks", auto_score=5.0, needs_manual_grade=True)
    mine = verdict("blocks", 5, 5, proposed=reason)
    assert f"a person will look at these points before they count: {reason}" in Reader(bench.page(mine)).text
    bench.book("task-blocks", manual_score=4.0, needs_manual_grade=False)
    assert "a person will look" not in Reader(bench.page(mine)).text


def test_next_steps_are_the_first_failed_check_of_each_task(bench: Bench) -> None:
    page = bench.page(
        verdict("pooling", 0, 1, extra=True, idea="Extra comes last", hint="not urgent"),
        verdict("blocks", 1, 1, idea="Fine already"),
        failed("blocks", idea="First to mend"),
        failed("blocks", idea="Later one"),
        verdict("classifier", 1, 4, idea="Half done", hint="Train it longer"),
    )
    text = Reader(page).text
    steps = text[text.index("What to do next") : text.index("Extra credit comes on top")]
    assert "First to mend. Hint: Look again" in steps
    assert "Half done. Hint: Train it longer" in steps
    for other in ("Later one", "Fine already", "Extra comes last"):
        assert other not in steps


def test_next_steps_say_when_every_check_passed(bench: Bench) -> None:
    assert "Every check passed." in Reader(bench.page()).text


def test_next_steps_do_not_praise_what_was_not_checked(bench: Bench) -> None:
    text = Reader(bench.page(verdict("blocks", 0, 5, status=Status.ERROR))).text
    assert "Every check passed." not in text
    assert "some have not run yet" in text


def test_table_counts_the_checks_that_passed(bench: Bench) -> None:
    page = bench.page(verdict("blocks", 1, 1), failed("blocks"), verdict("blocks", 0, 1, status=Status.ERROR))
    assert re.search(r"Task 3: [^:]*? 1 of 3 ", Reader(page).text)


def test_task_without_verdicts_says_that_nothing_ran(bench: Bench) -> None:
    bench.graded = graded(verdicts=())
    text = Reader(bench.page()).text
    assert text.count("No check of this task has run.") == len(DIGITS.tasks)


def test_question_shows_answer_points_and_comment(bench: Bench) -> None:
    bench.answer("The first curve\nfalls early.")
    bench.book("question-shift_curves", manual_score=0.5)
    bench.comment("question-shift_curves", "And the second?")
    text = Reader(bench.page()).text
    assert "Points: 0.5 / 1 Your answer: The first curve falls early. Comment: And the second?" in text


def test_answer_is_that_of_the_marked_notebook_where_the_course_keeps_it(bench: Bench) -> None:
    layout = Layout("{nbgrader_step}/{assignment_id}/{student_id}", autograded="marked")
    for step in ("release", "submitted"):
        (bench.course.root / step).rename(bench.course.root / f"{step}-before")
    before, bench.course = bench.course, Course(bench.course.root)
    Adoption(layout, config="").write(bench.course.root)
    for old, new in (
        ("release-before/digits", bench.course.released_notebook("digits").parent),
        (f"submitted-before/{STUDENT}/digits", bench.course.submitted("digits", STUDENT)),
    ):
        new.parent.mkdir(parents=True)
        (before.root / old).rename(new)
    bench.answer("As the TA has marked it.")
    assert (bench.course.root / "marked" / "digits" / STUDENT / "digits.ipynb").is_file()
    assert "Your answer: As the TA has marked it." in Reader(bench.page()).text


def test_question_without_answer_says_so(bench: Bench) -> None:
    text = Reader(bench.page()).text
    assert text.count("has no answer to this question") == 2
    assert "Write your answer here" not in text


def test_comment_on_another_cell_is_shown(bench: Bench) -> None:
    bench.comment("guess", "A good guess")
    assert "On the cell “guess” of your notebook: A good guess" in Reader(bench.page()).text


def test_outputs_of_a_run_stand_below_the_notebooks_headings(bench: Bench) -> None:
    page = bench.page(cells={"first": [stdout("loss 0.3\n")], "second": [figure(png()), figure(png(3, 1))]})
    reader = Reader(page)
    assert "What your notebook showed when we ran it" in reader.text
    assert "Digits (1 text) show() loss 0.3" in reader.text
    assert "Shift curves (2 pictures) plot()" in reader.text
    assert [(image["width"], image["alt"]) for image in reader.all("img")] == [
        ("2", "Picture 1 in the notebook as we ran it, below “Shift curves”"),
        ("3", "Picture 2 in the notebook as we ran it, below “Shift curves”"),
    ]


def test_missing_release_is_named(bench: Bench) -> None:
    bench.course.released_notebook("digits").unlink()
    with pytest.raises(FileNotFoundError, match="release digits in this course first"):
        bench.page()
