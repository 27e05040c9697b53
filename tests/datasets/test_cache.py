"""The cache of generated digits: used when it is good, ignored when it is not."""

import os
from pathlib import Path

import numpy as np
import pytest

from datasets import cache
from datasets.cache import cache_path, cached_digits
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
