"""Public checks of task 6: the recipes, and the accuracy on validation data within the grader's budget."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import torch
from torch import Tensor

from datasets.speech import Clips
from exercises.assignment import load_assignment
from exercises.checking import Expect, Reference, Student, check
from exercises.learning import accuracy, one_thread, read_recipe, require_numbers, score
from exercises.spoken_digits.training import SEED, Recipe, pack, practice

BANDS = 32
AT_ONCE = 300  # clips, whose spectrograms are far below what may travel in one answer
LOSS_HINT = "Does the loss fall at all, does it jump, or is it still falling at the end?"
HINT = f"{LOSS_HINT} Are the lengths handed on?"


def words(name: str) -> str:
    """A judgement in words: "words_unknown" -> "of speakers never heard"."""
    return "of speakers never heard" if name.endswith("unknown") else "of known speakers"


@check("accuracy.recipes", points=0, idea="Both recipes are within the limits")
def recipes_are_within_the_limits(student: Student, solution: Reference | None, expect: Expect) -> None:
    for name in ("RECIPE", "STAMP_RECIPE"):
        read_recipe(student.recipe, expect, name, Recipe)


@check(
    "accuracy.validation",
    points=0,
    idea="CNNClassifier1d learns to hear digits within the budget",
    needs=["accuracy.recipes"],
    trains=True,
)
def accuracy_on_validation_data(student: Student, solution: Reference | None, expect: Expect) -> None:
    """The grader's budget, on the clips that everybody has, with one speaker left out: as step 20 of the notebook."""
    recipe = read_recipe(student.recipe, expect, "RECIPE", Recipe)
    rules = load_assignment("spoken_digits").training["accuracy"]
    speech = practice()
    network = student.classifier.CNNClassifier1d
    with one_thread():
        student.seed(SEED)  # after the import, which may draw numbers too
        net = student.training.Packed(network(BANDS, hidden=recipe.hidden, num_blocks=recipe.num_blocks))
        clips = student.training.clip_budget(net, rules.examples_seen)
        recipe_there = student.training.Recipe(**asdict(recipe))
        learn = _read(student, speech.learn, expect)
        student.learning.train(net, learn, speech.learn.labels, recipe_there, clips, SEED)
        parts = {"words_known": speech.known, "words_unknown": speech.unknown}
        logits = {
            name: expect.tensor(student.learning.predict(net, _read(student, part, expect)))
            for name, part in parts.items()
        }
        require_numbers(expect, list(logits.values()))
        found = {name: accuracy(logits[name], part.labels) for name, part in parts.items()}
    threshold = rules.threshold[speech.source]
    score(expect, found, threshold, rules.chance_like, words, HINT, clips // recipe.batch_size)


def _read(student: Any, clips: Clips, expect: Expect) -> Tensor:
    """Packed spectrograms, as the student's own log_mel makes them."""
    spectra = [
        expect.tensor(student.features.log_mel(some, 8000, 200, 80, BANDS), case="log_mel").detach()
        for some in clips.waveforms.split(AT_ONCE)
    ]
    expect.that(
        all(one.shape[1:] == spectra[0].shape[1:] for one in spectra),
        expected="as many bands and frames for each clip",
        got=f"log_mel: {[tuple(one.shape) for one in spectra]}",
        hint="What does the number of clips have to do with a clip's frames?",
    )
    return pack(torch.cat(spectra), 1 + clips.lengths // 80)
