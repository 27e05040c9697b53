"""Speech Commands: listed and split by torchaudio, read by soundfile."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from datasets import DataError, speech_commands

from .test_mnist import REAL_ROOT
from .wavs import wav

SAMPLE = REAL_ROOT / "speech_commands_sample"


@pytest.fixture(params=["SpeechCommands/speech_commands_v0.02", "speech_commands_sample/speech_commands_v0.01"])
def root(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Two words by three speakers, one of them for the test, one for validation; the lists name more than is there."""
    folder = tmp_path / request.param
    for word, number in (("cat", 0), ("dog", 1), ("happy", 2)):
        (folder / word).mkdir(parents=True)
        for speaker in ("aa11", "bb22", "cc33"):
            (folder / word / f"{speaker}_nohash_{number}.wav").write_bytes(wav(50 + number, rate=16000))
    (folder / "_background_noise_").mkdir()
    (folder / "_background_noise_" / "hum.wav").write_bytes(wav(99, rate=16000))
    (folder / "testing_list.txt").write_text("cat/bb22_nohash_0.wav\ncat/zz99_nohash_4.wav\ndog/bb22_nohash_1.wav\n")
    (folder / "validation_list.txt").write_text("dog/cc33_nohash_1.wav\n")
    return tmp_path


def test_words_come_with_their_speakers(root: Path) -> None:
    found = speech_commands.load(root, ("cat", "dog"))
    assert [(one.word, one.speaker, one.index, len(one.samples)) for one in found] == [
        (word, speaker, number, 50 + number)
        for number, word in enumerate(("cat", "dog"))
        for speaker in ("aa11", "bb22", "cc33")
    ]


def test_official_lists_split_them(root: Path) -> None:
    split = {
        subset: [(one.word, one.speaker) for one in speech_commands.load(root, ("cat", "dog"), subset)]
        for subset in ("training", "validation", "testing")
    }
    assert split == {
        "training": [("cat", "aa11"), ("cat", "cc33"), ("dog", "aa11")],
        "validation": [("dog", "cc33")],
        "testing": [("cat", "bb22"), ("dog", "bb22")],
    }


def test_missing_set_and_missing_words_are_told(root: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="has no recordings of fox"):
        speech_commands.load(root, ("fox",))
    with pytest.raises(DataError, match="Speech Commands is not in the data folder"):
        speech_commands.load(tmp_path / "elsewhere", ("cat",))


@pytest.mark.skipif(not SAMPLE.is_dir(), reason=f"no sample of Speech Commands in {SAMPLE}")
def test_real_sample_is_read(tmp_path: Path) -> None:
    archive = next(SAMPLE.glob("*.tar.gz"))
    with tarfile.open(archive) as tar:
        tar.extractall(tmp_path / "speech_commands_sample", filter="data")
    found = speech_commands.load(tmp_path, ("cat", "dog", "bird"))
    assert {word: sum(one.word == word for one in found) for word in ("cat", "dog", "bird")} == dict.fromkeys(
        ("cat", "dog", "bird"), 10
    )
    assert all(0 < len(one.samples) <= 20_000 for one in found)
