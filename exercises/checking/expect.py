"""The words of a verdict: what was expected, what came, and a hint."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any

import torch
from torch import Tensor

from .student import StudentError
from .verdict import Cause

WITH_INDICES = ("max", "min", "median", "mode", "sort", "topk", "kthvalue", "cummax", "cummin", "aminmax")
MAX_ROUNDINGS = 32  # that may add up in a result that is right: sums of a hundred values or so


class MismatchError(AssertionError):
    """The answer is not what the check expects.

    Raised while a StudentError is being handled, it has that one's cause and place.

    Attributes:
        cause, about: as in `Verdict`.
    """

    def __init__(self, expected: str, got: str, hint: str, *, cause: Cause = Cause.WRONG, about: str = "") -> None:
        super().__init__(f"expected {expected}; got {got}")
        self.expected, self.got, self.hint = expected, got, hint
        self.cause, self.about = cause, about


@dataclass(frozen=True)
class Case:
    """What a part of a check computes ("conv of 5 on 7 samples"), and what to ask where that goes wrong."""

    name: str = ""
    hint: str = ""


class Expect:
    """Compares, and words the difference.

    Whatever the student's code does in `with expect.case("conv of 5 on 7 samples", hint="…"):` is told with this case:
    every comparison in there, and what the code raises.

    Args:
        reveal: whether expected values may be shown.  True for public checks; hidden ones show shapes, counts and
            distances, never the reference's values.
        settle: has done what the student was asked and has not done yet, so that it is told with its own case.
    """

    def __init__(self, reveal: bool = True, settle: Callable[[], None] = lambda: None) -> None:
        self.reveal, self._settle = reveal, settle
        self.fraction = 1.0  # what `score` awarded
        self.scored: tuple[str, str, str] = ("", "", "")
        self.measured: Mapping[str, float] = {}
        self.due: Mapping[str, float] = {}
        self._case = Case()
        self._stopped: list[tuple[BaseException, Case]] = []

    @contextmanager
    def case(self, name: str, *, hint: str = "") -> Iterator[None]:
        """Name what is computed in here, with a hint: for the comparisons in here, and for an exception that leaves it.

        A case in a case is told after the outer one, and has its hint where it brings none of its own.  So has a
        comparison that is given a case or a hint.
        """
        self._settle()
        outer, self._case = self._case, self._with(name, hint)
        try:
            yield
            self._settle()
        except Exception as error:
            if self.case_of(error) == Case():
                self._stopped.append((error, self._case))
            raise
        finally:
            self._case = outer

    def case_of(self, error: BaseException) -> Case:
        """The case that an exception came out of; an empty one where it was raised outside of any."""
        return next((case for one, case in self._stopped if one is error), Case())

    def _with(self, name: str, hint: str) -> Case:
        names = [one for one in (self._case.name, name) if one]
        return Case(", ".join(names), hint or self._case.hint)

    def _mismatch(
        self, expected: str, got: str, hint: str, case: str = "", *, cause: Cause = Cause.WRONG, about: str = ""
    ) -> MismatchError:
        """What a comparison raises, with the case that it stands in."""
        full = self._with(case, hint)
        return MismatchError(expected, f"{full.name}: {got}" if full.name else got, full.hint, cause=cause, about=about)

    def that(
        self,
        condition: bool,
        *,
        expected: str,
        got: str,
        hint: str = "",
        cause: Cause = Cause.WRONG,
        about: str = "",
    ) -> None:
        """Require a condition that the check itself has worked out.

        Args:
            cause, about: what it says of the answer where it does not hold, as in `Verdict`.
        """
        if not condition:
            raise self._mismatch(expected, got, hint, cause=cause, about=about)

    def shape(self, got: Any, shape: Sequence[int], *, hint: str = "", case: str = "") -> None:
        """Require a tensor of this shape."""
        expected = f"a tensor of shape {tuple(shape)}"
        tensor = self._tensor(got, expected, hint, case)
        if tuple(tensor.shape) != tuple(shape):
            raise self._mismatch(expected, f"shape {tuple(tensor.shape)}", hint, case)

    def close(
        self,
        got: Any,
        expected: Tensor,
        *,
        atol: float,
        rtol: float = 0.0,
        hint: str = "",
        what: str = "",
        case: str = "",
    ) -> None:
        """Require a tensor of the same shape whose values lie within atol + rtol * |expected|.

        Args:
            what: the expected value in words ("the input itself"); without it, values are shown only by public checks.
            case: what was computed, put in front of what came ("conv of 5 on 7 samples").
        """
        words = what or (f"{_values(expected)}" if self.reveal and expected.numel() <= 12 else "the right values")
        words += f", shape {tuple(expected.shape)}"
        tensor = self._tensor(got, words, hint, case)
        if tuple(tensor.shape) != tuple(expected.shape):
            raise self._mismatch(words, f"shape {tuple(tensor.shape)}", hint, case)
        value, target = tensor.detach().to(torch.float64), expected.detach().to(torch.float64)
        if not bool(torch.isfinite(value).all()) and bool(torch.isfinite(target).all()):
            count = int((~torch.isfinite(value)).sum())
            raise self._mismatch(words, f"{count} of {value.numel()} values are NaN or infinite", hint, case)
        distance = (value - target).abs()
        wrong = ~(distance <= atol + rtol * target.abs())
        if bool(wrong.any()):
            shown = f"{_values(tensor)}, " if tensor.numel() <= 12 else ""
            far = f"{int(wrong.sum())} of {value.numel()} values differ, by up to {distance.max().item():.3g}"
            if not bool(value.any()):
                far = "zeros everywhere"
            elif _only_rounded(tensor, distance, expected):
                far += f": your result is {_name(tensor.dtype)}, and that is what {_name(tensor.dtype)} rounds"
                hint = f"The inputs were {_name(expected.dtype)}: which line makes another type of them?"
            raise self._mismatch(words, shown + far, hint, case)

    def equal(self, got: Any, expected: Any, *, hint: str = "", case: str = "") -> None:
        """Require a plain value (a number, a text, a truth value, a tuple of these).

        A whole number may come as any integer type, also as a tensor of one element.
        """
        if isinstance(expected, int) and not isinstance(expected, bool):
            got = _as_integer(got)
        same = type(got) is type(expected) and got == expected
        if isinstance(expected, float) and isinstance(got, Real):
            same = float(got) == expected
        if not same:
            words = repr(expected) if self.reveal else f"another value ({type(expected).__name__})"
            if isinstance(expected, int) and isinstance(got, float):
                hint = "A whole number is due (int), and this is a float: which division gives one?"
            raise self._mismatch(words, describe(got), hint, case)

    def raises(self, call: Callable[[], Any], exception: str, *, hint: str = "", case: str = "") -> None:
        """Require that the student's code raises an exception of this name (or a class derived from it)."""
        expected = f"a {exception}"
        try:
            result = call()
        except StudentError as error:
            if exception in error.kinds:
                return
            raise self._mismatch(expected, error.summary, hint, case) from error
        raise self._mismatch(expected, f"no exception, but {describe(result)}", hint, case)

    def score(
        self,
        fraction: float,
        *,
        expected: str,
        got: str,
        hint: str = "",
        measured: Mapping[str, float] | None = None,
        due: Mapping[str, float] | None = None,
    ) -> None:
        """Award a part of the points, 0 to 1.

        Args:
            measured: the numbers that it rests on, by name: accuracies from 0 to 1, by their thresholds' names.
            due:      what is worth full points, by the same names.
        """
        self.fraction = min(1.0, max(0.0, float(fraction)))
        self.scored = (expected, got, hint)
        self.measured, self.due = dict(measured or {}), dict(due or {})

    def tensor(self, got: Any, *, hint: str = "", case: str = "") -> Tensor:
        """Require a tensor and hand it on."""
        return self._tensor(got, "a torch tensor", hint, case)

    def _tensor(self, got: Any, expected: str, hint: str, case: str) -> Tensor:
        if isinstance(got, Tensor):
            return got
        raise self._mismatch(expected, describe(got), hint, case)


