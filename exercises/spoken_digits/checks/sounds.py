"""Sounds that the checks of task 1 make, and the settings that they are heard with."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from exercises.checking import draw

RATES = (8000, 11025, 12000, 22050, 24000, 32000)  # Hz; not 16,000, where torchaudio's default is right by chance
FAR_RATES = (8000, 32000, 48000)  # so far from it that a tone lies in another band if nobody hands on the rate
# Hz, where 25 ms and 10 ms are whole numbers of samples, in floating-point numbers too.
STAMP_RATES = tuple(r for r in range(8000, 24001, 400) if (int(0.025 * r), int(0.01 * r)) == (r // 40, r // 100))


def settings(topic: object) -> tuple[int, int, int, int]:
    """sample_rate, n_fft, hop_length, n_mels: none of the usual, and the hop is far from half a window, its default."""
    random = draw(f"settings {topic}")
    n_fft = random.choice([size for size in range(302, 600, 2) if size not in (400, 512)])
    hop_length = random.choice([size for size in range(61, 120) if size not in (64, 80, 100)])
    return random.choice(RATES), n_fft, hop_length, random.randint(12, 24)


def named(sample_rate: int, n_fft: int, hop_length: int, n_mels: int) -> str:
    """The settings as a call has them."""
    return f"sample_rate={sample_rate}, n_fft={n_fft}, hop_length={hop_length}, n_mels={n_mels}"


def tone(frequency: float, time: int, sample_rate: int) -> Tensor:
    """A sine wave as a batch of two, (2, time) float32."""
    return (
        torch.sin(2 * math.pi * frequency / sample_rate * torch.arange(time, dtype=torch.float64)).float().repeat(2, 1)
    )


def mel(frequency: float) -> float:
    """Hertz on the mel scale that torchaudio uses by default: 2595 log10(1 + f / 700) (O'Shaughnessy 1987)."""
    return 2595 * math.log10(1 + frequency / 700)


def sixty_four_frames(sample_rate: int) -> int:
    """Samples of a clip that has as many frames as a stamp, so that nothing is stretched."""
    hop_length = sample_rate // 100
    return 63 * hop_length + draw("samples more").randrange(hop_length)


def loud_frames(stamp: Tensor) -> list[int]:
    """The frames of a stamp, (64, 32), in which anything is heard."""
    return (stamp.amax(dim=1) > 0.01).nonzero()[:, 0].tolist()
