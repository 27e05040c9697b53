"""The pictures and sounds of `convolution`: drawn from tiny inputs, with named axes; what they compute is right."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from matplotlib.figure import Figure
from PIL import Image
from torch import Tensor

from datasets import load_speech
from exercises.convolution import material, pictures
from exercises.convolution.pictures.bank import centres, gains
from exercises.convolution.pictures.equaliser import drawn_response, equaliser_picture
from exercises.convolution.pictures.photos import kernel_from_text, visible
from exercises.convolution.pictures.reach import reached
from exercises.convolution.pictures.responses import Measured, measure
from exercises.convolution.pictures.sliding import slid, sliding_picture
from exercises.showing.sliders import with_sliders
from exercises.showing.style import Picture

RATE = 8000


@pytest.fixture(autouse=True)
def without_widgets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_STATIC", "1")


def tone(hertz: float, time: int = 2000) -> Tensor:
    return torch.sin(2 * torch.pi * hertz * torch.arange(time) / RATE)


def response(taps: Tensor, num_frequencies: int) -> Tensor:
    angles = torch.outer(torch.linspace(0, torch.pi, num_frequencies), torch.arange(len(taps)).float())
    return torch.polar(torch.ones_like(angles), -angles) @ taps.to(torch.complex64)


def lowpass(cutoff: float, num_taps: int, window: Tensor | None = None) -> Tensor:
    times = torch.arange(num_taps) - num_taps // 2
    taps = 2 * cutoff * torch.sinc(2 * cutoff * times)
    return taps if window is None else taps * window.to(taps.dtype)


def conv(kernel_size: int, **options: Any) -> Callable[[Tensor], Tensor]:
    return lambda x: F.conv1d(x, torch.ones(1, 1, kernel_size), **options)


def power(x: Tensor, n_fft: int, hop_length: int) -> Tensor:
    frames = x.unfold(1, n_fft, hop_length) * torch.hann_window(n_fft)
    return torch.fft.rfft(frames).abs().square().transpose(1, 2)


PLOTS = {
    "sliding": lambda: sliding_picture(torch.tensor([0.0, 1, 0, 2]), torch.tensor([1.0, 1, 3]), 2),
    "matrices": lambda: pictures.matrix_row({"one": torch.eye(4, 3), "none": torch.zeros(2, 2)}),
    "waveforms": lambda: pictures.waveforms({"a": tone(300), "b": tone(500, 900)}, RATE, {"here": 0.1}),
    "spectrograms": lambda: pictures.spectrograms({"a": tone(300), "silence": torch.zeros(900)}, RATE),
    "detected": lambda: pictures.detected(tone(300), tone(300), tone(300).square(), RATE),
    "design": lambda: pictures.design_steps(torch.ones(65), torch.rand(128), torch.rand(9), torch.rand(50)),
    "responses": lambda: pictures.responses_picture({"a": torch.ones(3) / 3, "b": torch.ones(1)}, response, 0.2),
    "taps": lambda: pictures.taps_picture({"a": torch.rand(5), "b": torch.rand(5)}),
    "equaliser": lambda: equaliser_picture([0.0] * 10, drawn_response([0.0] * 10), torch.ones(9), RATE),
    "crossing": lambda: pictures.crossing_picture([2, 4, 8], {"a": [1.0, 2, 4], "b": [3.0, 3]}),
    "reach": lambda: pictures.reach_row({"valid": conv(3), "same": conv(3, padding="same")}, columns=1),
    "photos": lambda: pictures.photo_row({"colour": torch.rand(1, 3, 8, 9), "grey": torch.rand(1, 1, 8, 9)}),
    "windows": lambda: pictures.windows_picture(tone(400), power, [64, 256], RATE),
    "bank": lambda: pictures.bank_picture({"a": torch.rand(3, 33)}, torch.tensor([0.0, 100, 900, 4000]), RATE),
    "widths": lambda: pictures.width_picture(torch.rand(3, 33), torch.tensor([0.0, 100, 900, 4000]), RATE),
    "scores": lambda: pictures.score_bars({"designed": 0.7, "random": 0.3}),
}


@pytest.mark.parametrize("name", PLOTS)
def test_picture_is_a_figure_with_named_axes(name: str) -> None:
    figure = PLOTS[name]()
    assert isinstance(figure, Picture)
    assert len(figure.alt) > 40 and figure.alt.endswith(".")  # what whoever does not see it is told
    figure.canvas.draw()  # whatever fails only while drawing, fails here
    for axes in figure.axes:
        assert axes.get_xlabel() or axes.get_ylabel(), f"axes {axes.get_title()!r} have no name"


SHOWN = {
    "sliding": lambda: pictures.sliding(torch.rand(6), torch.rand(3), 2),
    "taps_slider": lambda: pictures.taps_slider(lowpass, response, RATE),
    "equaliser": lambda: pictures.equaliser(
        tone(300), RATE, lambda gains: torch.ones(3) / 3, response, lambda x, taps: x, [0.0] * 10
    ),
    "blur_slider": lambda: pictures.blur_slider(material.landscape(20, 30), lambda images, size, sigma: images),
    "play": lambda: pictures.play_with_filter(material.landscape(20, 30), "1", lambda images, kernel: images),
    "window_slider": lambda: pictures.window_slider(tone(300), power, RATE),
}


@pytest.mark.parametrize("widgets", [False, True])
@pytest.mark.parametrize("name", SHOWN)
def test_what_moves_is_shown_with_widgets_and_without(
    name: str, widgets: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[Any] = []
    monkeypatch.setattr("IPython.display.display", lambda *one, **_: shown.extend(one))
    if widgets:
        monkeypatch.delenv("COURSE_STATIC")
        assert pytest.importorskip("ipywidgets").Widget in type(SHOWN[name]()).__mro__
    else:
        assert SHOWN[name]() is None
        assert any(isinstance(one, Figure) for one in shown)


def test_a_slider_draws_anew_with_its_value(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[tuple[float, str]] = []

    def draw(number: float, kind: str) -> tuple[()]:
        drawn.append((number, kind))
        return ()

    with_sliders(draw, number=(2, 1, 5, 1), kind=["a", "b"])
    monkeypatch.delenv("COURSE_STATIC")
    pytest.importorskip("ipywidgets")
    box = with_sliders(draw, number=(2, 1, 5, 1), kind=["a", "b"])
    assert box.alt == ""  # nothing is shown
    box.children[0].value = 4
    assert drawn[0] == (2, "a")
    assert drawn[-1] == (4, "a")


def test_the_filter_is_laid_on_the_signal_as_it_is() -> None:
    x, laid = torch.tensor([1.0, 0, 0, 2]), torch.tensor([1.0, 2, 4])
    assert slid(x, laid).tolist() == [4, 2, 1, 8, 4, 2]


def test_the_crossing_is_where_the_second_way_stays_ahead() -> None:
    assert pictures.crossing([2, 8], [1.0, 4.0], [2.0, 2.0]) == pytest.approx(4)
    assert pictures.crossing([2, 4, 8, 32], [3.0, 1.0, 1.0, 4.0], [2.0, 2.0, 2.0, 2.0]) == pytest.approx(16)
    assert pictures.crossing([2, 4], [1.0, 1.0], [2.0, 2.0]) is None
    assert pictures.crossing([2, 4], [3.0, 3.0], [2.0, 2.0]) == 2


def test_a_slow_way_is_not_asked_for_more_taps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("exercises.convolution.pictures.timing.PATIENCE_S", 0.0)
    found = pictures.timings({"a": lambda x, taps: x, "b": lambda x, taps: x}, [2, 4], points=64)
    assert [len(values) for values in found.values()] == [1, 1]


def test_a_designers_numbers_are_those_of_the_response() -> None:
    gain = torch.tensor([1, 1.1, 1, 0.8, 0.4, 0.05, 0, 0.1, 0.02, 0.0], dtype=torch.float64)
    found = measure(gain)
    assert found == Measured(pytest.approx(0.1), pytest.approx(-20), pytest.approx(3 * 0.5 / 9))


def test_gibbs_height_stays_and_a_window_lowers_it() -> None:
    bare = [measure(response(lowpass(0.125, n), 4001).abs()) for n in (31, 127)]
    assert all(0.08 < one.overshoot < 0.11 and -22.5 < one.highest_db < -20 for one in bare)
    hann = measure(response(lowpass(0.125, 31, torch.hann_window(31, periodic=False)), 4001).abs())
    assert -45 < hann.highest_db < -43
    assert hann.transition > 3 * bare[0].transition > 9 * bare[1].transition


def test_reach_counts_every_input_that_moves_an_output() -> None:
    assert reached(conv(2, stride=2), 4).tolist() == [[True, True, False, False], [False, False, True, True]]
    assert reached(conv(2, dilation=2), 3).tolist() == [[True, False, True]]


def test_the_equaliser_draws_straight_lines_in_decibels() -> None:
    gain = drawn_response([0.0, -20.0], n_fft=4)
    assert gain.tolist() == pytest.approx([1, 10**-0.5, 0.1])


def test_filters_are_sorted_by_what_they_let_through() -> None:
    filters = torch.stack([tone(3000, 257), tone(500, 257)])
    assert (RATE * centres(filters)).tolist() == pytest.approx([3000, 500], abs=60)
    assert gains(filters).amax(dim=1).tolist() == pytest.approx([1, 1])
    hann = torch.hann_window(257, periodic=False)
    assert float(RATE * pictures.widths(hann[None] * tone(1000, 257))[0]) == pytest.approx(2 * RATE / 256, rel=0.05)


def test_what_cancels_out_is_grey_and_the_rest_is_cut_off() -> None:
    edges = torch.tensor([[[-2.0, 0, 2]]])
    assert visible(edges).flatten().tolist() == [0, 0.5, 1]
    assert visible(torch.tensor([[[-0.2, 0.5, 1.4]]])).flatten().tolist() == [0, 0.5, 1]


def test_a_kernel_is_read_from_lines_and_says_what_is_missing() -> None:
    assert kernel_from_text(" 0 1\n2, -1\n").tolist() == [[0, 1], [2, -1]]
    with pytest.raises(ValueError, match="needs 2 numbers"):
        kernel_from_text("1 2\n3")
    with pytest.raises(ValueError, match="'x'"):
        kernel_from_text("x")


def test_an_own_photo_is_read_and_made_smaller(tmp_path: Any) -> None:
    path = tmp_path / "photo.png"
    Image.new("RGBA", (800, 400), (255, 0, 0, 255)).save(path)
    red = material.photo(path)
    assert red.shape == (1, 3, 120, 240)
    assert red[0, :, 5, 5].tolist() == [1, 0, 0]
    assert torch.equal(material.photo(io.BytesIO(path.read_bytes())), red)
    with pytest.raises(OSError):
        material.photo(io.BytesIO(b"no photo"))
    painted = material.photo()
    assert painted.shape[:2] == (1, 3)
    assert 0 <= float(painted.min()) < float(painted.max()) <= 1


def test_an_own_kernel_and_an_own_photo_in_the_widget(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.delenv("COURSE_STATIC")
    pytest.importorskip("ipywidgets")
    kernels: list[Tensor] = []

    def correlate(images: Tensor, kernel: Tensor) -> Tensor:
        kernels.append(kernel)
        return images

    box = pictures.play_with_filter(material.landscape(20, 30), "1", correlate)
    box.children[0].children[0].value = "1 0\n0 1"
    assert [one.tolist() for one in kernels] == [[[1]], [[1, 0], [0, 1]]]


def test_words_rooms_and_noise_are_the_same_each_time() -> None:
    data = load_speech("generated", train=60)
    word = material.say(data, "six", speaker=int(data.train.speakers[data.train.labels == 6][0]))
    assert word.ndim == 1
    echo = material.room(0.5, RATE)
    assert (len(echo), float(echo[0])) == (4000, 1)
    assert float(echo[2000:].square().mean()) < 0.01 * float(echo[40:2000].square().mean())
    assert torch.equal(echo, material.room(0.5, RATE))
    recording = material.hidden_in_noise(word, 100, len(word) + 500, 2.0)
    assert torch.equal(recording[:100], material.hidden_in_noise(0 * word + 1, 100, len(word) + 500, 2.0)[:100])
