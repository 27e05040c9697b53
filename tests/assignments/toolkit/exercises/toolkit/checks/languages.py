"""Public checks of task 3."""

from __future__ import annotations

import torch

from exercises.checking import Expect, Reference, Student, check, draw, generator, randomise
from exercises.learning import Recipe, read_recipe


@check("languages.padding", points=0.5, idea="However many zeros stand behind a text, its logits are the same")
def zeros_do_not_count(student: Student, solution: Reference | None, expect: Expect) -> None:
    numbers = draw("padding")
    net = student.reader.Reader().eval()
    randomise(net)
    text = torch.randint(1, 27, (2, numbers.randint(5, 9)), generator=generator(1))
    padded = torch.nn.functional.pad(text, (0, numbers.randint(1, 6)))
    expect.shape(net(text), (2, 4))
    expect.close(
        net(padded),
        net(text),
        atol=1e-4,  # the same sums in float32, of longer rows
        what="the logits without zeros behind the texts",
        hint="How many symbols has a text, and over how many is the average taken?",
    )


@check("languages.recipe", points=0, idea="The recipe is within the limits")
def recipe(student: Student, solution: Reference | None, expect: Expect) -> None:
    read_recipe(student.reader, expect, "READING", Recipe)
