"""What is confused with what, and how it sounds: choose a field of the confusion matrix and hear its clips."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from ...digits.pictures.errors import confusion_picture
from ...showing.sounds import player_row
from ...showing.style import is_static

MOST = 8  # clips that are played for one field


def confused_clips(logits: Tensor, labels: Tensor, true: int, heard: int) -> list[int]:
    """The places of the clips of one word that are heard as another.  logits: (n, num_classes), labels: (n,)."""
    return ((labels == true) & (logits.argmax(dim=1) == heard)).nonzero()[:, 0].tolist()


def most_confused(logits: Tensor, labels: Tensor) -> tuple[int, int]:
    """The true and the heard word of the largest field beside the diagonal."""
    classes = logits.shape[1]
    fields = torch.bincount(labels * classes + logits.argmax(dim=1), minlength=classes * classes)
    place = int(fields.view(classes, classes).fill_diagonal_(0).argmax())
    return divmod(place, classes)


def hear_confusions(
    logits: Tensor, labels: Tensor, waveform: Callable[[int], Tensor], words: Sequence[str], sample_rate: int
) -> Any:
    """The confusion matrix; with widgets, two menus choose a field, and its clips can be played.

    Without widgets, the clips of the most confused pair.

    Args:
        logits:   (n, num_classes).
        labels:   (n,).
        waveform: gives a clip by its place, (time,).
        words:    names of the classes.
    """
    from IPython.display import display

    matrix = confusion_picture(logits, labels, names=words, unit="clips")
    true, heard = most_confused(logits, labels)

    if true == heard:
        print("There is no error to hear: every clip is heard rightly.")

    def clips(true: int, heard: int) -> Any:
        places = confused_clips(logits, labels, true, heard)
        print(f'{len(places)} times "{words[true]}" was heard as "{words[heard]}"')
        return player_row({f"clip {place}": waveform(place) for place in places[:MOST]}, sample_rate)

    if is_static():
        display(matrix)
        return clips(true, heard)
    import ipywidgets

    def draw(true: int, heard: int) -> None:
        display(clips(true, heard))

    options = [(word, number) for number, word in enumerate(words)]
    display(matrix)
    return ipywidgets.interactive(
        draw,
        true=ipywidgets.Dropdown(options=options, value=true, description="true"),
        heard=ipywidgets.Dropdown(options=options, value=heard, description="heard as"),
    )
