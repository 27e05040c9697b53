"""What `assignment.toml` says: tasks, points, budgets, thresholds."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from .syntax import version

EXERCISES = Path(__file__).resolve().parent
MODULE_BYTES = 64 * 1024  # what grading reads of each: more is refused there
NOTEBOOK_BYTES = 20 * 1024 * 1024
IMPORT_ALLOWANCE_S = 20  # processor time that importing one module may take while it is graded


@dataclass(frozen=True)
class Task:
    """A task whose points come from checks.  `module` is the file that the student edits for it."""

    name: str
    title: str
    module: str
    points: float


@dataclass(frozen=True)
class Question:
    """A written question, marked by a person.

    Attributes:
        rubric: what an answer gets points for, in words, where a course has no text of its own; students can read it.
    """

    name: str
    title: str
    points: float
    rubric: str = ""


@dataclass(frozen=True)
class Accuracy:
    """The accuracy task's budget and thresholds.

    Attributes:
        images_seen:  how many images the training may look at, for a network as costly as the reference.
        chance_like:  accuracy that is worth nothing; points grow linearly from here to the threshold.
        threshold:    accuracies that are worth full points, by name, for each source of data ("generated", "mnist" …).
    """

    images_seen: int
    train_images: int
    test_images: int
    chance_like: float
    threshold: dict[str, dict[str, float]]


NOTHING_TRAINED = Accuracy(images_seen=0, train_images=0, test_images=0, chance_like=0.0, threshold={})


@dataclass(frozen=True)
class Assignment:
    """One assignment, as its toml file describes it.

    Attributes:
        accuracy:  NOTHING_TRAINED, without thresholds, where there is no task that trains.
        deadline:  where a course sets no other.
        late:      what lateness costs where a course does not say it, as course.toml would have it under [late].
        python:    the Python that grading uses, "3.11": what a newer one brought is not understood there.
        data:      the kind of data that it is about: "digits" or "speech"; empty where it needs none.
        builds_on: earlier assignments whose model solutions come with this one, as the file names them; `foundations`
                   follows them down.
    """

    name: str
    title: str
    version: int
    deadline: datetime
    tasks: tuple[Task, ...]
    questions: tuple[Question, ...]
    accuracy: Accuracy = NOTHING_TRAINED
    data: str = ""
    builds_on: tuple[str, ...] = ()
    python: str = "3.11"
    late: dict[str, Any] | None = None

    @property
    def modules(self) -> tuple[str, ...]:
        """The student's modules, in the order in which they build on each other."""
        return tuple(dict.fromkeys(task.module for task in self.tasks))

    @property
    def package(self) -> str:
        return f"exercises.{self.name}"

    def task(self, name: str) -> Task:
        """The task of this name.

        Raises:
            ValueError: there is none; the message lists those that there are.
        """
        for task in self.tasks:
            if task.name == name:
                return task
        names = ", ".join(task.name for task in self.tasks)
        raise ValueError(f"{self.name} has no task {name!r}; its tasks are {names}")


def foundations(assignment: str) -> tuple[str, ...]:
    """All assignments that this one builds on, and those that they build on, each once, the deepest first.

    For the course's repository: students have no assignment.toml of the earlier ones.

    Raises:
        ValueError: one of them is missing or not complete, or builds on itself in the end.
    """
    found: dict[str, None] = {}
    _collect_foundations((assignment,), found)
    return tuple(found)


def _collect_foundations(path: tuple[str, ...], found: dict[str, None]) -> None:
    """Add what the last one of a path builds on; the path begins with the assignment that was asked for."""
    for name in load_assignment(path[-1]).builds_on:
        place = f"{path[-1]}/assignment.toml: builds_on names {name!r}"
        if name in path:
            circle = ", which builds on ".join((*path[path.index(name) :], name))
            raise ValueError(f"{place}, which makes a circle: {circle}; take one of them out")
        if name not in assignment_names():
            raise ValueError(f"{place}, and there is none; choose from {', '.join(assignment_names())}")
        if name not in found:
            _collect_foundations((*path, name), found)
            found[name] = None


def assignment_names() -> list[str]:
    """The assignments that are here, sorted."""
    return sorted(path.parent.name for path in EXERCISES.glob("*/assignment.toml"))


def load_assignment(name: str) -> Assignment:
    """Read `exercises/<name>/assignment.toml`.

    Raises:
        ValueError: there is no such assignment, or its file is not complete; the message says what to do.
    """
    path = EXERCISES / name / "assignment.toml"
    if not path.is_file():
        raise ValueError(f"there is no assignment {name!r}; choose one of: {', '.join(assignment_names())}")
    try:
        found = _parse(path.read_text(encoding="utf-8"))
    except (KeyError, TypeError, ValueError) as error:  # what is no TOML is a ValueError too
        raise ValueError(f"{name}/assignment.toml: {type(error).__name__}: {error}") from error
    if found.name != name:  # some file systems find "Digits" where "digits" lies
        known = ", ".join(assignment_names())
        raise ValueError(f"{name}/assignment.toml is that of {found.name!r}, by its name; choose one of: {known}")
    return found


@functools.lru_cache(maxsize=16)  # grading one submission asks a dozen times
def _parse(text: str) -> Assignment:
    data: dict[str, Any] = tomllib.loads(text)
    return Assignment(
        name=data["name"],
        title=data["title"],
        version=data["version"],
        deadline=data["deadline"],
        tasks=tuple(Task(**task) for task in data["task"]),
        questions=tuple(Question(**question) for question in data.get("question", ())),
        accuracy=Accuracy(**data["accuracy"]) if "accuracy" in data else NOTHING_TRAINED,
        data=data.get("data", ""),
        builds_on=_names(data.get("builds_on", ())),
        python=".".join(map(str, version(data.get("python", "3.11")))),
        late=data.get("late"),
    )


def _names(value: Any) -> tuple[str, ...]:
    """What `builds_on` says: a name, or a list of them, each once."""
    names = value if not isinstance(value, str) else (value,) if value else ()
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) and name for name in names):
        raise ValueError(f'builds_on = {value!r}, but it is a name, or a list of names: builds_on = ["digits"]')
    return tuple(dict.fromkeys(names))
