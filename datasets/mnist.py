"""MNIST: handwritten digits of LeCun, Cortes and Burges, from four local files or, on request, from the network.

The files are found in either of two layouts under the data root and are never changed:

    <root>/mnist/*.gz        the four files side by side
    <root>/MNIST/raw/*.gz    where torchvision's own download puts them
"""

import gzip
import hashlib
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from torch import Tensor

from .errors import DataError

FETCH_COMMAND = "python -m datasets fetch mnist"


@dataclass(frozen=True)
class DataFile:
    """One file of the data set: its name, size in bytes and SHA-256."""

    name: str
    size: int
    sha256: str


FILES = (
    DataFile(
        "train-images-idx3-ubyte.gz", 9_912_422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"
    ),
    DataFile("train-labels-idx1-ubyte.gz", 28_881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
    DataFile(
        "t10k-images-idx3-ubyte.gz", 1_648_877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"
    ),
    DataFile("t10k-labels-idx1-ubyte.gz", 4_542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"),
)


def find(root: Path) -> Path | None:
    """Folder under the data root in which all four files lie, or None."""
    for folder in (root / "mnist", _raw_folder(root)):
        if all((folder / file.name).is_file() for file in FILES):
            return folder
    return None


def load(root: Path, part: Literal["train", "t10k"]) -> tuple[Tensor, Tensor]:
    """Read the training files or the test files.

    Returns:
        images (n, 28, 28) uint8, 0 = paper; labels (n,) int64.
    Raises:
        DataError: a file is missing or damaged; the message names the command that gets it.
    """
    folder = find(root)
    if folder is None:
        names = ", ".join(file.name for file in FILES)
        raise DataError(
            f"MNIST is not in the data folder {root}: neither {root / 'mnist'} nor {_raw_folder(root)} holds all of "
            f"{names}.\nTo download it (12 MB) run: {FETCH_COMMAND} --root {root}"
        )
    from torchvision.datasets.mnist import (  # type: ignore[import-untyped]  # slow to import, and not always needed
        read_image_file,
        read_label_file,
    )

    images_file, labels_file = [file for file in FILES if file.name.startswith(part)]
    with tempfile.TemporaryDirectory() as scratch:  # torchvision reads unpacked files only
        images: Tensor = read_image_file(str(_unpack(folder, images_file, Path(scratch))))
        labels: Tensor = read_label_file(str(_unpack(folder, labels_file, Path(scratch))))
    return images, labels


def fetch(root: Path) -> Path:
    """Download MNIST into `<root>/MNIST/raw` with torchvision's downloader, unless it lies there already.

    Returns:
        The folder that holds the four files, their checksums verified.
    Raises:
        DataError: the folder cannot be written, the download fails, or what arrives has another checksum.
    """
    folder = find(root)
    if folder is not None and all(_is_intact(folder / file.name, file) for file in FILES):
        return folder
    from torchvision.datasets import MNIST  # type: ignore[import-untyped]

    raw = _raw_folder(root)
    try:
        for file in FILES:
            if not _is_intact(raw / file.name, file):
                # torchvision looks at the unpacked file only, so both have to go before it downloads again.
                (raw / file.name).unlink(missing_ok=True)
                (raw / file.name).with_suffix("").unlink(missing_ok=True)
        MNIST(str(root), download=True)
    except (OSError, RuntimeError) as error:  # URLError is an OSError; torchvision raises RuntimeError
        raise DataError(
            f"Downloading MNIST into {raw} failed: {error}\n"
            f"Try again later, or copy the four .gz files to {root / 'mnist'}"
        ) from error
    for file in FILES:
        if not _is_intact(raw / file.name, file):
            raise _damaged(raw / file.name)
    damaged_copy = find(root)
    if damaged_copy is not None and damaged_copy != raw:
        raise DataError(
            f"MNIST is now in {raw}, but the damaged files in {damaged_copy} are found first: remove that folder."
        )
    return raw


def _raw_folder(root: Path) -> Path:
    return root / "MNIST" / "raw"


def _is_intact(path: Path, file: DataFile) -> bool:
    if not path.is_file() or path.stat().st_size != file.size:
        return False
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() == file.sha256


def _unpack(folder: Path, file: DataFile, scratch: Path) -> Path:
    """Verify one .gz file and unpack it into the scratch folder."""
    source = folder / file.name
    if not _is_intact(source, file):
        raise _damaged(source)
    target = scratch / source.stem
    with gzip.open(source, "rb") as packed, target.open("wb") as unpacked:
        shutil.copyfileobj(packed, unpacked)
    return target


def _damaged(path: Path) -> DataError:
    return DataError(
        f"{path} is damaged: its size or SHA-256 is not that of MNIST. Remove it, then run: {FETCH_COMMAND}"
    )
