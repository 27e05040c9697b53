"""Which values a check sees as themselves: one rule for the student's own process and for the sandbox."""

from __future__ import annotations

import sys
from typing import Any


def number_of(value: Any) -> Any:
    """A NumPy scalar as the Python number that it is; anything else, arrays without axes too, as it came."""
    numpy = sys.modules.get("numpy")  # where nobody has imported it, there is none of its scalars
    if numpy is None or not isinstance(value, numpy.generic):
        return value
    for kind, python in ((numpy.integer, int), (numpy.floating, float), (numpy.bool_, bool), (numpy.str_, str)):
        if isinstance(value, kind):
            return python(value)
    return value


def is_plain(value: Any) -> bool:
    """Whether a value travels as itself: None, truth values, numbers, texts, tensors; tuples, lists, dicts of these.

    A class derived from one of these (a NamedTuple, an IntEnum) does not: its own class has to get it back.
    """
    from torch import Size, Tensor

    value = number_of(value)
    if value is None or type(value) in (bool, int, float, str) or isinstance(value, Tensor):
        return True
    if type(value) in (tuple, list, Size):
        return all(is_plain(item) for item in value)
    if isinstance(value, dict):
        return all(type(key) is str and is_plain(item) for key, item in value.items())
    return False
