"""A stamp of your own: drawn with a text of dots and hashes or by clicking squares, heard, and read by a network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
import torch.nn.functional as F
from matplotlib.figure import Figure
from torch import Tensor

from ...digits.pictures.drawing import ink_of, sheet_of_squares
from ...showing.sounds import player
from ...showing.style import HEAT, is_static, new_figure
from ...showing.telling import brightest
from .bands import band_centres
from .yourself import word_picture

FRAMES, BANDS = 64, 32
FRAME_S = 0.010
RANGE = 10.0  # of the natural logarithm of power, from a stamp's 0 to its 1: about that of a word without its silence


def stamp_of_ink(ink: Tensor) -> Tensor:
    """Ink on a coarse grid (rows, columns), low frequencies below -> a stamp (64, 32) = (time, mel), softened."""
    image = F.interpolate(ink.flip(0)[None, None].float(), size=(BANDS, FRAMES), mode="bilinear", align_corners=False)
    return image[0, 0].T


def sound_of_stamp(stamp: Tensor, sample_rate: int) -> Tensor:
    """A stamp as a sound of 0.64 s: one tone for each band, at its centre, as loud as the stamp says.

    (64, 32) = (time, mel), from 0, which is silent, to 1 -> (time,) in [-1, 1].
    """
    time = round(FRAMES * FRAME_S * sample_rate)
    level = F.interpolate(stamp.T[None], size=time, mode="linear", align_corners=False)[0]  # (mel, time)
    turns = band_centres(BANDS, sample_rate).float()[:, None] * torch.arange(time) / sample_rate
    # Tones that all began at the same phase would make a click.
    begin = torch.rand(BANDS, 1, generator=torch.Generator().manual_seed(0))
    amplitude = (level * RANGE / 2).exp() - 1
    sound = (amplitude * (2 * torch.pi * (turns + begin)).sin()).sum(dim=0)
    largest = sound.abs().max()
    return sound / largest if largest > 0 else sound


def stamp_picture(stamp: Tensor) -> Figure:
    """Your stamp as all others are shown: (64, 32) = (time, mel), band 0 below, bright where there is sound."""
    figure, axis = new_figure(size=(4.2, 2.6))
    picture = axis.imshow(stamp.T.numpy(), cmap=HEAT, vmin=0, vmax=1, origin="lower", aspect="auto")
    axis.set_title("your stamp", fontsize=9)
    axis.set_xlabel("frame")
    axis.set_ylabel("mel band (0 = lowest)")
    figure.colorbar(picture, ax=axis, label="stamp", pad=0.02)
    figure.alt = (
        f"Your stamp, {len(stamp)} frames of {stamp.shape[1]} bands, 0 is the lowest; the brightest band in each "
        f"quarter of the time: {brightest(stamp.T)}."
    )
    return figure


def draw_stamp(classify: Callable[[Tensor], Tensor], words: Sequence[str], sample_rate: int, text: str) -> Any:
    """Show a drawing as a stamp and as a sound, and what a network reads in it; with widgets, squares can be clicked.

    Args:
        classify: stamps (1, 1, 64, 32) -> logits (1, num_classes).
        words:    names of the classes.
        text:     the drawing to begin with: up to 14 lines of up to 10 characters, "#" is ink; time goes to the right,
                  and high frequencies are above.
    """
    from IPython.display import display

    def answer(ink: Tensor) -> Sequence[object]:
        stamp = stamp_of_ink(ink)
        sound = sound_of_stamp(stamp, sample_rate)
        read = word_picture(sound, classify(stamp[None, None])[0], words, sample_rate)
        shown = (stamp_picture(stamp), read, player(sound, sample_rate))
        display(*shown)
        return shown

    if not is_static():
        return sheet_of_squares(text, answer)
    answer(ink_of(text))
    return None
