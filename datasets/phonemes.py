"""What the words of the generated speech are made of: the sounds of a word, and how each of them is made.

Formants are textbook averages of adult male speakers (Peterson and Barney 1952, J. Acoust. Soc. Am. 24, and the
synthesis tables of Klatt 1980, J. Acoust. Soc. Am. 67), rounded; each speaker has a vocal tract and an accent of their
own on top.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
ANIMALS = ("cat", "dog", "fox", "bird")


class Phoneme(NamedTuple):
    """One sound.

    Attributes:
        duration:  ms.
        f1, f2, f3: resonances of the vocal tract, Hz.
        voicing:   loudness of the vocal folds, 0 to 1.
        frication: loudness of the noise at a narrow place in the mouth, 0 to 1.
        centre, width: where that noise lies, and how wide it is, Hz.
        breath:    loudness of the noise at the vocal folds, 0 to 1; it passes through the vocal tract.
    """

    duration: float
    f1: float
    f2: float
    f3: float
    voicing: float = 0.0
    frication: float = 0.0
    centre: float = 2500.0
    width: float = 1500.0
    breath: float = 0.0


PHONEMES = {
    # fricatives
    "z": Phoneme(70, 250, 1500, 2500, 0.35, 0.25, 3600, 900),
    "s": Phoneme(100, 320, 1400, 2500, 0, 0.5, 3600, 900),
    "f": Phoneme(90, 340, 1100, 2100, 0, 0.28, 2600, 2600, 0.05),
    "th": Phoneme(80, 330, 1300, 2500, 0, 0.22, 2900, 2200, 0.05),
    "v": Phoneme(60, 250, 1050, 2100, 0.5, 0.15, 2600, 2600),
    # vowels; a diphthong is two of them
    "ih": Phoneme(80, 400, 1850, 2500, 1),
    "iy": Phoneme(150, 300, 2100, 2750, 1),
    "eh": Phoneme(100, 550, 1800, 2500, 1),
    "ae": Phoneme(150, 690, 1680, 2450, 1),
    "ah": Phoneme(110, 640, 1200, 2400, 1),
    "ax": Phoneme(60, 500, 1400, 2450, 0.9),
    "aa": Phoneme(150, 740, 1100, 2450, 1),
    "ao": Phoneme(150, 580, 880, 2400, 1),
    "ow1": Phoneme(90, 500, 950, 2350, 1),
    "ow2": Phoneme(110, 380, 820, 2300, 0.9),
    "uw1": Phoneme(80, 330, 1500, 2350, 1),
    "uw2": Phoneme(110, 310, 1000, 2250, 0.9),
    "ay1": Phoneme(110, 720, 1250, 2500, 1),
    "ay2": Phoneme(90, 350, 2050, 2600, 1),
    "ey1": Phoneme(90, 450, 1800, 2500, 1),
    "ey2": Phoneme(90, 330, 2080, 2650, 1),
    "er": Phoneme(170, 460, 1300, 1680, 1),
    # glides and nasals
    "r": Phoneme(70, 330, 1080, 1500, 0.8),
    "w": Phoneme(70, 300, 650, 2200, 0.7),
    "n": Phoneme(80, 250, 1450, 2350, 0.5),
    # the silence before a plosive, without and with voice, and its burst
    "-": Phoneme(55, 300, 1500, 2500),
    "v-": Phoneme(50, 220, 1200, 2300, 0.18),
    "T": Phoneme(25, 350, 1750, 2600, 0, 0.8, 3500, 900, 0.1),
    "K": Phoneme(30, 350, 1900, 2400, 0, 0.7, 1900, 500, 0.15),
    "D": Phoneme(16, 300, 1700, 2600, 0.3, 0.5, 3200, 1000),
    "B": Phoneme(14, 250, 1000, 2200, 0.4, 0.35, 900, 800),
    "G": Phoneme(22, 280, 1700, 2200, 0.3, 0.5, 1700, 500),
    "h": Phoneme(35, 450, 1500, 2500, breath=0.35),
}

WORDS = {
    "zero": "z ih r ow1 ow2",
    "one": "w ah n",
    "two": "- T h uw1 uw2",
    "three": "th r iy",
    "four": "f ao r",
    "five": "f ay1 ay2 v",
    "six": "s ih - K s",
    "seven": "s eh v ax n",
    "eight": "ey1 ey2 - T",
    "nine": "n ay1 ay2 n",
    "cat": "- K h ae - T",
    "dog": "v- D ao v- G",
    "fox": "f aa - K s",
    "bird": "v- B er v- D",
}


def phoneme_table() -> NDArray[np.float32]:
    """(phonemes, 9) values of PHONEMES in its order, columns as in Phoneme."""
    return np.array(list(PHONEMES.values()), dtype=np.float32)


def spelling(words: tuple[str, ...]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The sounds of each word as rows of the table.

    Returns:
        (words, longest) numbers of phonemes, the last one repeated to the end, and (words,) how many there are.

    Raises:
        ValueError: a word is not known; the message lists those that are.
    """
    unknown = [word for word in words if word not in WORDS]
    if unknown or not words:
        raise ValueError(f"unknown words {unknown}: choose from {', '.join(WORDS)}")
    order = {name: number for number, name in enumerate(PHONEMES)}
    rows = [[order[name] for name in WORDS[word].split()] for word in words]
    longest = max(map(len, rows))
    padded = [row + row[-1:] * (longest - len(row)) for row in rows]
    return np.array(padded, dtype=np.int64), np.array([len(row) for row in rows], dtype=np.int64)
