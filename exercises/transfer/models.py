"""Models to probe (given): small ones, whose features are known without running them.

Checks build them where your code runs, from seeds and sizes that they draw. Nothing of them is worth training.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

LOUDER = 3.0  # what a hook makes of a layer's numbers


class Tally(nn.Module):
    """Counts in a buffer how many batches have passed in training, and changes nothing."""

    count: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("count", torch.tensor(0))

    def forward(self, x: Tensor) -> Tensor:
        """x of any shape -> x."""
        if self.training:
            self.count += 1
        return x


class Distances(nn.Module):
    """Scores of classes by how near a point of each class is: an output without a weight matrix's name."""

    def __init__(self, width: int, classes: int) -> None:
        super().__init__()
        self.points = nn.Parameter(torch.zeros(classes, width))

    def forward(self, x: Tensor) -> Tensor:
        """(batch, width) -> (batch, classes)."""
        return -(x[:, None] - self.points).square().sum(dim=2)


def _two_layers(width: int, classes: int) -> nn.Module:
    return nn.Sequential(nn.Linear(width, width + 1), nn.Dropout(0.3), nn.ReLU(), nn.Linear(width + 1, classes))


def _in_place(width: int, classes: int) -> nn.Module:
    return nn.Sequential(nn.ReLU(inplace=True), nn.Linear(width, classes))


OUTPUTS: dict[str, Callable[[int, int], nn.Module]] = {
    "Linear": nn.Linear,
    "two layers": _two_layers,
    "in place": _in_place,
    "distances": Distances,
}


class Reader(nn.Module):
    """Adds up pixels with random weights, in one of two ways: one for bright stamps, the other for dark ones.

    Its parts stand in another order than they run in, something runs between them that is no part, a hook changes what
    a layer gives, and in training much is different.

    Args:
        seed:    of the weights.
        pixels:  of one stamp.
        width:   features.
        classes: logits.
        output:  one of OUTPUTS.
    """

    def __init__(self, seed: int, pixels: int, width: int, classes: int, output: str = "Linear") -> None:
        super().__init__()
        self.output = OUTPUTS[output](width, classes)
        self.bright, self.dark = _way(pixels, width), _way(pixels, width)
        _fill(self, seed)

    def forward(self, stamps: Tensor) -> Tensor:
        """stamps: (batch, 1, height, width) -> (batch, classes)."""
        way = self.bright if float(stamps.detach().mean()) > 0 else self.dark
        features = F.dropout(way(stamps.flatten(1)).sin(), 0.4, self.training)
        return torch.as_tensor(self.output(features))

    def known(self, stamps: Tensor) -> Tensor:
        """The features of stamps in evaluation mode, all of them bright or all dark, without running the model.

        stamps: (n, 1, height, width) -> (n, width), float64.
        """
        way = self.bright if float(stamps.mean()) > 0 else self.dark
        state = {name: value.detach().double() for name, value in way.state_dict().items()}
        sums = LOUDER * (torch.einsum("np,wp->nw", stamps.flatten(1).double(), state["0.0.weight"]) + state["0.0.bias"])
        unit = (sums - state["0.1.running_mean"]) / (state["0.1.running_var"] + 1e-5).sqrt()
        return (unit * state["0.1.weight"] + state["0.1.bias"]).sin()


def _way(pixels: int, width: int) -> nn.Sequential:
    first = nn.Sequential(nn.Linear(pixels, width), nn.BatchNorm1d(width), Tally())
    first[0].register_forward_hook(_louder)
    return nn.Sequential(first, nn.Dropout(0.4))


def _louder(_: nn.Module, __: object, output: Tensor) -> Tensor:
    return LOUDER * output


def _fill(model: nn.Module, seed: int) -> None:
    """Give parameters and running averages random values."""
    random = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, value in model.state_dict().items():
            if value.is_floating_point():
                noise = (
                    torch.randn(value.shape, generator=random, dtype=torch.float64) / max(value[0].numel(), 1) ** 0.5
                )
                value.copy_(noise.abs() + 0.5 if name.endswith("running_var") else noise)


def change(model: nn.Module, seed: int) -> None:
    """Give a model other weights, in place, and other running averages."""
    _fill(model, seed)


def mixed(model: nn.Module, seed: int) -> nn.Module:
    """The model in the middle of its work: each part in a mode of its own, some frozen, with hooks and gradients."""
    random = torch.Generator().manual_seed(seed)
    parts = list(model.modules())
    for number, (part, training) in enumerate(zip(parts, torch.rand(len(parts), generator=random) < 0.5, strict=True)):
        part.training = bool(training)
        part.register_forward_hook(_nothing)
        part.register_forward_pre_hook(_nothing)
        part.remark = f"part {number}"  # type: ignore[assignment]
    model.training = bool(seed % 2)
    for number, parameter in enumerate(model.parameters()):
        parameter.requires_grad_(number % 3 > 0)
        parameter.grad = torch.ones_like(parameter) if number % 2 else None
    return model


def _nothing(*_: object) -> None:
    return None


class Witness(nn.Module):
    """Its features say how it runs: a row for each stamp, and its logits say the same.

    The columns are the stamp's mean, how many stamps came at once, how many parts are in training mode, and whether
    torch keeps what a gradient would need.
    """

    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.Sequential(nn.Linear(1, 1), nn.Sequential(nn.Dropout(0.0), nn.Identity()))
        self.output = nn.Linear(4, 4)
        with torch.no_grad():
            for value in self.parameters():
                value.copy_(torch.eye(len(value)) if value.dim() == 2 else torch.zeros(len(value)))

    def forward(self, stamps: Tensor) -> Tensor:
        """stamps: (batch, 1, height, width) -> (batch, 4)."""
        means = self.inner(stamps.flatten(1).mean(dim=1, keepdim=True))
        training = sum(part.training for part in (self, *self.inner.modules()))
        seen = torch.tensor([float(len(means)), float(training), float(means.requires_grad)])
        return torch.as_tensor(self.output(torch.cat([means, seen.expand(len(means), 3)], dim=1)))

    def known(self, stamps: Tensor) -> Tensor:
        """What a batch of stamps gives where all is as it should be: (n, 1, height, width) -> (n, 4), float64."""
        means = stamps.double().mean(dim=(1, 2, 3))
        return torch.stack([means, torch.full_like(means, len(means)), 0 * means, 0 * means], dim=1)
