"""The errors that weigh most: a list of them, and their images.  They can be heard with `player_row`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure
from torch import Tensor

from ...showing.style import HEAT, new_figure
from ...showing.telling import brightest, each, row


def worst_errors(logits: Tensor, labels: Tensor, words: Sequence[str], count: int = 6) -> dict[str, int]:
    """The clips whose true word got the smallest probability, of those that are heard wrongly, the worst first.

    Args:
        logits: (n, num_classes).
        labels: (n,).
        words:  names of the classes.

    Returns:
        For each error, in words and with both probabilities, the place of its clip: {"clip 3: five (2.1 %), heard as
        nine (87 %)": 3}.
    """
    probabilities = logits.softmax(dim=1)
    heard = logits.argmax(dim=1)
    right = logits.log_softmax(dim=1).gather(1, labels[:, None])[:, 0]
    worst = [index for index in right.argsort().tolist() if heard[index] != labels[index]][:count]
    return {
        f"clip {i}: {words[int(labels[i])]} ({100 * float(probabilities[i, labels[i]]):.1f} %), "
        f"heard as {words[int(heard[i])]} ({100 * float(probabilities[i].max()):.0f} %)": i
        for i in worst
    }


def error_table(images: Tensor, errors: Mapping[str, int], typical: Mapping[str, Tensor]) -> str:
    """The brightest band of wrongly heard clips in each quarter of their time, beside typical images of both words.

    Beside these stands how far the clip is from each of the two, in each quarter and in all: the root of the mean
    squared difference.

    Args:
        images:  (n, 1, time, mel), for example stamps.
        errors:  from `worst_errors`.
        typical: for each word, (1, time, mel).
    """
    lines = [
        f"in each quarter of the time: brightest of {images.shape[-1]} bands, 0 is the lowest; distance from the clip",
        f"{'':<48}{'brightest':<16}{'distance':<24}in all",
    ]
    for name, index in errors.items():
        said, heard = (word for word in name.replace(",", " ").split() if word in typical)
        lines.append(f"{name:<48}{brightest(images[index, 0].T)}")
        for word in (said, heard):
            squares = (images[index, 0] - typical[word][0]).square()  # (time, mel)
            apart = row([float(quarter.mean().sqrt()) for quarter in squares.tensor_split(4)])
            bands = brightest(typical[word][0].T)
            lines.append(f"{f'    {word} on average':<48}{bands:<16}{apart:<24}{float(squares.mean().sqrt()):.3f}")
    return "\n".join(lines)


def error_images(images: Tensor, errors: Mapping[str, int]) -> Figure:
    """The images of wrongly heard clips, each under its name.

    Args:
        images: (n, 1, time, mel), for example stamps.
        errors: from `worst_errors`.

    Raises:
        ValueError: there is no error.
    """
    if not errors:
        raise ValueError("there is no error to show: every clip is heard rightly")
    columns = min(3, len(errors))
    rows = -(-len(errors) // columns)
    figure, axes = new_figure(rows, columns, size=(2.7 * columns, 0.4 + 1.6 * rows), squeeze=False)
    for axis in axes.flat:
        axis.set_axis_off()
    for axis, (name, index) in zip(axes.flat, errors.items(), strict=False):
        axis.set_axis_on()
        image = images[index].detach().reshape(images.shape[-2:])
        axis.imshow(image.T.numpy(), cmap=HEAT, origin="lower", aspect="auto")
        axis.set_title(name.replace(", heard", ",\nheard"), fontsize=9)
        axis.set_xticks([])
        axis.set_yticks([])
    figure.supxlabel("time to the right, frequency upwards, brighter = more above the frame's weakest band", fontsize=9)
    bands = {name: brightest(images[k].reshape(images.shape[-2:]).T) for name, k in list(errors.items())[: axes.size]}
    figure.alt = (
        f"Images of clips that were heard wrongly, of {images.shape[-1]} bands, 0 is the lowest; the brightest band "
        f"in each "
        f"quarter of the time: {each(bands)}."
    )
    return figure
