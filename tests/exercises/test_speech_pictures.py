"""The pictures and sounds of `spoken_digits`: drawn from tiny inputs, with named axes; what they compute is right."""

from __future__ import annotations

import io
import re
import sys
import wave
from base64 import b64decode
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
import torch
from torch import Tensor, nn

from datasets import DataError
from exercises.showing.sounds import wav_bytes
from exercises.showing.style import Picture
from exercises.spoken_digits import pictures
from exercises.spoken_digits.pictures.bands import band_centres
from exercises.spoken_digits.pictures.confusion import confused_clips, most_confused
from exercises.spoken_digits.pictures.yourself import word_picture

RATE = 8000
WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@pytest.fixture(autouse=True)
def without_widgets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_STATIC", "1")


def tone(frequency: float, seconds: float = 0.3) -> Tensor:
    return torch.sin(2 * torch.pi * frequency * torch.arange(round(seconds * RATE)) / RATE)


def noise(*shape: int) -> Tensor:
    return torch.rand(*shape, generator=torch.Generator().manual_seed(0))


def some_log_probs(frames: int = 12) -> Tensor:
    return noise(10, frames).log_softmax(dim=0)


def one_wrong() -> tuple[Tensor, Tensor]:
    """Ten clips: 3 is heard as 8 (surely), 5 as 9 (less so), all others rightly."""
    labels = torch.arange(10)
    logits = 4 * torch.eye(10)
    logits[3] = 9 * torch.eye(10)[8]
    logits[5] = 3 * torch.eye(10)[9]
    return logits, labels


PLOTS = {
    "three_views": lambda: pictures.three_views(tone(440), RATE, "a tone"),
    "mel_triangles": lambda: pictures.mel_triangles(8, RATE, band=3),
    "average_curves": lambda: pictures.average_curves({"one": noise(8), "two": noise(8)}),
    "posteriorgram": lambda: pictures.posteriorgram(some_log_probs(), WORDS, "a word"),
    "path_picture": lambda: pictures.path_picture(some_log_probs(4), torch.tensor([3, 3, 1, 1]), WORDS),
    "padding_curves": lambda: pictures.padding_curves([0.5, 1.0], {"a": noise(2, 10), "b": noise(2, 10)}, WORDS),
    "augmentation": lambda: pictures.augmentation_picture({"as it is": (tone(300), noise(8, 30))}, RATE),
    "silence": lambda: pictures.augmentation_picture({"silence": (torch.zeros(800), torch.zeros(8, 11))}, RATE),
    "speaker_bars": lambda: pictures.speaker_bars({"a": {"x": 0.5, "y": 1.0}, "b": {"x": 0.7}}, reference=0.9),
    "word_picture": lambda: word_picture(tone(300), torch.zeros(10), WORDS, RATE),
    "confusion": lambda: pictures.confusion_picture(*one_wrong(), names=WORDS, unit="clips"),
}


@pytest.mark.parametrize("name", PLOTS)
def test_picture_is_a_figure_with_named_axes(name: str) -> None:
    figure = PLOTS[name]()
    assert isinstance(figure, Picture)
    assert len(figure.alt) > 40 and figure.alt.endswith(".")  # what whoever does not see it is told
    figure.canvas.draw()  # whatever fails only while drawing, fails here
    for axes in figure.axes:
        assert axes.get_xlabel() or axes.get_ylabel(), f"axes {axes.get_title()!r} have no name"


def test_three_views_share_the_clips_time_axis() -> None:
    figure = pictures.three_views(tone(440, seconds=0.25), RATE)
    assert [axes.get_xlim() for axes in figure.axes[:3]] == [(0, 0.25)] * 3
    assert figure.axes[2].get_xlabel() == "time (s)"


