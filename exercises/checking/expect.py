"""The words of a verdict: what was expected, what came, and a hint."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from .compare import Rule, difference
from .errors import NotANumberError, StudentError, UnfitScoreError
from .verdict import Cause
from .words import describe as describe
from .words import describe_no_tensor, hint_of_no_tensor

Hint = str | Callable[[], str]  # the latter works its words out, where a comparison fails and only there
ROUNDING = 1e-9  # by which sums of fractions may miss 0 or 1


class MismatchError(AssertionError):
    """The answer is not what the check expects.

    Raised while a StudentError is being handled, it has that one's cause and place.

    Attributes:
        cause, about: as in `Verdict`.
        of_kind:      whether it is told as a matter of its type, with a hint in the place of the check's own.
    """

    def __init__(
        self,
        expected: str,
        got: str,
        hint: str,
        *,
        cause: Cause = Cause.WRONG,
        about: str = "",
        of_kind: bool = False,
    ) -> None:
        super().__init__(f"expected {expected}; got {got}")
        self.expected, self.got, self.hint = expected, got, hint
        self.cause, self.about, self.of_kind = cause, about, of_kind


class NothingAskedError(Exception):
    """A fault of the check: it ended without a comparison and without a score, so that every answer would pass."""


class NoReasonError(ValueError):
    """A fault of the check: it proposes points and does not say why, so that nobody would know what to look at."""


@dataclass(frozen=True)
class Case:
    """What a part of a check computes ("conv of 5 on 7 samples"), and what to ask where that goes wrong."""

    name: str = ""
    hint: str = ""


def _in_words(hint: Hint) -> str:
    """The hint; none where working it out fails, as it may on answers of any form, so that the case's own is told."""
    if not callable(hint):
        return hint
    try:
        return hint()
    except Exception:
        return ""


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
        self.asked = False  # whether anything was compared or scored
        self.fraction = 1.0  # what `score` awarded
        self.scored: tuple[str, str, str] = ("", "", "")
        self.measured: Mapping[str, float] = {}
        self.due: Mapping[str, float] = {}
        self.reasons: dict[str, None] = {}  # why the points wait for a person
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
        self,
        expected: str,
        got: str,
        hint: Hint,
        case: str = "",
        *,
        of_kind: str = "",
        cause: Cause = Cause.WRONG,
        about: str = "",
    ) -> MismatchError:
        """What a comparison raises, with the case that it stands in; `of_kind` is a hint in the place of all others."""
        full = self._with(case, of_kind or _in_words(hint))
        got = f"{full.name}: {got}" if full.name else got
        return MismatchError(expected, got, full.hint, cause=cause, about=about, of_kind=bool(of_kind))

    def that(
        self,
        condition: bool,
        *,
        expected: str,
        got: str,
        hint: Hint = "",
        cause: Cause = Cause.WRONG,
        about: str = "",
    ) -> None:
        """Require a condition that the check itself has worked out.

        Args:
            cause, about: what it says of the answer where it does not hold, as in `Verdict`.
        """
        self.asked = True
        if not condition:
            raise self._mismatch(expected, got, hint, cause=cause, about=about)

    def shape(self, got: Any, shape: Sequence[int], *, hint: Hint = "", case: str = "") -> None:
        """Require a tensor of this shape."""
        expected = f"a tensor of shape {tuple(shape)}"
        tensor = self._tensor(got, expected, hint, case)
        if tuple(tensor.shape) != tuple(shape):
            raise self._mismatch(expected, f"shape {tuple(tensor.shape)}", hint, case)

    def close(
        self,
        got: Any,
        expected: Any,
        *,
        atol: float,
        rtol: float = 0.0,
        hint: Hint = "",
        what: str = "",
        case: str = "",
    ) -> None:
        """Require numbers that lie within atol + rtol * |expected|, real or complex ones.

        Args:
            expected: a tensor or a NumPy array, and the same is due, of the same shape; a Python number; or a tuple, a
                list or a dict of these, with as many items and the same keys.  Complex values and truth values have to
                be such.  Infinities have to be the same.
            what: the expected value in words ("the input itself"); without it, values are shown only by public checks.
            case: what was computed, put in front of what came ("conv of 5 on 7 samples").

        Raises:
            TypeError, ValueError: a fault of the check: what it expects cannot be compared, or is NaN.
        """
        self._refuse(got, expected, Rule(atol, rtol, reveal=self.reveal, what=what), hint, case)

    def equal(self, got: Any, expected: Any, *, hint: Hint = "", case: str = "") -> None:
        """Require a plain value (a number, a text, a truth value, a dtype; a tuple, a list or a dict of these).

        A whole number may come as any integer type, also as a tensor of one element.  Floats are exact, and so are
        tensors and arrays: for a tolerance use `close`.

        Raises:
            TypeError, ValueError: as for `close`.
        """
        self._refuse(got, expected, Rule(typed=True, reveal=self.reveal), hint, case)

    def _refuse(self, got: Any, expected: Any, rule: Rule, hint: Hint, case: str) -> None:
        """Tell of the first difference, if there is one."""
        self.asked = True
        found = difference(got, expected, rule)
        if found is not None:
            due = found.due if rule.what else found.with_place(found.due)
            raise self._mismatch(due, found.with_place(found.got), hint, case, of_kind=found.hint)

    def raises(self, call: Callable[[], Any], exception: str, *, hint: Hint = "", case: str = "") -> None:
        """Require that the student's code raises an exception of this name (or a class derived from it)."""
        self.asked = True
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

        Raises:
            NotANumberError: the fraction, or a number measured, is NaN or infinite: the answer's, or the check's doing.
            UnfitScoreError: a fault of the check: one of them is outside of 0 to 1.
        """
        self.asked = True
        for what, value in {"the fraction": fraction, **(measured or {})}.items():
            if not -ROUNDING <= value <= 1 + ROUNDING:
                kind: type[ValueError] = UnfitScoreError if math.isfinite(value) else NotANumberError
                raise kind(f"score: {what} is {value:g}, but has to be a number from 0 to 1")
        self.fraction = min(1.0, max(0.0, float(fraction)))
        self.scored = (expected, got, hint)
        self.measured, self.due = dict(measured or {}), dict(due or {})

    def propose(self, reason: str) -> None:
        """Only propose the points that `score` awards next: they wait for a person.  An answer without points does not.

        Args:
            reason: why, for student and TA, with the file and line of the answer that is to blame: "the network cannot
                be recorded (classifier.py, line 31: …)".

        Raises:
            NoReasonError: a fault of the check: the reason is empty.
        """
        if not reason.strip():
            raise NoReasonError("propose: say why a person has to look at the points")
        self.reasons[reason] = None

    def tensor(self, got: Any, *, hint: Hint = "", case: str = "") -> Tensor:
        """Require a tensor and hand it on."""
        return self._tensor(got, "a torch tensor", hint, case)

    def _tensor(self, got: Any, expected: str, hint: Hint, case: str) -> Tensor:
        self.asked = True
        if isinstance(got, Tensor):
            return got
        raise self._mismatch(expected, describe_no_tensor(got), hint, case, of_kind=hint_of_no_tensor(got))
