"""Private data of a run, drawn once for all its processes.

They lie in memory that has no name: only processes that were handed its descriptor reach it, and it is gone with the
last of them, however that ended.  The descriptor is never handed to a sandbox: what is exec'd or forked there gets none
that it was not given.
"""

from __future__ import annotations

import fcntl
import os
import pickle
import struct
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")
ENTRY = struct.Struct(">32sQ")  # hash of what it is, length of what follows


class SharedMemory:
    """Values that one of several processes has made and all of them read.

    One after the other, each with its key in front: a process that is killed while it writes leaves an entry that is
    cut off, which the next one writes anew.

    Args:
        descriptor: of memory made by `make`, shared with the others.
    """

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    @classmethod
    def make(cls) -> SharedMemory:
        """Empty memory; it does not outlive an exec."""
        return cls(os.memfd_create("private", os.MFD_CLOEXEC))

    def once(self, key: bytes, draw: Callable[[], T]) -> T:
        """The value of a key: read, or drawn here while the others wait.

        Args:
            key: 32 bytes that follow from all that the value depends on.
        """
        fcntl.lockf(self.descriptor, fcntl.LOCK_EX)
        try:
            found, end = self._find(key)
            if found is None:
                drawn = draw()
                self._append(end, key, pickle.dumps(drawn, protocol=pickle.HIGHEST_PROTOCOL))
                return drawn
        finally:
            fcntl.lockf(self.descriptor, fcntl.LOCK_UN)
        value: T = pickle.loads(found)
        return value

    def _find(self, key: bytes) -> tuple[bytes | None, int]:
        """The bytes of an entry, None where there is none, and where the last whole entry ends."""
        at, size = 0, os.fstat(self.descriptor).st_size
        while at + ENTRY.size <= size:
            name, length = ENTRY.unpack(_read(self.descriptor, ENTRY.size, at))
            begin, end = at + ENTRY.size, at + ENTRY.size + length
            if end > size:
                break
            if name == key:
                return _read(self.descriptor, length, begin), end
            at = end
        return None, at

    def _append(self, at: int, key: bytes, value: bytes) -> None:
        entry = memoryview(ENTRY.pack(key, len(value)) + value)
        os.ftruncate(self.descriptor, at)
        while entry:
            written = os.pwrite(self.descriptor, entry, at)
            at, entry = at + written, entry[written:]

    def close(self) -> None:
        """Let go of it here; again, nothing happens."""
        descriptor, self.descriptor = self.descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)


def _read(descriptor: int, length: int, at: int) -> bytes:
    parts: list[bytes] = []
    while length and (part := os.pread(descriptor, length, at)):
        parts.append(part)
        at, length = at + len(part), length - len(part)
    return b"".join(parts)


_mine: SharedMemory | None = None


def share(descriptor: int) -> None:
    """From here on this process reads and draws what it shares with others in this memory."""
    global _mine
    _mine = SharedMemory(descriptor)


def drawn_once(key: bytes, draw: Callable[[], Any]) -> Any:
    """What `draw` gives, drawn by one of the processes that share memory; by this one where nothing is shared."""
    return draw() if _mine is None else _mine.once(key, draw)