def test_a_tone_is_brightest_at_its_frequency_and_in_its_band() -> None:
    _, spectrogram, mel = pictures.three_views(tone(1000), RATE).axes[:3]
    rows = torch.as_tensor(spectrogram.images[0].get_array()).mean(dim=1)
    assert int(rows.argmax()) * RATE / 200 == 1000
    band = int(torch.as_tensor(mel.images[0].get_array()).mean(dim=1).argmax())
    assert band == int((band_centres(32, RATE) - 1000).abs().argmin())


def test_band_of_sound_keeps_the_tone_in_the_band_and_removes_another() -> None:
    low, high = tone(float(band_centres(32, RATE)[5])), tone(float(band_centres(32, RATE)[25]))
    left = pictures.band_of_sound(low + high, RATE, 32, range(0, 8))
    middle = slice(400, -400)
    assert float((left - low)[middle].abs().max()) < 0.1


def test_stamp_wall_has_an_image_for_each_word_and_speaker_on_one_scale_of_time() -> None:
    images = [[noise(5, 4), noise(9, 4)], [noise(7, 4), noise(3, 4)]]
    figure = pictures.stamp_wall(images, WORDS[:2], ("first", "second"))
    figure.canvas.draw()
    axes = figure.axes[0]
    assert [text.get_text() for text in axes.get_xticklabels()] == ["zero", "one"]
    assert [text.get_text() for text in axes.get_yticklabels()] == ["first", "second"]
    drawn = [image.get_extent() for image in axes.images]
    widths = [right - left for left, right, _, _ in drawn]
    assert [width / widths[1] for width in widths] == pytest.approx([5 / 9, 1, 7 / 9, 3 / 9])
    assert [(int(left), int(min(bottom, top))) for left, _, bottom, top in drawn] == [(0, 0), (1, 0), (0, 1), (1, 1)]
    assert torch.equal(torch.as_tensor(axes.images[1].get_array()), images[0][1].T)
    named = pictures.stamp_wall(images, WORDS[:2], ("first", "second"), brighter="more ink")
    assert axes.get_xlabel().endswith("brighter = more energy") and named.axes[0].get_xlabel().endswith("more ink")
    assert all(image.origin == "lower" and image.get_extent()[2] > image.get_extent()[3] for image in axes.images)


def test_stamp_wall_refuses_an_image_that_is_turned_round() -> None:
    with pytest.raises(ValueError, match=r"'zero', first, has the shape \(4, 5\); \(time, 4\) is asked for"):
        pictures.stamp_wall([[noise(5, 4).T, noise(9, 4)]], WORDS[:2], ["first"], bands=4)
    with pytest.raises(ValueError, match=r"'one', first, has the shape \(4, 9\)"):
        pictures.stamp_wall([[noise(5, 4), noise(9, 4).T]], WORDS[:2], ["first"])


def test_posteriorgram_names_the_word_with_the_largest_sum() -> None:
    probabilities = torch.full((10, 3), 0.01)
    probabilities[4] = torch.tensor([0.9, 0.9, 1e-9])  # most votes, and the largest sum of probabilities
    probabilities[7] = 0.3
    figure = pictures.posteriorgram(probabilities.log(), WORDS)
    assert "seven" in figure.axes[1].get_title()


def test_path_picture_tells_the_words_in_their_order() -> None:
    path = torch.tensor([3, 3, 1, 1, 1, 4])
    assert "three, one, four" in pictures.path_picture(some_log_probs(6), path, WORDS).axes[0].get_title()


def test_padding_curves_tell_when_the_answer_changes() -> None:
    logits = torch.zeros(4, 10)
    logits[:2, 9], logits[2:, 1] = 1, 1
    axes = pictures.padding_curves([1, 2, 3, 4], {"a net": logits}, WORDS).axes[0]
    assert axes.get_title() == "a net\nhears nine, then one"
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["nine", "one", "other words"]


