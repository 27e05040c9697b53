"""Reads a folder or a zip entry by entry; names and sizes in a zip are claims, and no more than a cap is ever read."""

from __future__ import annotations

import io
import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

MAX_ENTRIES = 20_000  # of one zip, without what programs put beside a student's work
ZIP_BYTES = 64 * 1024 * 1024  # of a zip inside a zip
UTF_8 = 0x800  # the flag of a zip's entry whose name is in UTF-8
CACHE_FOLDERS = (
    *("__MACOSX/", "__pycache__/", ".ipynb_checkpoints/", ".git/"),
    *(".venv/", "venv/", "site-packages/", "node_modules/"),
)


class RefusedError(ValueError):
    """This file is not taken; the message says why."""


@dataclass(frozen=True)
class Entry:
    """One file of a source.  Its date is none of a person's: a download stamps files with its own moment.

    Attributes:
        path: with forward slashes, from the top of the source; checked, so that it stays below it.
    """

    path: str
    _source: Path | zipfile.ZipFile | Inner
    _name: str | zipfile.ZipInfo

    def read(self, cap: int) -> bytes:
        """The content.

        Raises:
            RefusedError: it is larger than `cap` bytes, encrypted or damaged.
            OSError: this machine does not let us read it.
        """
        try:
            with self._open() as file:
                content = file.read(cap + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise RefusedError(f"damaged: {error}") from error
        except RuntimeError as error:  # zipfile's word for a password
            raise RefusedError("encrypted") from error
        if len(content) > cap:
            raise RefusedError(f"larger than {cap // 1024} KiB")
        return content

    def _open(self) -> IO[bytes]:
        if isinstance(self._source, zipfile.ZipFile):
            return self._source.open(self._name)
        if isinstance(self._source, Inner):
            return self._source.archive.open(self._name)
        descriptor = os.open(self._source / str(self._name), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        return open(descriptor, "rb")


@dataclass(frozen=True)
class Inner:
    """A zip inside a source, opened where something in it is read."""

    entry: Entry
    opener: InnerZips

    @property
    def archive(self) -> zipfile.ZipFile:
        """Raises RefusedError where it is too large, or no zip."""
        return self.opener.open(self.entry)


class InnerZips:
    """Opens zips inside a source, one at a time: an open one is in memory as a whole."""

    def __init__(self) -> None:
        self._entry: Entry | None = None
        self._archive: zipfile.ZipFile | None = None

    def open(self, entry: Entry) -> zipfile.ZipFile:
        """The zip that an entry is; one that was opened before is closed.

        Raises:
            RefusedError: it is too large, or no zip.
        """
        if self._archive is None or self._entry is not entry:
            self._entry = self._archive = None  # before the next one is read
            try:
                self._archive = zipfile.ZipFile(io.BytesIO(entry.read(ZIP_BYTES)))
            except zipfile.BadZipFile as error:
                raise RefusedError("damaged: no zip") from error
            self._entry = entry
        return self._archive


Found = Entry | tuple[str, str]  # a file, or the name of one that is refused and why


def entries(source: Path) -> Iterator[Found]:
    """Everything in a folder or a zip, sorted by name.

    Raises:
        RefusedError: it is neither.
    """
    if source.is_dir():
        yield from _of_folder(source)
    elif zipfile.is_zipfile(source):
        yield from of_zip(zipfile.ZipFile(source))
    else:
        raise RefusedError(f"{source} is neither a folder nor a zip")


def inside(entry: Entry, opener: InnerZips) -> Iterator[Found]:
    """The files of a zip inside a source, their paths without the zip's own name.

    Args:
        opener: opens it, now and whenever a file in it is read.

    Raises:
        RefusedError: it is too large, or no zip.
    """
    inner = Inner(entry, opener)
    yield from _listed(inner.archive, inner)


def of_zip(archive: zipfile.ZipFile) -> Iterator[Found]:
    """The files of a zip; folders and what programs leave behind are passed over."""
    yield from _listed(archive, archive)


def _listed(archive: zipfile.ZipFile, source: zipfile.ZipFile | Inner) -> Iterator[Found]:
    """The files of a zip, to be read from `source`."""
    named = ((_name(info).replace("\\", "/"), info) for info in archive.infolist())
    listed = [(name, info) for name, info in named if not (name.endswith("/") or _is_cache(name))]
    if len(listed) > MAX_ENTRIES:
        raise RefusedError(f"{len(listed)} files, and no submission has more than {MAX_ENTRIES}")
    for name, info in sorted(listed, key=lambda one: one[0]):
        if reason := _trick(name, info.external_attr >> 16):
            yield name, reason
            continue
        yield Entry(name, source, info)


def _of_folder(folder: Path) -> Iterator[Found]:
    for place, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(files):
            path = Path(place, name)
            relative = path.relative_to(folder).as_posix()
            if _is_cache(relative):
                continue
            status = path.lstat()
            if not stat.S_ISREG(status.st_mode):
                yield relative, "no regular file"
                continue
            yield Entry(relative, folder, relative)


def _name(info: zipfile.ZipInfo) -> str:
    """The name in a zip: UTF-8 also where the zip does not say so, as those that macOS makes do not."""
    if info.flag_bits & UTF_8:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.filename


def _is_cache(name: str) -> bool:
    last = name.rpartition("/")[2]
    return (
        any(f"/{name}".find(f"/{cache}") >= 0 for cache in CACHE_FOLDERS)
        or last.startswith("._")
        or last == ".DS_Store"
    )


def _trick(name: str, mode: int) -> str:
    """Why a name or a mode in a zip is refused, empty where it is not."""
    parts = name.split("/")
    if name.startswith("/") or ".." in parts or (len(parts[0]) == 2 and parts[0][1] == ":"):
        return "its path leads out of the zip"
    if "\0" in name or any(ord(character) < 32 for character in name):
        return "its name holds characters that no file name has"
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return "a link or a device"
    return ""
