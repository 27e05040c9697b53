"""Spoken words made by a program: no file needed, the same sound for the same seed.

A formant synthesiser after the source-filter model (Klatt 1980): vocal folds and noise are the sources, the vocal tract
filters them. Both change from sound to sound, smoothly. A speaker is a pitch, a length of the vocal tract, an accent, a
pace, a voice quality and a room with its microphone; clips of one speaker differ far less than those of two.

All clips of a chunk go through it together. The filter changes in time: the sources are cut into overlapping frames,
each is filtered as a spectrum, and the frames are added up again. Only numpy is used, and no matrix product: the
generator may run in a process that must stay free of the threads that linear algebra libraries start.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .phonemes import DIGITS, PHONEMES, phoneme_table, spelling

GENERATOR_VERSION = 2
"""Part of the cache's file names. Raise it with every change that alters the sound."""

SAMPLE_RATE = 8000
NUM_SPEAKERS = 12

_HOP = 64  # samples, 8 ms
_FFT = 4 * _HOP
_BINS = _FFT // 2 + 1
_CHUNK = 100  # clips made at once, so that they stay in the processor's cache
_KNOTS = np.array([0, 0.05, 0.15, 0.3, 0.5, 0.75, 1])  # of a channel's curve, 1 = half the sample rate
_BANDWIDTHS = np.array([70, 95, 140, 220], dtype=np.float32)  # of the four resonances, Hz

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Speakers:
    """Who speaks: one row for each speaker.

    Attributes:
        pitch:     (n,) Hz.
        tract:     (n,) factor of all resonances: a shorter vocal tract has higher ones.
        accent:    (n, phonemes, 3) factors of the first three resonances.
        pace:      (n,) factor of all durations.
        habits:    (n, phonemes) factors of the durations.
        softness:  (n,) Hz, above which the sound of the vocal folds falls by 12 dB an octave.
        damping:   (n,) factor of the resonances' widths.
        hiss:      (n,) factor of frication.
        channel:   (n, bins) gain of room and microphone.
        noise, hum: (n,) loudness of background noise and of the mains at 50 Hz, relative to the clip's peak.
    """

    pitch: Floats
    tract: Floats
    accent: Floats
    pace: Floats
    habits: Floats
    softness: Floats
    damping: Floats
    hiss: Floats
    channel: Floats
    noise: Floats
    hum: Floats

    def __len__(self) -> int:
        return len(self.pitch)


@dataclass(frozen=True)
class Speech:
    """Spoken words, one row for each clip.

    Attributes:
        waveforms: (n, time) int16, zeros after a clip's end.
        lengths:   (n,) int64, samples.
        labels:    (n,) int64, place of the word in the words that were asked for.
        speakers:  (n,) int64.
    """

    waveforms: NDArray[np.int16]
    lengths: NDArray[np.int64]
    labels: NDArray[np.int64]
    speakers: NDArray[np.int64]


def draw_speakers(n: int, seed: int) -> Speakers:
    """Invent `n` speakers.

    Raises:
        ValueError: there are none, or the seed is negative.
    """
    if n < 1 or seed < 0:
        raise ValueError(f"at least one speaker and a seed from 0 are needed, got n={n} and seed={seed}")
    rng = np.random.default_rng([seed, n])
    size = rng.normal(0, 1, n)  # small people have short vocal tracts and, less strictly, high voices
    count = len(PHONEMES)
    curve = np.cumsum(rng.normal(0, 3.0, (n, len(_KNOTS))), axis=1)  # dB
    curve -= rng.uniform(-2, 2, (n, 1)) * np.array([6, 2, 0, 0, 0, 0, 0])
    curve -= rng.uniform(-4, 16, (n, 1)) * _KNOTS
    bins = np.linspace(0, 1, _BINS)
    channel = np.stack([np.interp(bins, _KNOTS, row) for row in curve])
    return Speakers(
        pitch=_floats(np.clip(130 * np.exp(0.25 * size + rng.normal(0, 0.2, n)), 75, 300)),
        tract=_floats(np.exp(0.08 * size + rng.normal(0, 0.04, n))),
        accent=_floats(np.exp(rng.normal(0, 0.05, (n, count, 3)))),
        pace=_floats(np.exp(rng.normal(0.12, 0.22, n))),
        habits=_floats(np.exp(rng.normal(0, 0.2, (n, count)))),
        softness=_floats(np.exp(rng.normal(np.log(250), 0.5, n))),
        damping=_floats(np.exp(rng.normal(0.1, 0.25, n))),
        hiss=_floats(np.exp(rng.normal(0.2, 0.7, n))),
        channel=_floats(10 ** (channel / 20)),
        noise=_floats(10 ** rng.uniform(-3.2, -1.5, n)),
        hum=_floats(10 ** rng.uniform(-4, -2, n)),
    )


