"""A wall of words as images: a column for each word, a row for each speaker."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure
from torch import Tensor

from ...showing.style import HEAT, new_figure
from ...showing.telling import brightest, each, spaced

GAP = 0.08  # between two images, as a share of an image's place


def stamp_wall(
    images: Sequence[Sequence[Tensor]],
    words: Sequence[str],
    speakers: Sequence[str],
    each_row: str = "speaker",
    each_column: str = "word",
    bands: int | None = None,
    brighter: str = "more energy",
) -> Figure:
    """Images of words, time to the right and frequency upwards, each in colours of its own.

    All images have the same scale of time: the longest one fills its place, a shorter word leaves white.

    Args:
        images:   for each speaker, for each word, (time, mel).
        words:    names of the columns.
        speakers: names of the rows.
        each_row, each_column: what a row and a column is, where the wall is turned round.
        bands: how many bands each image must have; None: as many as the first one.
        brighter: what a brighter place has more of.

    Raises:
        ValueError: an image is not (time, mel) with that many bands.
    """
    rows, columns = len(speakers), len(words)
    bands = images[0][0].shape[-1] if bands is None else bands
    for speaker, spoken in zip(speakers, images, strict=True):
        for word, image in zip(words, spoken, strict=True):
            if image.ndim != 2 or image.shape[1] != bands:
                raise ValueError(
                    f"the image of {' '.join(word.split())!r}, {speaker}, has the shape {tuple(image.shape)}; "
                    f"(time, {bands}) is asked for, time first. Is it turned round?"
                )
    longest = max(len(image) for row in images for image in row)
    # One pair of axes for all: sixty of them would take seconds to draw.
    width = 1.2 + 0.9 * columns
    lettering = max(9.0, 1.1 * width)  # a wide wall is shown smaller, and its words have to be read
    figure, axis = new_figure(size=(width, 0.8 + 0.7 * rows))
    for row in range(rows):
        for column in range(columns):
            image = images[row][column].detach()
            left, bottom = column + GAP / 2, row + 1 - GAP / 2  # rows are counted downwards
            extent = (left, left + (1 - GAP) * len(image) / longest, bottom, bottom - (1 - GAP))
            axis.imshow(image.T.numpy(), cmap=HEAT, origin="lower", aspect="auto", extent=extent)
    axis.set_xlim(0, columns)
    axis.set_ylim(rows, 0)
    axis.set_xticks([column + 0.5 for column in range(columns)], words, fontsize=lettering)
    axis.set_yticks([row + 0.5 for row in range(rows)], speakers, fontsize=lettering)
    axis.tick_params(length=0, top=False, labeltop=True, bottom=False, labelbottom=False)
    axis.spines[:].set_visible(False)
    axis.set_xlabel(f"in each image: time to the right, frequency upwards, brighter = {brighter}", fontsize=lettering)
    told = {}
    for column, word in enumerate(words):
        told[" ".join(word.split())] = " and ".join(brightest(images[row][column].T) for row in spaced(rows, most=2))
    figure.alt = (
        f"A wall of images, a row for each {each_row} ({', '.join(speakers)}), a column for each {each_column}. The "
        f"brightest of {bands} bands in each quarter of the time, for the first and the last "
        f"{each_row}: {each(told)}."
    )
    return figure
