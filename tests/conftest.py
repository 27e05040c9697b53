"""What holds for every test: one thread, and the virtual environment's programs on the PATH."""

import os
import sys
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"  # read once, when torch is imported
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])  # nbgrader runs alembic

import pytest
import torch

torch.set_num_threads(1)


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


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--all-answers",
        action="store_true",
        help="let the sandbox judge every answer of the galleries, not one mistake for each check (an hour)",
    )


@pytest.hookimpl(trylast=True)  # once there is a terminal
def pytest_configure(config: pytest.Config) -> None:
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    if terminal is not None:  # the workers of xdist have none
        config.pluginmanager.register(FailuresAtOnce(terminal), "failures at once")
