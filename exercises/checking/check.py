"""A check: one idea, one plain function, a few facts beside it."""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

CheckFunction = Callable[[Any, Any, Any], None]
TOPIC = re.compile(r"[^\W_]+(?:[ -][^\W_]+)*")  # words, and nothing that an id or a piece of code could be
MAX_TOPIC_LENGTH = 40  # characters


@dataclass(frozen=True)
class Check:
    """A check function with what the grader and the student need to know about it.

    Attributes:
        id:     dotted name, the task first: "blocks.residual_1d.skip".
        points: what it is worth; the points of a task's checks add up to the task's.
        idea:   one sentence a student understands, true of every right answer.
        needs:  ids of checks without which this one means nothing; where one of them fails, this one is "not run".
        extra:  extra credit, on top of the task's points.
        trains: it trains a network, so that it takes seconds and may depend on luck.
        run:    function (student, solution, expect); `solution` is None in the student's own process.
        topic:  of a hidden check: a word or two that students get, so that they know what is looked at besides.
        hints:  further hints where it fails, which are opened one after the other: questions first, then where to look;
                the last one names the line of thought, and none holds code.
        practice: of a hidden check that trains: the id of the public one that trains the same at home. While it is
            graded nothing trains twice: that one gets the same share of its points as this one.
    """

    id: str
    points: float
    idea: str
    needs: tuple[str, ...]
    extra: bool
    run: CheckFunction
    trains: bool = False
    topic: str = ""
    hints: tuple[str, ...] = ()
    practice: str = ""

    @property
    def public(self) -> bool:
        """Whether students have it: then its verdicts may show what was expected."""
        return self.run.__module__.startswith("exercises.")

    @property
    def task(self) -> str:
        return self.id.split(".", 1)[0]


def check(
    id: str,
    *,
    points: float,
    idea: str,
    needs: Iterable[str] = (),
    extra: bool = False,
    trains: bool = False,
    topic: str = "",
    hints: Sequence[str] = (),
    practice: str = "",
) -> Callable[[CheckFunction], Check]:
    """Turn a function into a Check.

    Raises:
        ValueError: the id is not dotted lower-case words, or the points are no number, or negative; or it has no idea,
            or one text stands for the list of what it needs, or of its hints; or its topic is no word or two; or its
            function would not run when it is called.
    """
    if not isinstance(id, str) or not re.fullmatch(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+", id):
        raise ValueError(f"check id {id!r}: write it as task.topic, lower case, for example 'blocks.skip'")
    if isinstance(points, bool) or not isinstance(points, int | float) or not 0 <= points < math.inf:
        raise ValueError(f"check {id}: points are a number, at least 0, not {points!r}")
    if not isinstance(idea, str) or not idea.strip():
        raise ValueError(f"check {id}: its idea is one sentence for students, not {idea!r}")
    if isinstance(needs, str):
        raise ValueError(f"check {id}: needs is a list of ids: needs=[{needs!r}]")
    if isinstance(hints, str) or not all(isinstance(hint, str) and hint.strip() for hint in hints):
        raise ValueError(f"check {id}: hints is a list of texts, in the order in which they are opened, not {hints!r}")
    if not isinstance(topic, str) or (topic and (len(topic) > MAX_TOPIC_LENGTH or not TOPIC.fullmatch(topic))):
        raise ValueError(
            f"check {id}: its topic is a word or two for students, at most {MAX_TOPIC_LENGTH} characters, not {topic!r}"
        )

    def made(function: CheckFunction) -> Check:
        if inspect.isgeneratorfunction(function) or inspect.iscoroutinefunction(function):
            raise ValueError(f"check {id}: a function with yield, or async, would compare nothing when it is called")
        return Check(id, points, idea, tuple(needs), extra, function, trains, topic, tuple(hints), practice)

    return made


def checks_in(module: ModuleType) -> list[Check]:
    """The checks that a module defines, in the order of definition."""
    return [value for value in vars(module).values() if isinstance(value, Check)]
