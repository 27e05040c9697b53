"""A network as data: how it is built, and what it does, as a module of torch's that holds no code of the student's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from .record import Record
from .replay import Program


class Replayed(nn.Module):
    """A network that is made of records alone.

    Args:
        parts: as `Recording.parts` gives it.
        seed:  of its first weights.
    """

    def __init__(self, parts: Mapping[str, Any], seed: int) -> None:
        super().__init__()
        self._literals = list(parts["literals"])
        build = Record.from_text(parts["build"], len(self._literals))
        torch.manual_seed(seed)
        with torch.enable_grad():
            _, values = Program(build)((), {}, self._literals)
        self._named: dict[str, nn.Parameter] = {}
        for place, (name, trained) in enumerate(parts["parameters"]):
            parameter = nn.Parameter(values[name].detach(), bool(trained))
            self.register_parameter(f"p{place}", parameter)
            self._named[name] = parameter
        self._beside = {name: values[name].detach() for name in parts["buffers"]}
        self._passes: dict[Any, Program] = {}
        for training, shapes, text in parts["passes"]:
            key = (bool(training), tuple(map(tuple, shapes)))
            self._passes[key] = Program(Record.from_text(text, len(self._literals)))

    def forward(self, *inputs: Tensor) -> Any:
        key = (self.training, tuple(tuple(one.shape) for one in inputs))
        if key not in self._passes:
            raise ValueError(f"no record of a pass of inputs of shape {key[1]}")
        outputs, after = self._passes[key](inputs, {**self._named, **self._beside}, self._literals)
        self._beside.update(after)
        return outputs

    def named_values(self) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
        """Parameters and buffers, by the names that they have in the student's network."""
        return dict(self._named), self._beside


def named_values(module: nn.Module) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """Parameters and buffers of a network or of what stands for it, by name."""
    if isinstance(module, Replayed):
        return module.named_values()
    return dict(nn.Module.named_parameters(module)), dict(nn.Module.named_buffers(module))
