"""Public checks of task 6: the recipes, and the accuracy on validation data within the grader's budget."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from datasets.speech import Clips
from exercises.assignment import Training, load_assignment
from exercises.checking import Expect, Reference, Student, check
from exercises.learning import accuracy, one_thread, read_recipe, require_numbers, score
from exercises.recording.lesson import Built, Lesson
from exercises.recording.taught import taught
from exercises.spoken_digits.training import CLIP, SEED, Recipe, pack, practice

from . import hints

BANDS = 32
SAMPLE = 40  # clips with which the network is written down
AT_ONCE = 300  # clips, whose spectrograms are far below what may travel in one answer
LOSS_HINT = "Does the loss fall at all, does it jump, or is it still falling at the end?"
HINT = f"{LOSS_HINT} Are the lengths handed on?"


def words(name: str) -> str:
    """A judgement in words: "words_unknown" -> "of speakers never heard"."""
    return "of speakers never heard" if name.endswith("unknown") else "of known speakers"


@check("accuracy.recipes", points=0, hints=hints.RECIPE, idea="Both recipes are within the limits")
def recipes_are_within_the_limits(student: Student, solution: Reference | None, expect: Expect) -> None:
    for name in ("RECIPE", "STAMP_RECIPE"):
        read_recipe(student.recipe, expect, name, Recipe)


@check(
    "accuracy.validation",
    points=0,
    hints=hints.RECIPE,
    idea="CNNClassifier1d learns to hear digits within the budget",
    needs=["accuracy.recipes"],
    trains=True,
)
def accuracy_on_validation_data(student: Student, solution: Reference | None, expect: Expect) -> None:
    """The grader's budget, on the clips that everybody has, with one speaker left out: as step 20 of the notebook."""
    recipe = read_recipe(student.recipe, expect, "RECIPE", Recipe)
    rules = load_assignment("spoken_digits").training["accuracy"]
    speech = practice()
    with one_thread():
        learn, known, unknown = (_read(student, part, expect) for part in (speech.learn, speech.known, speech.unknown))
        lesson = lesson_of(recipe, learn, speech.learn.labels, learn[:SAMPLE], rules, SEED)
        learned, doubt = taught(student, built_with(recipe), lesson, [known, unknown])
    require_numbers(expect, learned.logits, learned.first_nan)
    found = {
        name: accuracy(expect.tensor(logits), part.labels)
        for (name, part), logits in zip(
            (("words_known", speech.known), ("words_unknown", speech.unknown)), learned.logits, strict=True
        )
    }
    threshold = rules.threshold[speech.source]
    score(expect, found, threshold, rules.chance_like, words, HINT, learned.steps, doubt)


def built_with(recipe: Recipe) -> Built:
    """The classifier that a recipe asks for, as one that reads packed clips."""
    return Built(
        lambda who: who.classifier.CNNClassifier1d,
        args=(BANDS,),
        kwargs={"hidden": recipe.hidden, "num_blocks": recipe.num_blocks},
        first=((2, *CLIP),),
        wrap=lambda who: who.training.Packed,
    )


def lesson_of(recipe: Recipe, clips: Tensor, labels: Tensor, sample: Tensor, rules: Training, seed: int) -> Lesson:
    """Training on these packed clips, within the budget.

    Args:
        sample: a few other packed clips, which the student's code may see.
        seed:   of the first weights and of the order of the clips.
    """
    return Lesson(
        "accuracy",
        clips,
        labels,
        recipe,
        # A costlier network hears fewer clips; a cheaper one no more.
        budget=lambda who, net: min(rules.examples_seen, who.training.clip_budget(net, rules.examples_seen)),
        counted=torch.zeros(2, *CLIP),
        sample=sample,
        seed=seed,
        chance_like=rules.chance_like,
        like=with_the_lengths_of,
    )


def with_the_lengths_of(batch: Tensor, sample: Tensor) -> Tensor:
    """Clips of the sample, cut or made as long as those of a batch, with the lengths of these."""
    frames = batch.shape[2]
    repeats = -(-frames // sample.shape[2])
    return torch.cat([batch[:, :1], sample[:, 1:].repeat(1, 1, repeats)[:, :, :frames]], dim=1)


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
