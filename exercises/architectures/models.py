"""Models to count (given): small ones, each with something that a count may get wrong.

Checks build them where your code runs, in sizes that they draw. Nothing of them is worth training.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn

CONVOLUTIONS = {1: nn.Conv1d, 2: nn.Conv2d, 3: nn.Conv3d}
DTYPES = {"float32": torch.float32, "float64": torch.float64, "bfloat16": torch.bfloat16}


def convolution(axes: int, in_channels: int, out_channels: int, **named: Any) -> nn.Module:
    """One convolution along so many axes, with kernel_size, stride, padding, dilation, groups and bias as given."""
    return CONVOLUTIONS[axes](in_channels, out_channels, **named)


def classifier(channels: int, maps: int, kernel: int, places: int, classes: int) -> nn.Module:
    """A convolution, its norm, a ReLU, and a dense layer on all places of all maps."""
    body = nn.Sequential(nn.Conv2d(channels, maps, kernel), nn.BatchNorm2d(maps), nn.ReLU())
    return nn.Sequential(body, nn.Flatten(), nn.Linear(maps * places, classes))


def dense(*features: int) -> nn.Sequential:
    """Dense layers, one behind the other, on the last axis of whatever comes."""
    return nn.Sequential(*(nn.Linear(one, other) for one, other in pairwise(features)))


def without_parameters() -> nn.Module:
    """Nothing to learn."""
    return nn.Sequential(nn.ReLU(), nn.AvgPool2d(2))


class Tied(nn.Module):
    """Two dense layers of as many features, which have the same weight, each with a bias of its own."""

    def __init__(self, features: int) -> None:
        super().__init__()
        self.there, self.back = nn.Linear(features, features), nn.Linear(features, features)
        self.back.weight = self.there.weight

    def forward(self, x: Tensor) -> Tensor:
        """(…, features) -> the same shape."""
        y: Tensor = self.back(self.there(x).tanh())
        return y


def frozen(features: int, hidden: int, classes: int) -> nn.Module:
    """Two dense layers, the first of which is not trained."""
    model = dense(features, hidden, classes)
    model[0].requires_grad_(False)
    return model


class Scaled(nn.Module):
    """A layer with parameters beside those of torch's layers, one of which is a single number; and with buffers."""

    def __init__(self, features: int, table: int) -> None:
        super().__init__()
        self.norm = nn.BatchNorm1d(features)
        self.scale = nn.Parameter(torch.tensor(1.0))
        self.offsets = nn.ParameterList(torch.zeros(features) for _ in range(2))
        self.register_buffer("table", torch.zeros(table))

    def forward(self, x: Tensor) -> Tensor:
        """(batch, features) -> the same shape."""
        y: Tensor = self.norm(x) * self.scale + self.offsets[0] - self.offsets[1]
        return y


