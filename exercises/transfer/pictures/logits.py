"""What a network for other words makes of some words: a row for each clip, a column for each of its logits."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure
from torch import Tensor

from ...showing.style import HEAT, new_figure
from ...showing.telling import each


def logit_map(logits: Tensor, labels: Tensor, words: Sequence[str], classes: Sequence[str]) -> Figure:
    """Logits as colours, the clips of one word below each other, a white line between two words.

    Args:
        logits:  (n, classes).
        labels:  (n,), places in `words`.
        words:   that were said.
        classes: that the network knows.
    """
    figure, axis = new_figure(size=(6.4, 4.2))
    order = labels.argsort(stable=True)
    image = axis.imshow(logits.detach()[order].numpy(), cmap=HEAT, aspect="auto", interpolation="nearest")
    ends = labels.bincount(minlength=len(words)).cumsum(0)
    begins = ends - labels.bincount(minlength=len(words))
    for end in ends[:-1].tolist():
        axis.axhline(end - 0.5, color="white", linewidth=2)
    axis.set_yticks(((begins + ends - 1) / 2).tolist(), words)
    axis.set_xticks(range(len(classes)), classes)
    axis.set_ylabel("what was said: a row for each clip")
    axis.set_xlabel("logit of")
    figure.colorbar(image, ax=axis, label="logit")
    told = {}
    for label, word in enumerate(words):
        mean = logits.detach()[labels == label].mean(dim=0)
        told[word] = ", ".join(f"{name} {float(one):.0f}" for name, one in zip(classes, mean, strict=True))
    figure.alt = f"Logits of {len(labels)} clips as colours. Means of each word: {each(told)}."
    return figure
