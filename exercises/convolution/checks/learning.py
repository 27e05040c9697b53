"""A network that learns words by a student's front end: what is trained, and what its results are worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from exercises.assignment import Training
from exercises.checking import Expect, StudentError
from exercises.convolution.training import ALONE_STEPS, EXAMPLES_SEEN, LONGEST, RECIPE
from exercises.learning import way
from exercises.learning.scores import WAITS, few_steps
from exercises.recording.lesson import Built, Lesson

TASK = "filterbank"
HEARS, LEARNS = 0.6, 0.4  # of the points, for what the network hears, and for filters that learn
STEPS = EXAMPLES_SEEN // RECIPE.batch_size  # of a training that costs no more than it should
NOT, WRONG, RIGHT = range(3)  # beginnings
LEFT = 0.999  # of the loss, at most, after steps on filters that learn; where they cannot, all of it is left
BEGIN = "What does each of your filters let through before the training? How far is that from random numbers?"
WORDS = "of the words by speakers never heard"  # what a result is a share of
COSTLY = "A costlier front end hears fewer words in its training: what makes yours costly?"
MOVE = "Is `filters.weight` a parameter that wants gradients, and does the output follow from it, all the way?"


def built_with(student: Any, due: Tensor) -> Built:
    """A network behind the student's FrontEnd(), with stand-ins for the functions before it where it needs them.

    A mistake in one of these costs once; a wrong start is judged as it is.

    Args:
        due: the filters that a FrontEnd() begins with.
    """
    own = Built(lambda who: who.filterbank.FrontEnd, wrap=lambda who: who.training.SmallNetwork)
    begins = _begins(student, own, due)
    if begins == RIGHT:
        return own
    alone = replace(own, build=lambda who: who.standins.Alone(who.filterbank.FrontEnd, TASK, "FrontEnd"))
    return alone if _begins(student, alone, due) > begins else own


def _begins(student: Any, built: Built, due: Tensor) -> int:
    """How well a front end begins: RIGHT, WRONG, or NOT at all."""
    try:
        weight = built.build(student)().filters.weight
    except StudentError:
        return NOT
    fits = isinstance(weight, Tensor) and weight.shape == due.shape
    close = fits and torch.allclose(weight.detach().double(), due, rtol=0, atol=1e-4 * float(due.max()))
    return RIGHT if close else WRONG


def lesson_of(words: Tensor, labels: Tensor, sample: Tensor, rules: Training, seed: int) -> Lesson:
    """Training on these words, within the budget, and then twenty steps on the filters alone.

    Args:
        words:  (n, LONGEST).
        sample: a few other words, which the student's code may hear.
        seed:   of the first weights and of the order of the words.
    """

    some, names = words[: RECIPE.batch_size], labels[: RECIPE.batch_size]

    def filters_alone(who: Any, net: Any, budget: int) -> Any:
        steps = max(1, ALONE_STEPS * budget // rules.examples_seen)  # fewer for a costlier network, as in the training
        return who.training.filters_alone(net, some, names, steps)

    return Lesson(
        TASK,
        words,
        labels,
        RECIPE,
        budget=lambda who, net: min(rules.examples_seen, who.training.word_budget(net, rules.examples_seen)),
        counted=torch.zeros(2, LONGEST),
        sample=sample,
        seed=seed,
        chance_like=rules.chance_like,
        afterwards=filters_alone,
    )


def judge(
    expect: Expect,
    found: Mapping[str, float],
    left: float | None,
    threshold: Mapping[str, float],
    chance_like: float,
    steps: int,
    doubt: str = "",
) -> None:
    """Award what the network hears, from `chance_like` on, and filters that learn.

    Args:
        found, threshold: what the network hears, and what is worth full points there, by one name.
        left:  of the loss after the steps on the filters alone; None where nobody could be asked: filters learn then
            only where the points are proposed, and wait for a person.
        steps: of the training.
        doubt: why these points will wait for a person while they are graded; empty where they will not.
    """
    ((name, right),) = found.items()
    heard = min(1.0, max(0.0, way(right, threshold[name], chance_like)))
    learns = bool(expect.reasons) if left is None else left <= LEFT
    hints = ([BEGIN if steps >= STEPS else COSTLY] if heard < 1 else []) + [MOVE] * (not learns)
    told = f"{right:.1%} {WORDS}" + ("" if left is None else f", {left:.1%} of the loss left")
    expect.score(
        HEARS * heard + LEARNS * learns,
        expected=f"at least {threshold[name]:.1%} {WORDS} (points grow from {chance_like:.0%} on), and at most "
        f"{LEFT:.1%} of the loss left by {ALONE_STEPS} steps on the filters alone",
        got=(f"{told}, after {steps} steps" if hints else told) + (WAITS.format(doubt) if doubt else ""),
        hint=(few_steps(steps) if heard < 1 else "") + " ".join(hints),
        measured=found,
        due=threshold,
    )
