"""What the notebook of `convolution` says in words is what the model solution shows: numbers, orders, places."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from datasets import load_speech
from exercises.convolution import material, pictures, training
from exercises.convolution.pictures.responses import NUM_FREQUENCIES, Measured, measure
from exercises.convolution.training import SmallNetwork
from grader import repository
from solutions.convolution.design import bandpass, frequency_response, highpass, lowpass
from solutions.convolution.filterbank import FrontEnd, band_edges
from solutions.convolution.filtering import circular_convolve, energy, fft_convolve, find

RATE = 8000
SOURCE = repository.notebook_source("convolution").read_text(encoding="utf-8")
TEXT = " ".join(SOURCE.replace("\n#", " ").replace("\N{MINUS SIGN}", "-").split())


def said(*words: str) -> None:
    """These words stand in the notebook: who changes them, looks at the numbers here too."""
    for one in words:
        assert one in TEXT, one


def hann(num_taps: int) -> Tensor:
    return torch.hann_window(num_taps, periodic=False, dtype=torch.float64)


def numbers_of(num_taps: int, window: Tensor | None = None) -> Measured:
    return measure(frequency_response(lowpass(0.125, num_taps, window), NUM_FREQUENCIES).abs())


def word(name: str, speaker: int) -> Tensor:
    return material.say(load_speech("generated"), name, speaker)


def test_the_swings_keep_their_height_and_a_window_lowers_them() -> None:
    said("9 to 10 % above 1, and -21 to -22 dB", "231 Hz, 116 Hz, 58 Hz, 30 Hz", "0.6 % and -44 dB", "is 833 Hz")
    bare = [numbers_of(n) for n in (31, 63, 127, 255)]
    assert [round(RATE * one.transition) for one in bare] == [231, 116, 58, 30]
    assert all(0.09 < one.overshoot < 0.105 for one in bare)
    assert all(-22 < one.highest_db < -20.8 for one in bare)
    window = numbers_of(31, hann(31))
    assert (round(100 * window.overshoot, 1), round(window.highest_db)) == (0.6, -44)
    assert round(RATE * window.transition) == 833
    assert window.transition > 3 * bare[0].transition


def test_as_steep_with_a_window_takes_more_than_three_times_as_many_taps() -> None:
    said("About 217: then both have a transition of 116 Hz", "13.5 ms with the window, and 3.9 ms without")
    assert round(RATE * numbers_of(217, hann(217)).transition) == round(RATE * numbers_of(63).transition) == 116
    assert "latency 13.50 ms" in pictures.in_words(lowpass(0.125, 217), frequency_response, RATE)


def test_a_word_is_found_in_noise_and_a_louder_stranger_wins() -> None:
    said("almost six times as strong", "twenty times as loud", "The stranger.")
    three, place = word("three", 4), 6500
    recording = material.hidden_in_noise(three, place, 10000, 1.0)
    assert int(find(recording, three)) == place
    assert 5.5 < 1 / float((three / three.abs().max()).square().mean().sqrt()) < 6
    stranger = word("nine", 8)
    recording[1000 : 1000 + len(stranger)] += 20 * stranger / stranger.abs().max()
    assert 1000 <= int(find(recording, three)) < 1000 + len(stranger) <= place


def test_lengths_of_a_word_in_a_room() -> None:
    said("the word takes 0.5 s and the room's echo 0.8 s", "Time plus P: 1.3 s")
    seven, echo = word("seven", 1), material.room(0.8, RATE)
    assert (round(len(seven) / RATE, 1), len(echo) / RATE) == (0.5, 0.8)
    assert round(len(fft_convolve(seven, echo)) / RATE, 1) == 1.3


def test_without_padding_the_end_is_heard_before_the_beginning() -> None:
    late = torch.nn.functional.pad(word("three", 1), (2400, 0))
    wrapped = circular_convolve(late, material.room(0.75, RATE))
    assert float(wrapped[:2400].abs().max()) > 0.3 * float(wrapped[2400:].abs().max())


def test_low_and_high_passed_six_has_its_vowel_and_its_hisses() -> None:
    said("about six times as strong as the two", "sixty times as strong as what is left")
    six, parts = word("six", 9), {"s": (0.0, 0.07), "i": (0.09, 0.15), "last s": (0.22, 0.29)}
    low, high = lowpass(900 / RATE, 101, hann(101)), highpass(lowpass(2500 / RATE, 101, hann(101)))
    strength = {}
    for name, taps in (("low", low), ("high", high)):
        passed = fft_convolve(six, taps)[50:-50]
        for part, (begin, end) in parts.items():
            strength[name, part] = float(passed[int(begin * RATE) : int(end * RATE)].square().mean().sqrt())
    for part in ("s", "last s"):
        assert 4.5 < strength["low", "i"] / strength["low", part] < 6.5
    assert 50 < strength["high", "s"] / strength["high", "i"] < 70
    loudness = energy(fft_convolve(six, high)[50:-50], hann(481) / hann(481).sum())
    first, between, last = (float(loudness[int(RATE * time)]) for time in (0.045, 0.14, 0.265))
    assert min(first, last) > 100 * between
    middle = bandpass(900 / RATE, 2500 / RATE, 101, hann(101))
    assert torch.allclose(low + middle + high, torch.eye(101, dtype=torch.float64)[50], atol=1e-12)


def test_the_lowest_filters_are_wider_than_their_bands() -> None:
    said("61, 65, 70, 76 and 81 Hz wide, the filters 78, 78, 82, 86 and 86 Hz", "From about the ninth on", "62 Hz wide")
    edges = band_edges(24, RATE)
    asked = edges[1:] - edges[:-1]
    found = RATE * pictures.widths(FrontEnd().filters.weight.detach()[:, 0])
    assert asked[:5].round().tolist() == [61, 65, 70, 76, 81]
    assert found[:5].round().tolist() == [78, 78, 82, 86, 86]
    assert float((found - asked)[8:].abs().max()) < 8
    assert round(RATE * 2 / 257) == 62


@pytest.mark.slow
def test_a_good_start_is_worth_more_than_learning_and_a_fast_rate_destroys_it() -> None:
    said("Designed about 70 %, learnt too fast about 46 %, random about 37 %", "71 %", "90 steps", "by some 35 %")
    practice = training.practice()
    learn, unknown = training.inputs(practice.learn), training.inputs(practice.unknown)
    found: dict[str, list[float]] = {"designed": [], "fixed": [], "fast": [], "random": []}
    for seed in range(3):
        for name, scores in found.items():
            torch.manual_seed(seed)
            front = FrontEnd().requires_grad_(name != "fixed")
            network = SmallNetwork(
                training.at_random(front) if name == "random" else front, 1 if name == "fast" else training.SLOWER
            )
            history = training.train(
                network, learn, practice.learn.labels, training.RECIPE, training.EXAMPLES_SEEN, seed
            )
            assert history.steps == 90
            scores.append(training.accuracy(training.predict(network, unknown), practice.unknown.labels))
            if name == "designed":
                assert 0.5 < training.filters_alone(network, learn, practice.learn.labels) < 0.9
    mean = {name: sum(scores) / len(scores) for name, scores in found.items()}
    for name, percent in {"designed": 70, "fixed": 71, "fast": 46, "random": 37}.items():
        assert abs(100 * mean[name] - percent) < 8, (name, found)
