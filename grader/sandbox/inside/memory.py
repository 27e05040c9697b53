"""A process that has used up its memory says so: in words, with a reserve for them, or by its exit code."""

from __future__ import annotations

import errno
import mmap

RESERVE = 16 << 20  # bytes: for an exception's report, and to send it
OUT_OF_MEMORY = 77  # exit code of a session that could not even read a request
TORCHS_WORDS = "can't allocate memory"  # in a RuntimeError


class Reserve:
    """Memory that is kept free for the moment in which there is none left.  It takes addresses, and no pages."""

    def __init__(self) -> None:
        self._kept: mmap.mmap | None = None
        self.take()

    def take(self) -> None:
        """Keep it, where there is as much."""
        if self._kept is None:
            try:
                self._kept = mmap.mmap(-1, RESERVE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
            except (OSError, MemoryError):
                self._kept = None

    def release(self) -> None:
        """Let go of it, until it is taken again."""
        if self._kept is not None:
            self._kept.close()
            self._kept = None


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an exception says that a process may have no more memory."""
    if isinstance(error, OSError):
        return error.errno == errno.ENOMEM
    return isinstance(error, MemoryError) or (isinstance(error, RuntimeError) and TORCHS_WORDS in str(error))


def used_up(memory_mb: int) -> str:
    """What is said of it."""
    return f"used more than {memory_mb:,} MB of memory"
