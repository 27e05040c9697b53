"""Digits for training, validation and test: one interface for MNIST and for the generated ones."""

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from . import mnist
from .cache import cached_digits
from .folders import data_root

SOURCES = ("auto", "mnist", "generated")
MNIST_SIZES = {"train": 50_000, "validation": 10_000, "test": 10_000}
GENERATED_SIZES = {"train": 6_000, "validation": 1_000, "test": 1_000}


@dataclass(frozen=True)
class Split:
    """Part of a data set, in memory.  images: (n, 1, 28, 28) float32 in [0, 1], 0 = paper; labels: (n,) int64."""

    images: Tensor
    labels: Tensor

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True)
class Digits:
    """A data set of digits; `source` is "mnist" or "generated"."""

    source: str
    train: Split
    validation: Split
    test: Split

    def banner(self) -> str:
        """Text for the top of a notebook: which data these are, and how to get the real ones."""
        sizes = (
            f"{len(self.train):,} for training, {len(self.validation):,} for validation, {len(self.test):,} for test"
        )
        if self.source == "mnist":
            return f"MNIST, digits written by people: {sizes}."
        return (
            f"Generated digits, drawn by a program: {sizes}.\n"
            f"For MNIST, digits written by people (a download of 12 MB), run once in a terminal, in the folder that "
            f"holds datasets/:\n    {mnist.FETCH_COMMAND}"
        )


def load_digits(
    source: str = "auto",
    *,
    root: str | os.PathLike[str] | None = None,
    seed: int = 0,
    train: int | None = None,
    validation: int | None = None,
    test: int | None = None,
) -> Digits:
    """Load digits as tensors in memory.

    Args:
        source:  "mnist", "generated", or "auto": MNIST where it lies in the data root, generated digits otherwise.
        root:    data root; by default the environment variable COURSE_DATA, else ~/.cache/course-data.
        seed:    of the generated digits; it changes nothing in MNIST.
        train, validation, test:  number of images; by default 50,000 / 10,000 / 10,000 for MNIST (training and
            validation are the first and the last part of its training files) and 6,000 / 1,000 / 1,000 generated ones.
    Raises:
        ValueError: unknown source, or a number of images that the source does not have.
        DataError:  MNIST was asked for and is missing, or its files are damaged.

    >>> digits = load_digits("generated", train=100)
    >>> digits.train.images.shape
    torch.Size([100, 1, 28, 28])
    """
    if source not in SOURCES:
        raise ValueError(f"unknown source {source!r}: choose one of {', '.join(map(repr, SOURCES))}")
    folder = data_root(root)
    if source == "auto":
        source = "mnist" if mnist.find(folder) else "generated"
    asked = {"train": train, "validation": validation, "test": test}
    defaults = MNIST_SIZES if source == "mnist" else GENERATED_SIZES
    sizes = {name: defaults[name] if n is None else n for name, n in asked.items()}
    for name, n in sizes.items():
        if n < 1:
            raise ValueError(f"{name} must be at least 1 image, got {n}")
        if source == "mnist" and n > MNIST_SIZES[name]:
            raise ValueError(f"MNIST has {MNIST_SIZES[name]:,} images for {name}, {n:,} were asked for")
    splits = _mnist_splits(folder, sizes) if source == "mnist" else _generated_splits(seed, sizes)
    return Digits(source, **splits)


def derived_seed(seed: int, split: str) -> int:
    """Seed of one split, so that no two splits and no two seeds share their pictures.

    Raises:
        ValueError: the seed is negative.
    """
    if seed < 0:
        raise ValueError(f"seed must not be negative, got {seed}")
    position = list(GENERATED_SIZES).index(split)
    return int(np.random.SeedSequence([seed, position]).generate_state(1, np.uint64)[0])


def _generated_splits(seed: int, sizes: dict[str, int]) -> dict[str, Split]:
    splits = {}
    for name, n in sizes.items():
        images, labels = cached_digits(n, derived_seed(seed, name))
        splits[name] = _as_split(torch.from_numpy(images), torch.from_numpy(labels))
    return splits


def _mnist_splits(root: Path, sizes: dict[str, int]) -> dict[str, Split]:
    images, labels = mnist.load(root, "train")
    test_images, test_labels = mnist.load(root, "t10k")
    # Validation comes from the end of the training files, so that it never overlaps with training.
    start = MNIST_SIZES["train"]
    validation = slice(start, start + sizes["validation"])
    return {
        "train": _as_split(images[: sizes["train"]], labels[: sizes["train"]]),
        "validation": _as_split(images[validation], labels[validation]),
        "test": _as_split(test_images[: sizes["test"]], test_labels[: sizes["test"]]),
    }


def _as_split(images: Tensor, labels: Tensor) -> Split:
    """Bytes (n, 28, 28) -> float32 (n, 1, 28, 28) in [0, 1].  Labels are copied, so that no larger tensor is kept."""
    return Split(images.unsqueeze(1).float() / 255, labels.clone())
