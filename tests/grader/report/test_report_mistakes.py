"""Mistakes become sentences with the right counts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from exercises.checking.verdict import Cause, Status, Verdict
from grader.authoring.galleries import WrongAnswer
from grader.report.counts import count_checks
from grader.report.facts import Facts, Result
from grader.report.gallery_match import explain
from grader.report.mistakes import Mistake, mistakes, numbers_of
from tests.grader.report.report_bench import DIGITS, failed, missed, unwritten, verdicts

SKIP = WrongAnswer("no_skip", "The block returns its branch alone.", "digits", "blocks", caught_by=("blocks.skip_2d",))
POOL = WrongAnswer(
    "average", "The pooling averages.", "digits", "pooling",
    caught_by=("pooling.max_1d", "blocks.conv_block_pool"), partly={"accuracy.hidden_test": (0.0, 2.0)},
)  # fmt: skip
TASK = WrongAnswer("unwritten", "Task 3 was not done.", "digits", "blocks", caught_by=("blocks.*",))


def facts(*students: tuple[Verdict, ...]) -> Facts:
    results = tuple(Result(None, one, 1.0, 1.0) for one in students)
    counts = count_checks("digits", (verdict for one in students for verdict in one))
    return Facts(DIGITS, DIGITS.deadline, DIGITS.deadline, len(students), results, (), counts)


def found(*students: tuple[Verdict, ...], gallery: tuple[WrongAnswer, ...] = ()) -> list[Mistake]:
    return list(mistakes(facts(*students), gallery))


def test_sentence_has_count_and_idea(small_facts: Facts) -> None:
    first = mistakes(small_facts, ())[0]
    assert first.sentence == "3 of 5 missed this idea: “ResidualBlock2d adds its input to what its branch computes”"
    assert first.task == "Task 3: residual and convolution blocks"


def test_example_is_the_most_frequent_one(small_facts: Facts) -> None:
    example = mistakes(small_facts, ())[0].example
    assert (example.expected, example.got, example.hint) == ("ones", "zeros", "Is x added?")


def test_commonest_mistake_comes_first() -> None:
    rare, common = verdicts(failed("receptive_field.strides")), verdicts(failed("classifier.logits"))
    assert [(one.count, one.checks) for one in found(rare, common, common)] == [
        (2, ("classifier.logits",)),
        (1, ("receptive_field.strides",)),
    ]


def test_first_failed_check_speaks_for_its_task() -> None:
    (one,) = found(verdicts(failed("blocks.residual_1d"), failed("blocks.residual_2d"), failed("blocks.gradient_2d")))
    assert one.checks == ("blocks.gradient_2d",), "public checks come first"


def test_extra_credit_is_no_mistake() -> None:
    assert found(verdicts(failed("pooling.stochastic_members"))) == []


def test_unwritten_part_counts_once_however_far_it_reaches() -> None:
    part = {"part": "ConvBlock2d.__init__", "file": "blocks.py"}
    (one,) = found(verdicts(unwritten("blocks.conv_block_shape", **part), unwritten("classifier.shape", **part)))
    assert one.sentence == "1 of 1 did not write ConvBlock2d.__init__ (task 3.3)"


def test_file_that_python_cannot_read_is_named_so() -> None:
    why = {"cause": Cause.UNREADABLE, "about": "SyntaxError", "where": ("blocks.py", 139)}
    (one,) = found(verdicts(failed("blocks.skip_2d", **why), failed("classifier.shape", **why)))
    assert one.sentence == "1 of 1 handed in a file that Python cannot read: SyntaxError"


def test_file_whose_import_ended_is_named() -> None:
    (one,) = found(verdicts(failed("blocks.skip_2d", cause=Cause.ON_IMPORT, about="blocks.py")))
    assert one.sentence == "1 of 1 handed in a file that did not get through its import: blocks.py"


SENTENCES = (
    "not written yet: Task 2.1: write MaxPool1d.__init__ (pooling.py, line 30)",
    "SyntaxError: '(' was never closed  (pooling.py, line 139)",
    "pooling.py: on import the code ended its own process (exit code 1)",
    "40.6% right",
)


@pytest.mark.parametrize("words", SENTENCES)
def test_what_a_mistake_is_does_not_hang_on_the_words_of_a_verdict(words: str) -> None:
    """Each sentence as another kind of mistake might word itself: only the data tell them apart."""
    data = {"cause": Cause.NOT_WRITTEN, "about": "MaxPool1d.__init__", "where": ("pooling.py", 30)}
    (one,) = found(verdicts(failed("pooling.max_1d_example", words, expected=words, **data)))
    assert one.sentence == "1 of 1 did not write MaxPool1d.__init__ (task 2.1)"
    (one,) = found(verdicts(failed("pooling.max_1d_example", words, expected=words)))
    assert one.sentence.startswith("1 of 1 missed this idea") and one.example.accuracy is None


def test_part_that_has_no_number_or_name_is_told_without() -> None:
    (one,) = found(verdicts(unwritten("blocks.skip_2d", "helper")))
    assert one.sentence == "1 of 1 did not write helper"
    (one,) = found(verdicts(unwritten("blocks.skip_2d", "")))
    assert one.sentence.startswith("1 of 1 missed this idea")


def test_parts_have_the_numbers_of_the_solution() -> None:
    numbers = numbers_of("digits")
    assert numbers["MaxPool1d.__init__"] == "2.1" and numbers["CNNClassifier2d.forward"] == "4"
    assert numbers_of("spoken_digits")["log_mel"] == "1.1"


def test_network_below_the_threshold_shows_the_middle_one() -> None:
    (one,) = found(*(verdicts(missed(share)) for share in (0.2, 0.5, 0.84)))
    assert one.sentence.startswith("3 of 3 stayed below the threshold: “The classifier learns to read digits")
    assert (one.example.got, one.example.accuracy) == ("50.0% right", 0.5)


def test_known_mistake_gives_its_words() -> None:
    student = verdicts(failed("blocks.skip_2d"))
    (one,) = found(student, student, gallery=(SKIP,))
    assert one.sentence == "2 of 2 made this mistake: The block returns its branch alone"


def test_known_mistake_of_a_few_stands_among_the_others() -> None:
    alone, more = verdicts(failed("blocks.skip_2d")), verdicts(failed("blocks.skip_2d"), failed("blocks.gradient_2d"))
    (one,) = found(alone, more, more, gallery=(SKIP,))
    assert one.sentence.startswith("3 of 3 missed this idea")
    assert one.among == ((1, "The block returns its branch alone."),)


def test_known_mistake_counts_once_in_all_its_tasks() -> None:
    student = verdicts(failed("pooling.max_1d"), failed("blocks.conv_block_pool"), missed(0.6))
    (one,) = found(student, gallery=(POOL,))
    assert one.sentence == "1 of 1 made this mistake: The pooling averages"


def test_two_mistakes_that_fit_leave_it_open() -> None:
    twin = replace(SKIP, name="twice", description="The sum is twice the branch.")
    assert explain(verdicts(failed("blocks.skip_2d")), (SKIP, twin)) == {}


def test_mistake_must_fit_exactly() -> None:
    assert explain(verdicts(failed("blocks.skip_2d"), failed("blocks.gradient_2d")), (SKIP,)) == {}
    assert explain(verdicts(failed("pooling.max_1d")), (POOL,)) == {}


def test_wider_mistake_explains_more() -> None:
    blocks = [failed(one.check) for one in verdicts() if one.task == "blocks"]
    assert explain(verdicts(*blocks), (SKIP, TASK))["blocks"] is TASK


def test_nothing_is_known_where_the_grader_failed() -> None:
    student = verdicts(failed("blocks.skip_2d"), failed("pooling.max_1d", status=Status.ERROR))
    assert explain(student, (SKIP,)) == {}


def test_unwritten_value_is_named() -> None:
    (one,) = found(verdicts(failed("accuracy.hidden_test", cause=Cause.NOT_WRITTEN, about="RECIPE")))
    assert one.sentence == "1 of 1 did not write RECIPE"