def generate(n: int, seed: int, *, words: tuple[str, ...] = DIGITS, speakers: Speakers | None = None) -> Speech:
    """Speak `n` words, all equally often (to within one) and by all speakers equally often, in random order.

    Args:
        speakers: by default NUM_SPEAKERS that are always the same.

    Raises:
        ValueError: `n` or `seed` is negative, or a word is not known.
    """
    if n < 0 or seed < 0:
        raise ValueError(f"n and seed must not be negative, got n={n} and seed={seed}")
    spelling(words)
    people = draw_speakers(NUM_SPEAKERS, seed=0) if speakers is None else speakers
    rng = np.random.default_rng(seed)
    number = np.arange(n)
    order = rng.permutation(n)
    labels = (number % len(words))[order]
    who = (number // len(words) % len(people))[order]
    parts = [
        _speak(words, labels[start : start + _CHUNK], who[start : start + _CHUNK], people, rng)
        for start in range(0, n, _CHUNK)
    ]
    longest = max((length.max() for _, length in parts), default=0)
    waveforms = np.zeros((n, longest), dtype=np.int16)
    for start, (part, length) in zip(range(0, n, _CHUNK), parts, strict=True):
        waveforms[start : start + len(part), : length.max()] = part[:, : length.max()]
    lengths = np.concatenate([length for _, length in parts]) if parts else np.zeros(0, dtype=np.int64)
    return Speech(waveforms, lengths, labels, who)


def _speak(
    words: tuple[str, ...],
    labels: NDArray[np.int64],
    who: NDArray[np.int64],
    people: Speakers,
    rng: np.random.Generator,
) -> tuple[NDArray[np.int16], NDArray[np.int64]]:
    """The clips of one chunk, (n, time) int16, and their lengths."""
    score = _write_score(words, labels, who, people, rng)
    length = score.frames * _HOP
    source, noise = _sources(score, people.pitch[who], length, rng)
    spectrum = _spectra(source) * _vocal_tract(score, people, who)
    spectrum += _spectra(noise) * _mouth(score)
    clean = _add_up(spectrum * people.channel[who][:, None])
    return _record(clean, length, people.noise[who], people.hum[who], rng), length


@dataclass(frozen=True)
class _Score:
    """What is to be spoken, frame by frame: all (n, frames), but `frames` (n,), how many belong to a clip."""

    frames: NDArray[np.int64]
    formants: Floats  # (n, frames, 3)
    voicing: Floats
    frication: Floats
    centre: Floats
    width: Floats
    breath: Floats


def _write_score(
    words: tuple[str, ...],
    labels: NDArray[np.int64],
    who: NDArray[np.int64],
    people: Speakers,
    rng: np.random.Generator,
) -> _Score:
    table = phoneme_table()
    sounds, counts = spelling(words)
    sound, count = sounds[labels], counts[labels]  # (n, longest) and (n,)
    n, longest = sound.shape
    values = table[sound]  # (n, longest, 9)
    values[..., 1:4] *= people.accent[who[:, None], sound] * people.tract[who][:, None, None]
    values[..., 1:4] *= _floats(np.exp(rng.normal(0, 0.03, (n, longest, 3))))
    values[..., 4:6] *= _floats(np.exp(rng.normal(0, 0.15, (n, longest, 2))))
    values[..., 5] *= people.hiss[who][:, None]
    duration = values[..., 0] * people.habits[who[:, None], sound] * people.pace[who][:, None]
    duration *= np.exp(rng.normal(0, 0.1, (n, 1)) + rng.normal(0, 0.18, (n, longest)))
    ends = np.cumsum(np.where(np.arange(longest) < count[:, None], duration, 0), axis=1)  # ms
    frames = np.ceil(ends[:, -1] / (1000 * _HOP / SAMPLE_RATE)).astype(np.int64)
    times = (np.arange(frames.max() + 1) + 0.5) * (1000 * _HOP / SAMPLE_RATE)
    place = (times[None, :, None] >= ends[:, None, :]).sum(axis=2)  # how many sounds have ended
    track = values[np.arange(n)[:, None], np.minimum(place, longest - 1)]  # (n, frames, 9)
    track[..., 4:6] *= (times[None, :] < ends[:, -1:])[..., None]
    track[..., 8] *= times[None, :] < ends[:, -1:]
    swift = _floats(rng.uniform(0, 1, (n, 1, 1)))  # how quickly this clip's articulation moves
    moved = swift * _smooth(track[..., 1:4], 5) + (1 - swift) * _smooth(track[..., 1:4], 15)
    loud = _smooth(track[..., [4, 8]], 5) * _envelope(times, ends[:, -1:], rng)[..., None]
    return _Score(frames, moved, loud[..., 0], track[..., 5], track[..., 6], track[..., 7], loud[..., 1])


def _envelope(times: NDArray[np.float64], end: NDArray[np.floating], rng: np.random.Generator) -> Floats:
    """How loud the voice is in the course of a word, (n, frames): it sets in quickly and fades out slowly."""
    course = times[None] / end
    rise, fall = rng.uniform(0.05, 0.2, (2, len(end), 1))
    tail = rng.uniform(0.2, 0.6, (len(end), 1))
    floor = 0.5 * fall / 0.2
    return _floats(np.clip(course / rise, 0.3, 1) * np.clip(1 - (1 - floor) * (course - tail) / (1 - tail), 0, 1))


def _smooth(track: Floats, width: int) -> Floats:
    """Moving average over the frames with a bell of odd width; the ends are repeated."""
    bell = np.hanning(width + 2)[1:-1]
    padded = np.pad(track, ((0, 0), (width // 2, width // 2), (0, 0)), mode="edge")
    parts = [_floats(weight) * padded[:, k : k + track.shape[1]] for k, weight in enumerate(bell / bell.sum())]
    found: Floats = sum(parts[1:], start=parts[0])
    return found


def _sources(
    score: _Score, pitch: Floats, length: NDArray[np.int64], rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """What the vocal folds give, pulses and breath, and the noise in the mouth: both (n, time)."""
    n, frames = score.voicing.shape
    time = frames * _HOP
    seconds = np.arange(time, dtype=np.float32) / SAMPLE_RATE
    course = np.arange(time, dtype=np.float32)[None] / np.maximum(length, 1)[:, None] - np.float32(0.5)
    slope = _floats(rng.normal(-0.25, 0.2, (n, 1)))
    tremor = np.float32(0.02) * np.sin(np.float32(2 * np.pi * 5) * seconds + _floats(rng.uniform(0, 6, (n, 1))))
    around = pitch[:, None] * _floats(np.exp(rng.normal(0, 0.08, (n, 1))))
    phase = np.cumsum(around * (1 + slope * course + tremor), axis=1, dtype=np.float64) / SAMPLE_RATE
    turns = np.floor(phase)
    pulses = np.diff(turns, axis=1, prepend=turns[:, :1]).astype(np.float32)
    white = rng.standard_normal((n, time), dtype=np.float32)
    voice = pulses * np.repeat(score.voicing, _HOP, axis=1)
    breath = np.float32(0.02) * white * np.repeat(score.breath, _HOP, axis=1)
    return voice + breath, white * np.repeat(score.frication, _HOP, axis=1)


def _spectra(signal: Floats) -> NDArray[np.complex64]:
    """Overlapping windows of two hops, which add up to 1: (n, time) -> (n, frames, bins)."""
    n, time = signal.shape
    padded = np.pad(signal, ((0, 0), (_HOP // 2, _HOP + _HOP // 2)))
    blocks = padded.reshape(n, time // _HOP + 2, _HOP)[:, : time // _HOP + 1]
    window = _floats(np.hanning(2 * _HOP + 1)[:-1])
    framed = np.concatenate([blocks[:, :-1], blocks[:, 1:]], axis=2) * window
    return np.fft.rfft(framed, _FFT, axis=2).astype(np.complex64, copy=False)


def _add_up(spectrum: NDArray[np.complex64]) -> Floats:
    """The inverse of `_spectra`, with room for what rings on after a frame: (n, frames, bins) -> (n, time)."""
    pieces = np.fft.irfft(spectrum, _FFT, axis=2).astype(np.float32)
    n, frames, _ = pieces.shape
    out = np.zeros((n, frames + 3, _HOP), dtype=np.float32)
    for k in range(4):
        out[:, k : k + frames] += pieces[:, :, k * _HOP : (k + 1) * _HOP]
    return out.reshape(n, -1)[:, _HOP // 2 : _HOP // 2 + frames * _HOP]


def _vocal_tract(score: _Score, people: Speakers, who: NDArray[np.int64]) -> NDArray[np.complex64]:
    """Four resonances, the vocal folds' spectrum and the lips: (n, frames, bins).

    A resonance at f Hz, b Hz wide, is a / (1 - p z⁻¹ - q z⁻²) with q = -exp(-2πb/R), p = 2 exp(-πb/R) cos(2πf/R) and
    a = 1 - p - q, at the sample rate R (Klatt 1980). The product of the four denominators is a polynomial of z⁻¹, and
    its values on the unit circle are its Fourier transform.
    """
    n, frames, _ = score.formants.shape
    fourth = np.broadcast_to(np.minimum(3400 * people.tract[who], 3850)[:, None, None], (n, frames, 1))
    f = np.minimum(np.concatenate([score.formants, fourth], axis=2), np.float32(3900))
    b = _BANDWIDTHS * people.damping[who][:, None, None]
    radius = np.exp(np.float32(-np.pi / SAMPLE_RATE) * b)
    q = np.broadcast_to(-radius * radius, f.shape)
    p = 2 * radius * np.cos(np.float32(2 * np.pi / SAMPLE_RATE) * f)
    polynomial = np.zeros((n, frames, 9), dtype=np.float32)
    polynomial[..., 0] = 1
    for k in range(4):
        before = polynomial.copy()
        polynomial[..., 1:] -= p[..., k, None] * before[..., :-1]
        polynomial[..., 2:] -= q[..., k, None] * before[..., :-2]
    gain = np.prod(1 - p - q, axis=2)
    bins = np.arange(_BINS, dtype=np.float32) * (SAMPLE_RATE / _FFT)
    folds = 60 / (1 + (bins / people.softness[who][:, None]) ** 2)
    lips = 1.15 - np.exp(-2j * np.pi * bins / SAMPLE_RATE)
    tract: NDArray[np.complex64] = (gain[..., None] / np.fft.rfft(polynomial, _FFT, axis=2)).astype(np.complex64)
    tract *= (folds * lips)[:, None].astype(np.complex64)
    return tract


def _mouth(score: _Score) -> Floats:
    """The noise of a narrow place: a hump around its centre, (n, frames, bins)."""
    bins = np.arange(_BINS, dtype=np.float32) * (SAMPLE_RATE / _FFT)
    off = (bins - score.centre[..., None]) / (score.width[..., None] / 2)
    return _floats(np.float32(0.12) / np.sqrt(1 + off * off))


def _record(
    clean: Floats, length: NDArray[np.int64], noise: Floats, hum: Floats, rng: np.random.Generator
) -> NDArray[np.int16]:
    """Scale to the peak, add background noise and hum, silence after the end: (n, time) int16."""
    n, time = clean.shape
    inside = np.arange(time) < length[:, None]
    clean = np.where(inside, clean, 0)
    clean /= np.abs(clean).max(axis=1, keepdims=True) + np.float32(1e-9)
    clean += noise[:, None] * rng.standard_normal((n, time), dtype=np.float32)
    clean += hum[:, None] * np.sin(np.float32(2 * np.pi * 50 / SAMPLE_RATE) * np.arange(time, dtype=np.float32))
    peak = np.abs(clean).max(axis=1, keepdims=True)
    loud = _floats(rng.uniform(0.3, 0.95, (n, 1)))
    return np.rint(np.where(inside, clean * (loud * 32767 / peak), 0)).astype(np.int16)


def _floats(values: NDArray[np.floating]) -> Floats:
    return values.astype(np.float32, copy=False)
