"""Tensors that nobody saw being made, and that lie in one memory: parts of a table that a network brings along."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from exercises.recording import Recording, Replayed, behaviour, differences

PARTS: dict[str, Callable[[Tensor], tuple[Tensor, Tensor]]] = {
    "halves": lambda table: (table[:6], table[6:]),
    "the later half first": lambda table: (table[6:], table[:6]),
    "the same half": lambda table: (table[6:], table[6:]),
    "overlapping": lambda table: (table[4:10], table[6:]),
    "every other": lambda table: (table[::2], table[1::2]),
    "a column and a row": lambda table: (table.view(2, 6)[0], table.view(6, 2).T[1]),
    "the whole and a part": lambda table: (table.view(2, 6), table[6:]),
}


class Brought(nn.Module):
    def __init__(self, parts: Callable[[Tensor], tuple[Tensor, Tensor]]) -> None:
        super().__init__()
        self.scale, self.shift = parts(torch.tensor([1.5**number for number in range(12)]))

    def forward(self, x: Tensor) -> Tensor:
        return (x[..., None] * self.scale[None].flatten()).sum(-1) + self.shift.cos().sum()


@pytest.mark.parametrize("parts", PARTS.values(), ids=PARTS.keys())
def test_parts_of_one_table_are_each_themselves(parts: Callable[[Tensor], tuple[Tensor, Tensor]]) -> None:
    recording = Recording(Brought, (parts,))
    x = torch.ones(3, 6)
    recording.add_pass([x], training=False)
    replayed = Replayed(recording.parts())
    mine, theirs = (behaviour(net, [2 * x], False, 0) for net in (recording.module, replayed))
    assert recording.notes()["refused"] == [] and differences(mine, theirs) == []
