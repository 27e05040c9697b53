"""What holds for every test: one thread, and the virtual environment's programs on the PATH."""

import os
import sys
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"  # read once, when torch is imported
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])  # nbgrader runs alembic

import pytest
import torch

from tests.long_runs import BeginWithin, FailuresAtOnce, longest_first

torch.set_num_threads(1)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--all-answers",
        action="store_true",
        help="look at every answer of the galleries where a sample is looked at (an hour)",
    )
    parser.addoption(
        "--begin-within",
        type=float,
        metavar="SECONDS",
        help="begin no test later than this after the start; those not begun are skipped, and counted by file",
    )


@pytest.hookimpl(trylast=True)  # once there is a terminal
def pytest_configure(config: pytest.Config) -> None:
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    if terminal is not None:  # the workers of xdist have none
        config.pluginmanager.register(FailuresAtOnce(terminal), "failures at once")
    if (seconds := config.getoption("begin_within")) is not None:
        config.pluginmanager.register(BeginWithin(seconds), "begin within")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    longest_first(items)
