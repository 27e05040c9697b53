"""The fast cases of the gauntlet, in the real batch and sandbox; and that the gauntlet would see what it looks for."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from exercises.checking import Status, Verdict
from grader.batch.desk import Done
from grader.grading.checked.groups import graded_checks
from grader.model.results import Graded

from . import surroundings
from .cases import CaseError, Change, chosen, load_cases
from .folder_damage import FOLDERS
from .notebook_damage import NOTEBOOKS
from .run import Outcome, concerns_training, examine, run, without_training
from .surroundings import Surroundings

ALL = load_cases()
FAST = [without_training(case) for case in ALL if case.fast]


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    """All fast cases in one course: what one leaves behind would reach the next."""
    return run(FAST)


@pytest.mark.parametrize("name", [case.name for case in FAST])
def test_case_gets_its_honest_score(outcome: Outcome, name: str) -> None:
    row = next(row for row in outcome.rows if row.name == name)
    assert row.faults == ()


def test_honest_submissions_among_them_get_full_marks(outcome: Outcome) -> None:
    assert len(outcome.witnesses) >= 3
    assert [row.faults for row in outcome.witnesses if not row.honest] == []


def test_nothing_stops_the_batch_or_reaches_beyond_the_sandbox(outcome: Outcome) -> None:
    assert outcome.stopped_batch == ()
    assert outcome.harm == surroundings.Harm((), (), ())


@pytest.mark.slow
@pytest.mark.parametrize("theme", dict.fromkeys(case.theme for case in ALL))
def test_every_case_gets_its_honest_score(theme: str) -> None:
    """Without trainings where a case is not about them; `make gauntlet` trains for all, and has all in one course."""
    cases = [case for case in ALL if case.theme == theme]
    whole = run([case if concerns_training(case) else without_training(case) for case in cases])
    assert [
        f"{row.theme}/{row.name}: {row.faults}"
        for row in (*whole.rows, *whole.witnesses)
        if not (row.honest or row.gap)
    ] == []
    assert whole.all_well


def test_there_are_enough_cases_of_every_kind() -> None:
    themes = {case.theme for case in ALL}
    assert len(ALL) >= 90 and len(FAST) == 23
    assert themes == {"reach", "bend", "by_hand", "animals", "fake", "record", "break_run", "break_batch", "accidents"}
    slow = {"fake", "record", "animals"}  # about trainings and their data, which take their time
    assert {case.theme for case in FAST} >= themes - slow


def test_every_damage_belongs_to_a_case() -> None:
    assert {case.notebook for case in ALL if case.notebook} == set(NOTEBOOKS)
    assert {case.folder for case in ALL if case.folder} == set(FOLDERS)


def test_cases_are_chosen_by_name_or_theme() -> None:
    assert {case.theme for case in chosen(ALL, "bend")} == {"bend"}
    assert chosen(ALL, "forged_*") and all(case.name.startswith("forged_") for case in chosen(ALL, "forged_*"))


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ('module = "blocks"\nold = "not there"\nnew = "x"', "occurs 0 times"),
        ('module = "blocks"\nold = "return x + branch"\nnew = "x"', "occurs 2 times"),
        ('module = "blocks"\nappend = "x"\nprepend = "y"', "one of old with new"),
        ('module = "nowhere"\nappend = "x = 1"', "there is no nowhere"),
        ('notebook = "nothing_like_this"', "there is no nothing_like_this"),
        ('module = "blocks"\nappend = "x = 1"\nlost = ["blocks.nothing"]', "there is no blocks.nothing"),
        ('module = "blocks"\nappend = "x = 1"\nproposed = ["blocks.nothing"]', "there is no blocks.nothing"),
        ('like = "nothing_above"\nmodule = "blocks"\nappend = "x = 1"', "KeyError: 'nothing_above'"),
        ('assignment = "nowhere"\nmodule = "blocks"\nappend = "x = 1"', "there is no nowhere"),
        ('assignment = "convolution"\nmodule = "blocks"\nappend = "x = 1"', "there is no blocks"),
        ('assignment = "convolution"\nfolder = "fifo_as_module"', "there is no fifo_as_module"),
        ('unwritten = ["recipe"]\nappend = "x = 1"', "which module"),
        ('module = "blocks"\nappend = "x = 1"\nlots = 3', "unexpected keyword"),
        ("reported = true", "nothing differs"),
    ],
)
def test_entry_that_makes_no_sense_is_refused(tmp_path: Path, entry: str, told: str) -> None:
    (tmp_path / "odd.toml").write_text(f'[[case]]\nname = "odd"\nstory = "odd"\n{entry}\n', encoding="utf-8")
    with pytest.raises(CaseError, match=told):
        load_cases(tmp_path)


def test_two_cases_of_one_name_are_refused(tmp_path: Path) -> None:
    entry = '[[case]]\nname = "twice"\nstory = "a"\nunwritten = ["recipe"]\n'
    (tmp_path / "odd.toml").write_text(entry * 2, encoding="utf-8")
    with pytest.raises(CaseError, match="twice"):
        load_cases(tmp_path)


def test_case_like_another_has_its_changes_first(tmp_path: Path) -> None:
    first = '[[case]]\nname = "first"\nstory = "a"\nmodule = "blocks"\nappend = "x = 1"\nlost = ["blocks.*"]\n'
    second = '[[case]]\nname = "second"\nstory = "b"\nlike = "first"\nmodule = "blocks"\nold = "x = 1"\nnew = "x = 2"\n'
    (tmp_path / "odd.toml").write_text(first + second, encoding="utf-8")
    one, other = load_cases(tmp_path)
    assert one.modules()["blocks"].endswith("x = 1") and other.modules()["blocks"].endswith("x = 2")
    assert one.lost == ("blocks.*",) and other.lost == ()


def test_change_that_uses_attempt_brings_it_along() -> None:
    text = Change("recipe", append="attempt('x', list)\n").apply("from __future__ import annotations\n")
    assert text.index("def attempt(") < text.index("attempt('x', list)")
    text = Change("recipe", prepend="attempt('x', list)\n").apply(
        '"""A."""\nfrom __future__ import annotations\nb = 1\n'
    )
    assert (
        text.index("__future__") < text.index("def attempt(") < text.index("attempt('x', list)") < text.index("b = 1")
    )


@pytest.fixture
def around(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Surroundings]:
    """Surroundings in which nothing is graded, beside a small repository."""
    (tmp_path / "repository").mkdir()
    monkeypatch.setattr(surroundings, "REPOSITORY", tmp_path / "repository")
    stage = tmp_path / "stage"
    stage.mkdir()
    with Surroundings(stage, ["digits"]) as around:
        around.course.root.mkdir()
        around.course.prepare("digits")
        around.hand_in_bystander()
        yield around


def test_harm_is_seen(around: Surroundings, tmp_path: Path) -> None:
    around.remember()
    assert around.harm() == surroundings.Harm((), (), ())
    (tmp_path / "repository" / "new.py").write_text("new")
    (around.bait / "netrc").write_text("changed")
    (around.stage / "tmp" / "grader-root-left").mkdir()
    with socket.create_connection(("127.0.0.1", int(around.known["PORT"]))) as connection:
        connection.send(b"hello")
    running = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
    try:
        give_up = time.monotonic() + 10
        while not any(listener.connections for listener in around.listeners) and time.monotonic() < give_up:
            time.sleep(0.01)
        harm = around.harm()
    finally:
        running.kill()
        running.wait()
    assert harm.connections == ("TCP: b'hello'",)
    assert {Path(name).name for name in harm.touched} == {"new.py", "netrc", "grader-root-left"}
    assert [str(running.pid) in line for line in harm.running] == [True]


def _graded(got: str, around: Surroundings) -> Done:
    verdicts = [
        Verdict(check.id, check.task, check.idea, Status.PASSED, check.points, check.points, check.extra)
        for check in graded_checks(ALL[0].assignment)
    ]
    verdicts[0] = replace(verdicts[0], got=got)
    assignment = ALL[0].assignment
    folder = around.course.root / "autograded" / "somebody" / assignment
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{assignment}.ipynb").write_text("{}", encoding="utf-8")
    return Done("somebody", Graded("somebody", assignment, "0" * 64, tuple(verdicts)))


def test_secrets_and_acts_that_succeeded_are_seen(around: Surroundings) -> None:
    case = replace(ALL[0], lost=(), partly={}, reported=None, shows=())
    assert examine(case, _graded("nothing special", around), around).faults == ()
    for place, secret in around.canaries.items():
        assert len(secret) > 0
        for text in (secret[0], secret[-1]):
            faults = examine(case, _graded(f"I got {text}!", around), around).faults
            assert faults == (f"a secret came out: {place}",)
    assert "an act that has to fail did not" in examine(case, _graded("(0, 'WON')", around), around).faults[0]


def test_points_reports_and_missing_proof_are_compared(around: Surroundings) -> None:
    done = _graded("", around)
    case = replace(ALL[0], lost=(), partly={}, reported=None, shows=())
    first = done.graded.verdicts[0].check if done.graded else ""
    assert "honest are 0 to 0" in examine(replace(case, lost=(first,)), done, around).faults[0]
    assert examine(replace(case, partly={first: (0.0, 1.0)}), done, around).honest
    waits = replace(case, proposed=(first,))
    assert examine(waits, done, around).faults == (f"the points of {first} do not wait for a person",)
    told = replace(done.graded.verdicts[0], proposed="a reason") if done.graded else None
    proposed = replace(done, graded=replace(done.graded, verdicts=(told, *done.graded.verdicts[1:])))
    assert examine(waits, proposed, around).honest and examine(waits, proposed, around).waiting > 0
    assert examine(case, proposed, around).faults == (f"the points of {first} are only proposed",)
    nothing = replace(
        proposed, graded=replace(done.graded, verdicts=(replace(told, points=0.0), *done.graded.verdicts[1:]))
    )
    assert examine(waits, nothing, around).honest
    assert examine(replace(case, reported=True), done, around).faults == ("the teaching assistant is not told",)
    assert "was the attack made" in examine(replace(case, shows=("proof",)), done, around).faults[0]
    assert "no result" in examine(case, Done("somebody", None, problem="gone"), around).faults[0]
