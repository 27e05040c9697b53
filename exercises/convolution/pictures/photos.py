"""Photos beside each other, a slider for the blur, and a filter of your own on a photo of your own."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch
from matplotlib.figure import Figure
from torch import Tensor

from ...showing.sliders import with_sliders
from ...showing.style import is_static, new_figure
from ...showing.telling import each, extent
from ..material import photo


def photo_row(images: Mapping[str, Tensor]) -> Figure:
    """Images (1, 3, height, width) or (1, 1, height, width) beside each other, 0 black and 1 white.

    What cancels out on average, as edges do, is drawn with grey for 0.
    """
    figure, axes = new_figure(1, len(images), size=(0.3 + 2.6 * len(images), 2.4), squeeze=False)
    for axis, (name, image) in zip(axes[0], images.items(), strict=True):
        axis.imshow(visible(image[0]).permute(1, 2, 0).squeeze(2).numpy(), cmap="gray", vmin=0, vmax=1)
        axis.set_title(name, fontsize=9)
        axis.set_xticks([])
        axis.set_yticks([])
        axis.set_xlabel(f"{image.shape[3]} pixels", fontsize=9)
    told = {
        name: f"{image.shape[2]} x {image.shape[3]} pixels, {extent(image)}, {_rim(image)}"
        for name, image in images.items()
    }
    figure.alt = f"Images beside each other, 0 is black and 1 is white: {each(told)}."
    return figure


def _rim(image: Tensor) -> str:
    """What an image's border is like beside the rest."""
    inside = image.detach()[..., 5:-5, 5:-5]
    if inside.numel() == 0:
        return "too small for a border"
    outer = (float(image.detach().sum()) - float(inside.sum())) / (image.numel() - inside.numel())
    return f"mean of the outermost 5 pixels {outer:.2f}"


def visible(image: Tensor) -> Tensor:
    """Values from 0 to 1: what cancels out on average is centred on 0.5, of everything else the rest is cut off."""
    image = image.detach().float()
    largest = float(image.abs().max())
    if float(image.min()) < 0 and abs(float(image.mean())) < 0.05 * largest:
        return 0.5 + 0.5 * image / largest
    return image.clamp(0, 1)


def blur_slider(image: Tensor, blur: Callable[[Tensor, int, float], Tensor], sigma: float = 3.0) -> Any:
    """A photo, its blurred twin, and what blurring has taken away; a slider for the width of the bell.

    Args:
        image: (1, 3, height, width).
        blur:  yours.
    """

    def draw(sigma: float) -> tuple[Figure]:
        size = 2 * round(3 * sigma) + 1
        soft = blur(image, size, sigma)
        name = f"blurred: sigma = {sigma:g}, {size} x {size} taps"
        return (photo_row({"photo": image, name: soft, "photo - blurred": image - soft}),)

    return with_sliders(draw, sigma=(sigma, 0.5, 8.0, 0.5))


def kernel_from_text(text: str) -> Tensor:
    """Numbers in lines -> (size, size).

    Raises:
        ValueError: there are not as many numbers in each line as there are lines, or something is no number.
    """
    lines = [[float(number) for number in line.replace(",", " ").split()] for line in text.splitlines() if line.strip()]
    if not lines or any(len(line) != len(lines) for line in lines):
        sizes = [len(line) for line in lines]
        raise ValueError(f"each of the {len(lines)} lines needs {len(lines)} numbers, these have {sizes}")
    return torch.tensor(lines)


def play_with_filter(
    image: Tensor, text: str, correlate: Callable[[Tensor, Tensor], Tensor], path: str | Path = ""
) -> Any:
    """A kernel, typed in, on a photo: yours, if you choose one or name its file.

    Args:
        image:     (1, 3, height, width), until there is another.
        text:      the kernel to begin with, a line for each of its rows.
        correlate: from images and a kernel (size, size) to images of the same size.
        path:      of a photo of your own, JPEG or PNG.
    """
    from IPython.display import display

    def show(text: str, image: Tensor) -> None:
        try:
            kernel = kernel_from_text(text)
        except ValueError as error:
            print(error)
            return
        title = f"filtered, taps sum to {float(kernel.sum()):.3g}"
        display(photo_row({"photo": image, title: correlate(image, kernel)}))

    shown = photo(path) if path else image
    if is_static():
        return show(text, shown)
    import ipywidgets

    area = ipywidgets.Textarea(text.strip(), continuous_update=False, layout=ipywidgets.Layout(height="110px"))
    upload = ipywidgets.FileUpload(accept="image/*", multiple=False, description="your photo")
    result = ipywidgets.Output()

    def redraw(_: object = None) -> None:
        # A tuple of files since ipywidgets 8, a dictionary by name before.
        files = list(upload.value.values()) if isinstance(upload.value, dict) else list(upload.value)
        result.clear_output(wait=True)
        with result:
            try:
                own = photo(io.BytesIO(bytes(files[-1]["content"]))) if files else shown
            except OSError as error:
                print(f"This is no photo that can be read: {error}")
                return
            show(area.value, own)

    area.observe(redraw, names="value")
    upload.observe(redraw, names="value")
    redraw()
    return ipywidgets.VBox([ipywidgets.HBox([area, upload]), result])
