"""The filters of a first layer beside the mel bands that they read."""

from __future__ import annotations

import torch
from matplotlib.figure import Figure
from torch import nn

from ...showing.style import new_figure
from ...showing.telling import each, row
from .bands import band_centres


def filters_and_bands(conv: nn.Conv1d, sample_rate: int, filters: int = 12) -> Figure:
    """The strongest filters as images (taps to the right, bands upwards), ordered by the band that they weigh most.

    The axis on the left counts the mel bands, the axis on the right names their centres in Hz.

    Args:
        conv:        a first layer, from mel bands to channels.
        sample_rate: Hz.
        filters:     how many filters.
    """
    weights = conv.weight.detach()  # (channels, bands, taps)
    chosen = weights.flatten(start_dim=1).norm(dim=1).argsort(descending=True)[:filters]
    chosen = chosen[weights[chosen].abs().sum(dim=2).argmax(dim=1).argsort()]
    strongest = float(weights[chosen].abs().max()) or 1.0
    bands, taps = weights.shape[1:]
    figure, axes = new_figure(1, len(chosen), size=(1.6 + 0.55 * len(chosen), 3.6), squeeze=False, sharey=True)
    for axis, index in zip(axes[0], chosen.tolist(), strict=True):
        picture = axis.imshow(
            weights[index].numpy(), cmap="PuOr", vmin=-strongest, vmax=strongest, origin="lower", aspect="auto"
        )
        axis.set_title(str(index), fontsize=9)
        axis.set_xticks([taps // 2], ["0"], fontsize=9)
    axes[0, 0].set_ylabel("mel band (0 = lowest)")
    ticks = torch.linspace(0, bands - 1, 6).round().int().tolist()
    centres = band_centres(bands, sample_rate)
    last = axes[0, -1].secondary_yaxis("right")
    last.set_yticks(ticks, [f"{float(centres[k]):.0f} Hz" for k in ticks], fontsize=9)
    figure.suptitle(f"number of the filter: the {len(chosen)} strongest of {len(weights)}, low bands first", fontsize=9)
    figure.supxlabel(f"tap (frames from the middle; {taps} taps)", fontsize=9)
    figure.colorbar(picture, ax=axes, label="weight", pad=0.02)  # beside, so that the taps' name stands below the taps
    told = {}
    for index in chosen.tolist():
        band = int(weights[index].abs().sum(dim=1).argmax())
        told[f"filter {index}"] = (
            f"band {band} ({float(centres[band]):.0f} Hz), taps {row(weights[index, band].tolist())}"
        )
    figure.alt = (
        f"The {len(chosen)} strongest of {len(weights)} filters, each with the band that it weighs most and its "
        f"weights there: {each(told)}."
    )
    return figure
