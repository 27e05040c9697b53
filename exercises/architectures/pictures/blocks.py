"""A network as a row of blocks: as high as its maps are, as wide as they are many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from math import log2

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from torch import nn

from ...showing.style import COLOURS, HATCHES, new_figure
from .layers import Ran, layers_of

MOST = 20  # layers that are drawn one by one; of more, those with maps of one size share a block


@dataclass(frozen=True)
class Block:
    """What is drawn as one block.

    Attributes:
        name:     what it is, in short.
        channels: how many maps come out.
        side:     how high they are; 1 of a dense layer.
        dense:    whether it is a dense layer.
    """

    name: str
    channels: int
    side: int
    dense: bool


def blocks_of(layers: Sequence[Ran], most: int = MOST) -> list[Block]:
    """Blocks of a network's layers: one for each, or one for each size of maps where there are many; no shortcuts.

    A block of many layers says how many maps there are at most, those too that are concatenated for the next layer.
    """
    way = [one for one in layers if not one.beside]
    if len(way) <= most:
        return [Block(one.name, one.channels, one.side, one.is_dense) for one in way]
    groups = [list(group) for _, group in groupby(way, key=lambda one: (one.is_dense, one.side))]
    most_maps = [max(one.channels for one in some) for some in groups]
    seen_next = [following[0].seen[0] for following in groups[1:]] + [0]
    return [
        Block(some[0].name if len(some) == 1 else f"{len(some)} layers", channels, some[0].side, dense=some[0].is_dense)
        for some, channels in zip(groups, map(max, most_maps, seen_next), strict=True)
    ]


def block_diagram(model: nn.Module, image_shape: tuple[int, ...], title: str) -> Figure:
    """A network's layers from left to right, with what comes out of each; heights and widths grow with the logarithm.

    Args:
        model:       on any device, "meta" too.
        image_shape: (channels, height, width).
    """
    image = Block("image", image_shape[0], image_shape[1], dense=False)
    blocks = [image, *blocks_of(layers_of(model, image_shape))]
    figure, axis = new_figure(size=(max(6.0, 0.4 + 0.62 * len(blocks)), 3.0))
    place = 0.0
    for block in blocks:
        place = _draw(axis, block, place, is_image=block is image)
    axis.set_xlim(-0.3, place)
    tallest = max(_height(block) for block in blocks)
    axis.set_ylim(-tallest / 2 - 2.4, tallest / 2 + 1.4)
    axis.set_yticks([])
    axis.set_xticks([])
    for side in axis.spines.values():
        side.set_visible(False)
    axis.set_xlabel("from the image to the logits", fontsize=8)
    axis.set_title(title, fontsize=9)
    told = [f"{one.name} {one.channels}" + ("" if one.dense else f" of {one.side}x{one.side}") for one in blocks]
    figure.alt = f"{title}, from left to right what each block is and what comes out of it: {', '.join(told)}."
    return figure


def _draw(axis: Axes, block: Block, place: float, is_image: bool) -> float:
    """One block, and where the next one may begin."""
    width = 0.3 if block.dense else 0.16 + 0.07 * log2(block.channels)
    height = _height(block)
    colour, hatch = (2, 2) if is_image else (1, 1) if block.dense else (0, 0)
    axis.add_patch(
        Rectangle(
            (place, -height / 2),
            width,
            height,
            facecolor=COLOURS[colour],
            hatch=HATCHES[hatch],
            edgecolor="white",
            linewidth=0.5,
        )
    )
    middle = place + width / 2
    size = f"{block.channels}" if block.dense else f"{block.channels}\n{block.side}x{block.side}"
    axis.text(middle, height / 2 + 0.15, size, ha="center", va="bottom", fontsize=6.5)
    axis.text(middle, -height / 2 - 0.2, block.name, ha="center", va="top", fontsize=6.5, rotation=90)
    return place + max(width + 0.25, 0.95)


def _height(block: Block) -> float:
    return 0.4 * log2(block.channels) if block.dense else 0.5 + log2(block.side)
