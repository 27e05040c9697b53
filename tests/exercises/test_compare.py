"""Which values are close or equal, which are not, and what is said of the first difference."""

from __future__ import annotations

import math
from collections import namedtuple
from typing import Any

import numpy as np
import pytest
import torch

from exercises.checking import Expect, MismatchError

Pair = namedtuple("Pair", "first second")
CLOSE = {"atol": 1e-3}
ONES = torch.ones(2)
NAN, INF = math.nan, math.inf


def mismatch(call: Any, *args: Any, **kwargs: Any) -> MismatchError:
    with pytest.raises(MismatchError) as caught:
        call(*args, **kwargs)
    return caught.value


@pytest.mark.parametrize(
    ("got", "due"),
    [
        (torch.tensor([1 + 5j]), torch.tensor([1 + 5.0005j])),
        (torch.tensor([1 + 5j], dtype=torch.complex64), torch.tensor([1 + 5j], dtype=torch.complex128)),
        (torch.tensor([1j]).conj(), torch.tensor([-1j])),
        (torch.ones(2, dtype=torch.bfloat16), ONES),
        (torch.tensor([1, 2]), torch.tensor([1.0, 2.0])),
        (torch.tensor([True]), torch.tensor([True])),
        (torch.tensor([INF, -INF, 1]), torch.tensor([INF, -INF, 1])),
        (torch.tensor(2**63 - 1), torch.tensor(2**63 - 1)),
        (torch.tensor(2**64 - 1, dtype=torch.uint64), torch.tensor(2**64 - 1, dtype=torch.uint64)),
        (torch.zeros(0, 3), torch.zeros(0, 3)),
        (torch.tensor(2.0), torch.tensor(2.0)),
        (torch.ones(2, requires_grad=True), torch.nn.Parameter(torch.ones(2))),
        (np.ones(2), np.ones(2, np.float32)),
        (np.array([1j]), np.array([1j])),
        (np.ones(4)[::-2], np.ones(2)),
        (1.0005, 1.0),
        (1, 1.0),
        (1.0005, 1),
        (np.float32(0.1), 0.1),
        (1 + 1.0005j, 1 + 1j),
        (1.0, 1 + 0j),
        (INF, INF),
        (complex(INF, 1), complex(INF, 1)),
        ((1.0005, ONES), (1.0, ONES)),
        (Pair(1.0, 2.0), (1, 2)),
        ((1, 2), Pair(1.0, 2.0)),
        ((2, 3), torch.Size([2, 3])),
        ([], []),
        ({"a": 1.0005, 2: [ONES]}, {2: [ONES], "a": 1.0}),
        ((True, None, "a", torch.float32), (True, None, "a", torch.float32)),
    ],
)
def test_close(got: Any, due: Any) -> None:
    Expect().close(got, due, **CLOSE)


