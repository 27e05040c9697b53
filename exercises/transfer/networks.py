"""Networks that know spoken digits (given), and what is done with a network that knows something.

Their weights are data: `digit_network.safetensors` and `plain_network.safetensors` were made by
`python -m grader.checks.transfer.pretrain`; networks.json says how, and what the networks reach.
"""

from __future__ import annotations

import copy
import importlib
from pathlib import Path
from typing import Any

from safetensors.torch import load_file
from torch import Tensor, nn

from .material import earlier

CHANNELS, BLOCKS = 24, 2


class PlainNetwork(nn.Module):
    """Three times convolution, ReLU, max pooling, without any norm; then the largest value of each channel.

    Attributes:
        layers: an nn.Sequential of torch's Conv2d, ReLU and MaxPool2d.
        output: a Linear, which reads the largest values, wherever in the image they are.

    Args:
        channels:    of the three convolutions.
        num_classes: classes to tell apart.
    """

    def __init__(self, channels: tuple[int, int, int] = (8, 16, 24), num_classes: int = 10) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for before, after in zip((1, *channels), channels, strict=False):
            layers += [nn.Conv2d(before, after, kernel_size=5, padding=2), nn.ReLU(), nn.MaxPool2d(2)]
        self.layers = nn.Sequential(*layers)
        self.output = nn.Linear(channels[-1], num_classes)

    def forward(self, x: Tensor) -> Tensor:
        """x: (batch, 1, height, width), at least 8 of both -> logits (batch, num_classes)."""
        return self.output(self.layers(x).amax(dim=(2, 3)))


def digit_network(pretrained: bool = True) -> Any:
    """The classifier of `digits` with 24 channels and 2 blocks, trained on spoken digits; in evaluation mode.

    Args:
        pretrained: False for random weights.
    """
    network = earlier("digits.classifier").CNNClassifier2d(hidden=CHANNELS, num_blocks=BLOCKS)
    return filled(network, "digit_network") if pretrained else network.eval()


def plain_network(pretrained: bool = True) -> PlainNetwork:
    """A network of convolutions, ReLUs and max pooling alone, trained alike; in evaluation mode.

    Args:
        pretrained: False for random weights.
    """
    network = PlainNetwork()
    return filled(network, "plain_network") if pretrained else network.eval()


def data_file(name: str) -> Path:
    """A data file beside this module: while grading, the module has come from elsewhere, and its package has not."""
    return Path(importlib.import_module("exercises.transfer").__path__[0]) / name


def filled(network: Any, name: str) -> Any:
    """A network with the weights of a data file, in evaluation mode."""
    network.load_state_dict(load_file(data_file(f"{name}.safetensors")))
    return network.eval()


def with_new_output(model: Any, num_classes: int) -> Any:
    """A copy of a network with a fresh Linear `output` for so many classes; nothing is frozen."""
    new = copy.deepcopy(model)
    new.output = nn.Linear(new.output.in_features, num_classes)
    return new


def predict_linear(features: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """Class scores of a linear classifier: (n, d), (num_classes, d), (num_classes,) -> (n, num_classes)."""
    return features.to(weight.dtype) @ weight.T + bias


def parameter_groups(model: Any, learning_rate: float, factor: float) -> list[dict[str, Any]]:
    """Groups for an optimiser of torch: `output` learns at this rate, everything before it at `factor` times it."""
    output = list(model.output.parameters())
    before = [parameter for name, parameter in model.named_parameters() if not name.startswith("output.")]
    return [
        {"params": output, "lr": learning_rate},
        {"params": before, "lr": factor * learning_rate},
    ]
