"""How a value changes when what it depends on moves a little: gradients are held against it."""

from __future__ import annotations

from collections.abc import Callable

import torch

# A long step crosses kinks of ReLUs, a short one drowns in rounding.
STEPS = {torch.float32: (1e-5, 5e-5, 3e-6), torch.float64: (1e-6,)}
NEAR = 0.02  # of the 2-norm of the gradient


def closest_slope(
    value: Callable[[float], float], claimed: float, near: float, dtype: torch.dtype = torch.float32
) -> float:
    """The slope of a value at 0, by central differences: with the first step that is near what is claimed, or nearly.

    Args:
        value:   of how far its arguments have moved along a direction.
        claimed: what the gradients say of the slope.
        near:    how far a slope may be from that.
        dtype:   what the value is computed in.
    """
    slopes: list[float] = []
    for step in STEPS[dtype]:
        slopes.append((value(step) - value(-step)) / (2 * step))
        if abs(slopes[-1] - claimed) <= near:
            break
    return min(slopes, key=lambda slope: abs(slope - claimed))
