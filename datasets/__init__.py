"""Data sets of the course, as tensors in memory. `load_digits` and `load_speech` are the ways in.

>>> digits = load_digits("generated")
>>> print(digits.banner())  # doctest: +SKIP
"""

from .digits import Digits, Split, load_digits
from .errors import DataError
from .speech import Clips, SpokenWords, load_speech

__all__ = ["Clips", "DataError", "Digits", "Split", "SpokenWords", "load_digits", "load_speech"]
