"""A network, its record, and what is made of it, side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from exercises.recording import Recording, Replayed, behaviour
from exercises.recording.record import Record


def recorded(build: Callable[..., nn.Module], *inputs: Tensor, structural: bool = False, **kwargs: Any) -> Recording:
    """A network with records of both modes for these inputs."""
    recording = Recording(build, seed=3, kwargs=kwargs)
    for training in (True, False):
        recording.add_pass(inputs, training, structural)
    return recording


def through_text(recording: Recording) -> dict[str, Any]:
    """What travels, each record read and written once more."""
    parts = recording.parts()
    count = len(parts["literals"])
    for text in (parts["build"], *(text for _, _, text in parts["passes"])):
        assert Record.from_text(text, count).to_text() == text
    return parts


def unlike(recording: Recording, *inputs: Tensor, shaken: int | None = 5) -> list[str]:
    """Where network and record differ in a single bit, in both modes, with these inputs."""
    net, found = Replayed(through_text(recording), 3), []
    for training in (True, False):
        mine, theirs = (behaviour(one, inputs, training, 29, shaken) for one in (recording.module, net))
        for kind in ("buffers", "gradients"):
            if mine[kind].keys() != theirs[kind].keys():
                found.append(f"which {kind} there are")
            found += [name for name in mine[kind] if not same(mine[kind][name], theirs[kind].get(name))]
        pairs = zip(mine["outputs"], theirs["outputs"], strict=True)
        found += [f"output {place}" for place, (one, other) in enumerate(pairs) if not same(one, other)]
    return found


def same(one: Tensor, other: Any) -> bool:
    """Bit for bit."""
    return isinstance(other, Tensor) and one.dtype == other.dtype and torch.equal(one, other)


def words(places: Sequence[Any]) -> list[tuple[str, str, int]]:
    """What was done, in which file, in which line."""
    return [(what, file, line) for what, file, line in places]
