"""Hidden checks of task 3: padding and order in any batch, and languages that nobody knows."""

from __future__ import annotations

from typing import Any

import torch

from exercises.checking import Expect, check, draw, generator, randomise
from exercises.learning import Recipe, accuracy, read_recipe, score
from grader.checks.attempts import best_of
from grader.checks.audit import Audit
from grader.checks.trainee import Lesson, logits_after

TASK = "languages"
TRAINED = ("reader",)
CORNERS: tuple[Recipe, ...] = ()


def words(name: str) -> str:
    """What a result of this name is a share of, in words behind the number."""
    return f"of the {name} texts"


@check("languages.padded_batch", points=0.5, idea="Each text of a batch is told as if it were alone")
def alone_or_not(student: Any, solution: Any, expect: Expect) -> None:
    net = student.reader.Reader().eval()
    randomise(net)
    numbers = draw("lengths")
    lengths = [numbers.randint(3, 17) for _ in range(4)]
    batch = torch.zeros(4, 19, dtype=torch.int64)
    for row, length in enumerate(lengths):
        batch[row, :length] = torch.randint(1, 27, (length,), generator=generator(row))
    due = torch.cat([expect.tensor(net(batch[row : row + 1, :length])) for row, length in enumerate(lengths)])
    expect.close(net(batch), due, atol=1e-4, what="the logits of each text by itself", hint="What is a text's length?")


@check("languages.every_symbol", points=0.5, idea="Every symbol of a text counts, the first and the last too")
def first_and_last(student: Any, solution: Any, expect: Expect) -> None:
    net = student.reader.Reader().eval()
    randomise(net)
    text = torch.randint(1, 27, (1, 11), generator=generator(0))
    before = expect.tensor(net(text))
    for place in (0, 5, 10):
        other = text.clone()
        other[0, place] = 1 + text[0, place] % 26
        same = bool(torch.equal(expect.tensor(net(other)), before))
        expect.that(not same, expected="other logits", got=f"the same when symbol {place + 1} of 11 is another one")


@check("languages.read", points=1.5, idea="The reader learns to tell languages apart", trains=True)
def reads(student: Any, solution: Any, expect: Expect) -> None:
    recipe = read_recipe(student.reader, expect, "READING", Recipe)
    rules, threshold = solution.hidden.rules(TASK), solution.hidden.threshold(TASK)
    lessons: list[Lesson] = []

    def attempt(number: int) -> dict[str, float]:
        return told(student, solution, expect, recipe, number, number, lessons)

    best = best_of(attempt, threshold, rules.chance_like, rules.attempts)
    score(expect, best, threshold, rules.chance_like, words, "Does the loss fall, and smoothly?", lessons[0].steps)


def told(
    student: Any,
    solution: Any,
    expect: Expect,
    recipe: Recipe,
    attempt: int,
    seed: int,
    lessons: list[Lesson] | None = None,
) -> dict[str, float]:
    """What one training reaches on short and on long texts."""
    data, rules = solution.hidden.drawn(TASK, attempt), solution.hidden.rules(TASK)

    def build(who: Any) -> Any:
        reader = who.reader.Reader
        who.seed(seed)
        return reader()

    net = build(student)
    budget = min(rules.examples_seen, student.practice.text_budget(net, rules.examples_seen))
    lesson = Lesson(TASK, data.train, data.train_labels, recipe, budget, seed, rules.chance_like)
    audit = None
    if lessons is not None:
        lessons.append(lesson)
        audit = Audit.of(solution.hidden, TASK, "texts", attempt, lesson.steps)
    exam = [(data.short, data.short_labels), (data.long, data.long_labels)]
    found = logits_after(student, solution, expect, build, net, lesson, exam, audit)
    for logits, (_, labels) in zip(found, exam, strict=True):
        expect.shape(logits, (len(labels), 4), case="logits of the test texts")
    return {name: accuracy(logits, labels) for name, logits, (_, labels) in zip(("short", "long"), found, exam, strict=True)}


def measured(student: Any, solution: Any, expect: Expect, recipe: Recipe | None, seed: int) -> dict[str, float]:
    """What one training of an answer reaches: see grader/checks/calibrated.py."""
    return told(student, solution, expect, recipe or read_recipe(student.reader, expect, "READING", Recipe), 0, seed)