@pytest.mark.parametrize(
    ("got", "due", "words"),
    [
        # the imaginary part counts
        (torch.tensor([1 + 5j]), torch.tensor([1 + 0j]), "[1+5j], 1 of 1 values differ, by up to 5"),
        (1 + 5j, 1 + 0j, "(1+5j), 5 away"),
        (np.array([1 + 5j]), np.array([1 + 0j]), "1 of 1 values differ, by up to 5"),
        (torch.tensor([complex(1, NAN)]), torch.tensor([1 + 0j]), "1 of 1 values are NaN or infinite"),
        # what is complex, a truth value, an array or a number is due as such
        (torch.ones(2), torch.ones(2) + 0j, "float32 values, where complex numbers are due"),
        (torch.ones(2) + 0j, torch.ones(2), "complex64 values, where real numbers are due"),
        (torch.ones(2), torch.tensor([True, True]), "float32 values, where truth values are due"),
        (torch.tensor([True, True]), torch.ones(2), "bool values, where real numbers are due"),
        (np.ones(2), torch.ones(2), "a NumPy array (ndarray), and no torch tensor"),
        (torch.ones(2), np.ones(2), "[1, 1], shape (2,), where a NumPy array is due"),
        (np.array(["a"]), np.ones(1), "a NumPy array (ndarray) of shape (1,), <U1"),
        (1.0, torch.ones(1), "1.0"),
        (torch.tensor(1.0), 1.0, "[1], shape (), where a number is due"),
        (np.array(1.0), 1.0, "a NumPy array (ndarray) of shape (), float64"),
        (True, 1.0, "True, where a number is due"),
        (1 + 0j, 1.0, "(1+0j), where a number is due"),
        (1, True, "1"),
        ("1", 1.0, "'1'"),
        (None, 1.0, "None (is a `return` missing?)"),
        # shapes are never broadcast
        (torch.ones(3, 1), torch.ones(3), "shape (3, 1)"),
        (torch.ones(1), torch.tensor(1.0), "shape (1,)"),
        (torch.ones(()), torch.ones(1), "shape ()"),
        (torch.zeros(3, 0), torch.zeros(0, 3), "shape (3, 0)"),
        (torch.zeros(0), torch.ones(1), "shape (0,)"),
        # infinities and NaN
        (torch.tensor([1.0]), torch.tensor([INF]), "1 of 1 values differ, by up to inf"),
        (torch.tensor([-INF]), torch.tensor([INF]), "1 of 1 values differ, by up to inf"),
        (torch.tensor([INF]), torch.tensor([1.0]), "1 of 1 values are NaN or infinite"),
        (torch.tensor([NAN, INF]), torch.tensor([1.0, INF]), "1 of 2 values are NaN or infinite"),
        (torch.tensor([complex(INF, 0)]), torch.tensor([complex(0, INF)]), "differ"),
        (NAN, 1.0, "nan"),
        (1.0, INF, "1.0, inf away"),
        (10**400, 1.0, "inf away"),
        # whole numbers that float64 does not tell apart
        (torch.tensor(2**53 + 1), torch.tensor(2**53), "[9007199254740993], 1 of 1 values differ, by up to 1"),
        (torch.tensor(-1), torch.tensor(2**64 - 1, dtype=torch.uint64), "1 of 1 values differ"),
        (torch.tensor(-(2**63)), torch.tensor(2**63 - 1), "by up to 1.84e+19"),
        # places
        ((1.0, 2.0), (1.0, 3.0), "item 1: 2.0, 1 away"),
        ((1.0, ONES), (1.0, ONES + 1), "item 1: [1, 1], 2 of 2 values differ, by up to 1"),
        ([[1.0], [2.0]], [[1.0], [3.0]], "item 1, item 0: 2.0, 1 away"),
        ({"cost": 1.0}, {"cost": 3.0}, "'cost': 1.0, 2 away"),
        ({"a": {3: (ONES, 1.0)}}, {"a": {3: (ONES, 2.0)}}, "'a', 3, item 1: 1.0, 1 away"),
        ({"a": 1.0}, {"cost": 1.0}, "a dict of 'a': 'cost' is missing"),
        ({"a": 1.0, "b": 2}, {"a": 1.0}, "a dict of 'a', 'b': 'b' is there besides"),
        ({1: 1.0}, {"1": 1.0}, "a dict of 1: '1' is missing"),
        ({}, {"a": 1.0}, "a dict of nothing: 'a' is missing"),
        ((1.0,), (1.0, 2.0), "a tuple of 1: tuple: (1.0)"),
        ((1.0, 2.0), (), "a tuple of 2: tuple: (1.0, 2.0)"),
        ([1.0], (1.0,), "list: [1.0]"),
        (1.0, (1.0,), "1.0"),
        (ONES, (ONES,), "[1, 1], shape (2,)"),
        ((ONES,), ONES, "tuple: ([1, 1], shape (2,))"),
        ((1.0, "a"), (1.0, "b"), "item 1: 'a'"),
    ],
)
def test_not_close(got: Any, due: Any, words: str) -> None:
    for reveal in (True, False):
        assert words in mismatch(Expect(reveal).close, got, due, **CLOSE).got


@pytest.mark.parametrize("due", [torch.tensor([1.0]), 1.0, np.ones(1)])
@pytest.mark.parametrize("rtol", [0.5, 1e-3])
def test_a_relative_tolerance_lets_no_infinity_pass(due: Any, rtol: float) -> None:
    for one in (INF, -INF):
        mismatch(Expect().close, due * 1, due * one, atol=0.0, rtol=rtol)
        mismatch(Expect().close, due * one, due * 1, atol=0.0, rtol=rtol)


@pytest.mark.parametrize("due", [NAN, complex(1, NAN), torch.tensor([1, NAN]), (1.0, NAN), {"a": np.array([NAN])}])
def test_nothing_is_compared_with_nan(due: Any) -> None:
    for compare in (lambda: Expect().close(due, due, atol=1.0), lambda: Expect().equal(due, due)):
        with pytest.raises(ValueError, match="NaN"):
            compare()


@pytest.mark.parametrize("tolerance", [{"atol": INF}, {"atol": NAN}, {"atol": -1.0}, {"atol": 0.0, "rtol": INF}])
def test_a_tolerance_that_nothing_or_everything_meets_is_refused(tolerance: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="tolerance"):
        Expect().close(1.0, 2.0, **tolerance)


