"""What the network confuses, and where it is most wrong."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from matplotlib.figure import Figure
from torch import Tensor

from ...showing.style import new_figure
from .digits import digit_grid


def confusion_picture(
    logits: Tensor, labels: Tensor, names: Sequence[str] | None = None, unit: str = "images"
) -> Figure:
    """How often each digit is read as each other: rows are true, columns predicted.

    Args:
        logits: (n, 10).
        labels: (n,).
        names:  of the ten classes, if they are not 0 to 9.
        unit:   what is counted.
    """
    counts = torch.zeros(10, 10, dtype=torch.int64)
    counts.index_put_((labels, logits.argmax(dim=1)), torch.ones_like(labels), accumulate=True)
    off = counts.clone().fill_diagonal_(0)
    most = max(1, int(off.max()))
    figure, axis = new_figure(size=(5.4, 4.6))
    # The diagonal is clipped to the darkest colour: the errors have to be seen.
    picture = axis.imshow(counts.numpy(), cmap="Blues", vmin=0, vmax=most)
    for row in range(10):
        for column in range(10):
            count = int(counts[row, column])
            colour = "white" if count > 0.55 * most else "black"
            axis.text(column, row, str(count) if count else "", ha="center", va="center", fontsize=8, color=colour)
    axis.set_xticks(range(10), names or range(10), rotation=45 if names else 0)
    axis.set_yticks(range(10), names or range(10))
    axis.set_xlabel("predicted digit")
    axis.set_ylabel("true digit")
    figure.colorbar(picture, ax=axis, label=f"{unit} (number)", extend="max")
    fields = [(int(off[true, read]), true, read) for true in range(10) for read in range(10) if off[true, read]]
    word = [str(name) for name in names or range(10)]
    most_often = [f"{word[true]} as {word[read]} ({count})" for count, true, read in sorted(fields, reverse=True)[:8]]
    figure.alt = (
        f"Table of true classes and what they are read as: {int(counts.diagonal().sum())} of {len(labels)} {unit} "
        f"are right. "
        f"Confused most often: {', '.join(most_often) or 'none'}."
    )
    return figure


def worst_errors(images: Tensor, logits: Tensor, labels: Tensor, count: int = 9) -> Figure:
    """The wrongly read images to whose true class the network gave the smallest probability, the worst first."""
    probabilities = logits.softmax(dim=1)
    predicted = logits.argmax(dim=1)
    right = probabilities.gather(1, labels[:, None])[:, 0]
    right = torch.where(predicted == labels, torch.inf, right)
    worst = [index for index in right.argsort().tolist() if torch.isfinite(right[index])][:count]
    captions = [f"true {labels[i]}, read {predicted[i]}\nwith {100 * probabilities[i].max():.0f} %" for i in worst]
    if not worst:
        raise ValueError("there is no error to show: every image is read rightly")
    figure = digit_grid(images[worst], captions, columns=3)  # its text has the captions
    figure.set_size_inches(4.6, 1.75 * -(-len(worst) // 3))
    return figure
