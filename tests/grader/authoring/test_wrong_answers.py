"""The gallery of mistakes: read, compared with solution and checks, and refused with words that tell what to do."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from exercises.assignment import assignment_names
from grader import repository
from grader.authoring.galleries import GalleryError, solution_files, wrong_answers
from grader.authoring.gallery_fits import refuse_galleries_that_do_not_fit

FOLDER = "solutions/digits/wrong_answers"
MISTAKE = """[[wrong]]
name = "bias_forgotten"
description = "The bias is not counted."
edit = [{ old = "n_units * (n_inputs + int(bias))", new = "n_units * n_inputs" }]
caught_by = ["receptive_field.dense_bias"]
"""


@pytest.fixture
def gallery(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The digits' solution with an empty gallery of mistakes; the checks are the real ones."""
    copy = tmp_path / "digits"
    ignored = shutil.ignore_patterns("right_answers", "wrong_answers", "__pycache__")
    shutil.copytree(repository.solutions("digits"), copy, ignore=ignored)
    monkeypatch.setattr(repository, "solutions", lambda assignment: copy)
    (copy / "wrong_answers").mkdir()
    return copy / "wrong_answers"


def refused(gallery: Path, text: str, message: str, name: str = "receptive_field") -> None:
    (gallery / f"{name}.toml").write_text(text, encoding="utf-8")
    with pytest.raises(GalleryError) as caught:
        wrong_answers("digits")
    assert str(caught.value).startswith(f"{FOLDER}/{name}.toml")
    assert message in str(caught.value)


def test_a_mistake_is_the_solution_with_an_edit(gallery: Path) -> None:
    (gallery / "receptive_field.toml").write_text(MISTAKE, encoding="utf-8")
    (mistake,) = wrong_answers("digits")
    assert (mistake.name, mistake.module, mistake.ends) == ("bias_forgotten", "receptive_field", True)
    changed = {name for name, text in mistake.files().items() if text != solution_files("digits")[name]}
    assert changed == {"receptive_field"}
    assert mistake.catches("receptive_field.dense_bias") and not mistake.catches("receptive_field.conv_bias")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('name = "bias_forgotten"\n', "", ': entry 1 needs a name: name = "dilation_forgotten"'),
        ('"bias_forgotten"', "3", ": entry 1 needs a name"),
        ('description = "The bias is not counted."\n', "", ": mistake 'bias_forgotten' needs a sentence that tells it"),
        ("caught_by", "caugth_by", ": mistake 'bias_forgotten' has no caugth_by (did you mean caught_by?); its keys"),
        ('["receptive_field.dense_bias"]', '"receptive_field.dense_bias"', "but it is a list of checks: caught_by = ["),
        ('caught_by = ["receptive_field.dense_bias"]\n', "", "names no check that catches it: write caught_by = ["),
        ("edit = [{ old", "edit = [{ odl", "edit is a list of tables with the texts old and new"),
        ('new = "n_units * n_inputs"', "new = 3", "edit is a list of tables with the texts old and new"),
        ('edit = [{ old = "n_units * (n_inputs + int(bias))", new = "n_units * n_inputs" }]\n', "",
         "mistake 'bias_forgotten' has nothing that differs from the solution: write edit = ["),
        ("edit =", "unwritten = true\nedit =", "has both edit and unwritten"),
        ("edit =", "ends = 1\nedit =", "ends = 1, but it is true or false"),
        ("edit =", "partly = 3\nedit =", "partly names the lowest and the highest points of each check, in this order"),
        ("edit =", 'partly = { "accuracy.hidden_test" = [2.0, 1.0] }\nedit =', "partly names the lowest and"),
        ("[[wrong]]", "[wrong]", "it has no entry; each begins with a line [[wrong]]"),
        ("[[wrong]]", "[[mistake]]", "mistake means nothing here; each entry begins with [[wrong]]"),
        (MISTAKE, "", "it has no entry; each begins with a line [[wrong]]"),
        ("[[wrong]]", "[[wrong", "it is no TOML: "),
    ],
)  # fmt: skip
def test_an_entry_that_is_not_what_it_should_be_is_named(gallery: Path, old: str, new: str, message: str) -> None:
    assert old in MISTAKE
    refused(gallery, MISTAKE.replace(old, new), message)


