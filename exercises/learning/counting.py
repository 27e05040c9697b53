"""What a network costs, and how many examples it may see for that: fewer, if it costs more than the reference."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import nn

from exercises.checking.meta import counter

from .loop import in_mode, own_random_numbers

# What an example costs beside its multiply-adds (norms, activations, pooling, the optimiser's step), in the time of
# multiply-adds. With it, five networks for images, from 0.3 to 5.0 million multiply-adds, took 0.6 to 0.9 s of one CPU
# for a budget of 4,500 images in batches of 32.
OVERHEAD_MULTIPLY_ADDS = 1_000_000


def multiply_adds(model: nn.Module, shape: Sequence[int], dtype: torch.dtype | None = None) -> int:
    """Multiplications with addition that the model's convolutions and matrix products need for one example.

    They are counted while two blank examples pass through, so whatever runs is counted, however it is written.

    Args:
        shape: of one example, without the axis of the batch: (channels, height, width), (length,) of tokens.
        dtype: of the examples; None for that of the model's parameters.
    """
    if dtype is None:
        dtype = next(model.parameters(), torch.zeros(())).dtype
    blank = torch.zeros((2, *shape), dtype=dtype)
    with in_mode(model, training=False), torch.no_grad(), own_random_numbers(seed=0), counter() as counting:
        model(blank)
    return int(counting.get_total_flops()) // 4  # two operations per multiply-add, two examples


def budget_of(
    model: nn.Module,
    examples_seen: int,
    reference: int,
    shape: Sequence[int],
    dtype: torch.dtype | None = None,
    overhead: int = OVERHEAD_MULTIPLY_ADDS,
) -> int:
    """How many of the `examples_seen` examples this model may see: fewer, if it costs more than the reference.

    The cost of an example is the model's multiply-adds plus the overhead, so that every recipe takes about the same
    time.  A cheaper model does not see more.

    Args:
        examples_seen: the budget of the reference.
        reference:     multiply-adds of the course's reference for one example.
        shape, dtype:  of one example, see `multiply_adds`.
        overhead:      what an example costs beside its multiply-adds, in the time of multiply-adds.
    """
    cost = multiply_adds(model, shape, dtype) + overhead
    return examples_seen * (reference + overhead) // max(cost, reference + overhead)
