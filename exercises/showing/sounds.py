"""Sounds in the notebook: one player, or a row of small ones.

They are kept in the notebook as wav files of 16 bits, half a second in about 10 kB.
"""

from __future__ import annotations

import base64
import io
import wave
from collections.abc import Mapping
from html import escape
from typing import Any

from torch import Tensor


def wav_bytes(waveform: Tensor, sample_rate: int, level: float = 0.8) -> bytes:
    """The samples of a wav file, all clips equally loud.

    Args:
        waveform:    (time,), of any loudness.
        sample_rate: Hz.
        level:       the largest sample afterwards, at most 1.  Silence stays silent.
    """
    waveform = waveform.detach().flatten().double()
    largest = float(waveform.abs().max()) if len(waveform) else 0.0
    samples = (waveform * (level * 32767 / largest if largest > 0 else 0)).round().short()
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(sample_rate)
        file.writeframes(samples.numpy().astype("<i2").tobytes())
    return content.getvalue()


def player(waveform: Tensor, sample_rate: int) -> Any:
    """A player for one sound.  waveform: (time,)."""
    from IPython.display import Audio

    return Audio(data=wav_bytes(waveform, sample_rate), rate=sample_rate)


def player_row(waveforms: Mapping[str, Tensor], sample_rate: int) -> Any:
    """Small players beside each other, each under its name.

    Args:
        waveforms:   for each name, (time,).
        sample_rate: Hz.
    """
    from IPython.display import HTML

    cells = []
    for name, waveform in waveforms.items():
        sound = base64.b64encode(wav_bytes(waveform, sample_rate)).decode()
        label = escape(name, quote=True)
        cells.append(
            f'<div style="margin:4px 10px 4px 0"><div style="font-size:90%">{label}</div>'
            f'<audio controls aria-label="{label}" style="width:190px;height:34px" '
            f'src="data:audio/wav;base64,{sound}"></audio></div>'
        )
    return HTML(f'<div style="display:flex;flex-wrap:wrap">{"".join(cells)}</div>')
