"""A version of a data set of images that nobody has seen: for graded training.

The labels are renamed by a permutation without fixed point, all images are turned and mirrored in one way chosen by a
seed, and each image is moved, rotated and dimmed a little. The first two cost next to nothing and are others for each
student, so that what one finds out about them helps nobody else. A network that learns from the images it is given is
hardly disturbed. A network trained elsewhere meets other names and another orientation, and a memorised test set other
pixels. This makes such answers worth little; it is no proof, since weights trained on all eight
orientations could be adapted to the new names.
"""

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

ORIENTATIONS = 8
"""Four quarter turns, each with or without mirroring."""

MAX_SHIFT = 1.5  # pixels, in each direction
MAX_ROTATION = 0.15  # radians, 8.6 degrees
MIN_CONTRAST = 0.7  # of 1, the brightness of full ink


def disguised(images: Tensor, labels: Tensor, seed: int, classes: int) -> tuple[Tensor, Tensor]:
    """Rename the labels, and turn and mirror all images alike. The inputs stay as they are.

    Call it with the same seed for training and test images.

    Args:
        images: (n, channels, size, size).
        labels: (n,) int64 in 0 … classes - 1.
    Returns:
        images and labels of the same shapes and types.
    Raises:
        ValueError: shapes or labels are not as described, or the seed is negative.
    """
    _require_square(images, labels, classes)
    orientation = seeded_orientation(seed)
    turned = torch.rot90(images, orientation % 4, dims=(2, 3))
    return turned.flip(3) if orientation >= 4 else turned, seeded_names(seed, classes)[labels]


def seeded_names(seed: int, classes: int) -> Tensor:
    """New name of each label (classes,): a permutation in one cycle, so that no label keeps its name."""
    order = _random(seed, "names").permutation(classes)
    names = np.empty(classes, dtype=np.int64)
    names[order] = np.roll(order, 1)
    return torch.from_numpy(names)


def seeded_orientation(seed: int) -> int:
    """Quarter turns (0 to 3), plus 4 if the images are mirrored as well; never 0, the usual orientation."""
    return int(_random(seed, "orientation").integers(1, ORIENTATIONS))


def disturbed(images: Tensor, seed: int) -> Tensor:
    """Shift, rotate and dim every image by its own small amount, which depends on the seed and its index.

    Args:
        images: (n, channels, size, size) float32 in [0, 1].
    Returns:
        images of the same shape, in [0, 1].
    """
    if len(images) == 0:  # torch's affine_grid refuses an empty batch
        return images.clone()
    n, size = len(images), images.shape[-1]
    amounts = torch.from_numpy(_random(seed, "images").uniform(-1, 1, (n, 4))).float()  # row i is that of image i
    shift = amounts[:, :2] * MAX_SHIFT * 2 / size  # affine_grid counts the image from -1 to 1
    angle = amounts[:, 2] * MAX_ROTATION
    contrast = 1 - (amounts[:, 3] + 1) / 2 * (1 - MIN_CONTRAST)
    cos, sin = angle.cos(), angle.sin()
    rotation = torch.stack([torch.stack([cos, -sin], dim=1), torch.stack([sin, cos], dim=1)], dim=1)  # (n, 2, 2)
    grid = F.affine_grid(torch.cat([rotation, shift[:, :, None]], dim=2), list(images.shape), align_corners=False)
    moved = F.grid_sample(images, grid, align_corners=False)
    return (moved * contrast[:, None, None, None]).clamp(0, 1)


def _random(seed: int, purpose: str) -> np.random.Generator:
    """A generator of its own for each purpose, so that a change of one leaves the others as they are."""
    return np.random.default_rng([seed, *purpose.encode()])


def _require_square(images: Tensor, labels: Tensor, classes: int) -> None:
    if images.ndim != 4 or images.shape[2] != images.shape[3]:
        raise ValueError(f"images must have the shape (n, channels, size, size), got {tuple(images.shape)}")
    if labels.shape != images.shape[:1]:
        raise ValueError(f"{len(images)} images need labels of shape ({len(images)},), got {tuple(labels.shape)}")
    if len(labels) and not 0 <= int(labels.min()) <= int(labels.max()) < classes:
        raise ValueError(f"labels must be in 0 to {classes - 1}")
