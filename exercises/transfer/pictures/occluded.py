"""A stamp, and how much is lost where it is covered."""

from __future__ import annotations

import torch
from matplotlib.figure import Figure
from torch import Tensor

from ...showing.style import HEAT, new_figure


def by_thirds(lost: Tensor, stride: int, size: int, mel: int) -> dict[str, float]:
    """What is lost on average by squares with their middle in the lower, middle and upper third of the bands.

    Args:
        lost: (..., rows, columns), of `occlusion_map`; of several maps the mean.
        mel:  bands of a stamp.

    Returns:
        By the third's name; one in which no square has its middle is left out.
    """
    third = 3 * (torch.arange(lost.shape[-1]) * stride + size // 2) // mel
    found = {name: lost[..., third == k] for k, name in enumerate(("lower", "middle", "upper"))}
    return {name: float(part.mean()) for name, part in found.items() if part.numel()}


def occlusion_picture(
    stamp: Tensor, lost: Tensor, size: int, stride: int, title: str, what: str = "probability"
) -> Figure:
    """Left the stamp, right what is lost at each place of the square's middle, both on one scale of pixels.

    Args:
        stamp:  (1, time, mel).
        lost:   of `occlusion_map`.
        size, stride: of the square, in pixels.
        title:  of the stamp.
        what:   is lost.
    """
    time, mel = stamp.shape[-2:]
    figure, axes = new_figure(1, 2, size=(8, 2.9), sharey=True)
    axes[0].imshow(stamp.detach().reshape(time, mel).T.numpy(), cmap=HEAT, origin="lower", aspect="auto")
    largest = max(float(lost.abs().max()), 1e-9)
    rows, columns = lost.shape
    begin = (size - stride) / 2 - 0.5
    extent = (begin, begin + stride * rows, begin, begin + stride * columns)
    image = axes[1].imshow(
        lost.detach().T.numpy(),
        cmap="PuOr_r",
        vmin=-largest,
        vmax=largest,
        origin="lower",
        aspect="auto",
        extent=extent,
    )
    axes[1].set_xlim(-0.5, time - 0.5)
    axes[1].set_ylim(-0.5, mel - 0.5)
    for axis in axes:
        axis.set_xlabel("time (pixels)")
    axes[0].set_ylabel("mel band")
    axes[0].set_title(title, fontsize=9)
    axes[1].set_title(f"{what} lost if {size}x{size} pixels are covered here", fontsize=9)
    figure.colorbar(image, ax=axes[1])
    row, column = (int(one) for one in torch.unravel_index(lost.argmax(), lost.shape))
    thirds = ", ".join(f"{name} {mean:.3f}" for name, mean in by_thirds(lost, stride, size, mel).items())
    figure.alt = (
        f"A stamp, {title}, and the {what} that is lost where a square of {size}x{size} pixels covers it: most, "
        f"{float(lost.max()):.2f}, with the square's middle at time {row * stride + size // 2} and band "
        f"{column * stride + size // 2}; on average {float(lost.mean()):.3f}, "
        f"by thirds of the bands: {thirds}."
    )
    return figure
