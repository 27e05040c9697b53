"""MNIST from local files (invented ones, and the real ones where they lie) and the download on request."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import torch
from torchvision.datasets import MNIST
from typer.testing import CliRunner

from datasets import DataError, load_digits, mnist
from datasets.__main__ import app

REPOSITORY = Path(__file__).resolve().parents[2]
REAL_ROOT = Path(os.environ.get("COURSE_DATA") or REPOSITORY.parent / "shared" / "data")  # read before fixtures run
REAL_MNIST = mnist.find(REAL_ROOT) is not None


def lay_out(tiny: Path, folder: Path) -> None:
    shutil.copytree(tiny, folder)


@pytest.mark.parametrize("layout", ["mnist", "MNIST/raw"])
def test_load_reads_both_layouts_and_writes_nothing(layout: str, tiny_mnist: Path, tmp_path: Path) -> None:
    lay_out(tiny_mnist, tmp_path / "data" / layout)
    before = sorted((tmp_path / "data").rglob("*"))
    digits = load_digits("mnist")
    assert sorted((tmp_path / "data").rglob("*")) == before
    assert digits.train.images.shape == (20, 1, 28, 28)
    assert digits.train.images[3, 0, 5, 5].item() == pytest.approx(3 / 255)
    assert digits.validation.images[0, 0, 0, 0].item() == pytest.approx(20 / 255)
    assert digits.test.images[11, 0, 0, 0].item() == pytest.approx(111 / 255)
    assert digits.test.labels.tolist() == [i % 10 for i in range(12)]


def test_load_gives_a_prefix_of_each_split(tiny_mnist: Path, tmp_path: Path) -> None:
    lay_out(tiny_mnist, tmp_path / "data" / "mnist")
    digits = load_digits("mnist", train=4, validation=3, test=2)
    grey = [
        (split.images[:, 0, 0, 0] * 255).round().tolist() for split in (digits.train, digits.validation, digits.test)
    ]
    assert grey == [[0, 1, 2, 3], [20, 21, 22], [100, 101]]


def test_load_refuses_more_images_than_there_are(tiny_mnist: Path, tmp_path: Path) -> None:
    lay_out(tiny_mnist, tmp_path / "data" / "mnist")
    with pytest.raises(ValueError, match="MNIST has 20 images for train, 21 were asked for"):
        load_digits("mnist", train=21)


def test_root_argument_goes_before_the_environment(tiny_mnist: Path, tmp_path: Path) -> None:
    lay_out(tiny_mnist, tmp_path / "elsewhere" / "mnist")
    assert load_digits("auto").source == "generated"
    assert load_digits("auto", root=tmp_path / "elsewhere").source == "mnist"


def test_missing_files_name_the_command_that_gets_them(tmp_path: Path) -> None:
    with pytest.raises(DataError) as error:
        load_digits("mnist")
    assert f"python -m datasets fetch mnist --root {tmp_path / 'data'}" in str(error.value)


def test_one_missing_file_counts_as_missing(tiny_mnist: Path, tmp_path: Path) -> None:
    lay_out(tiny_mnist, tmp_path / "data" / "mnist")
    (tmp_path / "data" / "mnist" / "t10k-labels-idx1-ubyte.gz").unlink()
    assert load_digits("auto", train=10, validation=10, test=10).source == "generated"
    with pytest.raises(DataError, match="is not in the data folder"):
        load_digits("mnist")


@pytest.mark.parametrize("name", ["train-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"])
@pytest.mark.parametrize("source", ["mnist", "auto"])
def test_damaged_file_is_named(name: str, source: str, tiny_mnist: Path, tmp_path: Path) -> None:
    """Same size, one byte changed; "auto" must not quietly turn to other data either."""
    lay_out(tiny_mnist, tmp_path / "data" / "mnist")
    path = tmp_path / "data" / "mnist" / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(DataError, match=rf"{name} is damaged.*python -m datasets fetch mnist"):
        load_digits(source)


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves a folder without a line on stderr for each request."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def local_mirror(tiny_mnist: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Let torchvision's downloader fetch the tiny files from a server on this machine in place of the network."""
    handler = partial(QuietHandler, directory=str(tiny_mnist))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(MNIST, "mirrors", [f"http://127.0.0.1:{server.server_port}/"])
    sums = [(file.name, hashlib.md5((tiny_mnist / file.name).read_bytes()).hexdigest()) for file in mnist.FILES]
    monkeypatch.setattr(MNIST, "resources", sums)
    yield tiny_mnist
    server.shutdown()
    server.server_close()


