"""Public checks of task 2: the choice, and what is reached with it on the animal words that everybody has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from torch import Tensor

from exercises.assignment import Training, load_assignment
from exercises.checking import Expect, Reference, Student, check
from exercises.learning import score

from . import hints
from .animals import EXAMPLES, FEW, practice, practised, reached
from .choice import Choice, read_choice

TASK, CHOSEN = "accuracy", "accuracy.recipe"
WITH_FEW, WITH_MORE = ("few_5",), ("more_10", "more_20")
CURVE = "How does the share of right words change with PENALTY, from 0.01 to 1000, for logits and for features?"
EXACT = "Which weights fit a few examples exactly, and what do they make of other words? What holds them back?"
DIFFERS = "Is the network in evaluation mode? Is every stamp read once, and in order? What goes into `output`?"
AT_HOME = 1e-3  # of the largest value: words that another machine generates differ a little


def words(name: str) -> str:
    """What a result of this name is a share of."""
    return f"right after {EXAMPLES[name]} examples of each word"


@check(CHOSEN, points=0, hints=hints.CHOICE, idea="FEATURES and PENALTY are chosen, and can be used")
def choice_is_made(student: Student, solution: Reference | None, expect: Expect) -> None:
    read_choice(student.recipe, expect)


@check(
    "accuracy.few",
    points=0.5,
    hints=hints.CHOICE,
    idea="Animals are recognised after 5 examples of each word",
    needs=[CHOSEN],
)
def few_examples(student: Student, solution: Reference | None, expect: Expect) -> None:
    judge_practice(student, solution, expect, WITH_FEW)


@check(
    "accuracy.more",
    points=0.5,
    hints=hints.CHOICE,
    idea="Animals are recognised after 10 and after 20 examples of each word",
    needs=[CHOSEN],
)
def more_examples(student: Student, solution: Reference | None, expect: Expect) -> None:
    judge_practice(student, solution, expect, WITH_MORE)


def judge_practice(student: Student, solution: Reference | None, expect: Expect, names: tuple[str, ...]) -> None:
    """Points for the choice on the words that everybody has: the same at home and when graded.

    At home the student's own `fit_linear` fits.  While grading it is the course's: a mistake costs in task 1 alone.
    """
    choice = read_choice(student.recipe, expect)

    def own_fit(features: Tensor, labels: Tensor, num_classes: int, penalty: float) -> tuple[Tensor, Tensor]:
        with expect.case("fit_linear of task 1"):
            weight, bias = student.probing.fit_linear(features, labels, num_classes, penalty)
            expect.shape(weight, (num_classes, features.shape[1]))
            expect.shape(bias, (num_classes,))
            return weight, bias

    fit: Callable[..., Any] = own_fit if solution is None else solution.probing.fit_linear
    found = reached(practice(), fit, choice.features, choice.penalty)
    rules = load_assignment("transfer").training[TASK]
    judge(expect, choice, {name: found[name] for name in names}, rules.threshold["generated"], rules)


def judge(
    expect: Expect, choice: Choice, found: Mapping[str, float], threshold: Mapping[str, float], rules: Training
) -> None:
    """Points for what is reached, linearly from `chance_like` to the threshold."""
    score(expect, found, threshold, rules.chance_like, words, EXACT if choice.penalty < 1 else CURVE)


@check(
    "accuracy.numbers",
    points=0,
    hints=hints.LOGITS,
    idea="Your logits_of and features_of read from the digit network what the recipe is fitted on",
)
def numbers_are_the_courses(student: Student, solution: Reference | None, expect: Expect) -> None:
    """Of a few animal words; a mistake costs in task 1 alone."""
    due = practised("few")
    stamps, network = student.material.words_of(*FEW).stamps, student.networks.digit_network()
    compare_numbers(student, expect, network, "the digit network", stamps, (due.logits, due.features), AT_HOME)


def compare_numbers(
    student: Any,
    expect: Expect,
    network: Any,
    name: str,
    stamps: Tensor,
    due: tuple[Tensor, Tensor],
    tolerance: float,
) -> None:
    """Require these logits and features of a network.

    Args:
        network:   where the student's code runs; `name` in words.
        due:       logits and features, each (n, width).
        tolerance: of the largest value.
    """
    for function, wanted in zip(("logits_of", "features_of"), due, strict=True):
        with expect.case(f"{function} of {name}, {len(stamps)} words", hint=DIFFERS):
            got = getattr(student.probing, function)(network, stamps.clone())
            expect.shape(got, wanted.shape)
            expect.close(got, wanted, atol=tolerance * float(wanted.abs().max()))
