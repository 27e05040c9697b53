"""An equaliser: draw a response with ten sliders, and hear what it does to a sound."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from matplotlib.figure import Figure
from torch import Tensor

from ...showing.sounds import player
from ...showing.style import COLOURS, is_static, new_figure
from ...showing.telling import each

N_FFT = 512
LOW_DB, HIGH_DB = -40.0, 12.0


def drawn_response(decibels: Sequence[float], n_fft: int = N_FFT) -> Tensor:
    """Gains at the frequencies k / n_fft, straight lines in dB between the sliders: (n_fft // 2 + 1,) float64.

    Args:
        decibels: of sliders that stand equally far apart, the first at 0, the last at half the sample rate.
    """
    knots = torch.tensor(list(decibels), dtype=torch.float64)[None, None]
    line = torch.nn.functional.interpolate(knots, n_fft // 2 + 1, mode="linear", align_corners=True)[0, 0]
    return 10 ** (line / 20)


def equaliser_picture(decibels: Sequence[float], drawn: Tensor, gain: Tensor, sample_rate: int) -> Figure:
    """The response that was drawn, and that of the taps which were kept.  gain: at any number of frequencies."""
    figure, axis = new_figure(size=(7.4, 2.8))
    kilohertz = sample_rate / 2000
    axis.plot(torch.linspace(0, kilohertz, len(drawn)).numpy(), _db(drawn), color=COLOURS[0], label="drawn")
    axis.plot(torch.linspace(0, kilohertz, len(gain)).numpy(), _db(gain), "--", color=COLOURS[1], label="of the taps")
    axis.plot(torch.linspace(0, kilohertz, len(decibels)).numpy(), list(decibels), "o", color=COLOURS[0])
    axis.set_xlabel("frequency (kHz)")
    axis.set_ylabel("gain (dB)")
    axis.set_ylim(LOW_DB - 20, HIGH_DB + 8)
    axis.legend(fontsize=8)
    told = {
        f"{1000 * kilohertz * k / (len(decibels) - 1):.0f} Hz": f"{drawn_db:.0f}, "
        f"{_db(gain)[round(k * (len(gain) - 1) / (len(decibels) - 1))]:.0f}"
        for k, drawn_db in enumerate(decibels)
    }
    figure.alt = f"The gain that was drawn, and that of the taps, in dB: {each(told)}."
    return figure


def _db(gain: Tensor) -> Any:
    return (20 * torch.log10(gain.abs().clamp_min(1e-6))).numpy()


def equaliser(
    sound: Tensor,
    sample_rate: int,
    design: Callable[[Tensor], Tensor],
    response: Callable[[Tensor, int], Tensor],
    convolve: Callable[[Tensor, Tensor], Tensor],
    decibels: Sequence[float],
) -> Any:
    """Ten sliders, the response that they draw, and the sound as it becomes.

    Args:
        sound:    (time,).
        design:   from the gains at equally spaced frequencies to taps.
        response: your `frequency_response`; `convolve`: yours.
        decibels: where the sliders stand first, -40 to 12 each.
    """
    from IPython.display import display

    def show(*values: float) -> None:
        drawn = drawn_response(values)
        taps = design(drawn)
        display(equaliser_picture(values, drawn, response(taps, 513), sample_rate))
        display(player(convolve(sound, taps), sample_rate))

    if is_static():
        return show(*decibels)
    import ipywidgets

    hertz = torch.linspace(0, sample_rate / 2, len(decibels)).tolist()
    sliders = [
        ipywidgets.FloatSlider(
            value=value,
            min=LOW_DB,
            max=HIGH_DB,
            step=1,
            description=f"{frequency:.0f}",
            orientation="vertical",
            continuous_update=False,
            readout_format=".0f",
            layout=ipywidgets.Layout(width="64px", height="160px"),
        )
        for value, frequency in zip(decibels, hertz, strict=True)
    ]
    named = {f"band_{k}": slider for k, slider in enumerate(sliders)}
    result = ipywidgets.interactive_output(lambda **values: show(*values.values()), named)
    return ipywidgets.VBox([ipywidgets.HBox(sliders), result])
