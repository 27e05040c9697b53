"""The small network behind the front end: how its filters move, and what it says of filters that learn alone."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from exercises.convolution import training
from exercises.convolution.training import SmallNetwork, at_random, filters_alone, filters_of
from exercises.recording import Recording, Replayed


class Front(nn.Module):
    """As a student's may look: `filters` is any module with such a weight."""

    def __init__(self) -> None:
        super().__init__()
        self.filters = nn.Conv1d(1, 3, 33, stride=40, bias=False)
        for number, low in enumerate(torch.linspace(0.1, 0.3, 3).tolist()):
            wave = torch.cos(2 * torch.pi * low * torch.arange(33))
            self.filters.weight.data[number, 0] = wave / 33

    def forward(self, x: Tensor) -> Tensor:
        return (self.filters(x[:, None]).square() + 1e-6).log()


def some_words(n: int = 64) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(0)
    return torch.randn(n, training.LONGEST, generator=generator), torch.arange(n) % 10


def moved(slower: float) -> tuple[float, float]:
    """How far a filter's taps and the network's other weights move in one step, at most."""
    torch.manual_seed(0)
    network = SmallNetwork(Front(), slower)
    before, last = filters_of(network), network.body[-1].weight.detach().clone()
    words, labels = some_words(32)
    training.train(network, words, labels, training.RECIPE, budget=32)
    after = network.body[-1].weight.detach()
    return float((filters_of(network) - before).abs().max()), float((after - last).abs().max())


def test_filters_move_so_many_times_less_than_the_network() -> None:
    taps, weights = moved(training.SLOWER)
    assert weights == pytest.approx(training.RECIPE.learning_rate, rel=0.01)
    assert weights / taps == pytest.approx(training.SLOWER, rel=0.01)
    assert moved(1)[0] == pytest.approx(training.RECIPE.learning_rate, rel=0.01)


def test_the_front_end_starts_as_it_was() -> None:
    front = Front()
    before = front.filters.weight.detach().clone()
    network = SmallNetwork(front)
    assert torch.allclose(filters_of(network), before[:, 0], rtol=1e-6)
    assert torch.equal(front.filters.weight, before)
    assert network(some_words(2)[0]).shape == (2, 10)


def test_filters_alone_lower_the_loss_and_stay_as_they_were() -> None:
    torch.manual_seed(0)
    network = SmallNetwork(Front())
    words, labels = some_words()
    training.train(network, words, labels, training.RECIPE, budget=320)
    network.train()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    assert filters_alone(network, words, labels) < 0.999
    assert network.training
    after = network.state_dict()
    assert all(torch.equal(after[name], value) for name, value in before.items())


def test_fixed_filters_learn_nothing() -> None:
    front = Front()
    front.filters.weight.requires_grad_(False)
    assert filters_alone(SmallNetwork(front), *some_words(16)) == 1.0


def test_random_filters_are_as_a_layers() -> None:
    torch.manual_seed(0)
    front = at_random(Front())
    assert float(front.filters.weight.detach().abs().max()) <= 33**-0.5  # type: ignore[union-attr, operator]
    assert 0.4 < float(front.filters.weight.detach().std()) * 33**0.5 < 0.8  # type: ignore[union-attr, operator]


def test_practice_has_words_of_speakers_never_heard_and_is_the_same_each_time() -> None:
    first, second = training.practice(), training.practice()
    assert torch.equal(first.unknown.waveforms, second.unknown.waveforms)
    assert (len(first.learn), len(first.unknown)) == (training.WORDS, training.UNKNOWN_WORDS)
    assert training.inputs(first.learn).shape == (training.WORDS, training.LONGEST)
    assert training.inputs(first.unknown).shape[1] == training.LONGEST


def test_the_network_is_trained_as_data_from_the_designed_start() -> None:
    """Start and training of the record are those of the network itself."""
    words, labels = some_words()
    recording = Recording(Front, [], {}, 0, [], SmallNetwork)
    recording.add_pass([words[:32]], True, False)
    recording.add_pass([words], False, False)
    notes = recording.notes()
    assert notes["refused"] == []
    assert not notes["by_structure"]  # one record of a batch is enough, whatever is read while it is built
    torch.manual_seed(0)
    found = []
    for network in (SmallNetwork(Front()), Replayed(recording.parts(), 0)):
        training.train(network, words, labels, training.RECIPE, budget=160)
        found.append(training.predict(network, words))
    assert torch.allclose(found[0], found[1], atol=1e-4)
