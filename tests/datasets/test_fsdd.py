"""The Free Spoken Digit Dataset from local files, invented ones and the real ones where they lie; its download."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from typer.testing import CliRunner

from datasets import DataError, fsdd, load_speech
from datasets.__main__ import app

from .test_mnist import REAL_ROOT, QuietHandler
from .wavs import SPEAKERS, archive, tiny_fsdd


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return tiny_fsdd()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "data"


def unpack(files: dict[str, bytes], folder: Path) -> None:
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)


@pytest.mark.parametrize("layout", ["fsdd/recordings", "fsdd/free-spoken-digit-dataset/recordings", "archive"])
def test_archive_and_unpacked_folders_give_the_official_split(layout: str, files: dict[str, bytes], root: Path) -> None:
    if layout == "archive":
        archive(files, root / "fsdd" / fsdd.ARCHIVE)
    else:
        unpack(files, root / layout)
    speech = load_speech("auto")
    assert (speech.source, speech.speaker_names, speech.sample_rate) == ("fsdd", SPEAKERS, 8000)
    assert [len(part) for part in (speech.train, speech.validation, speech.test)] == [2400, 300, 300]
    indices = {
        name: sorted({round(value * 32768) - 1 for value in part.waveforms[:, 0].tolist()})
        for name, part in (("train", speech.train), ("validation", speech.validation), ("test", speech.test))
    }
    assert indices == {"train": list(range(10, 50)), "validation": list(range(5, 10)), "test": list(range(5))}
    for part in (speech.train, speech.test):
        assert (part.lengths == 100 + 10 * part.speakers + part.labels).all()


def test_left_out_speaker_is_in_the_test_alone(files: dict[str, bytes], root: Path) -> None:
    archive(files, root / "fsdd" / fsdd.ARCHIVE)
    speech = load_speech("fsdd")
    train, test = speech.leave_out("carl")
    assert set(train.speakers.tolist()) == {0, 1, 3, 4, 5} and set(test.speakers.tolist()) == {2}
    assert (len(train), len(test)) == (2500, 500)
    assert test.waveform(0).shape == (int(test.lengths[0]),)
    with pytest.raises(ValueError, match="no speaker 'gina'; choose one of anna, ben"):
        speech.leave_out("gina")


def test_missing_data_name_the_command_that_gets_them(root: Path) -> None:
    with pytest.raises(DataError, match=f"python -m datasets fetch fsdd --root {root}"):
        load_speech("fsdd")


def test_incomplete_data_are_refused(files: dict[str, bytes], root: Path) -> None:
    some = dict(files)
    del some["3_dora_17.wav"]
    archive(some, root / "fsdd" / fsdd.ARCHIVE)
    with pytest.raises(DataError, match="is not complete: 2999 recordings of 6 speakers"):
        load_speech("auto")


def test_damaged_archive_and_damaged_recording_are_named(files: dict[str, bytes], root: Path) -> None:
    path = archive(files, root / "fsdd" / fsdd.ARCHIVE)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match="is damaged"):
        load_speech("fsdd")
    archive({**files, "3_dora_17.wav": b"RIFF"}, path)
    with pytest.raises(DataError, match=r"3_dora_17\.wav cannot be read"):
        load_speech("fsdd")


def test_recordings_come_all_together(files: dict[str, bytes], root: Path) -> None:
    archive(files, root / "fsdd" / fsdd.ARCHIVE)
    with pytest.raises(ValueError, match="recordings come all together"):
        load_speech("auto", train=20)


@pytest.fixture
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that a server on this machine serves in place of the network."""
    folder = tmp_path / "mirror"
    folder.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(fsdd, "URL", f"http://127.0.0.1:{server.server_port}/all.tar.gz")
    yield folder
    server.shutdown()
    server.server_close()


def test_fetch_downloads_once_and_checks_what_came(files: dict[str, bytes], mirror: Path, root: Path) -> None:
    archive(files, mirror / "all.tar.gz")
    result = CliRunner().invoke(app, ["fetch", "fsdd"])
    assert result.exit_code == 0 and "complete and verified" in result.output
    assert [path.name for path in (root / "fsdd").iterdir()] == [fsdd.ARCHIVE]
    (mirror / "all.tar.gz").unlink()
    assert CliRunner().invoke(app, ["fetch", "fsdd"]).exit_code == 0


@pytest.mark.parametrize("answer", ["nothing", "half", "something else"])
def test_failed_download_leaves_nothing_behind(answer: str, files: dict[str, bytes], mirror: Path, root: Path) -> None:
    if answer == "half":
        whole = archive(files, mirror / "whole").read_bytes()
        (mirror / "all.tar.gz").write_bytes(whole[: len(whole) // 2])
    elif answer == "something else":
        (mirror / "all.tar.gz").write_bytes(b"<html>not found</html>")
    result = CliRunner().invoke(app, ["fetch", "fsdd"])
    assert result.exit_code == 1
    assert ("Downloading" if answer == "nothing" else "is damaged") in result.output
    assert list((root / "fsdd").iterdir()) == []


@pytest.mark.skipif(fsdd.find(REAL_ROOT) is None, reason=f"the Free Spoken Digit Dataset is not in {REAL_ROOT}")
def test_real_data_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_DATA", os.fspath(REAL_ROOT))
    speech = load_speech("auto")
    assert "Free Spoken Digit Dataset" in speech.banner() and len(speech.speaker_names) == 6
    assert [len(part) for part in (speech.train, speech.validation, speech.test)] == [2400, 300, 300]
    assert speech.train.labels.bincount().tolist() == [240] * 10
    seconds = speech.train.lengths / speech.sample_rate
    assert 0.3 < float(seconds.mean()) < 0.6 and float(seconds.max()) <= 1.25
    assert float(speech.train.waveforms.abs().max()) <= 1
