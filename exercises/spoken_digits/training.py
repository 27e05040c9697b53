"""What trainings and checks of this assignment need (given): random numbers, clips, and what a network may hear."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
import torchaudio
from torch import Tensor, nn

from datasets import Clips, load_speech

from ..assignment import load_assignment
from ..checking.probe import VIEWS
from ..digits.training import Recipe, fit, image_budget
from ..learning import accuracy, predict, train
from ..recording import structural

__all__ = ["Recipe", "accuracy", "fit", "image_budget", "predict", "train"]

SEED = 0  # of the first weights and of the order of the clips, where everybody trains the same: check and notebook


@dataclass(frozen=True)
class Practice:
    """What the public check of task 6 trains on and tests with, as many as while grading.

    Attributes:
        source:   of the data, "generated" or "fsdd"; `left_out`: the speaker who is heard in no training.
        learn:    clips to learn from; `known`: other clips of the same speakers; `unknown`: all of the one left out.
    """

    source: str
    left_out: str
    learn: Clips
    known: Clips
    unknown: Clips


def practice() -> Practice:
    """The clips that everybody has, with the first speaker left out: the same on every call."""
    rules = load_assignment("spoken_digits").training["accuracy"]
    speech = load_speech()
    left_out = speech.speaker_names[0]
    others, unknown = speech.leave_out(left_out)
    order = torch.randperm(len(others), generator=generator(0))
    learn, known = order[: rules.train_examples], order[rules.train_examples :][: rules.test_examples]
    return Practice(speech.source, left_out, others.where(learn), others.where(known), unknown)


def generator(seed: int) -> torch.Generator:
    """A source of random numbers of its own, for the functions of `augment.py`."""
    return torch.Generator().manual_seed(seed)


def inputs_before_and_after(function: Callable[..., Any], *arguments: Any) -> tuple[list[Tensor], list[Tensor]]:
    """Call a function, and give the tensors among its arguments as they were before and as they are afterwards."""
    given = [argument for argument in arguments if isinstance(argument, Tensor)]
    before = [tensor.clone() for tensor in given]
    function(*arguments)
    return before, given


def of_view(function: Callable[..., Any], tensor: Tensor, *arguments: Any, view: str = "transposed back") -> Any:
    """Call a function with its first argument as a view, whose values lie in another order in memory.

    Args:
        view: one of VIEWS; "transposed back" is what `log_mel` gives.
    """
    return function(VIEWS[view](tensor), *arguments)


class StampAlone:
    """A stamp that gets its spectrograms from a log_mel as it should be, whatever the one beside it does.

    So a mistake in `log_mel` is no mistake of the stamp's, which calls it by this name.
    """

    def __init__(self, stamp: Callable[..., Tensor]) -> None:
        self.stamp = stamp

    def __call__(self, waveform: Tensor, sample_rate: int) -> Tensor:
        """waveform: (time,) -> (64, 32)."""
        names = getattr(self.stamp, "__globals__", {})
        if "log_mel" not in names:
            return self.stamp(waveform, sample_rate)
        own, names["log_mel"] = names["log_mel"], _log_mel
        try:
            return self.stamp(waveform, sample_rate)
        finally:
            names["log_mel"] = own


def _log_mel(waveform: Tensor, sample_rate: int, n_fft: int, hop_length: int, n_mels: int) -> Tensor:
    to_mel = torchaudio.transforms.MelSpectrogram(sample_rate, n_fft, None, hop_length, n_mels=n_mels)
    return (to_mel(waveform.float()) + 1e-6).log()


def input_gradient(module: nn.Module, inputs: Tensor, *arguments: Any) -> Tensor:
    """Gradient of the sum of module(inputs, ...) with respect to the inputs (same shape), zeros where none arrives."""
    inputs = inputs.clone().requires_grad_(True)
    with torch.enable_grad():
        output = module(inputs.clone(), *arguments).sum()  # a copy, since a leaf must not be changed in place
        if output.requires_grad:
            output.backward()
    return torch.zeros_like(inputs) if inputs.grad is None else inputs.grad


class FullLength(nn.Module):
    """A network that reads clips and their lengths, for clips that are all as long as the batch."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, log_mel: Tensor) -> Any:
        """log_mel: (batch, n_mels, time) -> what the network gives."""
        # A copy: who looks at gradients does not ask whether the network changes its input in place.
        return self.network(log_mel.clone(), torch.full((len(log_mel),), log_mel.shape[2]))


