"""What to ask about a result that is wrong in a way that can be told from the result."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from exercises.checking import StudentError, awkward

from .moved import Part, hidden_parts, near, scattered, with_edges_repeated, with_one_lost

WHICH_FIRST = "(time, mel): which axis comes first?"
WHICH_STRETCHED = (
    "One axis has 64 places, and none has 32: which of the two axes was stretched to 64, and how many bands has "
    "log_mel been asked for?"
)
HOW_MANY = (
    "Centred windows start half a window before the clip. Is any argument left at its default, or a fixed number?"
)
OTHER_WINDOWS_MS = ((25, 15), (25, 12.5), (25, 25), (25, 5), (25, 20), (10, 10), (10, 25), (20, 10), (50, 10), (10, 5))
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
    "A clip alone is decided rightly, and with padding it gets class 0, as where all sums are equal or NaN: what is in "
    "the padding when the sum is taken, and what does it make of the sum?"
)
OTHER_DECISIONS: dict[str, Callable[[Tensor, int], Tensor]] = {  # scores of (classes, time), of which `own` are its own
    "a vote of the frames": lambda clip, own: clip[:, :own].argmax(dim=0).bincount(minlength=len(clip)),
    "the largest sums of probabilities": lambda clip, own: clip[:, :own].exp().sum(dim=1),
    "the best single frame": lambda clip, own: clip[:, :own].amax(dim=1),
    "the smallest sums": lambda clip, own: -clip[:, :own].sum(dim=1),
    "the largest products of log-probabilities": lambda clip, own: clip[:, :own].prod(dim=1),
    "the frames that are not the clip's own": lambda clip, own: clip[:, own:].sum(dim=1),
    "all frames, padding and all": lambda clip, own: clip.sum(dim=1),
    "the last of the own frames": lambda clip, own: clip[:, own - 1],
    "the first frame": lambda clip, own: clip[:, 0],
    "the own frames and one more": lambda clip, own: clip[:, : own + 1].sum(dim=1),
    "the own frames but the last": lambda clip, own: clip[:, : own - 1].sum(dim=1),
}
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
TOWARDS_ZERO = (
    "A shift of 0 is twice as likely as each other one: where does your rounding take a number between -1 and 0?"
)
ROUNDED = "What does rounding make of a random number at either end?"
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


def about_windows(found: Any, time: int, sizes: tuple[int, int, int, int]) -> str:
    """What to ask about a log-mel spectrogram, due (batch, n_mels, 1 + time // hop_length), of another shape.

    Args:
        sizes: sample_rate, n_fft, hop_length, n_mels.
    """
    _, n_fft, hop_length, _ = sizes
    frames = found.shape[-1] if isinstance(found, Tensor) and found.dim() else 0
    if frames == 1 + time // (hop_length // 2):
        return "Windows are half of hop_length apart: which argument of the transform got it, and by its name?"
    if frames == 1 + time // (n_fft // 2):
        return "Windows are half a window apart, the transform's own choice: was hop_length handed on?"
    if frames == 1 + (time - n_fft) // hop_length:
        return "These are the windows that lie inside the clip: does the transform centre its windows?"
    return HOW_MANY


def in_frames(heard: list[int]) -> str:
    """In which frames something is heard, in words."""
    if not heard:
        return "in no frame"
    if len(heard) > 4 and heard == list(range(heard[0], heard[-1] + 1)):
        return f"in the frames from {heard[0]} to {heard[-1]}"
    return f"in the frames {heard}"[:200]


def about_click(heard: list[int], click: int, time: int, sample_rate: int, usual: str) -> str:
    """What to ask where a click in silence is heard by other frames of a stamp than it should be.

    Args:
        click: its place, in samples, in a clip of `time` samples.
    """

    def by(window: int, hop_length: int) -> list[int]:
        middles = hop_length * torch.arange(1 + time // hop_length)
        hear = (2 * (middles - click).abs() < window).float()[None, None]
        stretched = F.interpolate(hear, size=64, mode="linear", align_corners=False)[0, 0]
        return [int(frame) for frame in stretched.nonzero()[:, 0]]

    if not heard:
        return UNHEARD
    if sample_rate != 8000 and heard == by(200, 80):
        return "So a window has 200 samples and the next is 80 away, as at 8000 Hz: how many are due at this rate?"
    for window_ms, hop_ms in OTHER_WINDOWS_MS:
        if heard == by(round(window_ms * sample_rate / 1000), round(hop_ms * sample_rate / 1000)):
            return (
                f"So windows of {window_ms:g} ms hear it, {hop_ms:g} ms apart: which of 25 and 10 ms is the window, "
                "and what lies between the beginnings of two windows?"
            )
    return usual


def about_floor(found: Any, shape: tuple[int, ...]) -> str:
    """What to ask about the log-mel spectrogram of silence, which has this shape."""
    usual = "Which logarithm is asked for, and where is the small number added?"
    if not isinstance(found, Tensor) or not found.is_floating_point() or found.numel() == 0:
        return usual
    if found.shape != shape:
        return HOW_MANY
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


def about_classes(decide: Any, usual: str) -> str:
    """What to ask of a student's decisions that are wrong, by others on which all slips below decide otherwise."""
    lengths = (5, 8, 2, 6)
    log_probs = 2 * awkward(len(lengths), 12, 9, seed=5, dtype=torch.float32).log_softmax(dim=1)
    clips = list(zip(log_probs, lengths, strict=True))
    with suppress(StudentError):
        found = decide(log_probs.clone(), torch.tensor(lengths))
        if not isinstance(found, Tensor) or found.shape != (len(lengths),):
            return usual
        for name, way in OTHER_DECISIONS.items():
            if found.tolist() == [int(way(clip, own).argmax()) for clip, own in clips]:
                return f"These are the classes of {name}: what is added up, and over which frames?"
        alone = [int(decide(clip[None, :, :own].clone(), torch.tensor([own]))[0]) for clip, own in clips]
        if not bool(found.any()) and alone == [int(clip[:, :own].sum(dim=1).argmax()) for clip, own in clips]:
            return EQUAL_SUMS
    return usual


def about_missing_shifts(missing: set[int], max_shift: int) -> str:
    """What to ask where not all shifts happen."""
    if missing == {-max_shift}:
        return BELOW_ZERO
    half = max_shift // 2
    if missing == {shift for shift in range(-max_shift, max_shift + 1) if abs(shift) > half}:
        return f"Clips move by up to {half} to each side: how far may one move to one side, max_shift or half of it?"
    return "Are both -max_shift and max_shift possible? Does your random number leave out its upper end?"


def about_counts(counts: list[int]) -> str:
    """What to ask where not all shifts, of these numbers from the first to the last, are equally likely."""
    middle = len(counts) // 2
    others = counts[:middle] + counts[middle + 1 :]
    if min(others) and counts[middle] > 1.6 * max(others):
        return TOWARDS_ZERO
    if min(counts) and max(counts[0], counts[-1]) < 0.8 * min(counts[1:-1]):
        return ROUNDED
    return "Are both -max_shift and max_shift possible? Does your random number leave out its upper end?"


def about_no_shift(
    moved: Any,
    original: Tensor,
    max_shift: int,
    usual: str = "Do samples that leave at one end come back at the other? Which samples become zero?",
) -> str:
    """What to ask about clips that are no shift of what they were: (batch, time) both."""
    if not isinstance(moved, Tensor) or moved.shape != original.shape:
        return usual
    moved = moved.detach()
    lost = with_one_lost(moved, original, max_shift)
    if lost is not None:
        return (
            f"The {'last' if lost else 'first'} sample of each clip becomes zero, wherever the clip moves, or where it "
            f"does not: is place {lost} inside a clip of {original.shape[1]}?"
        )
    if with_edges_repeated(moved, original, max_shift):
        return ENDS_REPEATED
    if scattered(moved, original, max_shift):
        return SCATTERED
    return usual


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