def test_all_toml_takes_what_was_handed_in_as_released(gallery: Path) -> None:
    refused(
        gallery,
        MISTAKE,
        ": mistake 'bias_forgotten' belongs into the file of the module that it changes (pooling.toml for pooling.py); "
        "this file is for what was handed in as it was released: unwritten = true",
        name="all",
    )
    untouched = '[[wrong]]\nname = "untouched"\ndescription = "As released."\nunwritten = true\ncaught_by = ["*"]\n'
    (gallery / "all.toml").write_text(untouched, encoding="utf-8")
    (mistake,) = wrong_answers("digits")
    assert all("NotImplementedError" in text or "= None" in text for text in mistake.files().values())


def test_a_file_is_called_like_a_module(gallery: Path) -> None:
    message = ": digits has no module pools; mistakes stand in the file of the module that they change (receptive_field"
    refused(gallery, MISTAKE, message, name="pools")


def test_two_mistakes_of_one_name_are_refused(gallery: Path) -> None:
    refused(gallery, MISTAKE + MISTAKE, ", mistake 'bias_forgotten': another mistake has this name")


def problems(gallery: Path, text: str) -> list[str]:
    """What is said of a mistake beside the checks that no mistake fails."""
    (gallery / "receptive_field.toml").write_text(text, encoding="utf-8")
    with pytest.raises(GalleryError) as caught:
        refuse_galleries_that_do_not_fit("digits")
    said = str(caught.value).splitlines()
    place = f"{FOLDER}/receptive_field.toml, mistake 'bias_forgotten': "
    return [line.removeprefix(place) for line in said if line.startswith(place)]


def test_an_edit_fits_once_and_changes_something(gallery: Path) -> None:
    (twice,) = problems(gallery, MISTAKE.replace("n_units * (n_inputs + int(bias))", "int(bias)"))
    assert twice.startswith("old = 'int(bias)' occurs 3 times in receptive_field.py, but it has to occur exactly once")
    (never,) = problems(gallery, MISTAKE.replace("n_units * (n_inputs", "units * (n_inptus"))
    assert "occurs 0 times in receptive_field.py" in never and never.endswith("copy it anew")
    (same,) = problems(gallery, MISTAKE.replace('"n_units * n_inputs"', '"n_units * (n_inputs + int(bias))"'))
    assert same == "its edits leave receptive_field.py as it is: let new differ from old"


def test_what_catches_a_mistake_is_a_check(gallery: Path) -> None:
    caught_by = '["receptive_field.dense_bias"]'
    assert problems(gallery, MISTAKE) == []
    (near,) = problems(gallery, MISTAKE.replace(caught_by, '["receptive_field.dense_bais"]'))
    assert near == (
        "caught_by names 'receptive_field.dense_bais', and there is no such check "
        "(did you mean receptive_field.dense_bias?)"
    )
    (far,) = problems(gallery, MISTAKE.replace(caught_by, '["a.*"]'))
    assert far.startswith("caught_by names 'a.*', and there is no such check; the checks are receptive_field.")
    (both,) = problems(gallery, MISTAKE + 'partly = { "receptive_field.dense_bias" = [0, 0.05] }\n')
    assert both.startswith("receptive_field.dense_bias stands in caught_by and in partly")
    (unknown,) = problems(gallery, MISTAKE + 'partly = { "accuracy.hidden" = [0, 1] }\n')
    assert unknown.startswith("partly names 'accuracy.hidden', and there is no such check")
    (much,) = problems(gallery, MISTAKE + 'partly = { "accuracy.hidden_test" = [0, 3] }\n')
    assert much == "partly gives accuracy.hidden_test up to 3 points, but the check has 1"


def test_a_check_with_points_has_to_be_failed_by_a_mistake(gallery: Path) -> None:
    untouched = '[[wrong]]\nname = "untouched"\ndescription = "As released."\nunwritten = true\ncaught_by = ["*"]\n'
    (gallery / "all.toml").write_text(untouched, encoding="utf-8")  # shows nothing of a single check
    (gallery / "receptive_field.toml").write_text(MISTAKE, encoding="utf-8")
    with pytest.raises(GalleryError) as caught:
        refuse_galleries_that_do_not_fit("digits")
    said = str(caught.value).splitlines()
    assert not any("dense_bias" in line for line in said)
    assert any(
        line.startswith("no mistake of the gallery fails accuracy.hidden_test (")
        and line.endswith(f'add one that does to {FOLDER}/recipe.toml, with caught_by = ["accuracy.hidden_test"]')
        for line in said
    )


@pytest.mark.parametrize("assignment", assignment_names())
def test_the_galleries_fit(assignment: str) -> None:
    refuse_galleries_that_do_not_fit(assignment)
