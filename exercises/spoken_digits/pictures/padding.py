"""What a network says of one clip, against how much silence follows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from matplotlib.figure import Figure
from torch import Tensor

from ...showing.style import COLOURS, LINES, new_figure
from ...showing.telling import each

SHOWN = 3  # words with a colour and a name of their own


def padding_curves(seconds: Sequence[float], logits: Mapping[str, Tensor], words: Sequence[str]) -> Figure:
    """Logits against the length that a clip is padded to: a picture for each network, a curve for each word.

    The words that are the largest anywhere have a colour, at most three of them in a picture, and the same one in all
    pictures; all others are grey.

    Args:
        seconds: lengths of the padded clip.
        logits:  for each network, (lengths, num_classes).
        words:   names of the classes.
    """
    figure, axes = new_figure(1, len(logits), size=(1 + 3.6 * len(logits), 3.5), squeeze=False)
    styles: dict[int, int] = {}  # number of each word's colour and line
    for axis, (name, values) in zip(axes[0], logits.items(), strict=True):
        winners = values.argmax(dim=1).tolist()
        coloured = sorted(set(winners), key=lambda word: -winners.count(word))[:SHOWN]
        for word in range(len(words)):
            if word not in coloured:
                axis.plot(seconds, values[:, word].numpy(), color="0.75", linewidth=1, zorder=1)
        for word in coloured:
            k = styles.setdefault(word, len(styles) % len(COLOURS))
            style = {"color": COLOURS[k], "linestyle": LINES[k], "linewidth": 2, "label": words[word]}
            axis.plot(seconds, values[:, word].numpy(), **style)
        axis.plot([], [], color="0.75", label="other words")
        changes = [words[winners[0]]] + [words[b] for a, b in pairwise(winners) if a != b]
        axis.set_title(f"{name}\nhears " + ", then ".join(changes[:4]), fontsize=9)
        axis.set_xlabel("padded to (s)")
        axis.set_ylabel("logit")
        axis.legend(fontsize=9, ncols=4, loc="upper center", bbox_to_anchor=(0.5, -0.22), frameon=False)
    told = {}
    for name, values in logits.items():
        last = [k for k, (a, b) in enumerate(pairwise(values.argmax(dim=1).tolist())) if a != b]
        until = [f"up to {seconds[k]:.1f} s {words[int(values[k].argmax())]}" for k in last[:4]]
        told[name] = ", ".join([*until, f"at {seconds[-1]:.1f} s {words[int(values[-1].argmax())]}"])
        told[name] += f"; the largest change of a logit is {float((values[-1] - values[0]).abs().max()):.2g}"
    figure.alt = f"What a network hears in a clip with silence behind it, by the length in all: {each(told)}."
    return figure
