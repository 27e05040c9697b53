"""What the notebook of `spoken_digits` says in words is what the model solution shows, from five seeds."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.exercises.notebook_cells import CODE, folder_with_solution, shown, words_of

TEXT = words_of("spoken_digits")
SEEDS = range(5)
CELLS = (
    "data = load_speech()",
    "def say(",
    "def spectra(",
    "average_model = AverageDNN",
    "seven = say(",
    "versions = {",
    f"{CODE}neves = [predict(average_model, average).softmax(1)[0].tolist() for average in averages.values()]",
    "def own_frames(",
    "right_frames = ",
    f"{CODE}own, word = log_probs[clip, :, :length], int(data.test.labels[clip])",
    f"{CODE}kinds = len(set(own.argmax(dim=0).tolist()) - {{word}})",
    f"{CODE}lost = dict(right=float(right_frames[clip]), word=word, worst=own.amin(dim=1).tolist(), kinds=kinds)",
    f"{CODE}from exercises.spoken_digits.features import stamp",
    "def stamps(clips)",
    "tried = ",
    "sounds = [",
    "def small_stamps(",
    "left_out_accuracies = {}",
    "def padded_spectra(",
    f"{CODE}changed = int(unmasked_logits[0].argmax()) != int(unmasked_logits[-1].argmax())",
    "masked = training.Packed",
    f"{CODE}moved = float((masked_logits - masked_logits[0]).abs().max())",
    "organisations = {",
    f"{CODE}from exercises.spoken_digits.augment import gain, spec_augment, time_shift",
    "tested = [",
)
RESULT = (
    "dict(neves=neves, lost=lost, results=results, split=split_accuracies, left_out=left_out_accuracies, "
    "changed=changed, moved=moved, as_they_are=as_they_are, softer=softer, again=int(heard_again.sum()), borne=borne)"
)


def said(*words: str) -> None:
    """These words stand in the notebook: who changes them, looks at the numbers here too."""
    for one in words:
        assert one in TEXT, one


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return folder_with_solution("spoken_digits", tmp_path_factory.mktemp("student"))


@cache
def of_seed(seed: int, where: Path) -> tuple[dict[str, Any], str]:
    return shown("spoken_digits", where, CELLS, RESULT, seed)


@pytest.fixture(params=SEEDS)
def outcome(request: pytest.FixtureRequest, folder: Path) -> tuple[dict[str, Any], str]:
    return of_seed(request.param, folder)


@pytest.fixture
def printed(outcome: tuple[dict[str, Any], str]) -> str:
    return outcome[1]


@pytest.fixture
def seen(outcome: tuple[dict[str, Any], str]) -> dict[str, Any]:
    return outcome[0]


@pytest.mark.slow
def test_the_average_hears_the_same_backwards(seen: Any) -> None:
    said("The network hears the same", "the average does not know what came first")
    forwards, backwards = seen["neves"]
    assert max(range(10), key=forwards.__getitem__) == max(range(10), key=backwards.__getitem__)
    assert max(abs(a - b) for a, b in zip(forwards, backwards, strict=True)) < 0.05


@pytest.mark.slow
def test_a_word_is_heard_although_hardly_any_frame_is_right(seen: Any) -> None:
    said("Hardly any frame is right", "its worst frame is better than the worst frame of any other word")
    lost = seen["lost"]
    worst = dict(enumerate(lost["worst"]))
    assert lost["right"] < 0.15 and lost["kinds"] >= 3, lost
    assert worst.pop(lost["word"]) > max(worst.values()), lost


@pytest.mark.slow
def test_thirty_one_stamps(seen: Any, printed: str) -> None:
    said("At least 91 % (90.8, to be exact)", "p < 0.908 that is less than 5 %")
    assert round(100 * 0.05 ** (1 / 31), 1) == 90.8
    assert re.search(r"31 of 31 would promise at least 90.8 %", printed)
    assert seen["results"]["CNN on stamps"] > 0.97


@pytest.mark.slow
def test_a_speaker_left_out_costs(seen: Any) -> None:
    said("are all of them equally hard?")
    known, unknown = seen["split"].values()
    assert unknown < known
    accuracies = sorted(seen["left_out"].values())
    assert accuracies[-1] - accuracies[0] > 0.1


@pytest.mark.slow
def test_silence_votes_until_it_is_masked(seen: Any) -> None:
    said("The silence is nobody's word, and it votes in the average", "Flat, which means")
    assert seen["changed"] and seen["moved"] < 1e-4


@pytest.mark.slow
def test_augmentation_helps_on_soft_clips(seen: Any) -> None:
    said("On soft clips. Augmentation buys what it contains", "the network can even lose on clips as they are")

    def mean(results: dict[str, float]) -> float:
        return sum(results.values()) / len(results)

    said("at clips that are softer than all that it has met it fails")
    assert mean(seen["softer"]["as recorded"]) < mean(seen["as_they_are"]["as recorded"]) - 0.1
    gained = {
        name: mean(seen[name]["augmented"]) - mean(seen[name]["as recorded"]) for name in ("softer", "as_they_are")
    }
    assert gained["softer"] > max(0.05, gained["as_they_are"]), gained


@pytest.mark.slow
def test_a_stamp_is_still_the_word_when_it_is_a_sound_again(seen: Any) -> None:
    said("of the generated words in about nine of ten cases")
    assert 82 <= seen["again"] <= 98


@pytest.mark.slow
def test_a_convolution_bears_moves_along_its_own_axis(seen: Any, printed: str) -> None:
    said(
        "Along frequency, moved bands cost next to nothing, and a moved word is lost", "the network along time is best"
    )
    said(
        "Along time, moved bands cost about a tenth, and a moved word less than a fifth", "much better than the 45 maps"
    )
    said("The maps of two dimensions bear moved bands too", "All three have about as many parameters")
    kinds = ("along time", "along frequency", "along both")
    right = {kind: seen["borne"][f"{kind}, as they are"] for kind in kinds}
    bands = {kind: right[kind] - seen["borne"][f"{kind}, moved by 3 bands"] for kind in kinds}
    moments = {kind: right[kind] - seen["borne"][f"{kind}, moved by 2 moments"] for kind in kinds}
    assert right["along time"] > max(right["along frequency"], right["along both"])
    assert bands["along frequency"] < 0.04 and bands["along both"] < 0.06 < bands["along time"] < 0.2, bands
    assert moments["along time"] < 0.2 < moments["along frequency"] - moments["along both"], moments
    assert right["along frequency"] - moments["along frequency"] < 0.35
    sizes = [
        int(size.replace(",", "")) for size in re.findall(r"^along \w+: ([\d,]+) parameters", printed, re.MULTILINE)
    ]
    assert len(sizes) == 3 and max(sizes) < 1.05 * min(sizes)


def test_the_notebooks_name_an_assignment_and_no_week() -> None:
    for name in ("convolution", "digits", "spoken_digits", "transfer"):
        assert "last week" not in words_of(name).lower()
