"""load_digits: the same interface and the same kind of tensors whatever the source."""

import subprocess
import sys
from pathlib import Path

import pytest
import torch

from datasets import load_digits
from datasets.digits import GENERATED_SIZES, derived_seed


def test_load_digits_gives_float_images_and_integer_labels() -> None:
    digits = load_digits("generated", train=30, validation=20, test=10)
    for split, n in ((digits.train, 30), (digits.validation, 20), (digits.test, 10)):
        assert len(split) == n
        assert split.images.shape == (n, 1, 28, 28) and split.images.dtype == torch.float32
        assert split.labels.shape == (n,) and split.labels.dtype == torch.int64
        assert split.images.min() == 0 and split.images.max() == 1
        assert split.labels.bincount(minlength=10).tolist() == [n // 10] * 10


def test_load_digits_is_generated_where_no_mnist_lies() -> None:
    digits = load_digits(train=10)
    assert digits.source == "generated"
    assert len(digits.validation) == GENERATED_SIZES["validation"] and len(digits.test) == GENERATED_SIZES["test"]


def test_load_digits_is_the_same_from_the_cache_and_anew(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    first = load_digits("generated", train=20, validation=10, test=10)
    cached = load_digits("generated", train=20, validation=10, test=10)
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path / "another"))
    anew = load_digits("generated", train=20, validation=10, test=10)
    for digits in (cached, anew):
        assert torch.equal(digits.train.images, first.train.images)
        assert torch.equal(digits.test.labels, first.test.labels)


def test_splits_and_seeds_share_no_picture() -> None:
    sets = [load_digits("generated", seed=seed, train=100, validation=100, test=100) for seed in (0, 1)]
    splits = [split for digits in sets for split in (digits.train, digits.validation, digits.test)]
    pictures = {image.numpy().tobytes() for split in splits for image in split.images}
    assert len(pictures) == 600


def test_derived_seeds_differ() -> None:
    assert len({derived_seed(seed, split) for seed in range(100) for split in GENERATED_SIZES}) == 300


def test_banner_says_what_the_data_are_and_how_to_get_mnist() -> None:
    banner = load_digits("generated", train=10, validation=10, test=10).banner()
    assert "Generated" in banner and "10 for training" in banner and "python -m datasets fetch mnist" in banner


def test_banner_of_mnist_offers_no_download(tiny_mnist: Path) -> None:
    tiny_mnist.rename(tiny_mnist.parent / "mnist")
    banner = load_digits("mnist", root=tiny_mnist.parent).banner()
    assert banner.startswith("MNIST") and "fetch" not in banner


def test_unknown_source_is_refused() -> None:
    with pytest.raises(ValueError, match=r"unknown source 'minst'.*'generated'"):
        load_digits("minst")


def test_bad_numbers_are_refused() -> None:
    with pytest.raises(ValueError, match="validation must be at least 1"):
        load_digits("generated", validation=0)
    with pytest.raises(ValueError, match="seed must not be negative"):
        load_digits("generated", seed=-1)


def test_import_needs_numpy_and_torch_only() -> None:
    """torchvision takes a second to import and typer need not be installed to load digits."""
    code = "import sys, datasets; assert not {'torchvision', 'typer'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).resolve().parents[2], check=True, timeout=60)
