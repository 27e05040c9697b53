"""What a report knows, and what it must not know."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from exercises.assignment import load_assignment
from exercises.checking.verdict import Status, Verdict
from grader.grading.checked.plan import CheckedPlan
from grader.report.accuracy import accuracies, shares
from grader.report.anonymous import Anonymous
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


def test_texts_lose_source_names_paths_and_addresses() -> None:
    clean = Anonymous(["ada-01", "Ada", "Max", "x"]).text
    assert clean("ValueError: bad  (blocks.py, line 5: x = mine(2))") == "ValueError: bad  (blocks.py, line 5)"
    assert clean("Ada (ada-01, ada@example.org)") == "[left out] ([left out], [left out])"
    assert clean("no /home/somebody/work/data.csv") == "no …/data.csv"
    assert clean("MaxPool1d(x, pool='max')") == "MaxPool1d(x, pool='max')"


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
    assert found.wall_s == (2.0,) * 5


def test_accuracy_is_read_from_the_words_of_the_check_alone() -> None:
    assert shares("at least 85.0% right (points grow from 20% on)") == {"right": 0.85}
    assert shares("91.0% of known speakers, 85.5% of speakers never heard") == {
        "of known speakers": 0.91,
        "of speakers never heard": 0.855,
    }
    assert shares("ValueError: 90.0% right") == {}
    assert shares("") == {}


def test_accuracies_against_their_threshold(small_facts: Facts) -> None:
    (one,) = accuracies(small_facts)
    assert one.values == (0.406, 0.9, 0.9, 0.9, 0.9)
    assert (one.threshold, one.chance_like, one.reached, one.untrained) == (0.85, 0.2, 4, 0)


def test_spread_is_that_of_the_calibration(small_facts: Facts, monkeypatch: pytest.MonkeyPatch) -> None:
    judged = {"name": "digits", "mean": 0.9, "deviation": 0.01, "lowest": 0.87, "trials": 120}
    record = {"digits/generated": {"date": "2030-01-15", "judgements": [judged]}}
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
    record = {"spoken_digits/generated": {"date": "2030-01-15", "judgements": judged}}
    monkeypatch.setattr("grader.report.accuracy.read_records", lambda: record)
    words = {"expected": "98.0% of known speakers, 84.0% of speakers never heard"}
    heard = [
        Verdict(f"accuracy.{topic}", "accuracy", "It hears", Status.PASSED, 1, 1, got=got, **words)
        for topic, got in (
            ("words", "99.0% of known speakers, 90.0% of speakers never heard"),
            ("stamps", "98.5% of known speakers, 70.0% of speakers never heard"),
        )
    ]
    speech, counts = load_assignment("spoken_digits"), count_checks("spoken_digits", heard)
    results = (Result(None, tuple(heard), 1.0, 1.0),)
    facts = Facts(speech, speech.deadline, speech.deadline, 1, results, (), counts, source="generated")
    found = accuracies(facts)
    assert [one.values for one in found] == [(0.99,), (0.9,), (0.985,), (0.7,)]
    assert [one.threshold for one in found] == [0.98, 0.84, 0.98, 0.84]
    assert [one.spread and one.spread.mean for one in found] == [0.9, 0.91, 0.92, 0.93]
