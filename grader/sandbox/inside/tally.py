"""What processes have used, added up from /proc: the kernel's own limits hold for each process alone."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

PAGE = os.sysconf("SC_PAGE_SIZE")
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
    """Resident memory that no file backs."""
    fields = _read(process, "statm").split()
    return (int(fields[1]) - int(fields[2])) * PAGE / (1 << 20) if fields else 0.0


def _proportional_mb(process: int) -> float:
    """Its fair share of the memory that no file backs; all of it where it has made itself unreadable."""
    for line in _read(process, "smaps_rollup").splitlines():
        name, _, value = line.partition(":")
        if name == "Pss_Anon":
            return int(value.split()[0]) / 1024
    return _private_mb(process)


def _read(process: int, name: str) -> str:
    try:
        return Path(f"/proc/{process}/{name}").read_text(errors="replace")
    except OSError:
        return ""
