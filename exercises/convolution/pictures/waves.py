"""Sounds as pictures: waveforms below each other, and with them spectrograms, or how much goes on."""

from __future__ import annotations

import math
from collections.abc import Mapping

import torch
from matplotlib.figure import Figure
from torch import Tensor

from ...showing.style import COLOURS, HEAT, new_figure
from ...showing.telling import each, row, stretches

FLOOR_DB = -70


def waveforms(
    sounds: Mapping[str, Tensor], sample_rate: int, marks: Mapping[str, float] | None = None, *, one_scale: bool = True
) -> Figure:
    """Waveforms on one axis of time.

    Args:
        sounds: (time,) by title; they need not be equally long.
        marks:  seconds by name, drawn as upright lines.
        one_scale: whether they share their axis of loudness, too.
    """
    figure, axes = new_figure(
        len(sounds), 1, size=(8, 0.8 + 1.15 * len(sounds)), squeeze=False, sharex=True, sharey=one_scale
    )
    for axis, (name, sound) in zip(axes[:, 0], sounds.items(), strict=True):
        axis.plot(_seconds(sound, sample_rate), sound.numpy(), color=COLOURS[0], linewidth=0.5)
        axis.set_title(name, fontsize=9)
        axis.set_ylabel("sample")
        for k, (mark, second) in enumerate((marks or {}).items()):
            axis.axvline(second, color=COLOURS[1 + k], linestyle="--", linewidth=1.2, label=mark)
    if marks:
        figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside lower right", fontsize=8, ncols=3)
    axes[-1, 0].set_xlabel("time (s)")
    told = {}
    for name, sound in sounds.items():
        peak = int(sound.abs().argmax())
        told[name] = (
            f"{len(sound) / sample_rate:.2f} s, largest sample {float(sound[peak]):.3f} at {peak / sample_rate:.2f} s"
        )
    lines = "".join(f"; a line at {second:.2f} s: {mark}" for mark, second in (marks or {}).items())
    figure.alt = f"Waveforms below each other: {each(told)}{lines}."
    return figure


def spectrograms(sounds: Mapping[str, Tensor], sample_rate: int, n_fft: int = 200) -> Figure:
    """Spectrograms beside each other on one scale: power in dB of the loudest place of all."""
    powers = {name: power(sound, n_fft) for name, sound in sounds.items()}
    loudest = max(float(one.max()) for one in powers.values()) or 1.0
    figure, axes = new_figure(1, len(sounds), size=(0.8 + 2.4 * len(sounds), 2.9), squeeze=False, sharey=True)
    for axis, (name, values) in zip(axes[0], powers.items(), strict=True):
        decibels = 10 * torch.log10(values.clamp_min(1e-12) / loudest)
        extent = (0.0, len(sounds[name]) / sample_rate, 0.0, sample_rate / 2000)
        picture = axis.imshow(
            decibels.numpy(), cmap=HEAT, vmin=FLOOR_DB, vmax=0, origin="lower", aspect="auto", extent=extent
        )
        axis.set_title(name, fontsize=9)
        axis.set_xlabel("time (s)")
    axes[0, 0].set_ylabel("frequency (kHz)")
    figure.colorbar(picture, ax=axes, label="power (dB)", pad=0.01)
    told = {}
    for name, values in powers.items():
        parts = [
            10 * math.log10(max(float(part.sum()) / (loudest * values.shape[1]), 1e-12))
            for part in values.tensor_split(4)
        ]
        told[name] = f"{row(parts, '.0f')} dB"
    figure.alt = (
        f"Spectrograms; the power in four equal parts of the frequencies up to {sample_rate / 2:.0f} Hz, low ones "
        f"first: {each(told)}."
    )
    return figure


def power(sound: Tensor, n_fft: int) -> Tensor:
    """Power of a sound's windows, half overlapping: (time,) -> (n_fft // 2 + 1, frames)."""
    window = torch.hann_window(n_fft, dtype=sound.dtype)
    found = torch.stft(sound, n_fft, n_fft // 2, window=window, return_complex=True, pad_mode="constant")
    return found.abs().square()


def detected(sound: Tensor, passed: Tensor, loudness: Tensor, sample_rate: int) -> Figure:
    """A word, what a detector lets through of it, and how much goes on in that.  All (time,)."""
    figure, (top, middle, bottom) = new_figure(3, 1, size=(8, 4.2), sharex=True)
    time = _seconds(sound, sample_rate)
    for axis, values, name in ((top, sound, "the word"), (middle, passed, "high-passed")):
        axis.plot(time, values.numpy(), color=COLOURS[0], linewidth=0.5)
        axis.set_ylabel(name)
    bottom.plot(time, loudness.numpy(), color=COLOURS[1], linewidth=2)
    bottom.fill_between(time, loudness.numpy(), color=COLOURS[1], alpha=0.25)
    bottom.set_ylabel("energy")
    bottom.set_ylim(bottom=0)
    bottom.set_xlabel("time (s)")
    loud = (loudness > 0.3 * loudness.max()).long().tolist()
    when = stretches(loud, ["little", "much"], 1 / sample_rate, most=6)
    figure.alt = (
        f"A word, what a high-pass filter leaves of it, and its energy, largest {float(loudness.max()):.2g}: {when}."
    )
    return figure


def _seconds(sound: Tensor, sample_rate: int) -> object:
    return (torch.arange(len(sound)) / sample_rate).numpy()
