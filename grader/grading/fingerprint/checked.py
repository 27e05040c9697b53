"""What the verdicts of an assignment of ours rest on beside the submission, as a hash for each group.

It begins where verdicts are made and follows the imports: the code that runs checks, the sandbox's inside, the group's
own checks and the model solution.  Beside this count the files that lie around a submission in the sandbox, of
assignment.toml what decides this group's verdicts, and the versions of what computes.
"""

from __future__ import annotations

import ast
import functools
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace

from exercises.assignment import Assignment, foundations, load_assignment
from exercises.limits import USUAL
from grader import repository
from grader.checks.places import data_modules
from grader.grading.plan import NOTEBOOK
from grader.release.packages import given_bundle

from .imports import Reach, Scan, reach, scan_code, scan_module
from .versions import hash_files, hash_value, versions_of

# Where verdicts are made: on the trusted side, and in the process that the sandbox starts by name.
RUNNERS = (
    "grader.grading.checked.reading",
    "grader.grading.checked.groups",
    "grader.grading.checked.run",
    "grader.sandbox.inside.warm",
)


@dataclass(frozen=True)
class Basis:
    """What the verdicts of one group rest on.

    Attributes:
        code:      hash of all files and facts but for the thresholds.
        threshold: the thresholds of the trainings that the group reads, by task.
        versions:  of Python and of the packages that compute, by name.
    """

    code: str
    threshold: Mapping[str, Mapping[str, Mapping[str, float]]]
    versions: Mapping[str, str]

    @property
    def fingerprint(self) -> str:
        """Changes with all of this."""
        return hash_value([self.code, self.threshold, self.versions])


@functools.cache
def basis_of(assignment: str, group: str) -> Basis:
    """What the verdicts of a group rest on, read once in each process.

    Raises:
        ModuleNotFoundError: a module that verdicts are known to rest on does not exist.
        ReleaseError: one of the files that every assignment has is missing.
        SyntaxError: a file is not Python.
    """
    facts = load_assignment(assignment)
    tasks = [task.name for task in facts.tasks]
    if group not in (*tasks, NOTEBOOK):
        raise ValueError(f"{assignment} has no group {group!r}; choose one of {', '.join((*tasks, NOTEBOOK))}")
    shared, given = _shared(assignment)
    cells: list[Scan] = []
    if group == NOTEBOOK:
        cells += _scans_of_notebook(assignment)
        stubs = [f"{facts.package}.{module}" for module in facts.modules]  # the submission's stand in their place
        judging = reach((), scans=cells, without=stubs)
    else:
        judging = reach(_checks(assignment, group))
    mine = [scan_module(content, path) for path, content in judging.files.items() if path not in shared.files]
    rules = {name: asdict(facts.training[name]) for name in _trainings(facts, group, [*cells, *mine])}
    threshold = {name: one.pop("threshold") for name, one in rules.items()}
    decided = {
        "version": facts.version,
        "modules": facts.modules,
        "data": facts.data,
        "builds_on": foundations(assignment),
        "limits": asdict(facts.limits if group == NOTEBOOK else replace(facts.limits, notebook_s=USUAL.notebook_s)),
        "task": [(task.name, task.module, task.points) for task in facts.tasks if task.name == group],
        "training": rules,
        "given": facts.given,
    }
    files = {**shared.files, **judging.files}
    if group == NOTEBOOK:
        path = repository.notebook(assignment)
        files[repository.relative(path)] = path.read_bytes()
    code = hash_value([hash_files(files), given, decided])
    return Basis(code, threshold, versions_of(sorted(shared.packages | judging.packages)))


def _trainings(facts: Assignment, group: str, scans: list[Scan]) -> list[str]:
    """The tasks whose budget and thresholds decide a group's verdicts.

    A task's own; beside it those that its checks name.  Whoever reads rules and names no task may read all of them.
    """
    reading = [scan for scan in scans if scan.reads_rules]
    named = {name for scan in reading for name in facts.training if name in scan.words}
    if group in facts.training:
        named.add(group)
    return [name for name in facts.training if name in named or (reading and not named)]


@functools.cache
def _shared(assignment: str) -> tuple[Reach, str]:
    """What all groups of an assignment rest on: the code that runs them, and the hash of the given files."""
    facts = load_assignment(assignment)
    given = _given_files(facts)
    scans = [scan_module(content, path) for path, content in given.items() if path.endswith(".py")]
    solution = [f"solutions.{assignment}.{module}" for module in facts.modules]
    return reach([*RUNNERS, *solution, *data_modules(assignment)], scans=scans), hash_files(given)


def forget() -> None:
    """Read everything anew when it is asked for next, as a new process would."""
    basis_of.cache_clear()
    _shared.cache_clear()


def _checks(assignment: str, task: str) -> tuple[str, str]:
    """The modules with a task's checks, public and hidden."""
    return f"exercises.{assignment}.checks.{task}", f"grader.checks.{assignment}.{task}"


def _given_files(facts: Assignment) -> dict[str, bytes]:
    """The files of any kind that lie around a submission in the sandbox, and that belong to the assignment.

    Checks and what all assignments share are left out: they count where they are imported.  So is assignment.toml,
    since a new deadline changes no verdict, and the stubs, which the submission takes the place of.
    """
    bundle = given_bundle(facts.name)
    folders = tuple(f"exercises/{name}/" for name in (facts.name, *foundations(facts.name)))
    checks = tuple(f"{folder}checks/" for folder in folders)
    return {
        path: content
        for path, content in bundle.items()
        if path != f"exercises/{facts.name}/assignment.toml"
        and (path.startswith(folders) or not path.endswith(".py"))
        and not (path.startswith(checks) and path.endswith(".py"))
    }


def _scans_of_notebook(assignment: str) -> Iterator[Scan]:
    """What the cells of the released notebook import."""
    cells = json.loads(repository.notebook(assignment).read_bytes())["cells"]
    for cell in cells:
        if cell["cell_type"] == "code":
            lines = "".join(cell["source"]).splitlines()
            source = "\n".join(line for line in lines if not line.lstrip().startswith(("%", "!")))
            try:
                yield scan_code(ast.parse(source), [])
            except SyntaxError:  # more of IPython's own language: its text counts all the same
                continue
