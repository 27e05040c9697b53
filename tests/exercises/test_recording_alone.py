"""What records and replays a network does nothing beside that: it costs each process of a training anew."""

from __future__ import annotations

import builtins
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
import torch
from torch import nn

from exercises.recording import Recording, Replayed, behaviours, differences


class _Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.norm, self.head = nn.BatchNorm1d(3), nn.Linear(3, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out: torch.Tensor = self.head(self.norm(x).relu())
        return out


ASKED = [([torch.ones(4, 3)], True, 1, 2), ([torch.ones(2, 3)], False, 1, 2)]


def test_a_network_is_recorded_compared_and_built_without_imports_and_graphics_cards(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An import would find the student's copies in the sandbox; torch.manual_seed reads source files for its stack."""
    imported = builtins.__import__

    def watch(
        name: str,
        globals: Mapping[str, Any] | None = None,
        locals: Any = None,
        names: Sequence[str] = (),
        level: int = 0,
    ) -> Any:
        asked_by = (globals or {}).get("__name__", "")
        assert not asked_by.startswith("exercises."), f"{asked_by} imports {name}"
        return imported(name, globals, locals, names, level)

    Recording(_Net, seed=3).add_passes(
        [([torch.ones(4, 3)], True)]
    )  # torch imports modules of its own with the first one
    monkeypatch.setattr(builtins, "__import__", watch)
    monkeypatch.setattr(torch, "manual_seed", lambda seed: pytest.fail("torch.manual_seed"))
    recording = Recording(_Net, seed=3)
    told = recording.add_passes([([torch.ones(4, 3)], True), ([torch.ones(2, 3)], False)])
    own = recording.behave(ASKED, seed=5)
    by_record = behaviours(Replayed(told["parts"], 3), ASKED)
    assert not any(differences(mine, theirs) for mine, theirs in zip(own["shown"], by_record, strict=True))
    state = Replayed(told["parts"], 5).state()
    assert set(state) == set(own["anew"])
    assert all(torch.equal(state[name], one) for name, one in own["anew"].items())
