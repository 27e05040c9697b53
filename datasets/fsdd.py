"""The Free Spoken Digit Dataset (Z. Jackson and others, CC BY-SA 4.0): ten digits by six speakers, at 8 kHz.

Its recordings are named `{digit}_{speaker}_{index}.wav`; index 0 to 4 of everybody are the official test set. They are
found under the data root, in an archive or unpacked, and are never changed:

    <root>/fsdd/recordings/*.wav                          also in a folder between the two
    <root>/fsdd/free-spoken-digit-dataset*.tar.gz         as GitHub gives it
"""

from __future__ import annotations

import re
import shutil
import tarfile
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from .errors import DataError
from .phonemes import DIGITS
from .recordings import Recording, read_wav

SAMPLE_RATE = 8000
OFFICIAL_TEST = range(5)
PER_DIGIT = 50  # recordings of each digit by each speaker
NUM_SPEAKERS = 6
FETCH_COMMAND = "python -m datasets fetch fsdd"
URL = "https://github.com/Jakobovski/free-spoken-digit-dataset/archive/refs/tags/v1.0.10.tar.gz"
ARCHIVE = "free-spoken-digit-dataset.tar.gz"
_NAME = re.compile(r"(\d)_([a-z]+)_(\d+)\.wav")


def find(root: Path) -> Path | None:
    """The archive, or the folder with the recordings, or None."""
    folder = root / "fsdd"
    for recordings in (folder / "recordings", *sorted(folder.glob("*/recordings"))):
        if any(recordings.glob("*.wav")):
            return recordings
    return next(iter(sorted(folder.glob("free-spoken-digit-dataset*.tar.gz"))), None)


def load(root: Path) -> list[Recording]:
    """Read all recordings, sorted by digit, speaker and index.

    Raises:
        DataError: they are missing, incomplete or damaged; the message names the command that gets them.
    """
    place = find(root)
    if place is None:
        raise DataError(
            f"The Free Spoken Digit Dataset is not in the data folder {root}: neither {root / 'fsdd' / 'recordings'} "
            f"nor {root / 'fsdd' / ARCHIVE}.\nTo download it (16 MB) run: {FETCH_COMMAND} --root {root}"
        )
    return _checked(place)


def fetch(root: Path) -> Path:
    """Download the archive into `<root>/fsdd`, unless the data lie there already.

    Returns:
        the archive or the folder, read through once and complete.

    Raises:
        DataError: the folder cannot be written, the download fails, or what arrives is not the data set.
    """
    place = find(root)
    if place is None:
        place = root / "fsdd" / ARCHIVE
        _download(place)
    _checked(place)
    return place


def _download(target: Path) -> None:
    """In one step: under another name first, so that nobody ever finds half an archive."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".part-") as scratch:
            part = Path(scratch) / target.name
            with urllib.request.urlopen(URL, timeout=60) as answer, part.open("wb") as file:
                shutil.copyfileobj(answer, file)
            _checked(part)  # closed before: Windows opens no file twice
            part.replace(target)
    except OSError as error:  # URLError is one
        if isinstance(error, urllib.error.HTTPError):
            error.close()  # it holds the server's answer
        raise DataError(
            f"Downloading {URL} to {target} failed: {error}\n"
            f"Try again later, or put the archive there by hand: it is free at https://github.com/Jakobovski"
        ) from error


def _checked(place: Path) -> list[Recording]:
    """All recordings of an archive or a folder.  Raises DataError where some are missing or damaged."""
    found: list[Recording] = []
    try:
        for name, content in _files(place):
            if match := _NAME.fullmatch(name):
                digit, speaker, index = match.groups()
                samples = read_wav(content, f"{place}: {name}", SAMPLE_RATE)
                found.append(Recording(samples, DIGITS[int(digit)], speaker, int(index)))
    except (tarfile.TarError, OSError, EOFError) as error:
        raise DataError(f"{place} is damaged ({error}). Remove it, then run: {FETCH_COMMAND}") from error
    found.sort(key=lambda one: (DIGITS.index(one.word), one.speaker, one.index))
    there = {(one.word, one.speaker, one.index) for one in found}
    speakers = sorted({one.speaker for one in found})
    wanted = {(word, speaker, index) for word in DIGITS for speaker in speakers for index in range(PER_DIGIT)}
    if len(speakers) < NUM_SPEAKERS or wanted - there:
        raise DataError(
            f"{place} is not complete: {len(there)} recordings of {len(speakers)} speakers instead of at least "
            f"{len(DIGITS) * PER_DIGIT} of each of {NUM_SPEAKERS}. Remove it, then run: {FETCH_COMMAND}"
        )
    return found


def _files(place: Path) -> Iterator[tuple[str, bytes]]:
    """Name without folder, and content, of every wav file."""
    if place.is_dir():
        for path in sorted(place.glob("*.wav")):
            yield path.name, path.read_bytes()
        return
    with tarfile.open(place) as archive:
        for member in archive:
            file = archive.extractfile(member) if member.isfile() and member.name.endswith(".wav") else None
            if file is not None:
                yield member.name.rpartition("/")[2], file.read()
