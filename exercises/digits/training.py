"""Training networks for images (given): what a recipe may say here, and how many images a network may see.

The budget counts the images that a network sees, so `batch_size` decides how many steps they make:
steps = images // batch_size. A network that costs more per image than the course's reference sees fewer images, so that
every recipe takes about the same time; a cheaper one does not see more. The loop is in `exercises/learning/loop.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor, nn

from datasets import Digits, load_digits

from .. import learning
from ..assignment import load_assignment
from ..learning import History, Whole, accuracy, budget_of, predict, train

__all__ = ["History", "Recipe", "accuracy", "fit", "image_budget", "multiply_adds", "practice", "predict", "train"]

IMAGE = (1, 28, 28)
SEED = 0  # of the first weights and of the order of the images, where everybody trains the same: check and notebook

# One 28x28 image in the reference: 7x7 convolution with stride 4 to 16 channels, two blocks with two 3x3 convolutions
# each (on 7x7 and on 3x3 positions), and the output layer.
REFERENCE_MULTIPLY_ADDS = 16 * 7 * 7 * 7 * 7 + 2 * 16 * 16 * 3 * 3 * (7 * 7 + 3 * 3) + 16 * 10  # 305,840


@dataclass(frozen=True)
class Recipe(learning.Recipe):
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

    hidden: int = 16
    num_blocks: int = 2

    WHOLE: ClassVar[Mapping[str, Whole]] = {
        **learning.Recipe.WHOLE,
        "hidden": Whole(1, 32, "the network has to stay small enough to train quickly"),
        "num_blocks": Whole(1, 3, "each block halves the image, which is small"),
    }


def practice() -> Digits:
    """What the public check of task 5 trains on and tests with, `train` and `validation`: as many as while grading."""
    rules = load_assignment("digits").training["accuracy"]
    return load_digits(train=rules.train_examples, validation=rules.test_examples, test=1)


def multiply_adds(model: nn.Module, image_shape: Sequence[int] = IMAGE) -> int:
    """Multiplications with addition that the model's convolutions and matrix products need for one image.

    Args:
        image_shape: (channels, height, width).
    """
    return learning.multiply_adds(model, image_shape)


USED_UP = (
    "Is anything left of the image? Of 28 pixels a side an input layer with stride 4 leaves 7, a block 3, a second one "
    "1: a third block has nothing to halve. Fewer blocks, or a smaller stride?"
)


def image_budget(model: nn.Module, images_seen: int, image_shape: Sequence[int] = IMAGE) -> int:
    """How many of the `images_seen` images this model may see: fewer, if it costs more than the reference.

    The cost of an image is the model's multiply-adds plus what an image costs beside them, see `budget_of`. The
    reference is always taken on a 28x28 image.

    Args:
        images_seen: the budget of the reference.
        image_shape: (channels, height, width) of the images.
    """
    try:
        return budget_of(model, images_seen, REFERENCE_MULTIPLY_ADDS, image_shape)
    except RuntimeError as error:
        error.add_note(USED_UP)
        raise


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

    Whoever watches the training (`on_step`) is told if the model gets less.

    Args:
        images_seen: budget of images for a network as costly as the reference.
    """
    allowed = image_budget(model, images_seen, images.shape[1:])
    if on_step is not None and allowed < images_seen:
        print(f"An image costs this network more than the reference: it sees {allowed:,} of {images_seen:,} images.")
    return train(model, images, labels, recipe, allowed, seed, on_step)
