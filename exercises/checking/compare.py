"""The first difference between what came and what is due, in words."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from numbers import Integral
from typing import Any

import numpy
import torch
from torch import Tensor

from .errors import NotANumberError
from .plain import STAYS, copied, simple
from .words import FEW, as_tensor, describe, describe_no_tensor, hint_of_no_tensor, kind_due, name_of, values

MAX_ROUNDINGS = 32  # that may add up in a result that is right: sums of a hundred values or so
MAX_WORDS = 200  # characters of a value that is written out
EXACT_UP_TO = 2.0**52  # whole numbers that float64 tells from their neighbours


@dataclass(frozen=True)
class Rule:
    """How to compare.

    Attributes:
        atol, rtol: numbers may differ by atol + rtol * |due|.
        typed:      whether whole numbers have to be whole numbers (int).
        reveal:     whether what is due may be shown.
        what:       what is due in words, in the place of its values.
    """

    atol: float = 0.0
    rtol: float = 0.0
    typed: bool = False
    reveal: bool = True
    what: str = ""

    def __post_init__(self) -> None:
        for name, value in (("atol", self.atol), ("rtol", self.rtol)):
            if not (math.isfinite(value) and value >= 0):
                raise ValueError(f"{name} is {value}: a tolerance is a number from 0, else nothing or all is close")


@dataclass(frozen=True)
class Difference:
    """What is due and what came, in words.

    Attributes:
        place: where in a tuple, list or dict, from outside to inside.
        hint:  in the place of the check's own.
    """

    due: str
    got: str
    hint: str = ""
    place: tuple[str, ...] = ()

    def within(self, place: str) -> Difference:
        return replace(self, place=(place, *self.place))

    def with_place(self, words: str) -> str:
        return f"{', '.join(self.place)}: {words}" if self.place else words


def difference(got: Any, due: Any, rule: Rule) -> Difference | None:
    """The first difference; None where there is none.

    Both may be tensors, NumPy arrays, numbers, truth values, texts, None, dtypes, and tuples, lists and dicts of these,
    item by item.  What is a tuple, a tensor, complex or a truth value has to be one; a whole number may come as a
    float, unless the rule is typed.

    Raises:
        TypeError:  what is due is none of these: the check is at fault.
        ValueError: it is NaN, or holds it: nothing is equal to that.
    """
    due, got = _in_few_classes(due), _in_few_classes(got)
    if isinstance(due, tuple | list):
        return _of_items(got, due, rule)
    if isinstance(due, dict):
        return _of_entries(got, due, rule)
    if isinstance(due, Tensor | numpy.ndarray):
        return _of_tensors(got, due, rule)
    if isinstance(due, int | float | complex) and not isinstance(due, bool):
        return _of_numbers(got, due, rule)
    if due is None or isinstance(due, bool | str | torch.dtype):
        return None if type(got) is type(due) and got == due else Difference(_words(due, rule), describe(got))
    raise TypeError(f"a check compares with a {type(due).__qualname__}: neither a plain value nor a tensor or an array")


def _in_few_classes(value: Any) -> Any:
    """A NumPy number as Python's, a named tuple as a tuple, as they would arrive."""
    found = simple(value)
    return value if found is STAYS else found


def _words(due: Any, rule: Rule) -> str:
    """A plain value that is due."""
    if rule.what:
        return rule.what
    return repr(due)[:MAX_WORDS] if rule.reveal else f"another value ({type(due).__name__})"


def _of_items(got: Any, due: tuple[Any, ...] | list[Any], rule: Rule) -> Difference | None:
    kind = type(due).__name__
    if type(got) is not type(due) or len(got) != len(due):
        words = describe(got) if type(got) is not type(due) else f"a {kind} of {len(got)}: {describe(got)}"
        return Difference(rule.what or _whole(due, rule) or f"a {kind} of {len(due)}", words)
    for number, (one, other) in enumerate(zip(got, due, strict=True)):
        found = difference(one, other, rule)
        if found is not None:
            whole = rule.typed and _whole(due, rule)
            return replace(found, due=whole, got=describe(got)) if whole else found.within(f"item {number}")
    return None


def _whole(due: tuple[Any, ...] | list[Any], rule: Rule) -> str:
    """Few plain values, written out together; nothing where they are many, or may not be shown."""
    if rule.what or not rule.reveal or len(due) > FEW or any(isinstance(i, Tensor | numpy.ndarray | dict) for i in due):
        return ""
    words = repr(due)
    return words if len(words) <= MAX_WORDS else ""


def _of_entries(got: Any, due: dict[Any, Any], rule: Rule) -> Difference | None:
    keys = rule.what or f"a dict of {', '.join(map(repr, due)) or 'nothing'}"[:MAX_WORDS]
    if type(got) is not dict:
        return Difference(keys, describe(got))
    for key in due:
        if key not in got:
            return Difference(keys, f"{describe(got)}: {key!r} is missing")
    for key in got:
        if key not in due:
            return Difference(keys, f"{describe(got)}: {key!r} is there besides")
    for key, other in due.items():
        found = difference(got[key], other, rule)
        if found is not None:
            return found.within(repr(key)[:MAX_WORDS])
    return None


