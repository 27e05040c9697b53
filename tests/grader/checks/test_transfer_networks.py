"""The given networks and words of `transfer`, and the data files that come with them."""

from __future__ import annotations

import json

import pytest
import torch
from safetensors.torch import load_file

from exercises.learning import accuracy, predict
from exercises.transfer.checks.animals import FEW, practice, practised
from exercises.transfer.material import ANIMALS, DIGITS, FAINT, SECOND, clips_of, stamps_of, whole_second
from exercises.transfer.networks import data_file, parameter_groups, predict_linear, with_new_output
from grader.checks.transfer.data import DRAWS, MOST, numbers_of
from grader.checks.transfer.trusted import digit_network, plain_network, words_of

ABOUT = json.loads(data_file("networks.json").read_text(encoding="utf-8"))
NETWORKS = {"digit_network": digit_network, "plain_network": plain_network}


@pytest.mark.parametrize("name", [*NETWORKS, "animals"])
def test_everybody_may_read_the_data_files(name: str) -> None:
    assert data_file(f"{name}.safetensors").stat().st_mode & 0o444 == 0o444


@pytest.mark.parametrize("name", NETWORKS)
def test_networks_are_what_their_file_says(name: str) -> None:
    network = NETWORKS[name]()
    assert sum(one.numel() for one in network.parameters()) == ABOUT[name]["parameters"]
    assert not any(part.training for part in network.modules())
    values = load_file(data_file(f"{name}.safetensors"))
    assert all(torch.equal(value, values[key]) for key, value in network.state_dict().items())
    torch.manual_seed(0)
    other = NETWORKS[name](pretrained=False)
    assert not any(part.training for part in other.modules())
    assert not torch.equal(other.output.weight, network.output.weight)


def test_the_digit_network_has_as_many_parameters_as_the_text_says() -> None:
    assert ABOUT["digit_network"]["parameters"] == 22_474
    assert data_file("digit_network.safetensors").stat().st_size < 100_000


def test_networks_hear_digits_that_neither_has_heard() -> None:
    digits = words_of(DIGITS, 1, 12, seed=5)
    for name, build in NETWORKS.items():
        heard = accuracy(predict(build(), digits.stamps), digits.labels)
        assert abs(heard - ABOUT[name]["digits_heard_rightly"]) < 0.06, (name, heard)


def test_the_numbers_that_everybody_has_are_the_digit_networks() -> None:
    output, animals = digit_network().output, practice()
    for part in (animals.learn, animals.unheard):
        assert part.labels.bincount().tolist() == [60] * len(ANIMALS)
        torch.testing.assert_close(output(part.features).detach(), part.logits, atol=1e-4, rtol=0)
    few = numbers_of(words_of(*FEW))
    torch.testing.assert_close(few.features, practised("few").features, atol=1e-4, rtol=0)
    torch.testing.assert_close(few.logits, practised("few").logits, atol=1e-3, rtol=0)
    assert animals.draws.shape == (DRAWS, len(ANIMALS), MOST)


def test_a_word_lies_somewhere_in_its_second() -> None:
    word = torch.full((2000,), 0.5)
    begins = set()
    for seed in range(5):
        second = whole_second(word, seed)
        assert second.shape == (SECOND,) and torch.equal(second, whole_second(word, seed))
        loud = (second > 0.25).nonzero()[:, 0]
        assert len(loud) == 2000 and int(loud[-1] - loud[0]) == 1999
        assert 0 < float(second[second < 0.25].std()) < 2 * FAINT
        begins.add(int(loud[0]))
    assert len(begins) == 5
    assert whole_second(torch.ones(9000), 0).shape == (SECOND,)


def test_stamps_lie_in_a_second_or_are_cut_out() -> None:
    clips = clips_of(("cat", "dog"), each=1, speakers=2, seed=3)
    somewhere, cut_out = stamps_of(clips, 3), stamps_of(clips, None)
    assert somewhere.stamps.shape == cut_out.stamps.shape == (4, 1, 64, 32)
    assert not torch.equal(somewhere.stamps, cut_out.stamps)
    assert torch.equal(somewhere.stamps, stamps_of(clips, 3).stamps)
    assert torch.equal(somewhere.where(clips.labels == 0).labels, torch.zeros(2, dtype=torch.int64))


def test_a_new_output_leaves_the_network_as_it_is() -> None:
    network = plain_network()
    new = with_new_output(network, 4)
    assert new.output.weight.shape == (4, 24) and network.output.weight.shape == (10, 24)
    assert all(one.requires_grad for one in new.parameters())
    groups = parameter_groups(new, learning_rate=0.01, factor=0.1)
    assert [group["lr"] for group in groups] == [0.01, pytest.approx(0.001)]
    assert sum(len(group["params"]) for group in groups) == len(list(new.parameters()))
    assert {id(one) for one in groups[0]["params"]} == {id(one) for one in new.output.parameters()}


def test_scores_are_weighted_sums_of_features() -> None:
    features, weight = torch.tensor([[1.0, 2.0]]), torch.tensor([[3.0, 4.0], [5.0, 6.0]], dtype=torch.float64)
    assert predict_linear(features, weight, torch.tensor([0.5, 0.0], dtype=torch.float64)).tolist() == [[11.5, 17.0]]
