"""Data sets of the course, as tensors in memory. `load_digits` is the way in.

>>> digits = load_digits("generated")
>>> print(digits.banner())  # doctest: +SKIP
"""

from .digits import Digits, Split, load_digits
from .errors import DataError

__all__ = ["DataError", "Digits", "Split", "load_digits"]