def test_a_word_has_one_colour_in_all_padding_curves() -> None:
    first, second = torch.zeros(2, 3, 10)
    first[:2, 1], first[2, 0], second[:, 0] = 1, 1, 1  # "zero" comes second in the one, first in the other
    left, right = pictures.padding_curves([1, 2, 3], {"a": first, "b": second}, WORDS).axes
    looks = [
        {line.get_label(): (line.get_color(), line.get_linestyle()) for line in axes.get_lines()}
        for axes in (left, right)
    ]
    assert looks[0]["zero"] == looks[1]["zero"] != looks[0]["one"]


def test_what_moved_in_is_silent_and_what_is_hidden_is_masked() -> None:
    moved = torch.cat([torch.zeros(400), tone(300)])
    spectrum = 1 + noise(8, 1 + len(moved) // 80)
    spectrum[:, :4] = -13.8  # the windows of these frames hear zeros alone
    hidden = spectrum.clone()
    hidden[:, 10:13], hidden[5] = 0.3, 0.3
    told = pictures.augmentation_picture({"moved": (moved, spectrum), "masked": (moved, hidden)}, RATE).alt
    first, second = told.split("; ")
    assert first.endswith("frames 0 to 3 silent") and "masked," not in first
    assert "bands 5 to 5 masked" in second and "frames 10 to 12 masked" in second


def test_filters_are_ordered_by_the_band_that_they_weigh_most() -> None:
    conv = nn.Conv1d(16, 5, kernel_size=3)
    with torch.no_grad():
        conv.weight.zero_()
        for channel, band in enumerate((12, 2, 7, 15, 0)):
            conv.weight[channel, band, 1] = 1 + channel
    figure = pictures.filters_and_bands(conv, RATE, filters=4)
    figure.canvas.draw()
    titles = [axes.get_title() for axes in figure.axes if axes.get_title()]
    assert titles == ["4", "1", "2", "3"]  # channel 0 is the weakest and left out
    assert "the 4 strongest of 5" in figure.get_suptitle() and figure.alt.startswith("The 4 strongest of 5 filters")


def test_speaker_bars_leave_out_what_was_not_measured() -> None:
    axes = pictures.speaker_bars({"a": {"x": 0.5, "y": 1.0}, "b": {"x": 0.7}}).axes[0]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["x", "y"]
    heights = [bar.get_height() for bar in axes.patches]
    assert heights[:3] == [50, 100, 70]
    assert np.isnan(heights[3])


def test_numbers_of_bars_stand_where_no_line_runs_through_them() -> None:
    axes = pictures.speaker_bars({"a": {"x": 0.9, "y": 0.88}}, reference=0.9).axes[0]
    figure = axes.figure
    figure.canvas.draw()
    at = [axes.transData.inverted().transform(text.get_window_extent())[:, 1] for text in axes.texts]
    assert len(at) == 2 and all(10 < low < high < 80 for low, high in at)


def test_worst_errors_are_wrong_clips_the_worst_first_in_words() -> None:
    errors = pictures.worst_errors(*one_wrong(), WORDS)
    assert list(errors.values()) == [3, 5]
    sure = float((9 * torch.eye(10)[8]).softmax(dim=0).max())
    assert next(iter(errors)) == f"clip 3: three (0.0 %), heard as eight ({100 * sure:.0f} %)"
    assert list(errors)[1].startswith("clip 5: five (3.4 %), heard as nine (69 %)")
    figure = pictures.error_images(noise(10, 1, 6, 4), errors)
    figure.canvas.draw()
    assert torch.equal(torch.as_tensor(figure.axes[0].images[0].get_array()), noise(10, 1, 6, 4)[3, 0].T)


def test_error_images_say_that_there_is_none() -> None:
    with pytest.raises(ValueError, match="no error to show"):
        pictures.error_images(noise(2, 1, 6, 4), {})


def sounds_in(html: str) -> list[wave.Wave_read]:
    contents = re.findall(r"data:audio/wav;base64,([^\"]+)", html)
    return [wave.open(io.BytesIO(b64decode(content))) for content in contents]


def test_player_row_holds_each_sound_at_its_rate_and_escapes_names() -> None:
    html = pictures.player_row({"a <b> & c": tone(440), "silence": torch.zeros(100)}, RATE).data
    first, second = sounds_in(html)
    assert (first.getframerate(), first.getnchannels(), first.getsampwidth()) == (RATE, 1, 2)
    assert (first.getnframes(), second.getnframes()) == (2400, 100)
    assert "<b>" not in html
    assert "a <b> & c" in unescape(html)


def test_half_a_second_stays_small() -> None:
    assert len(pictures.player_row({"x": noise(4000)}, RATE).data) < 12_000


def test_a_wav_file_is_loud_and_silence_stays_silent() -> None:
    samples, rate = soundfile.read(io.BytesIO(wav_bytes(0.01 * tone(440), RATE)))
    assert rate == RATE
    assert np.abs(samples).max() == pytest.approx(0.8, abs=1e-3)
    silent, _ = soundfile.read(io.BytesIO(wav_bytes(torch.zeros(50), RATE)))
    assert not silent.any()


def test_player_gives_the_same_sound() -> None:
    assert pictures.player(tone(440), RATE).data == wav_bytes(tone(440), RATE)


def test_confused_clips_are_those_of_the_chosen_field() -> None:
    logits, labels = one_wrong()
    assert confused_clips(logits, labels, 3, 8) == [3]
    assert confused_clips(logits, labels, 3, 3) == []
    assert most_confused(logits[:5], labels[:5]) == (3, 8)


def test_without_widgets_the_most_frequent_error_is_heard(capsys: pytest.CaptureFixture[str]) -> None:
    logits, labels = one_wrong()
    row = pictures.hear_confusions(logits[:5], labels[:5], lambda place: tone(100 * (place + 1)), WORDS, RATE)
    assert '1 times "three" was heard as "eight"' in capsys.readouterr().out
    assert len(sounds_in(row.data)) == 1
    assert "clip 3" in row.data


def test_no_error_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    pictures.hear_confusions(torch.eye(10), torch.arange(10), lambda place: tone(100), WORDS, RATE)
    assert "no error" in capsys.readouterr().out


def write_word(path: Path, rate: int = RATE, channels: int = 1) -> None:
    """Half a second of silence, 0.4 s of a tone, half a second of silence."""
    time = np.arange(round(1.4 * rate)) / rate
    sound = np.where((time >= 0.5) & (time < 0.9), 0.5 * np.sin(2 * np.pi * 440 * time), 0)
    soundfile.write(path, np.stack([sound] * channels, axis=1), rate, subtype="PCM_16")


@pytest.mark.parametrize(("rate", "channels"), [(8000, 1), (44100, 2), (16000, 1)])
def test_own_word_is_read_at_any_rate_and_cut_to_the_word(tmp_path: Path, rate: int, channels: int) -> None:
    write_word(tmp_path / "word.wav", rate, channels)
    word = pictures.read_word(tmp_path / "word.wav", RATE)
    assert 0.4 <= len(word) / RATE <= 0.5
    spectrum = torch.fft.rfft(word).abs()
    assert float(spectrum.argmax()) * RATE / len(word) == pytest.approx(440, abs=4)


def test_own_word_says_what_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"nothing\.wav cannot be opened"):
        pictures.read_word(tmp_path / "nothing.wav", RATE)
    (tmp_path / "text.wav").write_text("no sound")
    with pytest.raises(DataError, match=r"text\.wav cannot be read as a wav file"):
        pictures.read_word(tmp_path / "text.wav", RATE)
    soundfile.write(tmp_path / "empty.wav", np.zeros(0), RATE)
    with pytest.raises(DataError, match=r"empty\.wav"):
        pictures.read_word(tmp_path / "empty.wav", RATE)


