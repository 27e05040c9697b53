"""A run that may be long: failures are named at once, what takes longest begins first, and a run may have to end."""

from __future__ import annotations

import time

import pytest

# What takes minutes, the longest first: on two cores no long one is left alone at the end, and where a run has to end
# it is short ones that were not begun.
LONGEST = (
    "tests/gauntlet/test_gauntlet.py",
    "tests/grader/checks/test_galleries.py",
    "tests/grader/test_toolkit.py",
    "tests/grader/authoring/test_new_assignment.py",
    "tests/exercises/test_digits_notebook.py",
    "tests/exercises/test_one_story.py",
    "tests/grader/checks/test_letters.py",
    "tests/grader/adopt/test_adopt_scores.py",
    "tests/exercises/test_architectures_notebook.py",
    "tests/exercises/test_transfer_notebook.py",
    "tests/exercises/test_spoken_notebook.py",
)


class FailuresAtOnce:
    """Names a failed test as soon as it has failed: a run that is cut short would never list it."""

    def __init__(self, terminal: pytest.TerminalReporter) -> None:
        self.terminal = terminal

    @pytest.hookimpl(trylast=True)  # after the terminal's own letter
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.terminal.write_line(
                f"\n{report.nodeid} failed in {report.when} after {report.duration:.0f} s", red=True
            )
            crash = getattr(report.longrepr, "reprcrash", None)  # what a worker's death leaves is a text
            self.terminal.write_line(crash.message if crash else report.longreprtext)


class BeginWithin:
    """Begins no test once the time is over, and says of which file: a line and a number each in the closing list."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.end = time.monotonic() + seconds

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        if time.monotonic() > self.end:
            pytest.skip(f"NOT BEGUN within {self.seconds:.0f} s: {item.location[0]}")


def longest_first(items: list[pytest.Item]) -> None:
    """Sort tests in place; within a file, and among files that take seconds, their order stays."""
    last = len(LONGEST)
    place = {name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.location[0], last))
