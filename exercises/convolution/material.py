"""What the notebook hears and sees (given): words, a room, noise, a photo."""

from __future__ import annotations

from pathlib import Path
from typing import IO

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

from datasets import SpokenWords

PHOTO_SIDE = 240  # pixels: a larger photo is made smaller, so that every cell takes less than a second


def say(data: SpokenWords, word: str, speaker: int = 1, clip: int = 0) -> Tensor:
    """A clip in which this speaker says this word: (time,).

    Args:
        speaker: number of the speaker, from 0.
        clip:    which of the clips, from 0.
    """
    clips = data.train
    chosen = (clips.labels == data.words.index(word)) & (clips.speakers == speaker)
    return clips.waveform(int(chosen.nonzero()[clip])).clone()


def room(seconds: float, sample_rate: int, seed: int = 0) -> Tensor:
    """What a clap of the hands becomes in an empty room: (time,), made by a program.

    The clap itself, and then echoes of echoes: noise with little below 100 Hz that is softer by 60 dB after this time.
    """
    time = torch.arange(round(seconds * sample_rate)) / sample_rate
    width = 2 * (sample_rate // 200) + 1  # about 10 ms
    noise = torch.randn(1, len(time), generator=torch.Generator().manual_seed(seed))
    noise = (noise - F.avg_pool1d(noise, width, stride=1, padding=width // 2))[0]
    response = 0.12 * noise * 10 ** (-3 * time / seconds)
    response[: round(0.004 * sample_rate)] = 0  # the first wall is more than a metre away
    response[0] = 1
    return response


def hidden_in_noise(sound: Tensor, place: int, time: int, loudness: float, seed: int = 0) -> Tensor:
    """A recording (time,) of noise, in which a sound begins at a place; its loudest sample has this loudness.

    The noise has standard deviation 1.
    """
    noise = torch.randn(time, generator=torch.Generator().manual_seed(seed))
    return noise + F.pad(loudness * sound / sound.abs().max(), (place, time - place - len(sound)))


def photo(file: str | Path | IO[bytes] = "") -> Tensor:
    """A colour photo as one image of a batch: (1, 3, height, width), 0 to 1, at most PHOTO_SIDE pixels a side.

    Args:
        file: of your own photo, JPEG or PNG; without one, a landscape that a program has painted.

    Raises:
        OSError: there is no such file, or it is no photo.
    """
    if file == "":
        return landscape()
    with Image.open(file) as opened:
        small = opened.convert("RGB")
        small.thumbnail((PHOTO_SIDE, PHOTO_SIDE))
        pixels = np.asarray(small, dtype=np.float32) / 255
    return torch.from_numpy(pixels).permute(2, 0, 1)[None].contiguous()


def landscape(height: int = 150, width: int = 220) -> Tensor:
    """Sky and sun, two hills, a house, a fence, and grass that is a little noisy: (1, 3, height, width)."""
    rows = torch.arange(height)[:, None] / height
    columns = torch.arange(width)[None] / width
    image = torch.stack([0.35 + 0.5 * rows, 0.6 + 0.35 * rows, 0.95 - 0.1 * rows]).expand(3, height, width).clone()

    def paint(where: Tensor, *colour: float) -> None:
        image[:, where] = torch.tensor(colour)[:, None]

    paint((rows - 0.2) ** 2 + (1.47 * (columns - 0.8)) ** 2 < 0.012, 1.0, 0.93, 0.55)
    paint(rows > 0.55 - 0.13 * torch.sin(5 * columns + 0.4), 0.45, 0.5, 0.62)
    paint(rows > 0.68 - 0.1 * torch.sin(7 * columns + 2.2), 0.33, 0.55, 0.3)
    paint((rows > 0.5) & (rows < 0.84) & (columns > 0.16) & (columns < 0.42), 0.86, 0.78, 0.66)
    paint((rows > 0.36) & (rows < 0.5) & ((columns - 0.29).abs() < 1.15 * (rows - 0.36) + 0.01), 0.62, 0.22, 0.17)
    for left in (0.19, 0.33):
        paint((rows > 0.56) & (rows < 0.66) & (columns > left) & (columns < left + 0.06), 0.2, 0.25, 0.35)
    paint((rows > 0.66) & (rows < 0.84) & (columns > 0.265) & (columns < 0.315), 0.35, 0.2, 0.12)
    for post in range(8):
        paint((rows > 0.75) & (rows < 0.9) & ((columns - 0.53 - 0.055 * post).abs() < 0.009), 0.95, 0.94, 0.9)
    paint((((rows - 0.79).abs() < 0.012) | ((rows - 0.85).abs() < 0.012)) & (columns > 0.52), 0.95, 0.94, 0.9)
    noise = torch.randn(3, height, width, generator=torch.Generator().manual_seed(0))
    green = (image[1] > image[0] + 0.15) & (image[1] > image[2] + 0.15)
    return (image + torch.where(green, 0.06, 0.01) * noise).clamp(0, 1)[None]
