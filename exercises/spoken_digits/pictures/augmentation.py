"""Words before and after an augmentation, as waveforms and as spectrograms."""

from __future__ import annotations

from collections.abc import Mapping

from matplotlib.figure import Figure
from torch import Tensor

from ...showing.style import COLOURS, HEAT, new_figure
from ...showing.telling import each, extent

HOP = 0.010  # seconds from one frame to the next


def augmentation_picture(views: Mapping[str, tuple[Tensor, Tensor]], sample_rate: int) -> Figure:
    """Several versions of one word beside each other: above the waveform, below its log-mel spectrogram.

    Args:
        views:       for each name, the waveform (time,) and the spectrogram (n_mels, frames).
        sample_rate: Hz.
    """
    spectra = [spectrum for _, spectrum in views.values()]
    low, high = min(float(s.min()) for s in spectra), max(float(s.max()) for s in spectra)
    loudest = max(float(waveform.abs().max()) for waveform, _ in views.values()) or 1.0
    figure, axes = new_figure(
        2, len(views), size=(0.8 + 2.3 * len(views), 3.8), squeeze=False, sharey="row", height_ratios=[1, 1.5]
    )
    for (upper, lower), (name, (waveform, spectrum)) in zip(axes.T, views.items(), strict=True):
        seconds = [k / sample_rate for k in range(len(waveform))]
        upper.plot(seconds, waveform.numpy(), color=COLOURS[0], linewidth=0.6)
        upper.set_title(name, fontsize=9)
        upper.set_ylim(-1.1 * loudest, 1.1 * loudest)
        upper.set_xlim(0, len(waveform) / sample_rate)
        extent = (0, spectrum.shape[1] * HOP, -0.5, len(spectrum) - 0.5)
        picture = lower.imshow(
            spectrum.detach().numpy(), cmap=HEAT, vmin=low, vmax=high, origin="lower", aspect="auto", extent=extent
        )
        for axis in (upper, lower):
            axis.set_xlabel("time (s)")
    axes[0, 0].set_ylabel("waveform")
    axes[1, 0].set_ylabel("mel band")
    figure.colorbar(picture, ax=axes[1], label="log power", pad=0.01)
    figure.alt = (
        "Versions of one word, waveform above and log-mel spectrogram below: "
        + each({name: _in_words(waveform, spectrum, sample_rate) for name, (waveform, spectrum) in views.items()})
        + "."
    )
    return figure


def _in_words(waveform: Tensor, spectrum: Tensor, sample_rate: int) -> str:
    """When a word begins, how loud it is, its log power, and what of it is masked, which is the same number all "
    "along."""
    loud = waveform.abs()
    begin = int((loud > 0.1 * loud.max()).nonzero()[0]) / sample_rate if float(loud.max()) > 0 else 0.0
    words = f"begins at {begin:.3f} s, loudest sample {float(loud.max()):.2f}, log power {extent(spectrum, '.1f')}"
    for name, axis in (("bands", 1), ("frames", 0)):
        same = (spectrum.amax(dim=axis) == spectrum.amin(dim=axis)).nonzero()[:, 0].tolist()
        words += f", {name} {same[0]} to {same[-1]} masked" if 0 < len(same) < spectrum.shape[1 - axis] else ""
    return words
