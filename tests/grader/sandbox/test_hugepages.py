"""Which memory is gathered into large pages."""

from __future__ import annotations

from grader.sandbox.inside import hugepages

MAPS = """\
10000000-10600000 r-xp 00000000 08:01 7    /usr/lib/libtables.so
10600000-10700000 rw-p 00600000 08:01 7    /usr/lib/libtables.so
10700000-10f00000 rw-p 00000000 00:00 0
10f00000-11f00000 rw-p 00000000 00:00 0
20100000-20f00000 rw-p 00000000 00:00 0    [heap]
30000000-30100000 rw-p 00000000 00:00 0    [heap]
40000000-41000000 rw-p 00000000 00:00 0
50000000-51000000 rw-s 00000000 00:01 9    /dev/shm/shared file
51000000-52000000 r--p 00000000 00:00 0
"""


def test_heap_and_memory_without_a_file_are_found_and_cut_to_large_pages() -> None:
    found = list(hugepages.tables(MAPS.splitlines(keepends=True)))
    assert found == [
        (0x10800000, 0x10E00000),
        (0x11000000, 0x11E00000),
        (0x20200000, 0x20E00000),
        (0x40000000, 0x41000000),
    ]


def test_shared_memory_files_and_what_nobody_writes_are_left_as_they_are() -> None:
    kept = [
        line for line in MAPS.splitlines() if " r" in line[:24] and (" rw-s" in line or "/" in line or " r--p" in line)
    ]
    assert len(kept) == 4
    assert list(hugepages.tables(kept)) == []
