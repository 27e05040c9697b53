"""What comes of usual slips, made of a student's own parts, so that a wrong result can be told by its numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from exercises.checking import StudentError
from exercises.digits.checks.observe import RANDOM
from exercises.digits.checks.slips import MASK_1, MASK_2, RELU, run, same

RIGHT = ("norm1", RELU, MASK_1, "conv1", "norm2", RELU, MASK_2, "conv2")
ORDER = "in which order does the block of `digits` have norm, ReLU and convolution?"
BLOCK_SLIPS = {
    ("norm1", RELU, "conv1", MASK_1, "norm2", RELU, "conv2", MASK_2): (
        "a mask after each convolution: what does a norm make of the zeros that a mask has left, and when does a "
        "convolution look at the padding?"
    ),
    tuple(step for step in RIGHT if step != MASK_1): (
        "a block whose first convolution looks at the padding as norm and ReLU leave it: what has to stand there?"
    ),
    tuple(step for step in RIGHT if step != MASK_2): (
        "a block whose second convolution looks at what the first one, its norm and ReLU have made of the padding: "
        "what has to stand there?"
    ),
    tuple(step for step in RIGHT if step not in (MASK_1, MASK_2)): (
        "a block without any mask in evaluation: when is the padding set to zero, and in which mode?"
    ),
    (MASK_1, "norm1", RELU, "conv1", MASK_2, "norm2", RELU, "conv2"): (
        "a mask before each norm: what does the norm make of a zero, and who looks at it next?"
    ),
    (MASK_1, "conv1", "norm1", RELU, MASK_2, "conv2", "norm2", RELU): f"convolution, norm, ReLU, twice: {ORDER}",
    (MASK_1, "conv1", "norm1", RELU, MASK_2, "conv2", "norm2"): (
        f"convolution, norm, ReLU, convolution, norm: {ORDER}"
    ),
    (RELU, "norm1", MASK_1, "conv1", RELU, "norm2", MASK_2, "conv2"): f"a ReLU before each norm: {ORDER}",
    ("norm1", MASK_1, "conv1", "norm2", RELU, MASK_2, "conv2"): "norm1 and conv1 alone: what stands between them?",
    ("norm1", RELU, MASK_1, "conv1", "norm2", MASK_2, "conv2"): "norm2 and conv2 alone: what stands between them?",
}
RELU_BEHIND_INPUT = (
    "These are the logits of a ReLU between `input` and the first block: what stands there by the docstring? A block "
    "begins with a norm and a ReLU of its own."
)
INPUT_LOOKS_OUT = "These are the logits of an `input` that looks at the padding: what has to stand there before it?"
ONE_FRAME_MORE = (
    "These are the logits of an `input` that looks at one frame of the padding: which frame is the first that is none "
    "of a clip of 4?"
)
SILENCE = (
    "These are the logits of an `input` that meets the logarithm of 1e-6 in the padding: what stands beyond the end of "
    "a clip that is alone?"
)
OF_THREE = (
    "These are the logits of a pooling of three frames that moves on by two: how many frames has a window, and how "
    "many are left of 7?"
)
THREE_APART = (
    "These are the logits of a pooling of three frames: how many frames has a window, and how many are left of 7?"
)
STEPS_RIGHT = (
    "The steps of the network are right, with its parts as they are: which part is not? Does each block leave zeros in "
    "the padding where a convolution looks at it, and do `input` and the blocks give as many frames as they get?"
)
OLD_LENGTHS = (
    "These are the logits of a last average that gets the clips' lengths from before the poolings: how many frames has "
    "a clip then?"
)
NEVER_HALVED = (
    "These are the logits of blocks and an average that all get the lengths of the beginning: how many frames has a "
    "clip after each pooling?"
)
NORMALISED = (
    "These are the logits of a batch less its mean, divided by its spread: the docstring knows no such step, and whose "
    "frames are in that mean?"
)
NEVER_HALVED_FOR_BLOCKS = (
    "These are the logits of blocks that all get the lengths from before the poolings, and of an average that does "
    "not: when is a length halved, and who gets it next?"
)
BLOCKS_FULL = (
    "These are the logits of blocks that take each clip to be as long as the batch: which lengths does a block get?"
)
ROUNDED_UP = (
    "These are the logits of halved lengths that are rounded up, or that end in a half: how many frames are left of 7, "
    "and how many of a clip's own frames are in the last of them?"
)
OTHER_ORDER = "These are the right logits in another order: whose logits does the first row hold, and whose should it?"
MEANS_TAKEN = (
    "These are the logits of a batch in which each band has lost its mean over time, padding and all: the docstring "
    "knows no such step, and whose frames are in that mean?"
)
NOT_HALVED = "These are the logits of a pooling whose windows overlap: by how many frames does a window of 2 move on?"
POOLED_FIRST = "These are the logits of a pooling before each block: which comes first by the docstring?"
AVERAGE_POOLED = "These are the logits of an average pooling after each block: which pooling is asked for?"


def about_block(student: Any, block: Any, x: Tensor, lengths: Tensor, found: Any, usual: str) -> str:
    """What to ask about a wrong result of a MaskedResidualBlock1d in evaluation mode.

    x and found are (batch, channels, time), lengths (batch,).  Only the clips' own frames are looked at.
    """
    if not isinstance(found, Tensor):
        return usual
    with suppress(StudentError, KeyError, RuntimeError, ValueError):
        layers = student.probe.states(block, ["norm1", "conv1", "norm2", "conv2"])
        parts = {
            part: {name.rsplit(".", 1)[-1]: value.detach() for name, value in state.items()}
            for part, state in layers.items()
        }
        inside = (torch.arange(x.shape[2]) < lengths[:, None])[:, None]
        for steps, question in BLOCK_SLIPS.items():
            if same((x + run(steps, parts, x, inside)) * inside, found * inside):
                return f"These are the numbers of {question}"
    return usual


@dataclass(frozen=True)
class Slip:
    """How a network differs from the right one."""

    question: str
    before: Callable[[Tensor, Tensor], Tensor] = lambda x, own: x.masked_fill(~own, 0)  # done to the batch
    behind_input: Callable[[Tensor], Tensor] = lambda x: x
    pool: Callable[[Tensor], Tensor] = lambda x: F.max_pool1d(x, 2)
    pool_first: bool = False
    halved: bool = True  # the lengths, for blocks
    full: bool = False  # the lengths, for blocks: those of the batch
    halve: Callable[[Tensor], Tensor] = lambda lengths: lengths // 2
    halved_in_the_end: bool = True  # the lengths, for the average


NETWORK_SLIPS = (
    Slip(RELU_BEHIND_INPUT, behind_input=lambda x: x.clamp(min=0)),
    Slip(INPUT_LOOKS_OUT, before=lambda x, own: x),
    Slip(ONE_FRAME_MORE, before=lambda x, own: x * (own | own.roll(1, -1))),
    Slip(SILENCE, before=lambda x, own: x.masked_fill(~own, math.log(1e-6))),
    Slip(OF_THREE, pool=lambda x: F.max_pool1d(x, 3, stride=2)),
    Slip(OF_THREE, pool=lambda x: F.max_pool1d(x, 3, stride=2, padding=1)),
    Slip(THREE_APART, pool=lambda x: F.max_pool1d(x, 3)),
    Slip(OLD_LENGTHS, halved_in_the_end=False),
    Slip(NEVER_HALVED_FOR_BLOCKS, halved=False),
    Slip(NEVER_HALVED, halved=False, halved_in_the_end=False),
    Slip(BLOCKS_FULL, full=True),
    Slip(ROUNDED_UP, halve=lambda lengths: (lengths + 1) // 2),
    Slip(ROUNDED_UP, halve=lambda lengths: lengths / 2),
    Slip(POOLED_FIRST, pool_first=True),
    Slip(MEANS_TAKEN, before=lambda x, own: (x - x.mean(dim=2, keepdim=True)) * own),
    Slip(NOT_HALVED, pool=lambda x: F.max_pool1d(x, 2, stride=1)),
    Slip(AVERAGE_POOLED, pool=lambda x: F.avg_pool1d(x, 2)),
    Slip(NORMALISED, before=lambda x, own: (x - x.mean()) / (x.std() + 1e-5) * own),
)


def about_logits(student: Any, net: Any, x: Tensor, lengths: Tensor, found: Any, usual: str) -> str:
    """What to ask about wrong logits, found (batch, classes), of a CNNClassifier1d for x (batch, bands, time)."""
    if (said := about_repeating(net, x, lengths, "")) != "":
        return said
    ways: list[tuple[float, str]] = []
    for slip in (Slip(STEPS_RIGHT), *NETWORK_SLIPS):
        with suppress(StudentError, RuntimeError, ValueError):
            logits = _logits(student, net, x, lengths, slip)
            if same(logits, found):
                ways.append((float((logits - found).abs().amax()), slip.question))
            elif slip.question == STEPS_RIGHT and same(logits.sort(dim=0).values, found.sort(dim=0).values):
                return OTHER_ORDER
    # The nearest, since some slips change little; of those alike the first, since some change nothing at all.
    return min(ways, default=(0.0, usual), key=lambda way: way[0])[1]


def about_repeating(net: Any, x: Tensor, lengths: Tensor, usual: str) -> str:
    """What to ask about wrong logits of x (batch, bands, time), where they are others each time."""
    with suppress(StudentError):
        first, second = (net(x.clone(), lengths.clone()) for _ in range(2))
        if isinstance(first, Tensor) and isinstance(second, Tensor):
            first, second = (one.detach().nan_to_num(0, 0, 0) for one in (first, second))  # NaN twice is the same
            return usual if same(first, second) else RANDOM
    return usual


def _logits(student: Any, net: Any, x: Tensor, lengths: Tensor, slip: Slip) -> Tensor:
    own = (torch.arange(x.shape[2]) < lengths[:, None])[:, None]
    values = slip.behind_input(_tensor(net.input(slip.before(x, own))))
    frames = lengths
    for index in range(len(net.blocks)):
        if slip.pool_first:
            values, frames = slip.pool(values), slip.halve(frames)
        told = torch.full_like(lengths, values.shape[2]) if slip.full else frames if slip.halved else lengths
        values = _tensor(student.training.part(net.blocks, index)(values, told))
        if not slip.pool_first:
            values, frames = slip.pool(values), slip.halve(frames)
    frames = frames if slip.halved_in_the_end else lengths
    own = (torch.arange(values.shape[2]) < frames[:, None])[:, None]
    return _tensor(net.output(values.masked_fill(~own, 0).sum(dim=2) / frames[:, None]))


def _tensor(found: Any) -> Tensor:
    if not isinstance(found, Tensor):
        raise ValueError("no tensor")
    return found.detach()
