"""Task 2: a network is built from its table (Simonyan and Zisserman 2015, table 1)."""

from __future__ import annotations

from torch import nn

TABLE: dict[str, tuple[int | str, ...]] = {
    "small": (8, "M", 12, 12, "M"),
    "D": (64, 64, "M", 128, 128, "M", 256, 256, 256, "M", 512, 512, 512, "M", 512, 512, 512, "M"),
}
"""Columns of the table: the channels of a 3x3 convolution, or "M" for a 2x2 max pooling."""


def network(column: str, image_size: int = 224, hidden: int = 4096, num_classes: int = 1000) -> nn.Sequential:
    """The network of a column of TABLE for RGB images.

    Each convolution has padding 1 and is followed by a ReLU; then come three linear layers, hidden, hidden and
    num_classes wide, with a ReLU after the first two.

    Args:
        image_size: height and width of the images, a multiple of 2 to the number of poolings.
    """
    # Task 2: write network
    ### BEGIN SOLUTION
    layers: list[nn.Module] = []
    channels, size = 3, image_size
    for entry in TABLE[column]:
        if isinstance(entry, str):
            layers.append(nn.MaxPool2d(2))
            size //= 2
        else:
            layers += [nn.Conv2d(channels, entry, kernel_size=3, padding=1), nn.ReLU()]
            channels = entry
    layers += [nn.Flatten(), nn.Linear(channels * size * size, hidden), nn.ReLU()]
    layers += [nn.Linear(hidden, hidden), nn.ReLU(), nn.Linear(hidden, num_classes)]
    return nn.Sequential(*layers)
    ### END SOLUTION