def _of_numbers(got: Any, due: float | complex, rule: Rule) -> Difference | None:
    if due != due:
        raise NotANumberError("a check compares with NaN, and nothing is equal to that")
    words = _words(due, rule)
    whole = isinstance(due, int) and rule.typed
    if whole:
        got = _as_integer(got)
    number = isinstance(got, int | float | complex) and not isinstance(got, bool)
    if not number or (whole and type(got) is not int) or (isinstance(got, complex) and not isinstance(due, complex)):
        hint = "A whole number is due (int), and this is a float: which division gives one?"
        what = {int: "a whole number", float: "a number", complex: "a complex number"}[type(due)]
        return Difference(words, _with_type(got, due, what), hint if whole and isinstance(got, float) else "")
    if got == due:
        return None
    if rule.typed:
        return Difference(words, describe(got))
    try:
        distance = float(abs(got - due))
        allowed = 0.0 if math.isinf(abs(due)) else rule.atol + rule.rtol * abs(due)
    except OverflowError:  # a whole number beyond what a float can hold
        distance, allowed = math.inf, 0.0
    return None if distance <= allowed and allowed > 0 else Difference(words, f"{got!r}, {distance:.3g} away")


def _with_type(got: Any, due: Any, what: str) -> str:
    """What came, and that it is of another kind where that does not meet the eye."""
    alike = isinstance(got, Tensor) or (isinstance(got, bool | complex) and not isinstance(due, bool))
    return f"{describe(got)}, where {what} is due" if alike else describe(got)


def _as_integer(value: Any) -> Any:
    if isinstance(value, Tensor) and value.numel() == 1 and not value.is_floating_point() and not value.is_complex():
        return int(value.item())
    return int(value) if isinstance(value, Integral) and not isinstance(value, bool) else value


def _of_tensors(got: Any, due: Tensor | numpy.ndarray, rule: Rule) -> Difference | None:
    if simple(due) is STAYS:
        raise TypeError("a check compares with a tensor or an array that has no values, or none of a plain type")
    expected = as_tensor(copied(due))
    words = rule.what or (values(expected) if rule.reveal and expected.numel() <= FEW else "the right values")
    words += f", shape {tuple(expected.shape)}"
    if isinstance(got, Tensor) is not isinstance(due, Tensor) or simple(got) is STAYS:
        if isinstance(due, Tensor):
            return Difference(words, describe_no_tensor(got), hint_of_no_tensor(got))
        return Difference(words, describe(got) + ", where a NumPy array is due" * isinstance(got, Tensor))
    if not isinstance(got, Tensor | numpy.ndarray):
        return Difference(words, describe(got))
    return _of_values(as_tensor(copied(got)), expected, words, rule)


def _of_values(came: Tensor, expected: Tensor, words: str, rule: Rule) -> Difference | None:
    """Of two tensors, of which the first may have any shape and type that travels."""
    if came.shape != expected.shape:
        return Difference(words, f"shape {tuple(came.shape)}")
    if kind_due(came.dtype) != kind_due(expected.dtype):
        return Difference(words, f"{name_of(came.dtype)} values, where {kind_due(expected.dtype)} are due")
    wide = torch.complex128 if expected.is_complex() else torch.float64
    value, target = came.to(wide), expected.to(wide)
    if bool(target.isnan().any()):
        raise NotANumberError("a check compares with NaN, and nothing is equal to that")
    lost = ~value.isfinite() & (target.isfinite() | value.isnan())
    if bool(lost.any()):
        return Difference(words, f"{int(lost.sum())} of {value.numel()} values are NaN or infinite")
    distance = _distance(came, expected, value, target)
    size = target.abs()
    wrong = ~(distance <= torch.where(size.isinf(), 0.0, rule.atol + rule.rtol * size))
    if not bool(wrong.any()):
        return None
    shown = f"{values(came)}, " if came.numel() <= FEW else ""
    far = f"{int(wrong.sum())} of {value.numel()} values differ, by up to {distance.max().item():.3g}"
    if not bool(value.any()):
        far = "zeros everywhere"
    elif _only_rounded(came, distance, expected):
        far += f": your result is {name_of(came.dtype)}, and that is what {name_of(came.dtype)} rounds"
        hint = f"The inputs were {name_of(expected.dtype)}: which line makes another type of them?"
        return Difference(words, shown + far, hint)
    return Difference(words, shown + far)


def _distance(came: Tensor, expected: Tensor, value: Tensor, target: Tensor) -> Tensor:
    """How far each value is from what is due, 0 where both are the same infinity, as float64."""
    apart = torch.where(value == target, torch.zeros_like(value), value - target).abs()
    if any(one.is_floating_point() or one.is_complex() for one in (came, expected)):
        return apart
    exact = (came.to(torch.int64) - expected.to(torch.int64)).abs().to(torch.float64)
    return torch.where(apart > EXACT_UP_TO, apart, exact)  # far apart they would run over


def _only_rounded(got: Tensor, distance: Tensor, due: Tensor) -> bool:
    """Whether a result of fewer digits than the right one is as close to it as those digits allow."""
    if not (got.is_floating_point() or got.is_complex()) or not (due.is_floating_point() or due.is_complex()):
        return False
    digit = torch.finfo(got.dtype).eps
    fewer = digit > torch.finfo(due.dtype).eps
    return fewer and float(distance.max()) <= MAX_ROUNDINGS * digit * float(due.to(torch.complex128).abs().max())
