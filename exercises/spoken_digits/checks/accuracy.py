"""Public checks of task 6: the recipes, and the accuracy on validation data within the grader's budget."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import torch
from torch import Tensor

from datasets import load_speech
from datasets.speech import Clips
from exercises.assignment import load_assignment
from exercises.checking import Expect, check
from exercises.digits.checks.accuracy import read_recipe, way
from exercises.digits.training import accuracy
from exercises.spoken_digits.training import pack

BANDS = 32
HINT = "Does the loss fall at all, does it jump, or is it still falling at the end? Are the lengths handed on?"


def score(expect: Expect, found: dict[str, float], threshold: dict[str, float], chance_like: float) -> None:
    """Each judgement is worth the same; its points grow linearly from `chance_like` (0) to its threshold (1)."""
    shares = [way(right, threshold[name], chance_like) for name, right in found.items()]
    expect.score(
        sum(min(1.0, max(0.0, share)) for share in shares) / len(shares),
        expected=", ".join(f"{threshold[name]:.1%} {words(name)}" for name in found),
        got=", ".join(f"{right:.1%} {words(name)}" for name, right in found.items()),
        hint="" if min(shares) >= 1 else HINT,
        measured=found,
        due={name: threshold[name] for name in found},
    )


def words(name: str) -> str:
    """A judgement in words: "words_unknown" -> "of speakers never heard"."""
    return "of speakers never heard" if name.endswith("unknown") else "of known speakers"


@check("accuracy.recipes", points=0, idea="Both recipes are within the limits")
def recipes_are_within_the_limits(student: Any, solution: Any, expect: Expect) -> None:
    for name in ("RECIPE", "STAMP_RECIPE"):
        read_recipe(student, expect, name)


@check(
    "accuracy.validation",
    points=0,
    idea="CNNClassifier1d learns to hear digits within the budget",
    needs=["accuracy.recipes"],
    trains=True,
)
def accuracy_on_validation_data(student: Any, solution: Any, expect: Expect) -> None:
    """The grader's budget, on the clips that everybody has, with one speaker left out."""
    recipe = read_recipe(student, expect)
    rules = load_assignment("spoken_digits").training["accuracy"]
    speech = load_speech()
    others, left_out = speech.leave_out(speech.speaker_names[0])
    order = torch.randperm(len(others), generator=torch.Generator().manual_seed(0))
    learn = others.where(order[: rules.train_examples])
    known, unknown = others.where(order[rules.train_examples :][: rules.test_examples]), left_out
    network = student.classifier.CNNClassifier1d(BANDS, hidden=recipe.hidden, num_blocks=recipe.num_blocks)
    net = student.training.Packed(network)
    budget = student.training.clip_budget(net, rules.examples_seen)
    recipe_there = student.training.Recipe(**asdict(recipe))
    student.training.train(net, _read(student, learn, expect), learn.labels, recipe_there, budget, 0)
    found = {
        name: accuracy(expect.tensor(student.training.predict(net, _read(student, clips, expect))), clips.labels)
        for name, clips in (("words_known", known), ("words_unknown", unknown))
    }
    score(expect, found, rules.threshold[speech.source], rules.chance_like)


def _read(student: Any, clips: Clips, expect: Expect) -> Tensor:
    """Packed spectrograms, as the student's own log_mel makes them."""
    spectra = expect.tensor(student.features.log_mel(clips.waveforms, 8000, 200, 80, BANDS), case="log_mel")
    return pack(spectra.detach(), 1 + clips.lengths // 80)
