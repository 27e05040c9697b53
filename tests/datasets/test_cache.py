"""The cache of generated data: used when it is good, ignored when it is not."""

import os
from pathlib import Path

import numpy as np
import pytest

from datasets import cache, load_speech, synthetic_speech
from datasets.cache import cache_path, cached_digits, cached_speech, speech_cache_path
from datasets.synthetic_digits import generate


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """The (n, seed) of every set that is really drawn."""
    calls: list[tuple[int, int]] = []

    def counting(n: int, seed: int) -> cache.Arrays:
        calls.append((n, seed))
        return generate(n, seed)

    monkeypatch.setattr(cache, "generate", counting)
    return calls


def test_cached_digits_are_drawn_once(drawn: list[tuple[int, int]]) -> None:
    first = cached_digits(20, 5)
    second = cached_digits(20, 5)
    assert drawn == [(20, 5)]
    assert all(np.array_equal(a, b) and a.dtype == b.dtype for a, b in zip(first, second, strict=True))
    assert np.array_equal(first[0], generate(20, 5)[0])


def test_cached_digits_of_other_seeds_and_sizes_are_kept_apart(drawn: list[tuple[int, int]]) -> None:
    for n, seed in ((20, 5), (21, 5), (20, 6)):
        assert len(cached_digits(n, seed)[1]) == n
    assert len(drawn) == 3


def test_cached_digits_of_another_version_are_not_used(
    drawn: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    cached_digits(20, 5)
    monkeypatch.setattr(cache, "GENERATOR_VERSION", cache.GENERATOR_VERSION + 1)
    cached_digits(20, 5)
    assert len(drawn) == 2


def test_cached_digits_leave_one_file_and_no_temporary_one() -> None:
    cached_digits(20, 5)
    assert os.listdir(cache_path(20, 5).parent) == [cache_path(20, 5).name]


def _truncated(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _flipped(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 0xFF]) + data[middle + 1 :]


@pytest.mark.parametrize("damage", [lambda data: b"", lambda data: b"not a zip file", _truncated, _flipped])
def test_damaged_cache_is_drawn_anew_and_mended(damage, drawn: list[tuple[int, int]]) -> None:  # type: ignore[no-untyped-def]
    good, _ = cached_digits(20, 5)
    path = cache_path(20, 5)
    path.write_bytes(damage(path.read_bytes()))
    assert np.array_equal(cached_digits(20, 5)[0], good)
    assert np.array_equal(cached_digits(20, 5)[0], good)
    assert len(drawn) == 2  # once at first, once for the damage, and then the mended file


@pytest.mark.parametrize(
    "content",
    [
        {"images": np.zeros((20, 28, 28), np.uint8)},
        {"images": np.zeros((20, 28, 28), np.float32), "labels": np.zeros(20, np.int64)},
        {"images": np.zeros((19, 28, 28), np.uint8), "labels": np.zeros(19, np.int64)},
        {"images": np.array([{"a": "pickle"}], dtype=object), "labels": np.zeros(20, np.int64)},
    ],
)
def test_cache_with_other_contents_is_ignored(content: dict[str, np.ndarray]) -> None:
    path = cache_path(20, 5)
    path.parent.mkdir(parents=True)
    np.savez(path, **content)
    assert np.array_equal(cached_digits(20, 5)[0], generate(20, 5)[0])


def test_cache_that_cannot_be_written_is_ignored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("a file where the folder should be")
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path / "file"))
    assert np.array_equal(cached_digits(20, 5)[0], generate(20, 5)[0])


def test_failed_write_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    def full_disk(*_: object, **__: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(np, "savez", full_disk)
    cached_digits(20, 5)
    assert os.listdir(cache_path(20, 5).parent) == []


@pytest.fixture
def spoken(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """The (n, seed) of every set that is really spoken."""
    calls: list[tuple[int, int]] = []
    generate_speech = synthetic_speech.generate

    def counting(n: int, seed: int) -> synthetic_speech.Speech:
        calls.append((n, seed))
        return generate_speech(n, seed)

    monkeypatch.setattr(synthetic_speech, "generate", counting)
    return calls


def test_cached_speech_is_spoken_once(spoken: list[tuple[int, int]]) -> None:
    first, second = cached_speech(12, 5), cached_speech(12, 5)
    assert spoken == [(12, 5)]
    for name in ("waveforms", "lengths", "labels", "speakers"):
        a, b = getattr(first, name), getattr(second, name)
        assert np.array_equal(a, b) and a.dtype == b.dtype, name


@pytest.mark.parametrize("damage", [lambda data: b"", _truncated, _flipped])
def test_damaged_speech_is_spoken_anew(damage, spoken: list[tuple[int, int]]) -> None:  # type: ignore[no-untyped-def]
    good = cached_speech(12, 5)
    path = speech_cache_path(12, 5)
    path.write_bytes(damage(path.read_bytes()))
    assert np.array_equal(cached_speech(12, 5).waveforms, good.waveforms)
    assert len(spoken) == 2


@pytest.mark.parametrize("change", [{"lengths": np.full(12, 3)}, {"labels": np.zeros(11, np.int64)}])
def test_speech_with_other_contents_is_ignored(change: dict[str, np.ndarray], spoken: list[tuple[int, int]]) -> None:
    good = cached_speech(12, 5)
    path = speech_cache_path(12, 5)
    with np.load(path) as file:
        np.savez(path, **{**file, **change})
    assert np.array_equal(cached_speech(12, 5).waveforms, good.waveforms)
    assert len(spoken) == 2


def test_splits_of_generated_speech_share_speakers_and_no_clip() -> None:
    speech = load_speech("generated", train=240, validation=120, test=120)
    assert speech.source == "generated" and "python -m datasets fetch fsdd" in speech.banner()
    assert {*speech.train.speakers.tolist()} == {*speech.test.speakers.tolist()} == {*range(len(speech.speaker_names))}
    starts = {tuple(row[:400].tolist()) for part in (speech.train, speech.test) for row in part.waveforms}
    assert len(starts) == 360
    train, test = speech.leave_out("speaker 3")
    assert len(train) + len(test) == 480 and {*test.speakers.tolist()} == {2}


@pytest.mark.parametrize(("given", "words"), [({"source": "mnist"}, "unknown source"), ({"train": 0}, "at least 1")])
def test_wrong_arguments_of_load_speech_are_told(given: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        load_speech(**{"source": "generated", **given})  # type: ignore[arg-type]
