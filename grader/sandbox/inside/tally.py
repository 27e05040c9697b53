"""What processes have used, added up from /proc: the kernel's own limits hold for each process alone."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Tally:
    """Attributes: cpu_s: of processes that live, and of children that they have waited for."""

    cpu_s: float = 0.0
    memory_mb: float = 0.0


def tally(processes: Collection[int], suspicious_mb: float) -> Tally:
    """Add up what these processes use; one that has ended counts nothing.

    Args:
        suspicious_mb: up to here memory is a quick estimate that may be far too high: pages that a fork shares with its
            parent count in both. Above, each page is divided by the number of those who share it, which takes longer.
    """
    cpu_s = sum(_cpu_s(process) for process in processes)
    estimate = sum(_private_mb(process) for process in processes)
    if estimate > suspicious_mb:
        estimate = sum(_proportional_mb(process) for process in processes)
    return Tally(cpu_s, estimate)


def _cpu_s(process: int) -> float:
    """Fields 14 to 17 of stat: user and system time, of the process and of the children that it has waited for."""
    fields = _read(process, "stat").rpartition(")")[2].split()  # the name before may hold anything
    return sum(map(int, fields[11:15])) / TICKS


def _private_mb(process: int) -> float:
    """Memory that no file backs, what of it has been swapped out, and the tables of its pages."""
    return _sum_mb(_read(process, "status"), ("RssAnon", "VmSwap", "VmPTE"))


def _proportional_mb(process: int) -> float:
    """Its fair share of that; all of it where it has made itself unreadable."""
    shares = _read(process, "smaps_rollup")
    if not shares:
        return _private_mb(process)
    return _sum_mb(shares, ("Pss_Anon", "SwapPss")) + _sum_mb(_read(process, "status"), ("VmPTE",))


def _sum_mb(text: str, names: Collection[str]) -> float:
    """The sum of the lines "name: number kB" that have one of these names."""
    found = 0
    for line in text.splitlines():
        name, _, value = line.partition(":")
        if name in names:
            found += int(value.split()[0])
    return found / 1024


def _read(process: int, name: str) -> str:
    try:
        return Path(f"/proc/{process}/{name}").read_text(errors="replace")
    except OSError:
        return ""
