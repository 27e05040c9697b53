# Your answers go here: save, and run `python -m exercises check spoken_digits features`.
"""Task 1: from a waveform to an image.

A log-mel spectrogram shows how much energy lies in each frequency band at each time, in steps that suit the ear.  A
*speech stamp* is the log-mel spectrogram of one word at a fixed size, so that the network of `digits` can read it.

torchaudio's transforms are allowed here: `torchaudio.transforms.MelSpectrogram` with its defaults (power, centred
windows, HTK mel scale) is what the tasks mean by a mel spectrogram.  Nothing changes its input, which may be a view.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
import torchaudio
from torch import Tensor

STAMP_FRAMES, STAMP_MELS = 64, 32
MFSC_MELS = 40


def log_mel(waveform: Tensor, sample_rate: int, n_fft: int, hop_length: int, n_mels: int) -> Tensor:
    """The natural logarithm of (mel spectrogram + 1e-6).

    Args:
        waveform:    (batch, time), at `sample_rate` Hz.
        n_fft:       samples in a window, which is also the size of its Fourier transform.
        hop_length:  samples from the start of one window to the start of the next.
        n_mels:      number of mel bands, which share the frequencies from 0 to half the sample rate.

    Returns:
        (batch, n_mels, 1 + time // hop_length).
    """
    raise NotImplementedError("Task 1.1: write log_mel")


def stamp(waveform: Tensor, sample_rate: int) -> Tensor:
    """One word as an image of 64 x 32, however long it is and however loud.

    1. `log_mel` with 32 bands, windows of 25 ms, and 10 ms from one to the next, both rounded to whole samples.
    2. Each frame less its own minimum over the bands.
    3. Stretched (or shrunk) to 64 frames by linear interpolation along time, as `F.interpolate` does by default
       (align_corners=False).
    4. Divided by its largest value, so that it lies between 0 and 1.  Silence gives zeros, and so does a clip that is
       as good as silent: one beside which 1e-6 is all that `log_mel` hears.

    waveform: (time,) -> (64, 32) = (time, mel).
    """
    raise NotImplementedError("Task 1.2: write stamp")


def mfsc_with_deltas(waveform: Tensor, sample_rate: int) -> Tensor:
    """40 log filter bank values of each frame, with their first and second differences in time (given).

    These are the three "colours" that Abdel-Hamid et al. (2014, IEEE/ACM Trans. Audio Speech Lang. Process. 22) give
    to their convolutional network: windows of 25 ms, 10 ms from one to the next.

    waveform: (time,) -> (3, 40, frames).
    """
    n_fft, hop_length = round(0.025 * sample_rate), round(0.010 * sample_rate)
    mel = torchaudio.transforms.MelSpectrogram(sample_rate, n_fft=n_fft, hop_length=hop_length, n_mels=MFSC_MELS)
    static = torch.log(mel.to(waveform.dtype)(waveform) + 1e-6)
    deltas = torchaudio.functional.compute_deltas(static)
    return torch.stack([static, deltas, torchaudio.functional.compute_deltas(deltas)])


def context_windows(features: Tensor, width: int = 15) -> Tensor:
    """A window of `width` frames around every frame: what a network sees that decides frame by frame (extra).

    Frame t stands in the middle of window t.  Beyond the ends, the first and the last frame are repeated.

    Args:
        features: (3, 40, frames), from `mfsc_with_deltas`.
        width:    frames in a window, odd.

    Returns:
        (frames, 3, 40, width).

    Raises:
        ValueError: `width` is even: then no frame stands in the middle.
    """
    raise NotImplementedError("Task 1.3 (extra): write context_windows")


# Staff: generated from solutions/spoken_digits/features.py by `make release`; edit that file.
