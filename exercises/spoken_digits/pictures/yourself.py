"""Your own word: a wav file named by its path, or chosen or recorded in the browser, and what a network hears in it."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torchaudio
from matplotlib.figure import Figure
from numpy.typing import NDArray
from torch import Tensor

from datasets import DataError
from datasets.recordings import read_wav

from ...showing.sounds import player
from ...showing.style import COLOURS, is_static, new_figure
from ...showing.telling import each
from .recorder import RECORDER

QUIET = 0.1  # of the loudest 10 ms: what is softer before and after the word is cut off
MARGIN = 3  # times 10 ms that stay before and after it


def read_word(source: str | Path | bytes, sample_rate: int, name: str = "") -> Tensor:
    """One word from a wav file, without the silence around it: (time,) in [-1, 1] at `sample_rate` Hz.

    Several channels become one, and other sample rates this one.  Of a long recording, the loudest 1.25 s are taken.

    Args:
        source: path of the file, or its content.
        name:   of the file, for messages, where the content is given.

    Raises:
        DataError: there is no such file, or it holds no sound that can be read; the message names it.
    """
    if not isinstance(source, bytes):
        name = str(source)
        try:
            source = Path(source).expanduser().read_bytes()
        except OSError as error:
            raise DataError(
                f"{name} cannot be opened ({error.strerror}). This notebook runs in {Path.cwd()}"
            ) from error
    samples = read_wav(_one_channel(source, sample_rate), name, sample_rate)
    return _without_silence(torch.from_numpy(samples.astype(np.float32) / 32768), sample_rate)


def _one_channel(content: bytes, sample_rate: int) -> bytes:
    """The content of a wav file as one of a single channel at this rate; what cannot be read stays as it is."""
    import soundfile

    try:
        samples, rate = soundfile.read(io.BytesIO(content), dtype="float32", always_2d=True)
    except (soundfile.SoundFileError, OSError):
        return content  # read_wav says what is wrong with it
    if samples.shape[1] == 1 and rate == sample_rate:
        return content
    mono: Tensor = torchaudio.functional.resample(torch.from_numpy(samples).mean(dim=1), rate, sample_rate)
    converted = io.BytesIO()
    values: NDArray[np.float32] = mono.clamp(-1, 1).numpy()
    soundfile.write(converted, values, sample_rate, format="WAV", subtype="PCM_16")
    return converted.getvalue()


def _without_silence(waveform: Tensor, sample_rate: int) -> Tensor:
    """From the first to the last 10 ms that are loud: (time,) -> (time,)."""
    step = sample_rate // 100
    pieces = waveform[: len(waveform) // step * step].view(-1, step)
    loudness = pieces.square().mean(dim=1).sqrt()
    loud = (loudness > QUIET * loudness.max()).nonzero()[:, 0] if len(loudness) else loudness
    if len(loud) == 0:
        return waveform
    return waveform[max(0, int(loud[0]) - MARGIN) * step : (int(loud[-1]) + 1 + MARGIN) * step]


def word_picture(waveform: Tensor, logits: Tensor, words: Sequence[str], sample_rate: int) -> Figure:
    """A word's waveform, and the probability that a network gives to each word.  (time,) and (num_classes,)."""
    probabilities = logits.detach().softmax(dim=0)
    best = int(probabilities.argmax())
    figure, (left, right) = new_figure(1, 2, size=(8, 2.7), width_ratios=[1.2, 1])
    seconds = np.arange(len(waveform)) / sample_rate
    left.plot(seconds, waveform.numpy(), color=COLOURS[0], linewidth=0.6)
    left.set_xlabel("time (s)")
    left.set_ylabel("waveform")
    colours = [COLOURS[1] if k == best else COLOURS[0] for k in range(len(words))]
    right.bar(range(len(words)), probabilities.numpy(), color=colours)
    right.set_xticks(range(len(words)), words, rotation=45, ha="right", fontsize=9)
    right.set_ylim(0, 1.05)
    right.set_ylabel("probability")
    right.set_title(f"the network hears {words[best]} ({100 * float(probabilities[best]):.0f} %)", fontsize=9)
    heard = {word: f"{float(value):.2f}" for word, value in zip(words, probabilities, strict=True) if value > 0.005}
    figure.alt = (
        f"A word of {len(waveform) / sample_rate:.2f} s, and the probabilities that the network gives: {each(heard)}."
    )
    return figure


def hear_yourself(classify: Callable[[Tensor], Tensor], words: Sequence[str], sample_rate: int, path: str = "") -> Any:
    """Let a network hear a word of your own.

    With widgets, record it (where the browser allows it), choose a file, or type a path.  Without them, give a path.

    Args:
        classify: a waveform (time,) at `sample_rate` Hz -> logits (num_classes,).
        words:    names of the classes.
        path:     of a wav file; empty for none.
    """
    from IPython.display import display

    def show(source: str | bytes, name: str = "") -> None:
        try:
            waveform = read_word(source, sample_rate, name)
        except DataError as error:
            print(error)
            return
        display(word_picture(waveform, classify(waveform), words, sample_rate), player(waveform, sample_rate))

    if is_static():
        if path:
            show(path)
        else:
            print('Record one word with any program as a wav file, and name it here: path="my_word.wav"')
        return None
    return _widgets(show, path)


def _widgets(show: Callable[..., None], path: str) -> Any:
    import ipywidgets
    from IPython.display import HTML, display

    result = ipywidgets.Output()
    upload = ipywidgets.FileUpload(accept=".wav", multiple=False, description="choose a wav file")
    upload.layout.width = "180px"
    text = ipywidgets.Text(path, placeholder="or its path, then Enter", continuous_update=False)

    def run(source: str | bytes, name: str = "") -> None:
        result.clear_output()
        with result:
            show(source, name)

    def uploaded(_: object) -> None:
        # A tuple of files since ipywidgets 8, a dictionary by name before (as in Colab).
        value = upload.value
        files = list(value.values()) if isinstance(value, dict) else list(value)
        if files:
            run(bytes(files[-1]["content"]), files[-1].get("name", "your file"))

    upload.observe(uploaded, names="value")
    text.observe(lambda change: run(change["new"]) if change["new"] else None, names="value")
    if path:
        run(path)
    display(HTML(RECORDER))
    return ipywidgets.VBox([ipywidgets.HBox([upload, text]), result])
