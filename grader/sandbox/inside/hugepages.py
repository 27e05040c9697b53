"""Large pages for what a process holds and its forks only read: a fork copies a table entry for each page.

Importing torch leaves 350 MB of tables behind, which no file backs.  In pages of 4 KB a fork and its end copy and drop
90,000 entries, for 20 ms; in pages of 2 MB a few hundred.  Where a fork writes, the kernel splits a large page again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from . import syscalls

LARGE = 2 << 20  # bytes, on x86_64, and on aarch64 with its usual pages of 4 KB


def use_large_pages() -> int:
    """Gather this process's own memory into large pages, as far as the kernel can.

    Left as it is: the memory of Python's small objects.  Forks count references in it all over the place, and would
    split every page.

    Returns:
        how many bytes were gathered, 0 where the kernel offers nothing of the kind (before Linux 6.1).
    """
    with open("/proc/self/maps", encoding="utf-8", errors="replace") as lines:
        ranges = list(tables(lines))
    return sum(end - begin for begin, end in ranges if syscalls.collapse(begin, end - begin))


def tables(maps: Iterable[str]) -> Iterator[tuple[int, int]]:
    """From /proc/self/maps: the heap, and what follows a library's data (its variables that start as 0)."""
    end_of_data = 0
    for line in maps:
        addresses, access, _, _, _, *path = line.split(maxsplit=5)
        begin, end = (int(address, 16) for address in addresses.split("-"))
        name = path[0].strip() if path else ""
        if access == "rw-p" and (name == "[heap]" or (not name and begin == end_of_data)):
            first, last = -(-begin // LARGE) * LARGE, end // LARGE * LARGE
            if first < last:
                yield first, last
        end_of_data = end if access == "rw-p" and name.startswith("/") else 0
