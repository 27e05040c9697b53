"""One seed for all that draws random numbers in a process."""

from __future__ import annotations

import random

import numpy
import torch


def seed_all(seed: int) -> None:
    """Random numbers start from this seed, in torch (on the CPU), NumPy and Python."""
    random.seed(seed)
    numpy.random.seed(seed)
    torch.default_generator.manual_seed(seed)  # torch.manual_seed looks for graphics cards each time
