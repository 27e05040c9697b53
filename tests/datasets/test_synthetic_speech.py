"""The generated speech: the same for the same seed, well formed, with speakers of their own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from datasets.phonemes import ANIMALS, DIGITS, PHONEMES, WORDS, spelling
from datasets.synthetic_speech import NUM_SPEAKERS, SAMPLE_RATE, Speakers, draw_speakers, generate


def spectrum(samples: NDArray[np.int16]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Frequencies in Hz, and the power there."""
    return np.fft.rfftfreq(len(samples), 1 / SAMPLE_RATE), np.abs(np.fft.rfft(samples.astype(float))) ** 2


def centre_hz(samples: NDArray[np.int16]) -> float:
    frequency, power = spectrum(samples)
    return float((frequency * power).sum() / power.sum())


def clip(speech: object, row: int) -> NDArray[np.int16]:
    return speech.waveforms[row, : speech.lengths[row]]  # type: ignore[attr-defined,no-any-return]


def one_speaker(**values: float) -> Speakers:
    """A speaker without accent, in a silent room with a flat microphone."""
    size = draw_speakers(1, 0).channel.shape[1]
    found = {
        "pitch": np.full(1, 120.0), "tract": np.ones(1), "accent": np.ones((1, len(PHONEMES), 3)), "pace": np.ones(1),
        "habits": np.ones((1, len(PHONEMES))), "softness": np.full(1, 400.0), "damping": np.ones(1),
        "hiss": np.ones(1), "channel": np.ones((1, size)), "noise": np.zeros(1), "hum": np.zeros(1),
    }  # fmt: skip
    found |= {name: np.full(1, value) for name, value in values.items()}
    return Speakers(**{name: value.astype(np.float32) for name, value in found.items()})


def test_generate_is_determined_by_the_seed() -> None:
    first, again, other = generate(30, 3), generate(30, 3), generate(30, 4)
    assert np.array_equal(first.waveforms, again.waveforms) and np.array_equal(first.labels, again.labels)
    assert first.waveforms.shape != other.waveforms.shape or not np.array_equal(first.waveforms, other.waveforms)


@pytest.mark.parametrize("n", [0, 1, 7, 263])
def test_words_and_speakers_are_all_used_equally_often(n: int) -> None:
    speech = generate(n, 1)
    assert len(speech.waveforms) == len(speech.lengths) == n
    words = np.bincount(speech.labels, minlength=10)
    assert words.sum() == n and words.max() - words.min() <= 1
    speakers = np.bincount(speech.speakers, minlength=NUM_SPEAKERS)
    assert speakers.sum() == n and speakers.max() - speakers.min() <= len(DIGITS)


def test_every_speaker_says_every_word() -> None:
    speech = generate(10 * NUM_SPEAKERS, 2)
    assert {*zip(speech.labels.tolist(), speech.speakers.tolist(), strict=True)} == {
        (word, speaker) for word in range(10) for speaker in range(NUM_SPEAKERS)
    }


def test_clips_last_as_long_as_a_word_and_end_in_silence() -> None:
    speech = generate(300, 5)
    seconds = speech.lengths / SAMPLE_RATE
    assert 0.3 < seconds.mean() < 0.6 and seconds.min() > 0.1 and seconds.max() < 1.6
    outside = np.arange(speech.waveforms.shape[1]) >= speech.lengths[:, None]
    assert not speech.waveforms[outside].any()
    peak = np.abs(speech.waveforms.astype(int)).max(axis=1)
    assert peak.min() > 0.25 * 32767 and peak.max() <= 32767


def test_pitch_is_the_speakers() -> None:
    """The first harmonics of a long vowel lie at multiples of the pitch."""
    for pitch in (100.0, 200.0):
        speech = generate(8, 0, words=("three",), speakers=one_speaker(pitch=pitch, pace=3.0))
        found = []
        for row in range(8):
            samples = clip(speech, row).astype(float)
            vowel = samples[len(samples) // 2 : len(samples) // 2 + 1600]
            echo = np.correlate(vowel, vowel, "full")[len(vowel) :]  # at lags 1, 2, …
            lags = np.arange(1, len(vowel))
            inside = (lags > SAMPLE_RATE / 400) & (lags < SAMPLE_RATE / 60)
            found.append(SAMPLE_RATE / lags[inside][np.argmax(echo[inside])])
        assert abs(np.median(found) / pitch - 1) < 0.15  # a speaker varies it by 8 % from clip to clip


def test_shorter_vocal_tract_has_higher_resonances() -> None:
    long, short = (generate(6, 0, words=("one",), speakers=one_speaker(tract=tract)) for tract in (0.85, 1.15))
    centres = [np.mean([centre_hz(clip(speech, row)) for row in range(6)]) for speech in (long, short)]
    assert centres[1] > 1.08 * centres[0]


def test_hissing_comes_first_in_six_and_vowel_in_eight() -> None:
    person = one_speaker()
    six, eight = (generate(10, 1, words=(word,), speakers=person) for word in ("six", "eight"))
    starts = [np.mean([centre_hz(clip(speech, row)[:400]) for row in range(10)]) for speech in (six, eight)]
    assert starts[0] > 2500 and starts[1] < 1500


def test_channel_of_a_speaker_is_heard() -> None:
    flat = one_speaker()
    dull = one_speaker()
    dull.channel[0] = np.linspace(1, 0, dull.channel.shape[1])
    six = [generate(10, 1, words=("six",), speakers=person) for person in (flat, dull)]
    bright = [np.mean([centre_hz(clip(speech, row)) for row in range(10)]) for speech in six]
    assert bright[1] < 0.8 * bright[0]


def test_words_of_animals_are_spoken_too() -> None:
    speech = generate(8, 0, words=ANIMALS)
    assert sorted(set(speech.labels.tolist())) == [0, 1, 2, 3]


def test_spelling_uses_known_sounds_alone() -> None:
    sounds, counts = spelling(tuple(WORDS))
    assert sounds.shape == (len(WORDS), counts.max()) and sounds.max() < len(PHONEMES)
    assert {*range(len(PHONEMES))} == {*sounds.ravel().tolist()}, "a sound that no word uses"


@pytest.mark.parametrize(("n", "seed"), [(-1, 0), (1, -1)])
def test_generate_refuses_negative_numbers(n: int, seed: int) -> None:
    with pytest.raises(ValueError, match="must not be negative"):
        generate(n, seed)


def test_unknown_word_and_no_speakers_are_refused() -> None:
    with pytest.raises(ValueError, match=r"unknown words \['ten'\]: choose from zero, one"):
        generate(2, 0, words=("one", "ten"))
    with pytest.raises(ValueError, match="at least one speaker"):
        draw_speakers(0, 0)


def test_generator_starts_no_threads() -> None:
    code = """
import os, sys
from datasets import synthetic_speech
synthetic_speech.generate(150, 0)
assert len(os.listdir("/proc/self/task")) == 1
"""
    root = Path(__file__).resolve().parents[2]
    subprocess.run([sys.executable, "-c", code], cwd=root, check=True, env={"OMP_NUM_THREADS": "1", "PATH": ""})
