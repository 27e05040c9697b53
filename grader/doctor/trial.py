"""The real thing: start the sandbox, and look from inside at what student code would find there."""

from __future__ import annotations

import shlex
import sysconfig
from collections.abc import Callable
from pathlib import Path

from .finding import Finding
from .kernel import CONTAINER_FLAGS

Unreadable = tuple[int, list[str]]
WALK_S = 60.0  # of processor time: an environment has some 50,000 files


def findings(look: Callable[[list[str]], Unreadable] | None = None) -> list[Finding]:
    """Whether a container starts, and whether its user can read the interpreter's and the packages' files.

    Args:
        look: asks from inside the sandbox which files below these folders cannot be read.
    """
    folders = sorted({sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib")})
    try:
        count, examples = (look or look_from_inside)(folders)
    except Exception as error:  # a broken torch ends in errors of any kind, and all of them are to be told
        return [Finding("sandbox", False, f"{type(error).__name__}: {str(error)[-500:]}", _advice(str(error)))]
    started = Finding("sandbox", True, "a container starts, and torch is there")
    if count == 0:
        return [started, Finding("readable files", True, "the sandbox's user can read every installed file")]
    what = f"the sandbox's user cannot read {count} installed files, among them {', '.join(examples)}"
    mend = f"sudo chmod -R a+rX {' '.join(shlex.quote(folder) for folder in folders)}"
    return [started, Finding("readable files", False, what, mend)]


def proc_is_hidden(message: str) -> bool:
    """Whether a sandbox did not start since parts of a container's /proc are hidden: the kernel grants no fresh one."""
    return "mount /proc" in message


def _advice(message: str) -> str:
    if proc_is_hidden(message):
        return f"start the container with: docker run {CONTAINER_FLAGS} …"
    return "mend what is named above, then run this again; where nothing is, report this line and uname -a"


def look_from_inside(folders: list[str]) -> Unreadable:
    """Start the warm process and one container, and run `reading` in it in the place of a student's module."""
    from grader.sandbox.outside.budget import Allowance, Budget
    from grader.sandbox.outside.container import Container
    from grader.sandbox.outside.student import RemoteStudent

    module = Path(__file__).with_name("reading.py").read_bytes()
    files = {"exercises/__init__.py": b"", "exercises/doctor/__init__.py": b"", "exercises/doctor/reading.py": module}
    with Container(files) as container:
        budget = Budget(request=Allowance(cpu_s=WALK_S, wall_s=4 * WALK_S))
        student = RemoteStudent(container, "doctor", {}, budget)
        count, examples = student.reading.unreadable(folders)
        student.fresh_process()  # ends the session that the question was asked in
    return int(count), [str(path) for path in examples]