def part(parts: Any, index: int) -> Any:
    """One of a network's blocks, by its number from 0, also where each has a name (nn.ModuleDict)."""
    return list(parts.values())[index] if isinstance(parts, nn.ModuleDict) else parts[index]


class Packed(nn.Module):
    """A network that reads log-mel spectrograms and their lengths, as one that reads a single tensor: see `pack`."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, packed: Tensor) -> Any:
        """packed: (batch, 1 + n_mels, time) -> what the network gives."""
        lengths = structural(packed[:, 0, 0].long())
        # A blank clip, with which multiplications are counted, has no length: then all of it counts.
        return self.network(packed[:, 1:], torch.where(lengths > 0, lengths, packed.shape[2]))


def with_lengths(log_mel: Tensor, lengths: Tensor) -> Tensor:
    """Spectrograms with each clip's length above its bands: (batch, n_mels, time) -> (batch, 1 + n_mels, time)."""
    above = lengths[:, None, None].expand(-1, 1, log_mel.shape[2])
    return torch.cat([above.to(log_mel.dtype), log_mel], dim=1)


def pack(log_mel: Tensor, lengths: Tensor) -> Tensor:
    """Clips as the training of task 6 reads them: one tensor, with each clip's length above its bands.

    Words longer than LONGEST frames are cut. Each band is less its own mean over the clip's frames: what a microphone
    or a room does to all frames alike is gone then (as in cepstral mean subtraction, Atal 1974), and a third of what
    is left is about as large as networks like it.

    log_mel: (batch, n_mels, time), lengths: (batch,) -> (batch, 1 + n_mels, at most LONGEST).
    """
    log_mel, lengths = log_mel[:, :, :LONGEST], lengths.clamp(max=LONGEST)
    inside = torch.arange(log_mel.shape[2]) < lengths[:, None]  # (batch, time)
    mean = log_mel.masked_fill(~inside[:, None], 0).sum(dim=2) / lengths[:, None]  # (batch, n_mels)
    return with_lengths((log_mel - mean[:, :, None]) / 3, lengths)


def level_stamps(stamps: Tensor) -> Tensor:
    """Stamps as the training of task 6 reads them: each band less its mean over time, as in `pack`.

    (batch, 1, 64, 32) = (batch, 1, time, mel) -> the same shape.
    """
    return stamps - stamps.mean(dim=2, keepdim=True)


def change_by_padding(network: nn.Module, log_mel: Tensor, length: int, value: float) -> float:
    """The largest change of a logit when frames with this value are put behind a clip's own.

    Args:
        network: reads packed clips, see `Packed`.
        log_mel: (1, n_mels, time).
        length:  frames of the clip, less than time.
        value:   what stands in all bands of the padding.
    """
    own = torch.tensor([length])
    beside = log_mel.clone()
    beside[:, :, length:] = value
    alone, padded = (predict(network, with_lengths(clip, own)) for clip in (log_mel[:, :, :length], beside))
    return float((padded - alone).abs().max())


LONGEST = 80  # frames, 0.8 seconds: of a hundred digits, fewer than five last longer
CLIP = (33, 64)  # a packed clip of 32 bands and 64 frames, with which a network's cost is counted
STAMP = (1, 64, 32)


def clip_budget(network: nn.Module, clips_seen: int) -> int:
    """How many clips a network for packed spectrograms may hear: see `image_budget` of `digits`."""
    return image_budget(network, clips_seen, CLIP)


def stamp_budget(network: nn.Module, clips_seen: int) -> int:
    """How many stamps a network may see."""
    return image_budget(network, clips_seen, STAMP)
