"""What the verdicts of an assignment of ours rest on beside the submission, as a hash."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from exercises.assignment import load_assignment
from grader.grading.plan import NOTEBOOK
from grader.repository import REPOSITORY

CODE = (".py", ".toml", ".ipynb")


@functools.cache
def _code_version(assignment: str, group: str) -> str:
    """Hash of torch's version and of the code that a group's verdicts rest on."""
    facts = load_assignment(assignment)
    digest = hashlib.sha256(f"{version('torch')} {facts.version} {facts.accuracy}".encode())
    for path in sorted(set(_rests_on(assignment, group))):
        if path.suffix in CODE and path.name != "assignment.toml":  # a new deadline changes no verdict
            digest.update(str(path.relative_to(REPOSITORY)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _rests_on(assignment: str, group: str) -> Iterator[Path]:
    """The framework, the reference and the given files; of the checks, those of this group alone."""
    facts = load_assignment(assignment)
    tasks = {task.name for task in facts.tasks}
    given, reference = REPOSITORY / "exercises" / assignment, REPOSITORY / "solutions" / assignment
    yield from REPOSITORY.glob("exercises/*")
    yield from REPOSITORY.glob("datasets/*")
    yield from REPOSITORY.glob("grader/sandbox/**/*")
    yield from REPOSITORY.glob("grader/model/*")
    yield from REPOSITORY.glob("grader/grading/*")
    yield from REPOSITORY.glob("grader/grading/checked/*")
    yield from REPOSITORY.glob("grader/checks/private/*")
    yield from (path for path in given.glob("*.py") if path.stem not in facts.modules)
    if facts.builds_on:
        yield from (REPOSITORY / "exercises" / facts.builds_on).glob("**/*.py")
        yield from (REPOSITORY / "solutions" / facts.builds_on).glob("*.py")
    if group == NOTEBOOK:
        yield from (path for path in given.glob("**/*") if path.parent.name != "checks")
        yield from REPOSITORY.glob("grader/notebook/*")
        yield from REPOSITORY.glob("grader/release/*")
        return
    yield from REPOSITORY.glob("exercises/checking/*")
    yield from REPOSITORY.glob("grader/checks/*")
    yield from (reference / f"{module}.py" for module in facts.modules)
    for folder in (given / "checks", REPOSITORY / "grader" / "checks" / assignment):
        yield from (path for path in folder.glob("*.py") if path.stem == group or path.stem not in tasks)
