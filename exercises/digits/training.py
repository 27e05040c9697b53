"""The training loop (given): AdamW on the cross entropy of logits, within a budget of images.

The budget counts the images that a network sees, so `batch_size` decides how many steps they make:
steps = images // batch_size. A network that costs more per image than the course's reference sees fewer images, so that
every recipe takes about the same time; a cheaper one does not see more.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

MAX_LEARNING_RATE = 1.0
MAX_HIDDEN = 32
MAX_BLOCKS = 3
MIN_BATCH_SIZE, MAX_BATCH_SIZE = 8, 512

# One 28x28 image in the reference: 7x7 convolution with stride 4 to 16 channels, two blocks with two 3x3 convolutions
# each (on 7x7 and on 3x3 positions), and the output layer.
REFERENCE_MULTIPLY_ADDS = 16 * 7 * 7 * 7 * 7 + 2 * 16 * 16 * 3 * 3 * (7 * 7 + 3 * 3) + 16 * 10  # 305,840

# What an image costs beside its multiply-adds (norms, activations, pooling, the optimiser's step), in the time of
# multiply-adds. With it, five networks from 0.3 to 5.0 million multiply-adds took 0.6 to 0.9 s of one CPU for a budget
# of 4,500 images in batches of 32.
OVERHEAD_MULTIPLY_ADDS = 1_000_000


@dataclass(frozen=True)
class Recipe:
    """The hyperparameters of one training.

    Args:
        learning_rate: of AdamW in the first step, larger than 0, at most 1; it falls linearly to 0.
        batch_size:    images in a step, 8 to 512 (smaller steps cost more time than they teach).
        weight_decay:  of AdamW, 0 or larger.
        hidden:        channels inside the network, 1 to 32.
        num_blocks:    blocks of the network, 1 to 3.

    Raises:
        ValueError: a value is outside these limits; the message says which, and why.
    """

    learning_rate: float
    batch_size: int
    weight_decay: float = 0.0
    hidden: int = 16
    num_blocks: int = 2

    def __post_init__(self) -> None:
        _require_number("learning_rate", self.learning_rate)
        if self.learning_rate <= 0:
            raise ValueError(f"learning_rate must be larger than 0, not {self.learning_rate}: else nothing is learned")
        if self.learning_rate > MAX_LEARNING_RATE:
            raise ValueError(
                f"learning_rate must be at most {MAX_LEARNING_RATE:g}, not {self.learning_rate}: "
                "AdamW moves each weight by about so much in a step, and weights are smaller than that"
            )
        reason = "smaller steps cost more time than they teach, and batch norm needs a few images"
        _require_integer("batch_size", self.batch_size, MIN_BATCH_SIZE, MAX_BATCH_SIZE, reason)
        _require_number("weight_decay", self.weight_decay)
        if self.weight_decay < 0:
            raise ValueError(f"weight_decay must be 0 or larger, not {self.weight_decay}: it would make weights grow")
        _require_integer("hidden", self.hidden, 1, MAX_HIDDEN, "the network has to stay small enough to train quickly")
        _require_integer("num_blocks", self.num_blocks, 1, MAX_BLOCKS, "each block halves the image, which is small")


def _require_number(name: str, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{name} must be a finite number, not {value!r}")


def _require_integer(name: str, value: object, low: int, high: int, reason: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ValueError(f"{name} must be a whole number from {low} to {high}, not {value!r}: {reason}")


@dataclass(frozen=True)
class History:
    """What happened in one training.

    Attributes:
        losses: cross entropy of each step's batch, before that step.
        steps:  number of steps.
        images: images seen, steps * batch_size.
    """

    losses: tuple[float, ...]
    steps: int
    images: int


def multiply_adds(model: nn.Module, image_shape: Sequence[int] = (1, 28, 28)) -> int:
    """Multiplications with addition that the model's convolutions and matrix products need for one image.

    They are counted while two blank images pass through, so whatever runs is counted, however it is written.

    Args:
        image_shape: (channels, height, width).
    """
    parameter = next(model.parameters(), torch.zeros(()))
    images = torch.zeros((2, *image_shape), dtype=parameter.dtype)
    counter = FlopCounterMode(display=False)
    with _mode(model, training=False), torch.no_grad(), _own_random_numbers(seed=0), counter:
        model(images)
    return counter.get_total_flops() // 4  # two operations per multiply-add, two images


def image_budget(model: nn.Module, images_seen: int, image_shape: Sequence[int] = (1, 28, 28)) -> int:
    """How many of the `images_seen` images this model may see: fewer, if it costs more than the reference.

    The cost of an image is the model's multiply-adds plus OVERHEAD_MULTIPLY_ADDS. The reference is always taken on a
    28x28 image.

    Args:
        images_seen: the budget of the reference.
        image_shape: (channels, height, width) of the images.
    """
    cost = multiply_adds(model, image_shape) + OVERHEAD_MULTIPLY_ADDS
    reference = REFERENCE_MULTIPLY_ADDS + OVERHEAD_MULTIPLY_ADDS
    return images_seen * reference // max(cost, reference)


def fit(
    model: nn.Module,
    images: Tensor,
    labels: Tensor,
    recipe: Recipe,
    images_seen: int,
    seed: int = 0,
    on_step: Callable[[int, int, float], None] | None = None,
) -> History:
    """Train the model in place, within a budget that a costly model gets less of: see `image_budget` and `train`.

    Args:
        images_seen: budget of images for a network as costly as the reference.
    """
    return train(model, images, labels, recipe, image_budget(model, images_seen, images.shape[1:]), seed, on_step)


def train(
    model: nn.Module,
    images: Tensor,
    labels: Tensor,
    recipe: Recipe,
    budget: int,
    seed: int = 0,
    on_step: Callable[[int, int, float], None] | None = None,
) -> History:
    """Train the model in place on `budget` images.

    The learning rate falls linearly from the recipe's to 0: the last steps then average the noise of small batches
    away. With it the reference reads 90.6 % of generated digits, with a constant rate 88.5 % (means of 6 trainings).
    The images are shuffled anew for every pass; the rest that does not fill a batch is left out of that pass. The same
    seed gives the same training, random layers included.

    Args:
        images:      (n, channels, height, width) float32.
        labels:      (n,) class numbers, int64.
        recipe:      learning rate, batch size and weight decay are used here.
        budget:      how many images are seen, those that are seen again counted again.
        on_step:     called as on_step(step, steps, loss) after each step, step = 1 ... steps.

    Raises:
        ValueError: there are fewer images than one batch, the budget is smaller than one batch, the model has no
            parameters, or it does not return logits (batch, num_classes).
    """
    batch_size = recipe.batch_size
    if len(images) < batch_size:
        raise ValueError(f"{len(images)} images do not fill one batch of {batch_size}: choose a smaller batch_size")
    parameters = list(model.parameters())
    if not parameters:
        raise ValueError("the model has no parameters to train: are its layers assigned to self in __init__?")
    steps = budget // batch_size
    if steps == 0:
        raise ValueError(
            f"this network may see {budget} images, fewer than one batch of {batch_size}: "
            "choose a smaller batch_size or a cheaper network"
        )
    # fused: all of a step's arithmetic in one call, which takes 0.3 instead of 0.7 ms
    optimizer = torch.optim.AdamW(parameters, lr=recipe.learning_rate, weight_decay=recipe.weight_decay, fused=True)
    # Not channels_last: on images this small it changed the time by -13 to +7 %, and pooling written with as_strided
    # would misread it.
    images = images.to(parameters[0].dtype)
    batches = _batches(len(images), batch_size, seed)
    losses = []
    with _mode(model, training=True), torch.enable_grad(), _own_random_numbers(seed):
        for step in range(1, steps + 1):
            batch = next(batches)
            logits = _logits(model, images[batch])
            loss = F.cross_entropy(logits, labels[batch])
            for group in optimizer.param_groups:
                group["lr"] = recipe.learning_rate * (1 - (step - 1) / steps)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            if on_step is not None:
                on_step(step, steps, losses[-1])
    return History(tuple(losses), steps, steps * batch_size)


def predict(model: nn.Module, images: Tensor, batch_size: int = 500) -> Tensor:
    """Logits of all images, (n, num_classes): in evaluation mode, without gradients, `batch_size` images at a time.

    Raises:
        ValueError: there are no images, or the model does not return logits (batch, num_classes).
    """
    if len(images) == 0:
        raise ValueError("there are no images to predict")
    dtype = next((p.dtype for p in model.parameters()), images.dtype)
    with _mode(model, training=False), torch.no_grad(), _own_random_numbers(seed=0):
        return torch.cat([_logits(model, part.to(dtype)) for part in images.split(batch_size)])


def accuracy(logits: Tensor, labels: Tensor) -> float:
    """Share of the rows whose largest logit is at the label: (n, num_classes) and (n,) -> 0.0 to 1.0.

    A row with a NaN counts as wrong: torch would call the NaN its largest value.
    """
    right = (logits.argmax(dim=1) == labels) & ~logits.isnan().any(dim=1)
    return right.double().mean().item()


def _logits(model: nn.Module, images: Tensor) -> Tensor:
    logits = model(images)
    if not isinstance(logits, Tensor):
        raise ValueError(f"the model returned {type(logits).__name__}, not a tensor of logits: does forward return?")
    if logits.ndim != 2 or len(logits) != len(images):
        shape = tuple(logits.shape)
        raise ValueError(f"the model returned shape {shape} for {len(images)} images, not ({len(images)}, num_classes)")
    return logits


def _batches(n: int, batch_size: int, seed: int) -> Iterator[Tensor]:
    """Index tensors (batch_size,), pass after pass without end, each pass in a new order."""
    generator = torch.Generator().manual_seed(seed)
    while True:
        order = torch.randperm(n, generator=generator)
        yield from order[: n - n % batch_size].split(batch_size)


@contextmanager
def _mode(model: nn.Module, *, training: bool) -> Iterator[None]:
    """Training or evaluation mode for all layers, and back to what each of them was."""
    before = {module: module.training for module in model.modules()}
    model.train(training)
    try:
        yield
    finally:
        for module, was_training in before.items():
            module.training = was_training


@contextmanager
def _own_random_numbers(seed: int) -> Iterator[None]:
    """Seed torch's generator of the CPU for layers that draw numbers, and put it back afterwards."""
    before = torch.get_rng_state()
    torch.default_generator.manual_seed(seed)
    try:
        yield
    finally:
        torch.set_rng_state(before)
