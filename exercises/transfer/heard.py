"""What the parts of a network give on the way (given): the maps of a classifier of `digits`, and how far each sees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from ..digits.receptive_field import Layer
from ..learning import predict


@dataclass(frozen=True)
class Seen:
    """What comes out of a part of a network, for many images.

    Attributes:
        activations: (n, channels, rows, columns).
        layers:      from the image to there.
    """

    activations: Tensor
    layers: tuple[Layer, ...]


def heard(model: Any, parts: Mapping[str, nn.Module], stamps: Tensor) -> dict[str, Tensor]:
    """What comes out of these parts of a model in evaluation mode, by their names: (n, ...) each."""
    found: dict[str, list[Tensor]] = {name: [] for name in parts}

    def listen(name: str) -> Any:
        return lambda _part, _inputs, came: found[name].append(came)

    hooks = [part.register_forward_hook(listen(name)) for name, part in parts.items()]
    try:
        predict(model, stamps)
    finally:
        for hook in hooks:
            hook.remove()
    return {name: torch.cat(outputs) for name, outputs in found.items()}


def maps_of(model: Any) -> dict[str, nn.Module]:
    """The parts of a classifier of `digits` whose outputs are maps: "first filters", "block 1", …"""
    return {"first filters": model.input} | {f"block {k}": block for k, block in enumerate(model.blocks, 1)}


def averages(model: Any, stamps: Tensor) -> dict[str, Tensor]:
    """The average of each channel over time and frequency after each part of a classifier of `digits`; the logits.

    Returns:
        "first filters", "block 1", … and "logits", in this order: (n, channels), and (n, classes).
    """
    found = heard(model, maps_of(model) | {"logits": model.output}, stamps)
    return {name: came.flatten(start_dim=2).mean(dim=2) if came.ndim > 2 else came for name, came in found.items()}


def layers_of(parts: nn.Module) -> tuple[Layer, ...]:
    """The convolutions and torch's max pooling in a part of a network, in the order in which they were built.

    Convolutions of 1x1, which see no further, are left out.
    """
    found = []
    for one in parts.modules():
        if isinstance(one, nn.Conv2d) and one.kernel_size[0] > 1:
            found.append(Layer(one.kernel_size[0], one.stride[0], int(one.padding[0])))
        elif isinstance(one, nn.MaxPool2d):
            side, step = (size if isinstance(size, int) else size[0] for size in (one.kernel_size, one.stride))
            found.append(Layer(side, step))
    return tuple(found)


def stack_of(model: Any, stamps: Tensor) -> dict[str, Seen]:
    """What comes out of the first filters and of each block of a classifier of `digits`, built as its solution.

    There, each block ends with pooling by 2, which is none of torch's.
    """
    parts = maps_of(model)
    maps = heard(model, parts, stamps)
    layers: tuple[Layer, ...] = ()
    found = {}
    for name, part in parts.items():
        layers += layers_of(part) + (() if name == "first filters" else (Layer(2, 2),))
        found[name] = Seen(maps[name], layers)
    return found
