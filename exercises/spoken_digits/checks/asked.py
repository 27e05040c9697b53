"""What to ask about a result that is wrong in a way that can be told from the result."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor

from .moved import Part, hidden_parts, near, scattered, with_edges_repeated

WHICH_FIRST = "(time, mel): which axis comes first?"
WHICH_STRETCHED = (
    "One axis has 64 places, and none has 32: which of the two axes was stretched to 64, and how many bands has "
    "log_mel been asked for?"
)
UNHEARD = (
    "No window hears it. How many samples are 25 ms and 10 ms at this sample rate, and which of the two is the window? "
    "A number of milliseconds is none of samples."
)
READ_ANEW = (
    "Does a row hold the 32 bands of one frame? Does your last step exchange the two axes, or does it read the same "
    "numbers in the same order into rows of another length?"
)
AXIS_TOO_MANY = (
    "There is an axis too many: which two shapes meet in the division, and along which axis of the sums does each "
    "clip's length have to go?"
)
ZERO_IS_A_FRAME = (
    "Each sum is divided by how many of its values are not 0: is a frame with a 0 no frame of the clip? By which "
    "number is the sum divided, whatever stands in the frames?"
)
ADDS_NOTHING = (
    "f adds nothing to the clip's own frames but what biases make: which frames does your mask set to zero, those "
    "before the length or those from it on?"
)
EQUAL_SUMS = (
    "Each clip with padding gets class 0, which is also what comes where all sums are equal or NaN: what stands in the "
    "padding when the sum is taken, and what does it make of the sum?"
)
ENDS_REPEATED = (
    "At one end of some clips the outermost sample comes again, in the place of those that have left: which samples "
    "become zero, at the beginning and at the end?"
)
NOISE_HEARD = (
    "Noise that nobody hears comes out as a picture: is the waveform made louder before log_mel hears it? The stamp "
    "does not depend on loudness by its steps 2 and 4 alone."
)
SQUARED_TWICE = (
    "The clip three times as loud has 81 times the energy: the mel spectrogram is a power already. What is squared "
    "again?"
)
NOT_SQUARED = "The clip three times as loud has three times the energy: is that the power, or the amplitude?"
LOUDNESS_GONE = "The loud clip comes out as the soft one does: is the waveform changed before the transform hears it?"
SCATTERED = "Samples of one clip move by different numbers: how many random numbers does each clip need?"
BELOW_ZERO = "Is -max_shift possible? Where does your rounding take a number below 0: down, or towards 0?"
ALL_BUT_MASKS = (
    "The masks alone are left, and all around them is hidden: which of the two values does your code take inside of a "
    "mask?"
)
ONE_TOO_WIDE = "There are masks one wider than allowed: which is the last place of a mask of width 2 that begins at 4?"


def about_stamp_shape(found: Any) -> str:
    """What to ask about a stamp that is not (64, 32)."""
    shape = tuple(getattr(found, "shape", ()))
    return WHICH_STRETCHED if 64 in shape and 32 not in shape else WHICH_FIRST


def read_anew(stamp: Tensor) -> Tensor:
    """What a stamp, (64, 32), was before its numbers were read into rows of 32: (64, 32), turned as it should be."""
    return stamp.reshape(32, 64).T


def about_floor(found: Any) -> str:
    """What to ask about the log-mel spectrogram of silence."""
    usual = "Which logarithm is asked for, and where is the small number added?"
    if not isinstance(found, Tensor) or not found.is_floating_point() or found.numel() == 0:
        return usual
    value = float(found.detach().flatten()[0])
    if not bool((found.detach() - value).abs().amax() <= 1e-3) or not -40 < value < 40:
        return usual
    return (
        f"{value:.4g} is the natural logarithm of {math.exp(value):.3g}, and the base-10 logarithm of {10**value:.3g}. "
        f"{usual}"
    )


def about_loudness(soft: Tensor, loud: Tensor, floor: float, usual: str) -> str:
    """What to ask where a clip three times as loud has not nine times the energy: logarithms of energy + floor."""
    if loud.shape != soft.shape or bool((loud - soft).abs().amax() <= 2e-2):
        return usual if loud.shape != soft.shape else LOUDNESS_GONE
    energy = [(one.double().exp() - floor).clamp(min=0) for one in (soft, loud)]
    heard = energy[0] > 1e3 * floor
    factor = float((energy[1][heard] / energy[0][heard]).median()) if bool(heard.any()) else 0.0
    return SQUARED_TWICE if 80 < factor < 82 else NOT_SQUARED if 2.9 < factor < 3.1 else usual


def about_average(found: Any, usual: str, own: list[Tensor] | None = None) -> str:
    """What to ask about an average that is no (batch, channels), or has other values.

    Args:
        own: each clip's own frames, (channels, frames), where 0 is among them.
    """
    if not isinstance(found, Tensor):
        return usual
    if found.dim() > 2:
        return AXIS_TOO_MANY
    if not own or found.shape != (len(own), len(own[0])):
        return usual
    not_zero = torch.stack([clip.sum(dim=1) / (clip != 0).sum(dim=1).clamp(min=1) for clip in own])
    return ZERO_IS_A_FRAME if bool(near(found.detach(), not_zero).all()) else usual


def about_branch(found: Any, x: Tensor, usual: str) -> str:
    """What to ask about x + f(x), (batch, channels, time), of clips' own frames, where a block adds a constant alone.

    Three frames at either end are not looked at: convolutions reach beyond them.
    """
    if not isinstance(found, Tensor) or found.shape != x.shape or x.shape[2] < 12:
        return usual
    added = (found.detach() - x)[..., 3:-3]
    largest = added.amax(dim=2) - added.amin(dim=2)
    return ADDS_NOTHING if bool((largest <= 1e-3 * (1 + added.abs().amax())).all()) else usual


def about_classes(found: Tensor, due: Tensor, usual: str) -> str:
    """What to ask about class numbers, where all of them are 0 and should not be."""
    return EQUAL_SUMS if not bool(found.any()) and bool(due.any()) else usual


def about_missing_shifts(missing: set[int], max_shift: int) -> str:
    """What to ask where not all shifts happen."""
    if missing == {-max_shift}:
        return BELOW_ZERO
    half = max_shift // 2
    if missing == {shift for shift in range(-max_shift, max_shift + 1) if abs(shift) > half}:
        return f"Clips move by up to {half} to each side: how far may one move to one side, max_shift or half of it?"
    return "Are both -max_shift and max_shift possible? Does your random number leave out its upper end?"


def about_no_shift(moved: Tensor, original: Tensor, max_shift: int) -> str:
    """What to ask about clips that are no shift of what they were: (batch, time) both."""
    if with_edges_repeated(moved, original, max_shift):
        return ENDS_REPEATED
    if scattered(moved, original, max_shift):
        return SCATTERED
    return "Do samples that leave at one end come back at the other? Which samples become zero?"


def about_masks(masked: Tensor, original: Tensor, freq_mask: int, time_mask: int) -> str:
    """What to ask where other parts are hidden than may be: (batch, n_mels, time) both."""

    def fit(parts: list[Part | None], more: int = 0) -> bool:
        return all(part and part.bands <= freq_mask + more and part.frames <= time_mask + more for part in parts)

    mean = original.mean(dim=(1, 2), keepdim=True)
    around = torch.where(near(masked, mean), original, mean.expand_as(original))
    if fit(hidden_parts(around, original)):
        return ALL_BUT_MASKS
    parts = hidden_parts(masked, original)
    if None in parts:
        return "Is a mask as long as the other axis?"
    too_wide = fit(parts, more=1) and any(part and part.frames > time_mask for part in parts)
    return ONE_TOO_WIDE if too_wide else "Which of the two widths belongs to which axis?"
