"""A picture's text: what it says, and that notebooks keep it beside the PNG that is graded."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import pytest
import torch
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.pylabtools import select_figure_formats
from matplotlib.figure import Figure

from exercises.digits import pictures
from exercises.showing.style import Picture, new_figure
from exercises.showing.telling import brightest, each, quarters, spaced, stretches
from exercises.spoken_digits.pictures import error_images, error_table, posteriorgram
from grader.notebook.outputs import saved_outputs

WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def shell() -> Iterator[InteractiveShell]:
    """A notebook's shell, with the formatters of `%matplotlib inline`."""
    found = InteractiveShell.instance()
    select_figure_formats(found, {"png"})
    yield found
    InteractiveShell.clear_instance()


def test_picture_is_an_image_with_its_text_and_a_png_that_is_drawn_once(
    shell: InteractiveShell, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[object] = []
    savefig = Figure.savefig

    def counted(*words: Any, **more: Any) -> None:
        drawn.append(words)
        savefig(*words, **more)

    monkeypatch.setattr(Figure, "savefig", counted)
    figure, _ = new_figure(size=(2, 1))
    figure.alt = 'From 0 to 3 < 4, so "it" says.'
    assert shell.display_formatter is not None
    data, metadata = shell.display_formatter.format(figure)
    assert len(drawn) == 1
    assert base64.b64decode(data["image/png"]).startswith(PNG)
    assert 'alt="From 0 to 3 &lt; 4, so &quot;it&quot; says."' in data["text/html"]
    assert f"data:image/png;base64,{data['image/png']}" in data["text/html"]
    assert data["text/plain"] == figure.alt and metadata["image/png"] == {"alt": figure.alt}


def test_whoever_marks_gets_the_png_and_the_text(shell: InteractiveShell) -> None:
    figure = pictures.accuracy_bars({"dense": 0.875, "convolutional": 0.95})
    assert shell.display_formatter is not None
    data, metadata = shell.display_formatter.format(figure)
    [shown] = saved_outputs([{"output_type": "display_data", "data": data, "metadata": metadata}])
    assert shown["data"] == {"text/plain": getattr(figure, "alt", ""), "image/png": data["image/png"]}
    assert "dense: 87.5 %; convolutional: 95.0 %" in shown["data"]["text/plain"]


def test_pyplots_own_figures_are_shown_as_before(shell: InteractiveShell) -> None:
    new_figure()
    assert shell.display_formatter is not None
    figure = Figure(figsize=(2, 1))
    figure.subplots()
    data, _ = shell.display_formatter.format(figure)
    assert data["image/png"] and "text/html" not in data


def alt(figure: object) -> str:
    assert isinstance(figure, Picture)
    return figure.alt


def test_texts_have_the_numbers_that_a_question_asks_for() -> None:
    curves = alt(pictures.shift_curves(range(3), {"flatten head": [0.95, 0.6, 0.2], "global": [0.8, 0.79, 0.78]}))
    assert "shifted by 0, 1, 2 pixels: flatten head: 95, 60, 20; global: 80, 79, 78" in curves
    logits = torch.eye(10)[[3, 3, 5, 9]]
    confused = alt(pictures.confusion_picture(logits, torch.tensor([3, 5, 5, 4])))
    assert "2 of 4 images are right" in confused and "5 as 3 (1)" in confused and "4 as 9 (1)" in confused
    stamp = torch.zeros(1, 1, 64, 32)
    for quarter, band in enumerate((30, 4, 8, 20)):
        stamp[0, 0, 16 * quarter : 16 * (quarter + 1), band] = 1.0
    heard = alt(error_images(stamp, {"clip 0: five (2.1 %), heard as nine (87 %)": 0}))
    assert "clip 0: five (2.1 %), heard as nine (87 %): 30, 4, 8, 20" in heard
    sums = torch.full((10, 3), -20.0)
    sums[5], sums[8] = -20.14 / 3, -20.06 / 3
    assert "Sums of the log-probabilities: eight: -20.1; five: -20.1; zero: -60.0" in alt(posteriorgram(sums, WORDS))


def test_errors_can_be_described_from_printed_numbers() -> None:
    clip, five, nine = torch.zeros(3, 1, 8, 4)
    clip[0, :4, 1] = clip[0, 4:, 3] = five[0, :, 1] = nine[0, :4, 1] = 1
    nine[0, 4:, 3] = 0.5
    table = error_table(
        clip[None], {"clip 0: five (2.1 %), heard as nine (87 %)": 0}, {"five": five, "nine": nine, "two": five}
    )
    heading, columns, error, said, heard = table.splitlines()
    assert heading == "in each quarter of the time: brightest of 4 bands, 0 is the lowest; distance from the clip"
    assert columns.split() == ["brightest", "distance", "in", "all"]
    assert error.split("  ")[0] == "clip 0: five (2.1 %), heard as nine (87 %)" and error.endswith(" 1, 1, 3, 3")
    assert said.split() == ["five", "on", "average", "1,", "1,", "1,", "1", "0.00,", "0.00,", "0.71,", "0.71", "0.500"]
    assert heard.split() == ["nine", "on", "average", "1,", "1,", "3,", "3", "0.00,", "0.00,", "0.25,", "0.25", "0.177"]
    assert [line.index("0.00") for line in (said, heard)] == [columns.index("distance")] * 2


def test_words_for_texts() -> None:
    assert each({"a\nb": 1, "c": "2 %"}) == "a b: 1; c: 2 %"
    assert spaced(3) == [0, 1, 2] and spaced(21, most=5) == [0, 5, 10, 15, 20]
    assert quarters([2.0, 1.0, 0.5, 0.25]) == "2.00 at first, then 2.00, 1.00, 0.50 at the quarters, 0.25 at the end"
    assert stretches([0, 0, 1, 1, 1], ["six", "two"], 0.1) == "six 0.00 to 0.20 s, two 0.20 to 0.50 s"
    assert stretches([0, 1, 1, 0], ["six", "two"], 0.1, most=1) == "two 0.10 to 0.30 s and 2 shorter ones"
    assert brightest(torch.eye(8)) == "0, 2, 4, 6"
