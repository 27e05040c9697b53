"""What a report knows, and what it must not know."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook

from exercises.assignment import load_assignment
from exercises.checking import Check, Expect, MismatchError, StudentError
from exercises.checking.run import run_check
from exercises.checking.verdict import Cause, Status, Verdict
from grader.grading.checked.plan import CheckedPlan
from grader.report.accuracy import accuracies, label_of
from grader.report.anonymous import Anonymous
from grader.report.contents import put_together, remarks
from grader.report.counts import CheckFacts, count_checks
from grader.report.facts import Facts, Result
from grader.report.totals import times, totals
from tests.grader.report.report_bench import DIGITS, Bench, failed, verdicts


def check(bench: Bench, name: str) -> CheckFacts:
    return check_of(bench.facts(), name)


def check_of(facts: Facts, name: str) -> CheckFacts:
    return next(one for one in facts.checks if one.id == name)


def test_facts_count_submissions_and_lateness(small_facts: Facts) -> None:
    facts = small_facts
    assert (facts.students, len(facts.results), len(facts.graded)) == (6, 6, 5)
    assert (facts.late, facts.times_unknown) == (1, 1)
    assert facts.deadline == DIGITS.deadline


def test_deadline_that_a_person_moved_counts(small: Bench) -> None:
    later = (DIGITS.deadline + timedelta(days=1)).astimezone(tz=None)
    utc = later.replace(tzinfo=None) - later.utcoffset()
    with Gradebook(f"sqlite:///{small.course.gradebook}") as gradebook:
        gradebook.update_or_create_assignment("digits", duedate=utc)
    facts = small.facts()
    assert facts.deadline == DIGITS.deadline + timedelta(days=1)
    assert facts.late == 0


def test_checks_are_counted(small_facts: Facts) -> None:
    skip = check_of(small_facts, "blocks.skip_2d")
    assert (skip.passed, skip.failed, skip.decided) == (2, 3, 5)
    assert skip.rate == pytest.approx(0.4)


def test_fault_of_the_grader_counts_neither_way(empty: Bench) -> None:
    empty.hand_in("quinn-01", "a")
    empty.grade("quinn-01", verdicts(failed("blocks.skip_2d", status=Status.ERROR)))
    skip = check(empty, "blocks.skip_2d")
    assert (skip.decided, skip.undecided, skip.rate) == (0, 1, None)


def test_points_that_are_proposed_are_counted_as_judged_and_it_is_said(empty: Bench) -> None:
    empty.hand_in("quinn-01", "a")
    mine = failed("blocks.skip_2d", status=Status.PASSED, points=1.0, proposed="blocks.py, line 3: quinn-01")
    empty.grade("quinn-01", verdicts(mine))
    facts = empty.facts()
    skip = check_of(facts, "blocks.skip_2d")
    assert (skip.passed, skip.proposed, sum(one.proposed for one in facts.checks)) == (1, 1, 1)
    assert "1 verdict with points that are only proposed" in " ".join(remarks(put_together(facts, ())))
    assert not any("quinn" in one.proposed for result in facts.results for one in result.verdicts)


def test_verdicts_under_present_terms_are_not_called_older(small_facts: Facts) -> None:
    assert not any(result.older for result in small_facts.results)


def test_older_verdicts_are_read_and_called_so(empty: Bench) -> None:
    empty.hand_in("quinn-01", "a")
    empty.grade("quinn-01", verdicts(), plan=CheckedPlan("digits", seed=7))
    (result,) = empty.facts().results
    assert result.graded and result.older


def test_present_verdict_counts_and_not_a_later_one_under_other_terms(empty: Bench) -> None:
    empty.hand_in("quinn-01", "a")
    empty.grade("quinn-01", verdicts())
    empty.grade("quinn-01", verdicts(failed("blocks.skip_2d")), plan=CheckedPlan("digits", seed=7))
    assert check(empty, "blocks.skip_2d").passed == 1


def test_reading_changes_nothing_in_the_course(small: Bench) -> None:
    def digests() -> dict[Path, str]:
        files = [path for path in small.course.root.rglob("*") if path.is_file()]
        return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}

    small.facts()  # nbgrader notes a new course id in the gradebook when it is first opened
    before = digests()
    small.facts()
    assert digests() == before


def test_course_without_a_secret_gets_none(empty: Bench) -> None:
    empty.facts()
    assert not (empty.course.root / "course.secret").exists()


def test_facts_name_nobody(small_facts: Facts, small_course: Path) -> None:
    said = str(asdict(small_facts))
    for word in ("quinn", "Quilla", "Quarrendon", "Zebedee", "own_line", "/home", str(small_course)):
        assert word not in said


def test_texts_lose_names_paths_and_addresses() -> None:
    clean = Anonymous(["ada-01", "Ada", "Max", "x"]).text
    assert clean("Ada (ada-01, ada@example.org)") == "[left out] ([left out], [left out])"
    assert clean("no /home/somebody/work/data.csv") == "no …/data.csv"
    assert clean("MaxPool1d(x, pool='max')") == "MaxPool1d(x, pool='max')"


@pytest.mark.parametrize("source", ["x = mine(2)", "", "return f(x))  # (blocks.py, line 3: y)"])
def test_verdicts_lose_the_students_own_line(source: str) -> None:
    """However a check words it: alone, behind the case that it tried, or for the check that expects an exception."""
    error = StudentError("ValueError: bad", ("ValueError",), (("blocks.py", 5, source),))

    def alone(student: Any, solution: Any, expect: Expect) -> None:
        raise error

    def within(student: Any, solution: Any, expect: Expect) -> None:
        try:
            raise error
        except StudentError as caught:
            raise MismatchError("the right values", f"a view: {caught.got}", "") from caught

    class Nobody:
        def settle(self) -> None:
            """Nothing waits."""

    for run, words in ((alone, "ValueError: bad"), (within, "a view: ValueError: bad")):
        check = Check("blocks.skip", 1.0, "an idea", (), False, run)
        verdict = run_check(check, Nobody(), None, reveal=False, earlier={})
        assert verdict.got == f"{words}  (blocks.py, line 5: {source})"
        assert (verdict.cause, verdict.where, verdict.source) == (Cause.RAISED, ("blocks.py", 5), source)
        clean = Anonymous(["Ada"]).verdict(verdict)
        assert (clean.got, clean.source) == (f"{words}  (blocks.py, line 5)", "")


def test_data_of_a_verdict_name_nobody() -> None:
    named = failed("blocks.skip_2d", about="Ada.forward", where=("Ada.py", 3), source="ada = 1")
    clean = Anonymous(["Ada", "ada"]).verdict(named)
    assert "ada" not in str(asdict(clean)).lower()


def test_unmarked_is_never_counted_as_zero(small_facts: Facts) -> None:
    found = totals(small_facts)
    assert len(found.values) == 5
    assert (found.missing, found.questions_open, found.complete, found.maximum) == (1, 5, False, 18)


def test_totals_count_where_all_of_them_are_known(small: Bench) -> None:
    for number in range(1, 6):
        small.mark_questions(f"quinn-0{number}")
    found = totals(small.facts())
    assert (found.complete, found.maximum, found.values[-1]) == (True, 20, 19.0)


def test_times_add_up_all_groups(small_facts: Facts) -> None:
    found = times(small_facts)
    assert found.cpu_s == (5.0, 10.0, 15.0, 20.0, 25.0)
    assert found.wall_s == pytest.approx((2.0,) * 5)


def test_accuracy_does_not_hang_on_the_words_of_a_verdict(small_facts: Facts) -> None:
    words = {"expected": "99.0% right", "got": "1.0% right"}
    results = tuple(
        replace(one, verdicts=tuple(replace(verdict, **words) for verdict in one.verdicts))
        for one in small_facts.results
    )
    assert accuracies(replace(small_facts, results=results)) == accuracies(small_facts)


def test_threshold_is_that_of_most_verdicts(small_facts: Facts) -> None:
    first, *others = small_facts.graded
    old = tuple(replace(one, due={"digits": 0.5}) if one.measured else one for one in first.verdicts)
    results = (replace(first, verdicts=old), *others)
    assert [one.threshold for one in accuracies(replace(small_facts, results=results))] == [0.85]


def test_accuracy_without_words_of_its_own_has_its_name() -> None:
    assert [label_of(load_assignment(name), "accuracy", "words_known") for name in ("digits", "spoken_digits")] == [
        "right",
        "of known speakers",
    ]
    assert label_of(replace(DIGITS, name="letters"), "accuracy", "of_letters") == "of letters"


def test_accuracies_against_their_threshold(small_facts: Facts) -> None:
    (one,) = accuracies(small_facts)
    assert one.values == (0.406, 0.9, 0.9, 0.9, 0.9)
    assert (one.threshold, one.chance_like, one.reached, one.untrained) == (0.85, 0.2, 4, 0)


def test_spread_is_that_of_the_calibration(small_facts: Facts, monkeypatch: pytest.MonkeyPatch) -> None:
    judged = {"name": "digits", "mean": 0.9, "deviation": 0.01, "lowest": 0.87, "trials": 120}
    record = {"digits/accuracy/generated": {"date": "2030-01-15", "judgements": [judged]}}
    monkeypatch.setattr("grader.report.accuracy.read_records", lambda: record)
    (one,) = accuracies(small_facts)
    assert one.spread is not None
    assert (one.spread.mean, one.spread.trials) == (0.9, 120)


def test_missing_release_is_named(empty: Bench) -> None:
    empty.course.released_notebook("digits").unlink()
    with pytest.raises(FileNotFoundError, match="digits is not released"):
        empty.facts()


def test_several_accuracies_each_have_their_spread(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("words_known", "words_unknown", "stamps_known", "stamps_unknown")
    rest = {"deviation": 0.01, "lowest": 0.8, "trials": 120}
    judged = [{"name": name, "mean": 0.9 + place / 100, **rest} for place, name in enumerate(names)]
    record = {"spoken_digits/accuracy/generated": {"date": "2030-01-15", "judgements": judged}}
    monkeypatch.setattr("grader.report.accuracy.read_records", lambda: record)
    heard = [
        Verdict(
            f"accuracy.{topic}",
            "accuracy",
            "It hears",
            Status.PASSED,
            1,
            1,
            measured={f"{topic}_known": known, f"{topic}_unknown": unknown},
            due={f"{topic}_known": 0.98, f"{topic}_unknown": 0.84},
        )
        for topic, known, unknown in (("words", 0.99, 0.9), ("stamps", 0.985, 0.7))
    ]
    speech, counts = load_assignment("spoken_digits"), count_checks("spoken_digits", heard)
    results = (Result(None, tuple(heard), 1.0, 1.0),)
    facts = Facts(speech, speech.deadline, speech.deadline, 1, results, (), counts, source="generated")
    found = accuracies(facts)
    assert [one.values for one in found] == [(0.99,), (0.9,), (0.985,), (0.7,)]
    assert [one.threshold for one in found] == [0.98, 0.84, 0.98, 0.84]
    assert [one.label for one in found] == 2 * ["of known speakers", "of speakers never heard"]
    assert [one.spread and one.spread.mean for one in found] == [0.9, 0.91, 0.92, 0.93]
