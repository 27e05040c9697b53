"""Private speech: the same for a course, in a disguise of each student's own, and with speakers left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
import torch

from datasets import Clips
from exercises import assignment
from grader.checks.private import data, speech
from grader.checks.private.data import HiddenData
from grader.checks.spoken_digits.data import HiddenSpeech, Words, disguised


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Few clips: what is tested here does not depend on how many there are."""
    facts = assignment.load_assignment("spoken_digits")
    rules = {"accuracy": replace(facts.training["accuracy"], train_examples=60, test_examples=30)}
    monkeypatch.setattr(data, "load_assignment", lambda name: replace(facts, training=rules))
    yield


def _speech(whose: str, attempt: int = 0) -> HiddenSpeech:
    return HiddenData("spoken_digits", 5, "generated", whose).drawn("accuracy", attempt)


def test_shapes_and_lengths(small: None) -> None:
    speech = _speech("a")
    for words, n in ((speech.train, 60), (speech.known, 30), (speech.unknown, 30)):
        assert words.log_mel.shape[:2] == (n, 32) and words.stamps.shape == (n, 1, 64, 32)
        assert words.lengths.min() >= 8 and words.lengths.max() <= words.log_mel.shape[2]
        assert words.labels.shape == (n,) and set(words.labels.tolist()) <= set(range(10))


def test_each_attempt_has_clips_of_its_own_and_the_parts_differ(small: None) -> None:
    first, second = (HiddenData("spoken_digits", 5, "generated").undisguised("accuracy", attempt) for attempt in (0, 1))
    stamps = [first.train.stamps[:20], first.known.stamps[:20], first.unknown.stamps[:20], second.train.stamps[:20]]
    assert len({tensor.sum().item() for tensor in stamps}) == 4


def test_the_same_student_meets_the_same_and_another_one_another_disguise(small: None) -> None:
    found = [_speech(name) for name in ("a", "a", "b", "c", "d")]
    assert torch.equal(found[0].train.log_mel, found[1].train.log_mel)
    assert torch.equal(found[0].train.labels, found[1].train.labels)
    assert len({tuple(one.train.labels.tolist()) for one in found}) == 4
    plain = HiddenData("spoken_digits", 5, "generated").undisguised("accuracy", 0)
    for one in found:  # a disguise renames classes one by one, the same way in all parts
        renamed = {(old, new) for old, new in zip(plain.train.labels.tolist(), one.train.labels.tolist(), strict=True)}
        assert len(renamed) == 10
        tested = set(zip(plain.unknown.labels.tolist(), one.unknown.labels.tolist(), strict=True))
        assert tested <= renamed


@pytest.mark.parametrize("seed", range(4))
def test_a_disguise_turns_clips_round_but_never_moves_frames_into_the_padding(seed: int) -> None:
    log_mel = torch.arange(2 * 3 * 5, dtype=torch.float32).view(2, 3, 5)
    stamps = torch.arange(12.0).view(2, 1, 3, 2)
    words = Words(log_mel, torch.tensor([3, 5]), stamps, torch.tensor([0, 1]))
    found = disguised(words, seed)
    own, expected = found.log_mel[0, :, :3], log_mel[0, :, :3]
    if seed // 2 % 2:  # upside down
        own = own.flip(0)
        assert torch.equal(found.stamps.flip(2) if seed % 2 else found.stamps, stamps.flip(3))
    if seed % 2:  # backwards
        own = own.flip(1)
    assert torch.equal(own, expected)
    padding = found.log_mel[0, :, 3:]
    assert torch.equal(padding.flip(0) if seed // 2 % 2 else padding, log_mel[0, :, 3:])
    assert torch.equal(words.log_mel, log_mel)  # what the course shares stays as it is


def test_the_kind_for_all_assignments_gives_clips_in_a_disguise() -> None:
    clips = speech.draw(20, 10, 3, "generated")
    found = speech.disguise(clips, 7)
    assert [len(part) for part in (found.train, found.known, found.unknown)] == [20, 10, 10]
    assert not torch.equal(found.train.labels, clips.train.labels)
    own = int(clips.known.lengths[0])
    assert torch.equal(found.known.waveforms[0, :own], clips.known.waveforms[0, :own].flip(0))
    assert torch.equal(found.known.waveforms[0, own:], clips.known.waveforms[0, own:])


def test_unknown_speakers_of_recordings_are_never_heard_in_training(monkeypatch: pytest.MonkeyPatch) -> None:
    from datasets import SpokenWords

    def clips(n: int) -> Clips:
        number = torch.arange(n)
        return Clips(torch.zeros(n, 800), torch.full((n,), 800), number % 10, number % 3)

    names = ("one", "two", "three")
    words = SpokenWords("fsdd", 8000, tuple(map(str, range(10))), names, clips(300), clips(60), clips(60))
    monkeypatch.setattr(speech, "load_speech", lambda source: words)
    for seed in range(3):
        drawn = speech.draw(100, 20, seed, "fsdd")
        train, known, unknown = drawn.train, drawn.known, drawn.unknown
        assert (len(train), len(known), len(unknown)) == (100, 20, 20)
        assert set(unknown.speakers.tolist()) == {seed}
        assert seed not in {*train.speakers.tolist(), *known.speakers.tolist()}
