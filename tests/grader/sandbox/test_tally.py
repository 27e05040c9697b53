"""What a process has taken is added up from what the kernel says of it, swapped pages and tables of pages with it."""

from __future__ import annotations

import pytest

from grader.sandbox.inside import tally as module
from grader.sandbox.inside.tally import tally

FILES = {
    "stat": "7 (a) b) S 1 7 7 0 -1 0 0 0 0 0 100 50 20 30 20 0 1 0 0",
    "status": "Name:\tpython\nVmRSS:\t  900000 kB\nRssAnon:\t  102400 kB\nRssFile:\t  700000 kB\nVmPTE:\t  2048 kB\n"
    "VmSwap:\t  307200 kB\nThreads:\t1\n",
    "smaps_rollup": "1000-2000 ---p 00000000 00:00 0  [rollup]\nRss:  900000 kB\nPss_Anon:  20480 kB\nPss_File:  1 kB\n"
    "Swap:  307200 kB\nSwapPss:  61440 kB\n",
}


@pytest.mark.parametrize(("suspicious_mb", "memory_mb"), [(1000, 2 * (100 + 300 + 2)), (500, 2 * (20 + 60 + 2))])
def test_memory_is_what_no_file_backs_and_where_that_is_much_a_fair_share_of_it(
    monkeypatch: pytest.MonkeyPatch, suspicious_mb: float, memory_mb: float
) -> None:
    monkeypatch.setattr(module, "_read", lambda process, name: FILES[name])
    used = tally([7, 8], suspicious_mb)
    assert used.memory_mb == memory_mb
    assert used.cpu_s == pytest.approx(2 * 200 / module.TICKS)


def test_process_that_cannot_be_read_counts_in_full_and_one_that_has_ended_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shut = {**FILES, "smaps_rollup": ""}
    monkeypatch.setattr(module, "_read", lambda process, name: shut[name] if process == 7 else "")
    assert tally([7, 8], suspicious_mb=100).memory_mb == 402