class Again(nn.Module):
    """A convolution that runs several times, each time on its own maps, and a dense layer that never runs."""

    def __init__(self, channels: int, kernel: int, times: int, spare: int) -> None:
        super().__init__()
        self.layer = nn.Conv2d(channels, channels, kernel, padding=kernel // 2)
        self.spare = nn.Linear(spare, spare)
        self.times = times

    def forward(self, images: Tensor) -> Tensor:
        """(batch, channels, height, width) -> the same shape, for an odd kernel."""
        for _ in range(self.times):
            images = self.layer(images).relu()
        return images


class Patches(nn.Module):
    """Cuts an image into squares, which a convolution and a dense layer then get as a batch."""

    def __init__(self, channels: int, side: int, maps: int, features: int) -> None:
        super().__init__()
        self.side = side
        self.layer = nn.Conv2d(channels, maps, side)
        self.dense = nn.Linear(maps, features)

    def forward(self, images: Tensor) -> Tensor:
        """(batch, channels, height, width), multiples of the side -> (batch, features)."""
        batch, channels = images.shape[:2]
        squares = images.unfold(2, self.side, self.side).unfold(3, self.side, self.side).movedim(1, 3)
        maps = self.layer(squares.reshape(-1, channels, self.side, self.side)).flatten(1)
        return torch.as_tensor(self.dense(maps)).reshape(batch, -1, self.dense.out_features).mean(dim=1)


class Attending(nn.Module):
    """Dense layers at each time, and a product of what comes out of two of them, which is no layer."""

    def __init__(self, features: int, keys: int) -> None:
        super().__init__()
        self.query, self.key = nn.Linear(features, keys), nn.Linear(features, keys, bias=False)
        self.value = nn.Linear(features, features)

    def forward(self, x: Tensor) -> Tensor:
        """(batch, time, features) -> the same shape."""
        weights = (self.query(x) @ self.key(x).transpose(1, 2)).softmax(dim=2)
        return torch.as_tensor(weights @ self.value(x))


class Auxiliary(nn.Module):
    """Two outputs: in training a second dense layer looks at the features as well. It gives both in a dict."""

    def __init__(self, features: int, classes: int) -> None:
        super().__init__()
        self.output, self.auxiliary = nn.Linear(features, classes), nn.Linear(features, 7 * classes)

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """(batch, features) -> "logits" (batch, classes); in training also "auxiliary" (batch, 7 * classes)."""
        found = {"logits": self.output(x)}
        return {**found, "auxiliary": self.auxiliary(x)} if self.training else found


class Convolution(nn.Conv2d):
    """A class of somebody's own: torch's convolution with a weight of mean 0."""

    def forward(self, images: Tensor) -> Tensor:
        """As nn.Conv2d."""
        return self._conv_forward(images, self.weight - self.weight.mean(), self.bias)


class Dense(nn.Linear):
    """Another one: a dense layer that brings its ReLU along."""

    def forward(self, x: Tensor) -> Tensor:
        """As nn.Linear."""
        return super().forward(x).relu()


def subclasses(channels: int, maps: int, kernel: int, places: int, classes: int) -> nn.Module:
    """A convolution and a dense layer of classes derived from torch's."""
    return nn.Sequential(Convolution(channels, maps, kernel), nn.Flatten(), Dense(maps * places, classes))


def normed(channels: int, maps: int, features: int) -> nn.Module:
    """An image becomes one number per map, and these are normed: in training that takes more than one image."""
    pooled = nn.Sequential(nn.Conv2d(channels, maps, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten())
    return nn.Sequential(pooled, nn.BatchNorm1d(maps), nn.Linear(maps, features))


def placed(model: nn.Module, device: str, dtype: str) -> nn.Module:
    """A model on a device, in a dtype."""
    return model.to(device=device, dtype=DTYPES[dtype])


class Beside(nn.Module):
    """The sum of what several ways make of the same."""

    def __init__(self, *ways: nn.Module, name: str = "way") -> None:
        super().__init__()
        for number, way in enumerate(ways):
            self.add_module(f"{name}_{number}", way)

    def forward(self, x: Tensor) -> Tensor:
        """x of the ways' shape -> the sum."""
        return torch.stack([way(x) for way in self.children()]).sum(dim=0)


def with_shortcuts(features: int, blocks: int, layers: int) -> nn.Module:
    """Blocks of several dense layers each, beside a Shortcut; every second one holds a further nn.Sequential."""
    # your code's own: where it is graded, this module is taken before any of that ran, with a copy of parts
    from exercises.architectures.parts import Shortcut

    found = []
    for number in range(blocks):
        inner = [nn.Linear(features, features), nn.LayerNorm(features)]
        around = Shortcut(nn.Sequential(*inner)) if number % 2 else Shortcut(*inner)
        found.append(Beside(dense(*[features] * (layers + 1)), around))
    return nn.Sequential(nn.Linear(features, features), nn.Sequential(*found))


def called_shortcut(features: int) -> nn.Module:
    """Two ways, one of which is called a shortcut and is none: a plain nn.Sequential."""
    return nn.Sequential(Beside(nn.Sequential(nn.Linear(features, features)), name="shortcut"), nn.ReLU())


def shared(features: int, times: int) -> nn.Module:
    """One dense layer that stands in several places."""
    layer = nn.Linear(features, features)
    return nn.Sequential(*[layer] * times)


def of_all_kinds(features: int) -> nn.Module:
    """A layer along one, two and three axes each, a dense one, and others that have weights, but are none of these."""
    layers = [kind(1, 1, 3, padding=1) for kind in CONVOLUTIONS.values()]
    others = [nn.Embedding(features, 2), nn.LayerNorm(features), nn.BatchNorm2d(features), nn.PReLU()]
    return nn.ModuleList([*layers, Convolution(1, 1, 1, bias=False), Dense(features, 2), *others])


def half_frozen(channels: int, maps: int, size: int) -> nn.Module:
    """A model in the middle of its work: some of its parts train, others do not, it has gradients, and a hook."""
    body = nn.Sequential(nn.Conv2d(channels, maps, 3), nn.BatchNorm2d(maps), nn.ReLU(), nn.Dropout(0.5))
    rest = nn.Sequential(nn.Conv2d(maps, maps, 1), nn.BatchNorm2d(maps), nn.Flatten())
    model = nn.Sequential(body, rest, nn.Linear(maps * (size - 2) ** 2, 3))
    model(torch.randn(2, channels, size, size)).square().mean().backward()
    body.eval().requires_grad_(False)
    body[0].register_forward_hook(_nothing)
    return model


def _nothing(*_: Any) -> None:
    return None


# -- what is left behind


def left_behind(
    count: Callable[..., Any], model: nn.Module, image_shape: Sequence[int], refused: bool = False
) -> dict[str, list[str]]:
    """What a count changes in a model: modes, hooks, buffers …, of which of its parts, in words; nothing where none is.

    Args:
        refused: the model raises for images of this shape, and the count may do so.
    """
    before = _state(model)
    try:
        count(model, tuple(image_shape))
    except Exception:
        if not refused:
            raise
    after = _state(model)
    found: dict[str, list[str]] = {}
    for kind, name in {**before, **after}:
        one, other = before.get((kind, name)), after.get((kind, name))
        if not _alike(one, other):
            found.setdefault(kind, []).append(_in_words(kind, name, one, other))
    return found


def _state(model: nn.Module) -> dict[tuple[str, str], Any]:
    found: dict[tuple[str, str], Any] = {
        ("hooks", "all modules"): list(torch.nn.modules.module._global_forward_hooks.values())
    }
    for name, part in nn.Module.named_modules(model):
        where = name or "the model itself"
        found["modes", where] = part.training
        kept = (part._forward_hooks, part._forward_pre_hooks, part._backward_hooks, part._backward_pre_hooks)
        found["hooks", where] = [hook for hooks in kept for hook in hooks.values()]
    for name, parameter in nn.Module.named_parameters(model):
        found["weights", name] = parameter.detach().clone()
        found["gradients", name] = None if parameter.grad is None else parameter.grad.clone()
        found["requires_grad", name] = parameter.requires_grad
    return found | {("buffers", name): buffer.clone() for name, buffer in nn.Module.named_buffers(model)}


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, Tensor) and isinstance(other, Tensor):
        return one.device == other.device and one.dtype == other.dtype and torch.equal(one, other)
    return type(one) is type(other) and bool(one == other)


def _in_words(kind: str, name: str, before: Any, after: Any) -> str:
    if kind == "modes":
        return f"{name} is in {'training' if after else 'evaluation'} mode"
    if kind == "hooks":
        return f"{name} had {len(before)} and has {len(after)}"
    return name
