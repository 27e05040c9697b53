"""What a network's answers are worth: accuracy, and how results from 0 to 1 become points."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from torch import Tensor

from ..checking.errors import NAN_HINT

if TYPE_CHECKING:
    from ..checking import Expect

Measure = Callable[[Tensor, Tensor], float]  # from logits and labels to a result from 0 to 1
BATCH_NORM_KEEPS = 0.9  # of a running average in each step: torch's momentum is 0.1
WAITS = "; while it is graded, a person will look at these points: {}"
ENOUGH_STEPS = 40  # after which 1.5 % are left of what it began with


def accuracy(logits: Tensor, labels: Tensor) -> float:
    """Share of the rows whose largest logit is at the label: (n, num_classes) and (n,) -> 0.0 to 1.0.

    A row with a NaN counts as wrong: torch would call the NaN its largest value.
    """
    right = (logits.argmax(dim=1) == labels) & ~logits.isnan().any(dim=1)
    return right.double().mean().item()


def require_numbers(expect: Expect, logits: Sequence[Any], since: str = "") -> None:
    """Not all rows of a trained network's logits may hold a NaN: a share of 0 would not say why nothing is read.

    Args:
        logits: of each part of the test, (n, num_classes); what has another form is left to other comparisons.
        since:  what was NaN first in the training, in words.
    """
    found = [one for one in logits if isinstance(one, Tensor) and one.ndim == 2]
    expect.that(
        not found or not all(bool(one.isnan().any(dim=1).all()) for one in found),
        expected="logits that are numbers",
        got="NaN for every example after the training" + (f"; {since}" if since else ""),
        hint=NAN_HINT,
    )


def way(right: float, threshold: float, chance_like: float) -> float:
    """How much of the way from `chance_like` (0) to the threshold (1) a result has come."""
    return (right - chance_like) / (threshold - chance_like)


def score(
    expect: Expect,
    found: Mapping[str, float],
    threshold: Mapping[str, float],
    chance_like: float,
    words: Callable[[str], str],
    hint: str,
    steps: int | None = None,
    doubt: str = "",
) -> None:
    """Each result is worth the same; its points grow linearly from `chance_like` (0) to its threshold (1).

    Args:
        found:     results from 0 to 1, by name.
        threshold: what is worth full points, by the same names, and perhaps others.
        words:     what a result of this name is a share of, in words behind the number: "right".
        hint:      for whoever does not reach them all.
        steps:     of the training, which whoever does not reach them is told; None where nothing is learnt in steps.
        doubt:     why these points will wait for a person while they are graded; empty where they will not.
    """
    shares = [way(right, threshold[name], chance_like) for name, right in found.items()]
    due = ", ".join(f"{threshold[name]:.1%} {words(name)}" for name in found)
    reached = all(right >= threshold[name] for name, right in found.items())
    got = ", ".join(f"{right:.1%} {words(name)}" for name, right in found.items())
    if not reached and steps is not None:
        got, hint = f"{got}, after {steps} steps", f"{few_steps(steps)}{hint}"
    expect.score(
        sum(min(1.0, max(0.0, share)) for share in shares) / len(shares),
        expected=f"at least {due} (points grow from {chance_like:.0%} on)",
        got=got + (WAITS.format(doubt) if doubt else ""),
        hint="" if reached else hint,
        measured=dict(found),
        due={name: threshold[name] for name in found},
    )


def few_steps(steps: int) -> str:
    """A sentence for a training that was too short for the running averages of batch norms; else nothing."""
    if steps >= ENOUGH_STEPS:
        return ""
    left = BATCH_NORM_KEEPS**steps
    return (
        f"After {steps} steps the running averages of a batch norm, which it uses to predict, are still made to "
        f"{left:.0%} of what they began with: the answers may be far worse than the loss says. "
    )
