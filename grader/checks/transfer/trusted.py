"""What the given modules make of the model solutions of earlier assignments, on the trusted side.

There the modules of earlier assignments in `exercises/` are stubs: the solutions stand in their place.
"""

from __future__ import annotations

import importlib
from typing import Any

from datasets import Clips
from exercises.transfer.material import Words, clips_of, stamps_of
from exercises.transfer.networks import BLOCKS, CHANNELS, filled


def classifier() -> Any:
    """The digit network's form, with random weights."""
    found = importlib.import_module("solutions.digits.classifier")
    return found.CNNClassifier2d(hidden=CHANNELS, num_blocks=BLOCKS)


def digit_network() -> Any:
    """The digit network as students have it."""
    return filled(classifier(), "digit_network")


def stamps(clips: Clips, seed: int | None) -> Words:
    """Clips as stamps: see `stamps_of` of the given module `material`."""
    return stamps_of(clips, seed, importlib.import_module("solutions.spoken_digits.features").stamp)


def words_of(words: tuple[str, ...], each: int, speakers: int, seed: int) -> Words:
    """Generated words somewhere in a second: see `words_of` of the given module `material`."""
    return stamps(clips_of(words, each, speakers, seed), seed)
