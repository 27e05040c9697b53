"""What `assignment.toml` says: tasks, points, budgets, thresholds."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from .limits import USUAL, AssignmentLimits
from .syntax import version
from .tables import (
    ANYTHING,
    COUNT,
    LEVEL,
    MOMENT,
    NAME,
    NUMBER,
    POINTS,
    SWITCH,
    TABLE,
    TABLES,
    TEXT,
    TITLE,
    is_number,
    read_table,
    refuse_twice,
)

EXERCISES = Path(__file__).resolve().parent
MODULE_BYTES = 64 * 1024  # what grading reads of each: more is refused there
NOTEBOOK_BYTES = 20 * 1024 * 1024
FRAMEWORK_MODULES = {  # beside a student's own
    "probe": "exercises.checking.probe",
    "learning": "exercises.learning",
    "recording": "exercises.recording",
}
BESIDE_MODULES = ("clean", "fresh_process", "seed", "settle", "source", "sources")  # what else `Student` has
GENERATED = "generated"  # the source of data that everybody has
REQUIRED = {"name": NAME, "title": TITLE, "version": COUNT, "deadline": MOMENT, "task": TABLES}
OPTIONAL = {
    "question": TABLES,
    "training": TABLE,
    "given": ANYTHING,
    "data": TEXT,
    "builds_on": ANYTHING,
    "python": ANYTHING,
    "late": TABLE,
    "limits": TABLE,
}
TASK = {"name": NAME, "title": TITLE, "module": NAME, "points": POINTS}
MORE_OF_A_TASK = {"minutes": COUNT, "difficulty": LEVEL}
QUESTION = {"name": NAME, "title": TITLE, "points": POINTS}
MORE_OF_A_QUESTION = {"rubric": TEXT, "cells": SWITCH}
TRAINING = {"examples_seen": COUNT, "train_examples": COUNT, "test_examples": COUNT, "chance_like": NUMBER}
MORE_OF_A_TRAINING = {"attempts": COUNT, "luck": NUMBER, "data": TEXT, "threshold": TABLE}


@dataclass(frozen=True)
class Task:
    """A task whose points come from checks.

    Attributes:
        module:     the file that the student edits for it.
        minutes:    about how long it takes, as its author thinks; None where nobody says it.
        difficulty: 1 (as its docstring says it), 2 or 3 (needs an idea of one's own), as its author thinks; or None.
    """

    name: str
    title: str
    module: str
    points: float
    minutes: int | None = None
    difficulty: int | None = None

    @property
    def effort(self) -> str:
        """ "about 40 minutes, difficulty 2 of 3", or what is known of that."""
        parts = ("about {} minutes", self.minutes), ("difficulty {} of 3", self.difficulty)
        return ", ".join(words.format(number) for words, number in parts if number is not None)

    @property
    def head(self) -> str:
        """ "Task 2: pooling (3 points, about 40 minutes, difficulty 2 of 3)"."""
        points = f"{self.points:g} point{'' if self.points == 1 else 's'}"
        return f"{self.title} ({', '.join(filter(None, (points, self.effort)))})"


@dataclass(frozen=True)
class Question:
    """A written question, marked by a person.

    Attributes:
        rubric: what an answer gets points for, in words, where a course has no text of its own; students can read it.
        cells: whether it is about cells of the notebook: these carry the tag question:NAME (cells.py).
    """

    name: str
    title: str
    points: float
    rubric: str = ""
    cells: bool = True


@dataclass(frozen=True)
class Training:
    """What a task that trains may use, and what its results are worth.

    Attributes:
        examples_seen:  how many examples the training may look at, for a network as costly as the reference.
        train_examples, test_examples: how many there are to learn from, and to be judged on (in each part of the test).
        chance_like:    result that is worth nothing; points grow linearly from here to the threshold.
        attempts:       how many trainings a miss that bad luck may explain is worth at most.
        luck:           how much of the way from `chance_like` to a threshold a training has to come for that.
        data:           the kind of its data, see `grader/checks/private/`; empty where the check draws its own.
        threshold:      results from 0 to 1 that are worth full points, by name, for each source of data ("generated",
                        "mnist" …); without names where none was measured yet.
    """

    examples_seen: int
    train_examples: int
    test_examples: int
    chance_like: float
    attempts: int = 3
    luck: float = 2 / 3
    data: str = ""
    threshold: dict[str, dict[str, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("examples_seen", "train_examples", "test_examples", "attempts"):
            value = getattr(self, name)
            if type(value) is not int or value < 1:  # True is no number here
                raise ValueError(f"{name} must be a whole number, at least 1, not {value!r}")
        if not is_number(self.chance_like) or not 0 <= self.chance_like < 1:
            raise ValueError(f"chance_like must be at least 0 and less than 1, not {self.chance_like!r}")
        if not is_number(self.luck) or not 0 <= self.luck <= 1:
            raise ValueError(f"luck must be at least 0 and at most 1, not {self.luck!r}")
        if not all(isinstance(results, dict) for results in self.threshold.values()):
            raise ValueError("threshold must have a table for each source of data: [training.TASK.threshold.generated]")
        for source, results in self.threshold.items():
            for name, value in results.items():
                if not is_number(value) or not self.chance_like < value <= 1:
                    raise ValueError(
                        f"threshold.{source}: {name} = {value!r} must be above chance_like, {self.chance_like:g}, "
                        "and at most 1"
                    )


@dataclass(frozen=True)
class Assignment:
    """One assignment, as its toml file describes it.

    Attributes:
        deadline:  where a course sets no other.
        late:      what lateness costs where a course does not say it, as course.toml would have it under [late].
        training:  what each task that trains may use, by the task's name; empty where none trains.
        given:     modules beside the student's that checks call where the student's code runs ("training"): there they
                   are as they were before any of it ran, and have the time that a training takes.
        python:    the Python that grading uses, "3.11": what a newer one brought is not understood there.
        data:      the kind of data that it is about ("digits"), also of each training that names none of its own;
                   empty where it needs none.
        builds_on: earlier assignments whose model solutions come with this one, as the file names them; `foundations`
                   follows them down.
        limits:    what the code of one submission may take.
    """

    name: str
    title: str
    version: int
    deadline: datetime
    tasks: tuple[Task, ...]
    questions: tuple[Question, ...]
    training: dict[str, Training] = field(default_factory=dict)
    given: tuple[str, ...] = ()
    data: str = ""
    builds_on: tuple[str, ...] = ()
    python: str = "3.11"
    late: dict[str, Any] | None = None
    limits: AssignmentLimits = USUAL

    @property
    def modules(self) -> tuple[str, ...]:
        """The student's modules, in the order in which they build on each other."""
        return tuple(dict.fromkeys(task.module for task in self.tasks))

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources of data that every training task has a threshold for; "generated" alone where nothing trains."""
        thresholds = [rules.threshold for rules in self.training.values()] or [{GENERATED: {}}]
        return tuple(source for source in thresholds[0] if all(source in other for other in thresholds))

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
        found = _parse(path.read_text(encoding="utf-8-sig"))  # some editors begin a file with a mark of its encoding
    except UnicodeDecodeError as error:
        raise ValueError(f"{name}/assignment.toml is not written in UTF-8: save it so ({error})") from error
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{name}/assignment.toml is no TOML: {error}") from error
    except ValueError as error:
        raise ValueError(f"{name}/assignment.toml: {error}") from error
    if found.name != name:  # some file systems find "Digits" where "digits" lies
        known = ", ".join(assignment_names())
        raise ValueError(f"{name}/assignment.toml is that of {found.name!r}, by its name; choose one of: {known}")
    return found


def limits_of(name: str) -> AssignmentLimits:
    """The limits of the assignment of this name; the usual ones for a package that is none."""
    try:
        return load_assignment(name).limits
    except ValueError:
        return USUAL


@functools.lru_cache(maxsize=16)  # grading one submission asks a dozen times
def _parse(text: str) -> Assignment:
    data = read_table("", tomllib.loads(text), REQUIRED, OPTIONAL)
    found = Assignment(
        name=data["name"],
        title=data["title"],
        version=data["version"],
        deadline=data["deadline"],
        tasks=tuple(Task(**read_table(_place("task", one), one, TASK, MORE_OF_A_TASK)) for one in data["task"]),
        questions=tuple(
            Question(**read_table(_place("question", one), one, QUESTION, MORE_OF_A_QUESTION))
            for one in data.get("question", ())
        ),
        training={name: _training(name, rules, data) for name, rules in data.get("training", {}).items()},
        given=_names("given", data.get("given", ())),
        data=data.get("data", ""),
        builds_on=_names("builds_on", data.get("builds_on", ())),
        python=".".join(map(str, version(data.get("python", "3.11")))),
        late=data.get("late"),
        limits=AssignmentLimits.read(data.get("limits", {})),
    )
    tasks = [task.name for task in found.tasks]
    refuse_twice("task", tasks)
    refuse_twice("question", [question.name for question in found.questions])
    for name in found.training:
        if name not in tasks:
            raise ValueError(f"[training.{name}]: there is no such task; the tasks are {', '.join(tasks)}")
    for name in (*found.modules, *found.given):
        if name in FRAMEWORK_MODULES or name in BESIDE_MODULES:
            raise ValueError(f"a module cannot be called {name!r}: that is the framework's own beside a student's code")
    if unfit := sorted(set(found.given) & set(found.modules)):
        raise ValueError(f"given: {', '.join(unfit)} is a student's module, of a task; name modules that are given")
    return found


def _training(name: str, rules: dict[str, Any], data: dict[str, Any]) -> Training:
    """One table [training.NAME]; its data are of the assignment's kind where it names no other."""
    read_table(f"[training.{name}]: ", rules, TRAINING, MORE_OF_A_TRAINING)
    try:
        return Training(**{"data": data.get("data", ""), **rules})
    except ValueError as error:
        raise ValueError(f"[training.{name}]: {error}") from error


def _place(kind: str, table: dict[str, Any]) -> str:
    """Which table a message is about."""
    return f"[[{kind}]] {table['name']}: " if "name" in table else f"[[{kind}]]: "


def _names(key: str, value: Any) -> tuple[str, ...]:
    """What `builds_on` or `given` says: a name, or a list of them, each once."""
    names = value if not isinstance(value, str) else (value,) if value else ()
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) and name for name in names):
        raise ValueError(f'{key} = {value!r}, but it is a name, or a list of names: {key} = ["name"]')
    return tuple(dict.fromkeys(names))
