"""What needs a person: each finding in its kind, and the list that ends a run."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from exercises.checking import Cause, Status, Verdict
from grader.batch.desk import Done
from grader.cli.terminal.attention import needs
from grader.cli.terminal.worklist import Kept, by_student, worklist
from grader.grades.to_mark import Waiting
from grader.grading.checked.to_read import Use
from grader.model.problems import Kind, Problem, missing, refused, unfinished
from grader.model.results import Graded
from tests.grader.steering import STEERING, steers

SYNTAX = "SyntaxError: invalid syntax  (blocks.py, line 3: def forward(self x):)"


def failed(check: str, got: str = "no matter what", cause: Cause = Cause.RAISED, **changes: object) -> Verdict:
    verdict = Verdict(check, check.split(".")[0], "an idea", Status.FAILED, 0.0, 1.0, got=got, cause=cause)
    return replace(verdict, **changes)  # type: ignore[arg-type]


def done(*verdicts: Verdict, problems: tuple[Problem, ...] = (), problem: str = "", student: str = "ada") -> Done:
    return Done(student, Graded(student, "digits", "0" * 64, verdicts, problems=problems), problem=problem)


def test_module_that_does_not_import_is_told_once_with_the_tasks_it_costs() -> None:
    checks = ("blocks.skip", "blocks.shape", "classifier.build")
    found = needs(done(*(failed(check, SYNTAX, Cause.UNREADABLE) for check in checks)))
    assert found == (Problem(Kind.CRASHED, " ".join(f"blocks, classifier: {SYNTAX}".split())),)


def test_exception_of_one_check_is_a_wrong_answer_and_of_all_a_crash() -> None:
    broken = "NameError: name 'nn' is not defined  (blocks.py, line 9: class Residual(nn.Module):)"
    other = failed("blocks.shape", "shape (2, 4)", Cause.WRONG)
    assert needs(done(failed("blocks.skip", broken), other)) == ()
    assert needs(done(failed("blocks.skip", broken))) == ()
    skipped = replace(failed("blocks.grad", "this needs an earlier check"), status=Status.NOT_RUN, cause=None)
    (need,) = needs(done(failed("blocks.skip", broken), failed("blocks.shape", broken), skipped))
    assert need.kind is Kind.CRASHED and "NameError" in need.text


CRASHES = ("unreadable", "not found", "on import", "stopped", "crashed", "ended", "given up")


@pytest.mark.parametrize("cause", Cause)
def test_only_code_that_was_stopped_or_does_not_import_is_a_crash(cause: Cause) -> None:
    found = [need.kind for need in needs(done(failed("pooling.max", "0 of 3 right", cause)))]
    assert found == ([Kind.CRASHED] if cause in CRASHES else [])


@pytest.mark.parametrize(
    "words",
    [
        "pooling.MaxPool2d: the code used more than 2 s of processor time and was stopped: does a loop never end?",
        "pooling.py: on import the code did not answer within 30 s",
        "pooling.MaxPool2d did not finish when it was asked before and is not asked again",
        SYNTAX,
    ],
)
def test_words_alone_are_no_crash(words: str) -> None:
    assert needs(done(failed("pooling.max", words))) == ()
    assert needs(done(*(failed(check, words, Cause.WRONG) for check in ("pooling.max", "pooling.shape")))) == ()


def test_problems_keep_their_kind_whatever_they_say() -> None:
    act = Problem(Kind.TAMPERING, "blocks.Skip: the code wrote 'digits.ipynb is missing'")
    problems = (refused("digits.ipynb", "a link"), unfinished("the sandbox is gone"), act)
    found = needs(done(problems=problems, problem="not written to the gradebook: locked"))
    assert found == (Problem(Kind.NOT_GRADED, "not written to the gradebook: locked"), *problems)
    assert [need.kind for need in found] == [Kind.NOT_GRADED, Kind.NOT_GRADED, Kind.NOT_GRADED, Kind.TAMPERING]


def at_fault(check: str = "blocks.skip", what: str = "KeyError: 'a' (blocks.py, line 7)") -> Verdict:
    verdict = Verdict(check, check.split(".")[0], "an idea", Status.ERROR, 0.0, 1.0)
    return replace(verdict, fault=what, note=f"{check}\nTraceback (most recent call last):\n  deep inside")


def test_check_at_fault_is_told_once_for_all_with_its_traceback_and_needs_a_person() -> None:
    students = [f"s{number:02}" for number in range(12)]
    kept = [Kept.of(done(at_fault(), failed("blocks.shape"), student=student)) for student in students]
    kept.append(Kept.of(done(at_fault("pooling.max", "NameError: name 'n' is not defined"), student="zoe")))
    kept.append(Kept.of(done(failed("blocks.skip"), student="bob")))
    assert [one.needs_human for one in kept] == [True] * 13 + [False]
    assert kept[0].needs == (
        Problem(Kind.AT_FAULT, "the check blocks.skip failed itself: KeyError: 'a' (blocks.py, line 7)"),
    )
    text = "\n".join(line.plain for line in worklist(kept, (), "digits", Path("course")))
    assert "Checks that failed themselves, so that their tasks wait" in text and "(13 students)" in text
    assert text.count("      Traceback (most recent call last):\n        deep inside") == 2
    assert (
        "  blocks.skip: KeyError: 'a' (blocks.py, line 7): 12: s00, s01, s02, s03, s04, s05, s06, s07 and 4 more"
        in text
    )
    assert "python -m grader show digits s00 --course course" in text and "pooling.max: NameError" in text
    told = json.loads(json.dumps(kept[0].to_json({})))
    assert told["faults"][0]["check"] == "blocks.skip" and "deep inside" in told["faults"][0]["traceback"]
    assert told["points"] == {"blocks": None} and told["needs_human"]


def proposed(check: str = "accuracy.test", points: float = 1.5, why: str = "it cannot be recorded") -> Verdict:
    verdict = failed(check, "96 %", Cause.WRONG)
    return replace(verdict, status=Status.PARTLY, points=points, max_points=2.0, proposed=why)


def test_points_that_are_proposed_are_listed_with_their_reason_until_a_person_has_decided() -> None:
    audits = Problem(Kind.DOUBTFUL, "accuracy: another gradient than ours")
    mine = done(proposed(), proposed("blocks.speed"), failed("pooling.max"), problems=(audits,))
    kept = Kept.of(mine)
    words = "{}: 1.5 of 2 points are proposed: it cannot be recorded"
    first, second = (Problem(Kind.PROPOSED, words.format(check)) for check in ("accuracy.test", "blocks.speed"))
    assert set(kept.needs) == {audits, first, second} and kept.needs_human and mine.needs_human
    text = "\n".join(line.plain for line in worklist([kept], (), "digits", Path("course")))
    assert "Points proposed, so that their tasks wait" in text and f"  ada: {first.text}\n  ada: {second.text}" in text
    assert text.index("Points proposed") < text.index("Doubtful")
    waits = (Waiting("task-accuracy", ("ada",), ()), Waiting("task-blocks", ("bob",), ()))
    assert kept.undecided(waits).needs == (audits, first)
    assert kept.undecided(()).needs == (audits,)
    assert kept.undecided(waits).to_json({})["needs"][1]["kind"] == "points proposed"
    unbooked = Kept.of(replace(mine, problem="not written to the gradebook: locked"))
    assert {first, second} <= set(unbooked.undecided(()).needs)  # nobody can have decided


def test_text_of_a_proposal_is_fit_to_be_shown_and_nothing_is_proposed_of_no_points() -> None:
    kept = Kept.of(done(proposed(why="x\x1b[2J\n" * 500)))
    (need,) = kept.needs
    assert "\x1b" not in need.text and "\n" not in need.text and kept.undecided(()).needs == ()
    assert needs(done(proposed(points=0.0))) == ()


def test_what_is_to_be_read_is_listed_without_needing_a_person() -> None:
    many = [Kept.of(done(student=f"s{number:02}")) for number in range(12)]
    to_read = {one.student: (Use("gc", "blocks.py", (3, 9)),) for one in many} | {"else": ()}
    text = "\n".join(line.plain for line in worklist(many, (), "digits", Path("course"), {}, to_read))
    assert "To be read, without points" in text and "(12 students)\n  s00: gc (blocks.py, line 3, 9)" in text
    assert "s09: " in text and "s10" not in text and "and 2 more" in text
    assert not any(one.needs_human for one in many)
    told = json.loads(json.dumps(many[0].to_json({}, to_read)))
    assert told["to_read"] == [{"what": "gc", "file": "blocks.py", "lines": [3, 9]}]


def test_whatever_the_grader_could_not_finish_needs_a_person() -> None:
    (need,) = needs(done(replace(at_fault(), fault="", note="not run: the sandbox is gone")))
    assert need == Problem(Kind.NOT_GRADED, "the grader could not finish; `show` says why")
    problem = unfinished("the sandbox is gone")
    assert needs(done(replace(at_fault(), fault=""), problems=(problem,))) == (problem,)


def test_missing_module_is_not_told_again_as_a_crash() -> None:
    got = "ModuleNotFoundError: No module named 'exercises.digits.blocks'"
    verdict = failed("blocks.skip", got, Cause.NOT_FOUND, about="exercises.digits.blocks")
    for words in (got, "a module is not there"):
        found = needs(done(replace(verdict, got=words), problems=(missing("exercises/digits/blocks.py"),)))
        assert [need.kind for need in found] == [Kind.NOT_GRADED]
        assert [need.kind for need in needs(done(replace(verdict, got=words)))] == [Kind.CRASHED]


def test_terminal_codes_of_a_student_do_not_reach_the_terminal() -> None:
    (need,) = needs(done(failed("blocks.skip", "SyntaxError: \x1b[2J\ngone", Cause.UNREADABLE)))
    assert "\x1b" not in need.text and "\n" not in need.text


def test_list_names_students_commands_and_what_is_to_be_marked() -> None:
    kept = [Kept.of(done(problems=(missing("digits.ipynb"),), student="o'neil")), Kept.of(done(student="bob"))]
    to_mark = (
        Waiting("question-shift_curves", ("bob", "o'neil"), ("bob",)),
        Waiting("task-blocks", ("bob",), ()),
    )
    text = "\n".join(line.plain for line in worklist(kept, to_mark, "digits", Path("my course")))
    assert "(1 student)\n  o'neil: digits.ipynb is missing\n" in text
    assert """python -m grader show digits 'o'"'"'neil' --course 'my course'""" in text
    assert "Written answers to be marked (2), in formgrader" in text and "Acts against" not in text
    assert "marked before, and changed since: bob" in text and "task-blocks: 1: bob" in text
    rubric = {"shift_curves": "half a point for one thing\nhalf for the other", "other": "nothing"}
    lines = [line.plain for line in worklist(kept, to_mark, "digits", Path("course"), rubric)]
    place = lines.index("  question-shift_curves: 2: bob, o'neil")
    assert lines[place + 2 : place + 4] == ["      | half a point for one thing", "      | half for the other"]
    assert "|" not in text and sum(line.startswith("      | ") for line in lines) == 2
    rows = [one.to_json(by_student(to_mark)) for one in kept]
    told = {"kind": "not graded", "text": "digits.ipynb is missing", "file": "digits.ipynb"}
    assert json.loads(json.dumps(rows[0]["needs"])) == [told]
    assert rows[1]["to_mark"] == ["question-shift_curves", "task-blocks"] and not rows[1]["needs_human"]
    assert list(worklist(kept[1:], (), "digits", Path("course"))) == []


def test_list_of_one_kind_is_cut_and_says_how_many_are_left_out() -> None:
    many = [Kept.of(done(problems=(missing("digits.ipynb"),), student=f"s{number:02}")) for number in range(13)]
    text = "\n".join(line.plain for line in worklist(many, (), "digits", Path("course")))
    assert "(13 students)" in text and "  s09: " in text and "s10" not in text
    assert "  and 3 more: the same command with --json lists all" in text
    assert "more" not in "\n".join(line.plain for line in worklist(many[:10], (), "digits", Path("course")))


def test_list_holds_nothing_that_steers_a_terminal() -> None:
    words = f"x{STEERING}y"
    broken = replace(failed("pooling.max"), status=Status.ERROR, fault=words, note=words)
    problem = Problem(Kind.TAMPERING, words)
    kept = [Kept.of(done(failed("blocks.skip", words, Cause.UNREADABLE), broken, problems=(problem,), student=words))]
    waits = [Waiting("question-why", (words,), (words,))]
    told = "\n".join(line.plain for line in worklist(kept, waits, "digits", Path(f"course{STEERING}")))
    assert told.count("xy") >= 6 and not steers(told)
