"""What filters do with each frequency: taps, gains, and the numbers that a designer asks for."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from matplotlib.figure import Figure
from torch import Tensor

from ...showing.sliders import with_sliders
from ...showing.style import COLOURS, LINES, new_figure
from ...showing.telling import each, extent, row

FLOOR_DB = -80.0
NUM_FREQUENCIES = 4001
Response = Callable[[Tensor, int], Tensor]  # from taps and a number of frequencies to the response: yours
WINDOWS: dict[str, Callable[[int], Tensor] | None] = {
    "no window": None,
    "Hann": lambda n: torch.hann_window(n, periodic=False, dtype=torch.float64),
    "Hamming": lambda n: torch.hamming_window(n, periodic=False, dtype=torch.float64),
    "Blackman": lambda n: torch.blackman_window(n, periodic=False, dtype=torch.float64),
}


@dataclass(frozen=True)
class Measured:
    """What is said of a low-pass filter's response.

    Attributes:
        overshoot:  by how much the gain exceeds 1 where it does most.
        highest_db: the highest of its lobes behind the cutoff.
        transition: fractions of the sample rate, between the two ripples: from where the gain leaves 1 by more than the
            overshoot to where it is first as low as the highest lobe.
    """

    overshoot: float
    highest_db: float
    transition: float


def measure(gain: Tensor) -> Measured:
    """The numbers of a low-pass filter: gain (num_frequencies,) at frequencies from 0 to half the sample rate."""
    half = int((gain < 0.5).nonzero()[0])
    falling = gain[half:]
    rises = (falling[1:] > falling[:-1]).nonzero()
    lobe = float((falling[int(rises[0]) :] if len(rises) else falling[-1:]).max())
    overshoot = max(float(gain.max()) - 1, 1e-6)
    last = int((gain[: half + 1] >= 1 - overshoot).nonzero()[-1])
    first = half + int((falling <= lobe).nonzero()[0])
    return Measured(overshoot, 20 * math.log10(max(lobe, 1e-12)), 0.5 * (first - last) / (len(gain) - 1))


def design_steps(response: Tensor, impulse: Tensor, taps: Tensor, gain: Tensor) -> Figure:
    """The way of a filter: what is wanted, its impulse response, the taps that are kept, and what comes of it.

    Args:
        response: (n_fft // 2 + 1,), the wanted gain.
        impulse:  (n_fft,), time 0 in the middle.
        taps:     those around time 0.
        gain:     of the taps, at as many frequencies as one likes.
    """
    figure, ((wanted, endless), (came, kept)) = new_figure(2, 2, size=(8.2, 4.6), width_ratios=[1, 1.3])
    for axis, values, title in (
        (wanted, response, "1  the gain that we want"),
        (came, gain, "4  the gain that we get"),
    ):
        frequencies = torch.linspace(0, 0.5, len(values))
        axis.plot(frequencies.numpy(), values.numpy(), color=COLOURS[0])
        axis.set_title(title, fontsize=9)
        axis.set_xlabel("frequency (fraction of the sample rate)")
        axis.set_ylabel("gain")
        axis.set_ylim(-0.1, 1.25)
    shown = min(len(impulse) // 2 - 1, 2 * len(taps))
    times = torch.arange(-shown, shown + 1)
    endless.plot(times.numpy(), impulse[times + len(impulse) // 2].numpy(), ".-", color=COLOURS[0], linewidth=0.8)
    endless.axvspan(-(len(taps) // 2) - 0.5, len(taps) // 2 + 0.5, color=COLOURS[1], alpha=0.2)
    endless.set_title("2  its impulse response, which never ends", fontsize=9)
    own = torch.arange(len(taps)) - len(taps) // 2
    kept.vlines(own.numpy(), 0, taps.numpy(), color=COLOURS[1])
    kept.plot(own.numpy(), taps.numpy(), "o", color=COLOURS[1], markersize=3)
    kept.set_title(f"3  the {len(taps)} taps that are kept", fontsize=9)
    for axis in (endless, kept):
        axis.axhline(0, color="black", linewidth=0.6)
        axis.set_xlabel("time (samples)")
        axis.set_ylabel("tap")
    below = (response < 0.5 * float(response.max())).nonzero()[:, 0].tolist()
    falls = f"falls at {0.5 * below[0] / (len(response) - 1):.3f} of the sample rate" if below else "falls nowhere"
    figure.alt = (
        f"The way of a filter: a wanted gain that {falls}; its impulse response, {float(impulse.max()):.3f} at time 0; "
        f"{len(taps)} taps that are kept, from the middle on {row(taps[len(taps) // 2 :][:8].tolist(), '.3f')}; and "
        f"the gain that comes of it, from {float(gain.min()):.3f} to {float(gain.max()):.3f}."
    )
    return figure


def responses_picture(
    filters: Mapping[str, Tensor],
    response: Response,
    cutoff: float | None = None,
    shown: tuple[float, float] = (0.0, 0.5),
) -> Figure:
    """The gains of filters twice: as they are, and in dB.

    Args:
        filters:  taps by name.
        response: your `frequency_response`.
        cutoff:   of a low-pass filter, fraction of the sample rate.
        shown:    the frequencies that are drawn, fractions of the sample rate.
    """
    figure, (left, right) = new_figure(1, 2, size=(8.2, 3.4))
    frequencies = torch.linspace(0, 0.5, NUM_FREQUENCIES).numpy()
    for k, (name, taps) in enumerate(filters.items()):
        gain = response(taps, NUM_FREQUENCIES).abs()
        style: dict[str, Any] = {"color": COLOURS[k % 6], "linestyle": LINES[k % 6], "linewidth": 1.4}
        left.plot(frequencies, gain.numpy(), label=name, **style)
        right.plot(frequencies, (20 * torch.log10(gain.clamp_min(1e-12))).numpy(), **style)
    for axis in (left, right):
        axis.set_xlabel("frequency (fraction of the sample rate)")
        axis.set_xlim(*shown)
        if cutoff is not None:
            axis.axvline(cutoff, color="black", linestyle=":", linewidth=1)
    left.set_ylabel("gain")
    right.set_ylabel("gain (dB)")
    right.set_ylim(FLOOR_DB, 8)
    figure.legend(loc="outside upper center", fontsize=9, ncols=4, frameon=False)
    told = {}
    for name, taps in filters.items():
        gain = response(taps, NUM_FREQUENCIES).abs()
        at = [shown[0] + k * (shown[1] - shown[0]) / 10 for k in range(11)]
        values = [float(gain[min(NUM_FREQUENCIES - 1, round(2 * f * (NUM_FREQUENCIES - 1)))]) for f in at]
        told[name] = (
            f"largest gain {float(gain.max()):.3f}; {row([20 * math.log10(max(v, 1e-12)) for v in values], '.0f')} dB"
        )
    figure.alt = (
        f"Gains of filters, as they are and in dB, at eleven frequencies from {shown[0]:g} to {shown[1]:g} of the "
        f"sample rate: {each(told)}."
    )
    return figure


def taps_slider(lowpass: Callable[..., Tensor], response: Response, sample_rate: int, cutoff: float = 0.125) -> Any:
    """A low-pass filter with sliders for the number of taps and the cutoff, and a menu of windows.

    Args:
        lowpass, response: `lowpass`, which uses your functions, and your `frequency_response`.
    """

    def draw(num_taps: int, window: str, cutoff: float) -> tuple[Any, ...]:
        shape = WINDOWS[window]
        taps = lowpass(cutoff, num_taps, None if shape is None else shape(num_taps))
        print(in_words(taps, response, sample_rate))
        return (responses_picture({f"{num_taps} taps, {window}": taps}, response, cutoff),)

    return with_sliders(draw, num_taps=(31, 5, 255, 2), window=list(WINDOWS), cutoff=(cutoff, 0.05, 0.45, 0.005))


def in_words(taps: Tensor, response: Response, sample_rate: int) -> str:
    """What a filter costs, and how good it is, in one line."""
    found = measure(response(taps, NUM_FREQUENCIES).abs())
    return (
        f"{len(taps):4} taps: overshoot {100 * found.overshoot:4.1f} %, highest lobe {found.highest_db:5.1f} dB, "
        f"transition {found.transition * sample_rate:5.0f} Hz; "
        f"latency {1000 * (len(taps) // 2) / sample_rate:5.2f} ms, {len(taps) * sample_rate:9,} multiply-adds a second"
    )


def taps_picture(filters: Mapping[str, Tensor]) -> Figure:
    """Taps of filters beside each other."""
    figure, axes = new_figure(1, len(filters), size=(8.2, 2.5), squeeze=False, sharey=True)
    for k, (axis, (name, taps)) in enumerate(zip(axes[0], filters.items(), strict=True)):
        axis.axhline(0, color="black", linewidth=0.6)
        axis.vlines(range(len(taps)), 0, taps.numpy(), color=COLOURS[k % 6])
        axis.plot(range(len(taps)), taps.numpy(), "o", color=COLOURS[k % 6], markersize=3)
        axis.set_title(name, fontsize=9)
        axis.set_xlabel("index")
    axes[0, 0].set_ylabel("tap")
    told = {
        name: row(taps.tolist(), ".2g") if len(taps) <= 40 else extent(taps, ".2g") for name, taps in filters.items()
    }
    figure.alt = f"Taps of filters: {each(told)}."
    return figure
