"""Other readings of the papers' tables (given): the checks accept a network that is built by one of these, too."""

from __future__ import annotations

from itertools import pairwise

from torch import nn


def alpha_not_divided(model: nn.Module) -> None:
    """Response norms by the paper's formula, where alpha is not divided by the number of channels."""
    for part in nn.Module.modules(model):
        if isinstance(part, nn.LocalResponseNorm):
            part.alpha *= part.size


def norm_before_pooling(model: nn.Module) -> None:
    """GoogLeNet: the first response norm stands before the first pooling."""
    stem = next(part for part in nn.Module.modules(model) if isinstance(part, nn.Sequential))
    names = list(stem._modules)
    for one, other in pairwise(names):
        if isinstance(stem._modules[one], nn.MaxPool2d) and isinstance(stem._modules[other], nn.LocalResponseNorm):
            stem._modules[one], stem._modules[other] = stem._modules[other], stem._modules[one]
            return


def both_readings(model: nn.Module) -> None:
    """GoogLeNet: both of these at once."""
    alpha_not_divided(model)
    norm_before_pooling(model)


def whole_windows_first(model: nn.Module) -> None:
    """Pooling of 3x3 with stride 2 without padding, and a window that reaches over the end: ceil_mode."""
    for part in nn.Module.modules(model):
        if isinstance(part, nn.MaxPool2d) and part.stride == 2:
            part.padding, part.ceil_mode = 0, True


def pooled_at_once(model: nn.Module) -> None:
    """LeNet5Original: no activation between its first two convolutions and their pooling."""
    for name, part in list(model._modules.items()):
        if isinstance(part, nn.Tanh):
            model._modules[name] = nn.Identity()
