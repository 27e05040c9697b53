"""Public checks of task 6: the recipes, and the accuracy on validation data within the grader's budget."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from datasets.speech import Clips
from exercises.assignment import Training, load_assignment
from exercises.checking import Expect, Reference, Student, StudentError, check
from exercises.digits.classifier import CNNClassifier2d
from exercises.learning import accuracy, far_off, one_thread, predict, read_recipe, require_numbers, score, train
from exercises.recording.lesson import Built, Lesson
from exercises.recording.taught import taught
from exercises.spoken_digits.training import CLIP, SEED, STAMP, Recipe, level_stamps, pack, practice, stamp_budget

from . import hints

BANDS = 32
RATE = 8000  # Hz, of all clips
SAMPLE = 40  # clips with which the network is written down
AT_ONCE = 300  # clips, whose spectrograms are far below what may travel in one answer
LOSS_HINT = "Does the loss fall at all, does it jump, or is it still falling at the end?"
HINT = f"{LOSS_HINT} Are the lengths handed on?"


def words(name: str) -> str:
    """A judgement in words: "words_unknown" -> "of speakers never heard"."""
    return "of speakers never heard" if name.endswith("unknown") else "of known speakers"


@check("accuracy.recipe", points=0, hints=hints.RECIPE, idea="The recipe for spectrograms is within the limits")
def recipe_is_within_the_limits(student: Student, solution: Reference | None, expect: Expect) -> None:
    read_recipe(student.recipe, expect, "RECIPE", Recipe)


@check("accuracy.stamp_recipe", points=0, hints=hints.RECIPE, idea="The recipe for stamps is within the limits")
def stamp_recipe_is_within_the_limits(student: Student, solution: Reference | None, expect: Expect) -> None:
    read_recipe(student.recipe, expect, "STAMP_RECIPE", Recipe)


@check(
    "accuracy.validation",
    points=0.5,
    hints=hints.RECIPE,
    idea="CNNClassifier1d learns to hear digits within the budget; it is graded on clips that nobody has heard",
    needs=["accuracy.recipe"],
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
    threshold, hint = rules.threshold[speech.source], far_off(recipe, learned.steps) + HINT
    score(expect, found, threshold, rules.chance_like, words, hint, learned.steps, doubt)


@check(
    "accuracy.stamp_validation",
    points=0.5,
    hints=hints.RECIPE,
    idea="The network of `digits` learns to read stamps within the budget; it is graded on stamps that nobody has seen",
    needs=["accuracy.stamp_recipe"],
    trains=True,
)
def accuracy_on_stamps_of_validation_data(student: Student, solution: Reference | None, expect: Expect) -> None:
    """The same for stamps, which are the student's; the network is the course's."""
    recipe = read_recipe(student.recipe, expect, "STAMP_RECIPE", Recipe)
    rules = load_assignment("spoken_digits").training["accuracy"]
    speech = practice()
    with one_thread():
        learn, *exam = (
            (_stamps(student, part, expect), part.labels) for part in (speech.learn, speech.known, speech.unknown)
        )
        parts = dict(zip(("stamps_known", "stamps_unknown"), exam, strict=True))
        try:
            found, steps = stamps_read(CNNClassifier2d, recipe, rules, learn, parts, SEED)
        except ValueError as error:
            raise refused(error) from error
    hint = far_off(recipe, steps) + LOSS_HINT
    score(expect, found, rules.threshold[speech.source], rules.chance_like, words, hint, steps)


def stamps_read(
    network: Callable[..., nn.Module],
    recipe: Recipe,
    rules: Training,
    learn: tuple[Tensor, Tensor],
    exam: Mapping[str, tuple[Tensor, Tensor]],
    seed: int,
) -> tuple[dict[str, float], int]:
    """The accuracy on each part of an exam after a training within the budget, and the number of its steps.

    Args:
        network: makes a network with the recipe's `hidden` and `num_blocks`.
        learn:   stamps (n, 1, 64, 32) and their labels; `exam`: the same, by name.
        seed:    of the first weights and of the order of the stamps.

    Raises:
        ValueError: the training loop refused the recipe; its own words say why.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        net = network(hidden=recipe.hidden, num_blocks=recipe.num_blocks)
    stamps, labels = learn
    # A costlier network sees fewer stamps; a cheaper one no more.
    budget = min(rules.examples_seen, stamp_budget(net, rules.examples_seen))
    history = train(net, level_stamps(stamps), labels, recipe, budget, seed)
    found = {name: accuracy(predict(net, level_stamps(some)), theirs) for name, (some, theirs) in exam.items()}
    return found, history.steps


def refused(error: ValueError) -> StudentError:
    """What the training loop said of a recipe, as words for the student."""
    return StudentError(f"ValueError: {error}", ("ValueError",))


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


def _stamps(student: Any, clips: Clips, expect: Expect) -> Tensor:
    """Images (n, 1, 64, 32), as the student's own stamp makes them."""
    found = []
    for number in range(len(clips)):
        expect.shape(one := student.features.stamp(clips.waveform(number), RATE), STAMP[1:], case="stamp")
        found.append(one.detach().float())
    return torch.stack(found)[:, None]


def _read(student: Any, clips: Clips, expect: Expect) -> Tensor:
    """Packed spectrograms, as the student's own log_mel makes them."""
    spectra = [
        expect.tensor(student.features.log_mel(some, RATE, 200, 80, BANDS), case="log_mel").detach()
        for some in clips.waveforms.split(AT_ONCE)
    ]
    expect.that(
        all(one.shape[1:] == spectra[0].shape[1:] for one in spectra),
        expected="as many bands and frames for each clip",
        got=f"log_mel: {[tuple(one.shape) for one in spectra]}",
        hint="What does the number of clips have to do with a clip's frames?",
    )
    return pack(torch.cat(spectra), 1 + clips.lengths // 80)
