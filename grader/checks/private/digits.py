"""Private digits: the kind "digits"."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import torch
from torch import Tensor

from datasets import load_digits
from datasets.generated import generated_files
from datasets.synthetic_digits import generate

from .disguise import disguised, disturbed
from .kinds import DataKind

CLASSES = 10


@dataclass(frozen=True)
class HiddenDigits:
    """One private training and test set.

    Attributes:
        train_images, test_images: (n, 1, 28, 28) float32; labels (n,) int64, permuted with the private seed.
    """

    train_images: Tensor
    train_labels: Tensor
    test_images: Tensor
    test_labels: Tensor


def draw(train: int, test: int, seed: int, source: str) -> HiddenDigits:
    """Digits for a whole course, each moved, rotated and dimmed a little."""
    images, labels = _digits(train, test, seed, source)
    images = disturbed(images, seed)
    return HiddenDigits(images[:train], labels[:train], images[train:], labels[train:])


def disguise(data: HiddenDigits, seed: int) -> HiddenDigits:
    """All turned and mirrored alike, with new names of the classes."""
    train = disguised(data.train_images, data.train_labels, seed, CLASSES)
    return HiddenDigits(*train, *disguised(data.test_images, data.test_labels, seed, CLASSES))


def require(source: str) -> None:
    """Raises DataError where real digits of this name do not lie here."""
    if source != "generated":
        load_digits(source)


def _digits(train: int, test: int, seed: int, source: str) -> tuple[Tensor, Tensor]:
    """Training images followed by test images, drawn with the seed, and their labels."""
    if source == "generated":  # made here and now: private digits are never left in a cache
        pixels, classes = generate(train + test, seed)
        return torch.from_numpy(pixels).unsqueeze(1).float() / 255, torch.from_numpy(classes)
    real = load_digits(source)
    random = torch.Generator().manual_seed(seed)
    learn = torch.randperm(len(real.train.labels), generator=random)[:train]
    asked = torch.randperm(len(real.test.labels), generator=random)[:test]
    images = torch.cat([real.train.images[learn], real.test.images[asked]])
    return images, torch.cat([real.train.labels[learn], real.test.labels[asked]])


KINDS = (DataKind("digits", draw, disguise, require, functools.partial(generated_files, "digits")),)
