"""VGG's columns as data, and networks of columns that checks add."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from exercises.architectures.added import WithKey
from exercises.architectures.checks.vgg import CONVOLUTIONS, added, paper_column, require_column
from exercises.checking import Expect, MismatchError
from exercises.checking.draw import drawing
from solutions.architectures import vgg


def test_drawn_columns_show_every_mistake() -> None:
    for seed in range(200):
        with drawing("vgg.added", seed):
            case = added("added")
        rows, width = case.network.rows, case.network.named["width"]  # type: ignore[attr-defined]
        assert [row[0] for row in rows].count("pool") == 5 and rows[-1] == ("pool",)
        assert {row[1] for row in rows if row[0] == "conv"} == {1, 3}
        (place,) = (place for place, row in enumerate(rows) if row[0] == "lrn")
        assert rows[place - 1][0] == "conv"
        assert all(3 < row[2] * width < 22 for row in rows if row[0] == "conv")  # a norm needs neighbours
        assert case.network.arguments[0] not in vgg.CONFIGURATIONS


def test_a_key_is_there_while_a_network_is_built() -> None:
    before = dict(vgg.CONFIGURATIONS)
    net = WithKey(vgg.VGG, "Z1", [["conv", 1, 32], *[["pool"]] * 5])("Z1", num_classes=3, width=1 / 16)
    assert net.features[0].out_channels == 2  # type: ignore[union-attr,index]
    with pytest.raises(ValueError, match="is none of"):
        WithKey(vgg.VGG, "Z1", [])("Z2")
    assert before == vgg.CONFIGURATIONS


@pytest.mark.parametrize("key", CONVOLUTIONS)
def test_columns_are_the_papers(key: str) -> None:
    assert tuple(paper_column(key)) == vgg.CONFIGURATIONS[key]
    told(key, paper_column(key))
    told(key, [list(row) for row in paper_column(key)])


def told(key: str, rows: Any) -> None:
    """Judge a column."""
    require_column(SimpleNamespace(vgg=SimpleNamespace(CONFIGURATIONS={key: rows})), Expect(), key)


C = paper_column("C")
MISTAKES = {
    "not written": (None, "", "not written yet"),
    "a kernel": ([*C[:8], ("conv", 3, 256), *C[9:]], "row 9 is a convolution with another kernel", "('conv', 3, 256)"),
    "channels": ([*C[:3], ("conv", 3, 64), *C[4:]], "row 4 is a convolution with other channels", "('conv', 3, 64)"),
    "no pooling": ([*C[:2], *C[3:]], "row 3 is a maxpool", "('conv', 3, 128)"),
    "a text": ([*C[:2], "pool", *C[3:]], "row 3 is a maxpool", "'pool'"),
    "short": ([("conv", 3), *C[1:]], "row 1 is a convolution", "('conv', 3)"),
    "too few": (C[:-1], "18 rows with 13 convolutions", "17 rows"),
    "too many": ([*C, 7], "18 rows with 13 convolutions", "19 rows"),
    "no rows": (7, "column C", "no tuple, but 7"),
}


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=list(MISTAKES))
def test_the_first_row_that_differs_is_named(mistake: tuple[Any, str, str]) -> None:
    rows, expected, got = mistake
    with pytest.raises(MismatchError) as error:
        told("C", rows)
    assert expected in error.value.expected
    assert got in error.value.got
    assert error.value.hint.endswith(("?", "channels."))
