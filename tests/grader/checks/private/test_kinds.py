"""Which kinds of data an assignment can use: the framework's, its own, and those of what it builds on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

import pytest

from datasets import DataError
from exercises.assignment import Training, load_assignment
from grader.checks import places
from grader.checks.places import data_modules
from grader.checks.private import data, digits, kinds
from grader.checks.private.data import HiddenData
from grader.checks.private.kinds import DataKind, kind_of, kinds_of, public_files, require_source


@pytest.fixture(autouse=True)
def anew() -> Iterator[None]:
    kinds_of.cache_clear()
    data.course_data.cache_clear()
    yield
    kinds_of.cache_clear()
    data.course_data.cache_clear()


def test_an_assignments_own_kinds_stand_beside_the_frameworks() -> None:
    assert list(kinds_of("digits")) == ["digits", "speech"] and data_modules("digits") == ()
    assert list(kinds_of("spoken_digits")) == ["digits", "speech", "spectra"]


def test_whoever_builds_on_an_assignment_has_its_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "foundations", lambda name: ("digits", "spoken_digits"))
    assert data_modules("digits") == ("grader.checks.spoken_digits.data",)
    assert kind_of("digits", "spectra").name == "spectra"


def test_a_kind_that_there_is_not_is_named_with_those_that_there_are() -> None:
    with pytest.raises(ValueError, match=r"data = 'texts', but the kinds of data are digits, speech; one of its own"):
        kind_of("digits", "texts")


def test_two_kinds_of_one_name_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "data_modules", lambda name: ("grader.checks.private.digits",))
    with pytest.raises(ValueError, match="there is a kind of data 'digits' already"):
        kinds_of("digits")


def test_real_data_that_do_not_lie_here_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(source: str) -> None:
        raise DataError(f"{source} is missing")

    monkeypatch.setattr(digits, "load_digits", missing)
    require_source("digits", "generated")
    with pytest.raises(DataError, match="mnist is missing"):
        require_source("digits", "mnist")


def test_public_files_are_those_of_the_assignments_kinds_each_once() -> None:
    names = [path.name for path in public_files("spoken_digits")]
    assert len(names) == len(set(names)) == 3 and all(name.startswith("speech-") for name in names)
    assert all(path.name.startswith("digits-") for path in public_files("digits"))


def test_data_are_drawn_once_for_a_course_and_disguised_for_each_student(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[tuple[int, int, str]] = []

    def draw(train: int, test: int, seed: int, source: str) -> SimpleNamespace:
        drawn.append((train, test, source))
        return SimpleNamespace(seed=seed, disguise=None)

    def disguise(found: SimpleNamespace, seed: int) -> SimpleNamespace:
        return SimpleNamespace(seed=found.seed, disguise=seed)

    monkeypatch.setattr(data, "kind_of", lambda assignment, name: DataKind(name, draw, disguise))
    facts = load_assignment("digits")
    rules = {name: Training(100, 20, 10, 0.1, data="texts") for name in ("blocks", "accuracy")}
    rules["pooling"] = replace(rules["blocks"], train_examples=30)
    monkeypatch.setattr(data, "load_assignment", lambda name: replace(facts, training=rules))
    one, other = (HiddenData("digits", 1, "real", name) for name in ("a", "b"))
    found = [one.drawn("blocks", 0), other.drawn("blocks", 0), other.drawn("accuracy", 0), one.drawn("pooling", 0)]
    assert drawn == [(20, 10, "real"), (30, 10, "real")]
    assert len({each.seed for each in found}) == 1 and found[0].disguise != found[1].disguise == found[2].disguise
    assert one.drawn("blocks", 1).seed != found[0].seed
    with pytest.raises(ValueError, match=r"has no \[training.classifier\]"):
        one.drawn("classifier", 0)
    with pytest.raises(ValueError, match="no threshold on real data yet: run python -m grader calibrate digits"):
        one.threshold("blocks")
