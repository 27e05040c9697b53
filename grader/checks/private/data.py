"""Private data for graded training: nobody outside the trusted side has seen them, and each course has its own."""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from datasets import load_digits
from datasets.synthetic_digits import generate
from exercises.assignment import Training, load_assignment

from .disguise import disguised, disturbed
from .speech import HiddenSpeech, hidden_speech


@dataclass(frozen=True)
class HiddenDigits:
    """One private training and test set.

    Attributes:
        train_images, test_images: (n, 1, 28, 28) float32; labels (n,) int64, permuted with the private seed.
        images_seen: budget of the training.
    """

    train_images: Tensor
    train_labels: Tensor
    test_images: Tensor
    test_labels: Tensor
    images_seen: int


@dataclass(frozen=True)
class HiddenData:
    """The private data of one assignment in one course, as one submission sees them.

    Args:
        seed:       the course's private seed for this assignment.
        source:     "generated" or "mnist".
        submission: hash of what was handed in: each one meets the course's images in a disguise of its own.
    """

    assignment: str
    seed: int
    source: str
    submission: str = ""

    def digits(self, attempt: int) -> HiddenDigits:
        """The data for the first, second, third … attempt at the accuracy task."""
        images, labels = course_digits(self.assignment, seed_of(self.seed, attempt), self.source)
        images, labels = disguised(images, labels, seed_of(self.seed, attempt, self.submission))
        rules = self.rules
        n = rules.train_examples
        return HiddenDigits(
            train_images=images[:n],
            train_labels=labels[:n],
            test_images=images[n:],
            test_labels=labels[n:],
            images_seen=rules.examples_seen,
        )

    @property
    def rules(self) -> Training:
        """Budget and thresholds of the assignment."""
        return load_assignment(self.assignment).training["accuracy"]

    def speech(self, attempt: int) -> HiddenSpeech:
        """The speech for the first, second, third … attempt at an accuracy task."""
        seed = seed_of(self.seed, attempt)
        return hidden_speech(self.assignment, seed, self.source, seed_of(self.seed, attempt, self.submission))

    def prepare(self) -> None:
        """Draw the data of the first attempt now, if the assignment trains anything: whoever asks next finds them."""
        if not load_assignment(self.assignment).training:
            return
        if load_assignment(self.assignment).data == "speech":
            self.speech(0)
        else:
            self.digits(0)

    @property
    def of_the_course(self) -> HiddenData:
        """The same for every submission: what no code of a student sees needs no disguise."""
        return replace(self, submission="")

    def speech_as_it_is(self, attempt: int) -> HiddenSpeech:
        """The same without a disguise, for a training in which no code of a student takes part."""
        return hidden_speech(self.assignment, seed_of(self.seed, attempt), self.source)


def seed_of(*parts: object) -> int:
    """A seed that follows from these: the private one, the attempt, the submission."""
    digest = hashlib.sha256("/".join(map(str, parts)).encode()).digest()
    return int.from_bytes(digest[:4], "big")


@functools.lru_cache(maxsize=4)
def course_digits(assignment: str, seed: int, source: str) -> tuple[Tensor, Tensor]:
    """Training images followed by test images, and their labels, the same for the whole course."""
    images, labels = _draw(load_assignment(assignment).training["accuracy"], seed, source)
    return disturbed(images, seed), labels


def _draw(rules: Training, seed: int, source: str) -> tuple[Tensor, Tensor]:
    """Training images followed by test images, drawn with the seed."""
    n_train, n_test = rules.train_examples, rules.test_examples
    if source == "generated":  # made here and now: private digits are never left in a cache
        pixels, classes = generate(n_train + n_test, seed)
        return torch.from_numpy(pixels).unsqueeze(1).float() / 255, torch.from_numpy(classes)
    real = load_digits(source)
    random = torch.Generator().manual_seed(seed)
    train = torch.randperm(len(real.train.labels), generator=random)[:n_train]
    test = torch.randperm(len(real.test.labels), generator=random)[:n_test]
    images = torch.cat([real.train.images[train], real.test.images[test]])
    return images, torch.cat([real.train.labels[train], real.test.labels[test]])