def describe(value: Any) -> str:
    """A value in few words."""
    if isinstance(value, Tensor):
        if value.numel() <= 12:
            return f"{_values(value)}, shape {tuple(value.shape)}"
        return f"a tensor of shape {tuple(value.shape)}, {_name(value.dtype)}"
    if value is None:
        return "None (is a `return` missing?)"
    if isinstance(value, bool | int | float | str):
        return repr(value)[:200]
    if isinstance(value, tuple | list):
        words = ", ".join(_item(item) for item in value)
        return f"tuple: ({words})"[:200] if isinstance(value, tuple) else f"list: [{words}]"[:200]
    if isinstance(value, dict):
        return f"a dict of {', '.join(map(repr, value)) or 'nothing'}"[:200]
    name = getattr(value, "type_name", None)  # a thing that stayed in the sandbox
    name = name if isinstance(name, str) else type(value).__qualname__
    if name in WITH_INDICES:
        return f"the pair (values, indices) that `{name}` gives along an axis: which of the two is due?"
    return "a NumPy array (ndarray), and no torch tensor" if name == "ndarray" else f"a {name}"


def _item(value: Any) -> str:
    """A part of a list or tuple; lists in lists are not unfolded."""
    if isinstance(value, tuple | list):
        return f"a {type(value).__name__} of {len(value)}"
    return repr(value) if isinstance(value, int | float | str) else describe(value)


def _name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")


def _only_rounded(got: Tensor, distance: Tensor, expected: Tensor) -> bool:
    """Whether a result of fewer digits than the right one is as close to it as those digits allow."""
    if not (got.is_floating_point() and expected.is_floating_point()):
        return False
    digit = torch.finfo(got.dtype).eps
    fewer = digit > torch.finfo(expected.dtype).eps
    return fewer and float(distance.max()) <= MAX_ROUNDINGS * digit * float(expected.detach().abs().max())


def _values(tensor: Tensor) -> str:
    rounded = [f"{v:.4g}" for v in tensor.detach().flatten().tolist()]
    return "[" + ", ".join(rounded) + "]"


def _as_integer(value: Any) -> Any:
    if isinstance(value, Tensor) and value.numel() == 1 and not value.is_floating_point():
        return int(value.item())
    if isinstance(value, Integral) and not isinstance(value, bool):
        return int(value)
    return value
