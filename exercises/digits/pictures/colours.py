"""A colour image under a kernel: one slice of the kernel for each channel, and one sum."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from matplotlib.figure import Figure
from torch import Tensor

from ...showing.style import new_figure, show_image
from ...showing.telling import each, extent

CHANNELS = ("red", "green", "blue")


def in_colours(red: Tensor, blue: Tensor) -> Tensor:
    """Two digits on one white paper, one in red ink and one in blue ink: (3, height, width), light from 0 to 1.

    Red ink lets red light through and takes the green and the blue out of it; blue ink lets blue light through.

    Args:
        red, blue: ink of each digit from 0 to 1, (1, height, width) or (height, width).
    """
    red, blue = (ink.reshape(ink.shape[-2:]) for ink in (red, blue))
    return torch.stack([1 - blue, (1 - red) * (1 - blue), 1 - red])


def colour_kernel_picture(image: Tensor, kernel: Tensor) -> Figure:
    """The image and its three channels; below, each channel through its slice of the kernel, and the sum of them.

    Args:
        image:  (3, height, width), light from 0 to 1.
        kernel: (1, 3, side, side): one filter over three channels, side odd.
    """
    padding = kernel.shape[-1] // 2
    padded = F.pad(image[None], (padding,) * 4, mode="replicate")  # paper goes on beyond the border
    each_slice = F.conv2d(padded, kernel.transpose(0, 1), groups=3)[0]
    output = each_slice.sum(dim=0)
    strongest = float(each_slice.abs().max()) or 1.0

    figure, axes = new_figure(2, 4, size=(8.2, 4.8))
    axes[0, 0].imshow(image.permute(1, 2, 0).numpy())
    axes[0, 0].set_title("the image", fontsize=9)
    for k, (upper, lower) in enumerate(zip(axes[0, 1:], axes[1, 1:], strict=True)):
        show_image(upper, image[k], f"{CHANNELS[k]} light", cmap="gray")
        show_image(lower, each_slice[k], f"through slice {k}", cmap="PuOr", vmin=-strongest, vmax=strongest)
    show_image(axes[1, 0], output, "the output: their sum", cmap="PuOr", vmin=-strongest, vmax=strongest)
    for axis in axes.flat:
        axis.set_xticks([])
        axis.set_yticks([])
        axis.set_xlabel(f"{image.shape[-1]} pixels", fontsize=9)
    figure.colorbar(axes[1, 0].images[0], ax=axes[1], shrink=0.8, label="weighted sum")
    light = {name: extent(image[k]) for k, name in enumerate(CHANNELS)}
    slices = {f"slice {k}": extent(one) for k, one in enumerate(each_slice)}
    figure.alt = (
        f"A colour image, and the light of its channels: {each(light)}. Below, each channel through its slice of the "
        f"kernel: {each(slices)}; and the output, their sum: {extent(output)}."
    )
    return figure
