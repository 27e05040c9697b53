"""What the notebook of `transfer` trains and measures: who is heard, what is drawn, and what stays as it was."""

from __future__ import annotations

import copy
import tarfile
from pathlib import Path

import pytest
import torch

from datasets import DataError
from exercises.transfer import heard, recordings, training
from exercises.transfer.networks import with_new_output
from exercises.transfer.training import Draw, chosen, fine_tune, right, share
from grader.checks.transfer import trusted
from solutions.transfer.probing import fit_linear
from tests.datasets.test_mnist import REAL_ROOT

SAMPLE = REAL_ROOT / "speech_commands_sample"


@pytest.fixture(scope="module")
def draw() -> Draw:
    """As `training.draw`, with the stamps of the model solution, and fewer."""
    words = trusted.words_of(training.ANIMALS, 1, 6, 3)
    learn = words.speakers < 3
    return Draw(words.where(learn), words.where(~learn))


def test_as_many_of_each_word_are_chosen_and_other_seeds_choose_others() -> None:
    labels = torch.arange(40) % 4
    masks = [chosen(labels, 5, seed) for seed in (0, 0, 1)]
    assert all(labels[mask].bincount().tolist() == [5] * 4 for mask in masks)
    assert torch.equal(masks[0], masks[1]) and not torch.equal(masks[0], masks[2])


def test_learning_and_judging_are_by_other_speakers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "EACH", 1)
    training._clips.cache_clear()
    one = training.draw(5)
    training._clips.cache_clear()
    assert len(one.learn) == len(one.judge) == 4 * training.SPEAKERS
    assert not set(one.learn.speakers.tolist()) & set(one.judge.speakers.tolist())


def test_right_is_what_the_fit_hears(draw: Draw) -> None:
    numbers = torch.nn.functional.one_hot(draw.learn.labels, 4).float()
    hits = right(fit_linear, (numbers, draw.learn.labels), (numbers, draw.learn.labels), 0.1)
    assert share(hits) == 100
    assert share(torch.tensor([True, False])) == 50


def test_a_trained_network_is_looked_at_with_the_old_output(draw: Draw) -> None:
    network = trusted.digit_network()
    before = copy.deepcopy(network.state_dict())
    torch.manual_seed(0)
    model = with_new_output(network, 4)
    output = model.output
    tuned = fine_tune(model, draw, trusted.words_of(training.DIGITS, 1, 2, 7), network.output, 0.0, seed=0)
    assert model.output is output and not model.training
    assert tuned.steps == (0, 10, 20, 30, 40, 50, 60)
    assert tuned.animals[-1] > 50 and tuned.digits[0] > 90
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())
    weights = {name: value for name, value in model.named_parameters() if not name.startswith("output")}
    assert all(torch.equal(value, before[name]) for name, value in weights.items())  # factor 0


def test_averages_come_from_each_part(draw: Draw) -> None:
    network = trusted.digit_network()
    found = heard.averages(network, draw.judge.stamps)
    n = len(draw.judge)
    assert {name: tuple(one.shape) for name, one in found.items()} == {
        "first filters": (n, 24), "block 1": (n, 24), "block 2": (n, 24), "logits": (n, 10)
    }  # fmt: skip
    with torch.no_grad():
        assert torch.allclose(found["logits"], network(draw.judge.stamps), atol=1e-5)
    assert torch.allclose(found["block 2"] @ network.output.weight.T + network.output.bias, found["logits"], atol=1e-4)
    seen = heard.stack_of(network, draw.judge.stamps)
    assert {name: len(one.layers) for name, one in seen.items()} == {"first filters": 1, "block 1": 4, "block 2": 7}


def test_half_of_the_plain_networks_last_filters_answer(draw: Draw) -> None:
    with torch.no_grad():
        maps = trusted.plain_network().layers(draw.judge.stamps)
    assert 6 <= int((maps.amax(dim=(0, 2, 3)) > 0).sum()) < 24


def test_missing_recordings_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    with pytest.raises(DataError, match="Speech Commands is not in the data folder"):
        recordings.animals_by_people()


@pytest.mark.skipif(not SAMPLE.is_dir(), reason="the course's sample of Speech Commands is not here")
def test_people_say_three_animals_ten_times_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (packed,) = SAMPLE.glob("*.tar.gz")
    with tarfile.open(packed) as archive:
        archive.extractall(tmp_path / SAMPLE.name, filter="data")
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    people = recordings.animals_by_people()
    assert people.stamps.shape == (30, 1, 64, 32)
    assert people.labels.bincount().tolist() == [10, 10, 10]
    assert float(people.stamps.amin()) == 0 and float(people.stamps.amax()) == 1
