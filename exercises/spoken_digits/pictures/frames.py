"""What a network says frame by frame, how the frames are put together, and what an average over time keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

from ...showing.style import COLOURS, HEAT, LINES, new_figure
from ...showing.telling import each, row, spaced, stretches

HOP = 0.010  # seconds from one frame to the next


def average_curves(averages: Mapping[str, Tensor]) -> Figure:
    """Time averages of words, one curve for each, over the mel bands.  Each (bands,)."""
    figure, axis = new_figure(size=(6.4, 2.8))
    for k, (name, average) in enumerate(averages.items()):
        # Later curves are thinner: curves that are the same can be seen to lie on each other.
        width = 2 + 2.5 * (len(averages) - 1 - k)
        axis.plot(average.numpy(), color=COLOURS[k], linestyle=LINES[k], linewidth=width, label=name)
    axis.set_xlabel("mel band (0 = lowest)")
    axis.set_ylabel("average over time\n(log power)")
    axis.legend(fontsize=8)
    places = spaced(max(len(average) for average in averages.values()), most=7)
    told = {name: row([float(average[k]) for k in places], ".1f") for name, average in averages.items()}
    first, *others = averages.values()
    apart = [float((first - other).abs().max()) for other in others if len(other) == len(first)]
    same = f" They differ from the first one by at most {max(apart):.1g}." if apart else ""
    figure.alt = f"Average log power of mel bands {', '.join(map(str, places))}: {each(told)}.{same}"
    return figure


def posteriorgram(log_probs: Tensor, words: Sequence[str], title: str = "") -> Figure:
    """The probability of each word at each frame, and beside it the sum of its logarithms over all frames.

    Args:
        log_probs: (num_classes, frames), natural logarithms of probabilities.
        words:     names of the classes.
    """
    figure, (left, right) = new_figure(1, 2, size=(8, 3.2), width_ratios=[2.2, 1], sharey=True)
    _heat(figure, left, log_probs, words)
    left.set_title(title, fontsize=9)
    sums = log_probs.sum(dim=1)
    best = int(sums.argmax())
    right.barh(
        range(len(words)), sums.numpy(), color=[COLOURS[1] if k == best else COLOURS[0] for k in range(len(words))]
    )
    right.set_xlabel("sum of log-probabilities")
    right.set_title(f"the sum decides: {words[best]}", fontsize=9)
    figure.alt = (
        f"{title or 'One clip'}: the most probable word is "
        f"{stretches(log_probs.argmax(dim=0).tolist(), words, HOP)}. Sums of the "
        f"log-probabilities: "
        f"{each({words[k]: f'{float(sums[k]):.1f}' for k in sums.argsort(descending=True).tolist()})}."
    )
    return figure


def path_picture(log_probs: Tensor, path: Tensor, words: Sequence[str], title: str = "") -> Figure:
    """A path through the words, drawn over the probabilities.

    Args:
        log_probs: (num_classes, frames).
        path:      (frames,) class numbers.
    """
    figure, axis = new_figure(size=(8, 3.2))
    _heat(figure, axis, log_probs, words)
    edges = np.arange(len(path) + 1) * HOP
    axis.stairs(path.numpy(), edges, baseline=None, color=COLOURS[1], linewidth=2.5, label="path")
    axis.legend(fontsize=9, loc="upper right")
    changes = (path[1:] != path[:-1]).nonzero()[:, 0] + 1
    starts = [0, *changes.tolist()]
    heard = ", ".join(words[int(path[start])] for start in starts)
    axis.set_title(f"{title}{': ' if title else ''}the path hears {heard}", fontsize=9)
    figure.alt = f"{axis.get_title()}: {stretches(path.tolist(), words, HOP)}."
    return figure


def _heat(figure: Figure, axis: Axes, log_probs: Tensor, words: Sequence[str]) -> None:
    extent = (0, log_probs.shape[1] * HOP, -0.5, len(words) - 0.5)
    values = torch.exp(log_probs.detach()).numpy()
    picture = axis.imshow(
        values, cmap=HEAT, vmin=0, vmax=1, origin="lower", aspect="auto", extent=extent, interpolation="nearest"
    )
    axis.set_yticks(range(len(words)), words, fontsize=9)
    axis.set_xlabel("time (s)")
    axis.set_ylabel("word")
    figure.colorbar(picture, ax=axis, label="probability", pad=0.01)