def test_silence_is_read_as_it_is(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "silence.wav", np.zeros(800), RATE)
    assert torch.equal(pictures.read_word(tmp_path / "silence.wav", RATE), torch.zeros(800))


def test_own_word_without_widgets(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    heard: list[Tensor] = []

    def classify(waveform: Tensor) -> Tensor:
        heard.append(waveform)
        return torch.zeros(10)

    pictures.hear_yourself(classify, WORDS, RATE)
    assert 'path="my_word.wav"' in capsys.readouterr().out
    pictures.hear_yourself(classify, WORDS, RATE, path=str(tmp_path / "nothing.wav"))
    assert "cannot be opened" in capsys.readouterr().out
    write_word(tmp_path / "word.wav")
    pictures.hear_yourself(classify, WORDS, RATE, path=str(tmp_path / "word.wav"))
    assert len(heard) == 1


def test_widgets_choose_a_field_and_read_a_chosen_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("COURSE_STATIC")
    ipywidgets = pytest.importorskip("ipywidgets")
    logits, labels = one_wrong()
    chooser = pictures.hear_confusions(logits, labels, lambda place: tone(100), WORDS, RATE)
    assert [menu.value for menu in chooser.children[:2]] == [3, 8]
    heard: list[Any] = []
    box = pictures.hear_yourself(lambda waveform: heard.append(waveform) or torch.zeros(10), WORDS, RATE)
    upload, path = box.children[0].children
    assert isinstance(upload, ipywidgets.FileUpload)
    write_word(tmp_path / "word.wav")
    path.value = str(tmp_path / "word.wav")
    assert len(heard) == 1
    content = memoryview((tmp_path / "word.wav").read_bytes())
    about = {"name": "word.wav", "type": "audio/wav", "size": len(content), "last_modified": datetime.now(UTC)}
    upload.value = ({**about, "content": content},)
    assert len(heard) == 2
    assert torch.equal(heard[0], heard[1])


def test_pictures_do_without_ipywidgets(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("COURSE_STATIC")
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    assert pictures.hear_yourself(lambda waveform: torch.zeros(10), WORDS, RATE) is None
    assert "wav file" in capsys.readouterr().out


def test_a_stamp_becomes_a_tone_for_each_band_while_it_sounds() -> None:
    stamp = torch.zeros(64, 32)
    stamp[:32, 20] = 1.0
    sound = pictures.sound_of_stamp(stamp, 8000)
    assert sound.shape == (5120,) and float(sound.abs().max()) == 1.0
    spectrum = torch.fft.rfft(sound[:2400]).abs()
    assert abs(8000 / 2400 * int(spectrum.argmax()) - float(band_centres(32, 8000)[20])) < 8
    assert float(sound[2700:].abs().max()) < 0.01
    assert not pictures.sound_of_stamp(torch.zeros(64, 32), 8000).any()


def test_a_drawn_stamp_has_time_to_the_right_and_high_frequencies_above(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_STATIC", "1")
    read: list[Tensor] = []
    shown: list[tuple[Any, ...]] = []
    monkeypatch.setattr("IPython.display.display", lambda *things: shown.append(things))

    def classify(stamps: Tensor) -> Tensor:
        read.append(stamps)
        return torch.zeros(1, 10)

    words = [str(digit) for digit in range(10)]
    pictures.draw_stamp(classify, words, 8000, "\n".join([".........#", *[".........."] * 12, "#........."]))
    [(picture, *_)] = shown
    image = picture.axes[0].images[0]
    assert image.origin == "lower" and torch.equal(torch.as_tensor(image.get_array()), read[0][0, 0].T)
    assert picture.alt.endswith("the brightest band in each quarter of the time: 0, 0, 0, 31.")
    ((stamp,),) = read[0]
    assert stamp.shape == (64, 32) and float(stamp[0, 0]) == float(stamp[63, 31]) == 1.0
    assert float(stamp[0, 31]) == float(stamp[63, 0]) == float(stamp[32, 16]) == 0.0