@pytest.mark.parametrize("due", [object(), {1.5}, b"a", (1, object()), torch.ones(1, device="meta"), np.array(["a"])])
def test_what_cannot_be_compared_is_a_fault_of_the_check(due: Any) -> None:
    for compare in (lambda: Expect().close(due, due, atol=0.0), lambda: Expect().equal(due, due)):
        with pytest.raises(TypeError, match="a check compares with"):
            compare()


@pytest.mark.parametrize(
    ("got", "due"),
    [
        ((1.0, 2.5), (1.0, 2.5)),
        ((1, 2.5), (1, 2.5)),
        ((1, 2), (1.0, 2.0)),
        ((2, 3), torch.Size([2, 3])),
        (torch.Size([2, 3]), (2, 3)),
        (Pair(1, 2), (1, 2)),
        ((torch.tensor(3), np.int64(4)), (3, 4)),
        (2.0, 2 + 0j),
        (1 + 2j, 1 + 2j),
        ({"a": [1, None]}, {"a": [1, None]}),
        ((ONES, "a"), (ONES.clone(), "a")),
        (np.arange(3), np.arange(3)),
        (torch.float32, torch.float32),
        (2**80, 2**80),
        (-0.0, 0.0),
    ],
)
def test_equal(got: Any, due: Any) -> None:
    Expect().equal(got, due)


@pytest.mark.parametrize(
    ("got", "due", "words"),
    [
        ((1.0, 2.0), (1.0, 2.0000001), "tuple: (1.0, 2.0)"),
        ((1, 2.0), (1, 2), "tuple: (1, 2.0)"),
        ((1, True), (1, 1), "tuple: (1, True)"),
        ([2, 3], torch.Size([2, 3]), "list: [2, 3]"),
        (1, True, "1"),
        (1.0, True, "1.0"),
        (torch.tensor(True), True, "[True], shape ()"),
        (True, 1.0, "True, where a number is due"),
        (True, 1, "True, where a whole number is due"),
        (torch.tensor(1 + 0j), 1, "[1+0j], shape (), where a whole number is due"),
        (1 + 1e-9j, 1 + 0j, "(1+1e-09j)"),
        (1 + 0j, 1.0, "(1+0j), where a number is due"),
        ((ONES, 1), (ONES + 1e-6, 1), "item 0: [1, 1], 2 of 2 values differ, by up to 9.54e-07"),
        ((1, 2), (ONES, 2), "item 0: 1"),
        ((ONES, 2), (1, 2), "tuple: ([1, 1], shape (2,), 2)"),
        ("float32", torch.float32, "'float32'"),
        (torch.float64, torch.float32, "torch.float64"),
        (2**80 + 1, 2**80, str(2**80 + 1)),
        (2**53 + 1, 2.0**53, str(2**53 + 1)),
        ({"a": 1}, {"a": 2}, "'a': 1"),
    ],
)
def test_not_equal(got: Any, due: Any, words: str) -> None:
    assert words in mismatch(Expect().equal, got, due).got
    mismatch(Expect(reveal=False).equal, got, due)


def test_what_is_due_is_shown_by_public_checks_alone() -> None:
    due = {"a": (0.123456, torch.tensor([0.123456])), "b": "secret"}
    for got in ({"a": (1.0, torch.zeros(1)), "b": ""}, {"a": (0.123456, torch.zeros(1)), "b": ""}):
        assert "0.123" in mismatch(Expect().close, got, due, **CLOSE).expected
        assert "0.123" not in mismatch(Expect(reveal=False).close, got, due, **CLOSE).expected
    text = mismatch(Expect(reveal=False).equal, ("x", 1), ("secret", 1))
    assert "secret" not in text.expected + text.got and text.expected.startswith("item 0: another value (str)")
    assert mismatch(Expect().equal, (1, 2), (1, 3)).expected == "(1, 3)"
    assert mismatch(Expect(reveal=False).equal, (1,), (1, 3)).expected == "a tuple of 2"


def test_the_words_of_the_check_stand_for_what_is_due_and_the_place_for_what_came() -> None:
    found = mismatch(Expect().close, (ONES, 1.0), (ONES, 2.0), atol=0.0, what="mean and count", hint="?", case="f(x)")
    assert (found.expected, found.got, found.hint) == ("mean and count", "f(x): item 1: 1.0, 1 away", "?")


def test_a_complex_result_of_fewer_digits_is_told_from_a_wrong_one() -> None:
    due = torch.polar(torch.ones(9, dtype=torch.float64), torch.arange(9, dtype=torch.float64))
    found = mismatch(Expect().close, due.to(torch.complex64), due, atol=1e-12, hint="?")
    assert found.got.endswith("your result is complex64, and that is what complex64 rounds")
    assert "complex64" not in mismatch(Expect().close, due.to(torch.complex64) + 1, due, atol=1e-12, hint="?").got