def test_fetch_downloads_then_loads(local_mirror: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["fetch", "mnist", "--root", str(tmp_path / "new")])
    assert result.exit_code == 0 and "complete and verified" in result.output
    assert load_digits("auto", root=tmp_path / "new").source == "mnist"


def test_fetch_leaves_good_files_alone(tiny_mnist: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_out(tiny_mnist, tmp_path / "data" / "mnist")
    monkeypatch.setattr(MNIST, "mirrors", [])  # a download would fail
    assert mnist.fetch(tmp_path / "data") == tmp_path / "data" / "mnist"
    assert not (tmp_path / "data" / "MNIST").exists()


def test_fetch_mends_a_damaged_download(local_mirror: Path, tmp_path: Path) -> None:
    raw = mnist.fetch(tmp_path / "data")
    (raw / "t10k-images-idx3-ubyte.gz").write_bytes(b"damaged")
    with pytest.raises(DataError, match="is damaged"):
        load_digits("mnist")
    mnist.fetch(tmp_path / "data")
    assert len(load_digits("mnist").test) == 12


def test_fetch_says_which_folder_hides_the_download(local_mirror: Path, tmp_path: Path) -> None:
    lay_out(local_mirror, tmp_path / "data" / "mnist")
    (tmp_path / "data" / "mnist" / "t10k-images-idx3-ubyte.gz").write_bytes(b"damaged")
    with pytest.raises(DataError, match="remove that folder"):
        mnist.fetch(tmp_path / "data")


def test_fetch_reports_a_failed_download(tiny_mnist: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MNIST, "mirrors", [(tmp_path / "nowhere").as_uri() + "/"])
    result = CliRunner().invoke(app, ["fetch", "mnist"])
    assert result.exit_code == 1
    assert "failed" in result.output and "copy the four .gz files" in result.output


def test_fetch_refuses_a_download_with_another_checksum(
    local_mirror: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = [mnist.DataFile(file.name, file.size, "0" * 64) for file in mnist.FILES]
    monkeypatch.setattr(mnist, "FILES", tuple(wrong))
    with pytest.raises(DataError, match="is damaged"):
        mnist.fetch(tmp_path / "data")


@pytest.mark.skipif(not REAL_MNIST, reason="the real MNIST is neither in COURSE_DATA nor in ../shared/data")
def test_real_mnist_has_its_sizes_and_first_labels() -> None:
    """The first labels are those of the published files; 5,923 and 980 zeros are in the training and test files."""
    digits = load_digits("auto", root=REAL_ROOT)
    assert digits.source == "mnist"
    assert (len(digits.train), len(digits.validation), len(digits.test)) == (50_000, 10_000, 10_000)
    assert digits.train.labels[:5].tolist() == [5, 0, 4, 1, 9] and digits.test.labels[:5].tolist() == [7, 2, 1, 0, 4]
    zeros = [int((split.labels == 0).sum()) for split in (digits.train, digits.validation, digits.test)]
    assert zeros[0] + zeros[1] == 5923 and zeros[2] == 980
    assert digits.train.images.dtype == torch.float32 and digits.train.images.max().item() == 1
    assert digits.train.images.mean().item() == pytest.approx(0.1307, abs=1e-3)
