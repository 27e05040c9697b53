"""JupyterLab on a folder, as a process of its own: for a course with nbgrader's formgrader, or for a student."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen

from grader.nbgrader_base.options import REPOSITORY_VARIABLE
from grader.repository import REPOSITORY

START_S = 120.0  # a busy machine imports the server and nbgrader's extensions for half a minute
STOP_S = 10.0


class LabError(RuntimeError):
    """JupyterLab did not start; the message says what it said."""


@dataclass
class Lab:
    """A running JupyterLab; `with` stops it at the end."""

    process: subprocess.Popen[bytes]
    address: str
    token: str

    def url(self, path: str = "/lab", **query: str) -> str:
        """The address of a page, token included: whoever has it can run code as the user who started this."""
        return f"{self.address}{path}?{urlencode({**query, 'token': self.token})}"

    def __enter__(self) -> Lab:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start_lab(
    folder: Path,
    options: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
    port: int = 0,
    log: Path | None = None,
) -> Lab:
    """Start JupyterLab on a folder and wait until it answers.

    Args:
        folder:      its root and working folder: where nbgrader looks for nbgrader_config.py.
        options:     for `jupyter lab`, besides those that are set here.
        environment: of the process; this one's without it.
        port:        0 for any free one.
        log:         a file for what it writes; to standard error without one.

    Raises:
        LabError: it ended, or did not answer in time.
    """
    port, token = port or _free_port(), secrets.token_urlsafe(24)
    command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--ip=127.0.0.1", f"--port={port}"]
    command += ["--ServerApp.port_retries=0", f"--ServerApp.root_dir={folder.resolve()}", *options]
    if os.geteuid() == 0:
        command.append("--allow-root")
    variables = {**(os.environ if environment is None else environment), "JUPYTER_TOKEN": token}
    variables[REPOSITORY_VARIABLE] = str(REPOSITORY)  # formgrader's buttons grade with what runs here
    programs = str(Path(sys.executable).parent)
    variables["PATH"] = os.pathsep.join([programs, variables.get("PATH", os.defpath)])
    output = log.open("wb") if log else None
    # A session of its own: Ctrl-C is for whoever started this, who then stops it without being asked twice.
    process = subprocess.Popen(command, cwd=folder, env=variables, stdout=output, stderr=output, start_new_session=True)
    if output:
        output.close()
    lab = Lab(process, f"http://127.0.0.1:{port}", token)
    try:
        _wait_until_it_answers(lab, log)
    except BaseException:
        lab.__exit__()
        raise
    return lab


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_it_answers(lab: Lab, log: Path | None) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        if lab.process.poll() is not None:
            break
        try:
            with urlopen(lab.url("/api/status"), timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.2)
    said = log.read_text(encoding="utf-8", errors="replace")[-2000:] if log else "its messages are above"
    raise LabError(f"JupyterLab does not answer at {lab.address}: {said}")
