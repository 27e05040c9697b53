"""A wall of filters, each with the patches of images that excite it most."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import torch
from matplotlib.figure import Figure
from torch import Tensor

from ...digits.receptive_field import Layer
from ...showing.style import HEAT, new_figure
from ...showing.telling import each
from ..heard import Seen
from ..material import Words

Best = Callable[[Tensor, int, int], Tensor]  # as `best_patches`
Box = Callable[[int, int, Sequence[Layer]], tuple[int, int, int, int]]  # as `input_box`
EDGE = 0.08  # between two patches, as a share of a patch's place


def commonest(found: Tensor, labels: Tensor) -> float:
    """Which share of the patches comes from the word that most of them come from."""
    said = labels[found[:, 0]]
    return float(said.bincount().max()) / len(said)


def patches_of(words: Words, found: Tensor, layers: Sequence[Layer], box: Box) -> list[Tensor]:
    """The parts of the images that these places see, (height, width) each; what lies outside of an image is NaN.

    found: (k, 3), rows of image, row and column.
    """
    height, width = words.stamps.shape[-2:]
    patches = []
    for image, row, column in found.tolist():
        top, left, bottom, right = box(row, column, layers)
        patch = torch.full((bottom - top, right - left), torch.nan)
        high, low = slice(max(top, 0), min(bottom, height)), slice(max(left, 0), min(right, width))
        patch[high.start - top : high.stop - top, low.start - left : low.stop - left] = words.stamps[
            image, 0, high, low
        ]
        patches.append(patch)
    return patches


def patch_wall(
    seen: Mapping[str, Seen],
    channels: Mapping[str, Sequence[int]],
    words: Words,
    names: Sequence[str],
    best: Best,
    box: Box,
    count: int = 9,
) -> Figure:
    """A row for each filter: the patches that excite it most, and which word each was cut out of.

    Args:
        seen:     what parts of the network give for these words.
        channels: of each part, which filters are shown.
        words:    that the network heard.
        names:    of their labels.
        best, box: your `best_patches` and `input_box`.
    """
    rows = [(part, channel) for part in seen for channel in channels[part]]
    figure, axis = new_figure(size=(1.6 + 0.85 * count, 0.6 + 0.95 * len(rows)))
    for place, (part, channel) in enumerate(rows):
        found = best(seen[part].activations, channel, count)
        for column, patch in enumerate(patches_of(words, found, seen[part].layers, box)):
            extent = (column + EDGE / 2, column + 1 - EDGE / 2, place + 0.98, place + 0.98 - 0.74)
            axis.imshow(patch.T.numpy(), cmap=HEAT, vmin=0, vmax=1, origin="lower", aspect="auto", extent=extent)
            said = names[int(words.labels[found[column][0]])]
            axis.text(column + 0.5, place + 0.12, said, ha="center", va="center", fontsize=7)
    for place in range(1, len(rows)):
        if rows[place][0] != rows[place - 1][0]:
            axis.axhline(place, color="black", linewidth=1.5)
    axis.set_xlim(0, count)
    axis.set_ylim(len(rows), 0)
    axis.set_xticks([])
    axis.set_yticks(
        [place + 0.5 for place in range(len(rows))], [f"{part}\nfilter {channel}" for part, channel in rows]
    )
    told = {}
    for part, channel in rows:
        found = best(seen[part].activations, channel, count)
        told[f"{part}, filter {channel}"] = ", ".join(names[int(words.labels[image])] for image in found[:, 0])
    figure.alt = f"For each filter the {count} patches that excite it most, cut out of these words: {each(told)}."
    axis.tick_params(length=0)
    axis.spines[:].set_visible(False)
    axis.set_xlabel(
        "the nine patches that excite it most, the best on the left; in each: time to the right, frequency upwards"
    )
    return figure
