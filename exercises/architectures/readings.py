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


def whole_windows_in_stem(model: nn.Module) -> None:
    """GoogLeNet: no padding before the first module, and a window that reaches over the end instead: ceil_mode."""
    for part in nn.Module.modules(model.stem):  # type: ignore[arg-type]
        _whole_windows(part)


def whole_windows_between_modules(model: nn.Module) -> None:
    """GoogLeNet: the same behind the first module."""
    in_stem = set(nn.Module.modules(model.stem))  # type: ignore[arg-type]
    for part in nn.Module.modules(model):
        if part not in in_stem:
            _whole_windows(part)


def _whole_windows(part: nn.Module) -> None:
    if isinstance(part, nn.MaxPool2d) and part.stride == 2:
        part.padding, part.ceil_mode = 0, True
