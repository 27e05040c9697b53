"""What the last check of each task was about: which files, how they stood, and when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from ..given import digest
from .kept import keep, read_kept
from .verdict import Status, Verdict

KEPT = "checked.json"


@dataclass(frozen=True)
class Latest:
    """The last run of a task's public checks.

    Attributes:
        when:   by the clock of this computer, to the minute.
        passed: how many of the `count` checks passed; extra credit is not counted.
        files:  digest of each of the student's modules as it was then, by its name.
    """

    when: str
    passed: int
    count: int
    files: dict[str, str]


def read_latest(folder: Path) -> dict[str, Latest]:
    """The last run of each task by its name; empty where nothing is known."""
    try:
        return {str(task): Latest(**one) for task, one in read_kept(folder, KEPT).items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def note_latest(folder: Path, tasks: Iterable[str], verdicts: Iterable[Verdict], modules: Mapping[str, bytes]) -> None:
    """Note down a run of these tasks that came to its end; where the folder cannot be written to, nothing happens."""
    done = list(verdicts)
    when = f"{datetime.now():%Y-%m-%d %H:%M}"
    files = {name: digest(content) for name, content in modules.items()}
    found = read_latest(folder)
    for task in tasks:
        due = [verdict.status is Status.PASSED for verdict in done if verdict.task == task and not verdict.extra]
        found[task] = Latest(when, sum(due), len(due), files)
    keep(folder, KEPT, {task: asdict(one) for task, one in found.items()})


def unchanged(latest: Mapping[str, Latest], tasks: Mapping[str, Iterable[str]], modules: Mapping[str, bytes]) -> str:
    """A question where a check that failed is run again on the very same files: perhaps a change was not saved.

    Args:
        latest: before this run.
        tasks:  the student's modules that each of the checked tasks rests on.
    """
    files = {name: digest(content) for name, content in modules.items()}
    again = {
        task: run for task, run in latest.items() if task in tasks and run.passed < run.count and run.files == files
    }
    if not again:
        return ""
    names = ", ".join(f"{name}.py" for name in dict.fromkeys(name for task in again for name in tasks[task]))
    when = max(run.when for run in again.values())
    return f"as at the last check ({when}): {names}; if you have changed that since, is it saved?"


def since(
    latest: Mapping[str, Latest], tasks: Mapping[str, Iterable[str]], modules: Mapping[str, bytes], command: str
) -> str:
    """What is known of the public checks of all tasks on these very files, and what to do where that is too little.

    Args:
        tasks: the student's modules that each task rests on.
    """
    files = {name: digest(content) for name, content in modules.items()}
    runs = {task: latest.get(task) for task in tasks}
    if missing := [task for task, run in runs.items() if run is None]:
        which = f" for {', '.join(missing)}" if len(missing) < len(runs) else ""
        return f"public checks: never run{which}; run {command}"
    known = {task: run for task, run in runs.items() if run}
    stale = []
    for task, run in known.items():
        changed = [f"{name}.py" for name in sorted(tasks[task]) if run.files.get(name) != files.get(name)]
        stale += [f"{task} ({', '.join(changed)} changed after {run.when})"] if changed else []
    if stale:
        return f"public checks: not run on these files for {', '.join(stale)}; run {command}"
    passed, count = sum(run.passed for run in known.values()), sum(run.count for run in known.values())
    return f"public checks: {passed} of {count} passed on these files ({max(run.when for run in known.values())})"
