"""The private variant: same shapes, other names, other pixels, and no help to who knows the original."""

import pytest
import torch
from torch import Tensor

from datasets import load_digits
from grader.checks.private.data import HiddenData, word_for
from grader.checks.private.disguise import disguised, disturbed, seeded_names, seeded_orientation


def private_variant(images: Tensor, labels: Tensor, seed: int) -> tuple[Tensor, Tensor]:
    return disguised(disturbed(images, seed), labels, seed, 10)


@pytest.fixture
def digits() -> tuple[Tensor, Tensor]:
    split = load_digits("generated", train=200, validation=10, test=10).train
    return split.images, split.labels


def test_private_variant_keeps_shapes_types_and_range(digits: tuple[Tensor, Tensor]) -> None:
    images, labels = private_variant(*digits, seed=1)
    assert images.shape == digits[0].shape and images.dtype == torch.float32
    assert labels.shape == digits[1].shape and labels.dtype == torch.int64
    assert images.min() >= 0 and images.max() <= 1
    assert images.mean() > 0.6 * digits[0].mean()  # the digits are still there, a little dimmed


def test_private_variant_is_determined_by_the_seed(digits: tuple[Tensor, Tensor]) -> None:
    before = digits[0].clone(), digits[1].clone()
    first, again, other = (private_variant(*digits, seed=seed) for seed in (1, 1, 2))
    assert torch.equal(first[0], again[0]) and torch.equal(first[1], again[1])
    assert not torch.equal(first[0], other[0]) and not torch.equal(first[1], other[1])
    assert torch.equal(digits[0], before[0]) and torch.equal(digits[1], before[1])


def test_private_variant_of_the_first_images_is_the_first_of_the_variant(digits: tuple[Tensor, Tensor]) -> None:
    whole, part = private_variant(*digits, seed=1), private_variant(digits[0][:7], digits[1][:7], seed=1)
    assert torch.allclose(whole[0][:7], part[0], atol=1e-6) and torch.equal(whole[1][:7], part[1])


@pytest.mark.parametrize("seed", range(20))
def test_seeded_names_are_a_permutation_without_fixed_point(seed: int) -> None:
    names = seeded_names(seed, 10)
    assert sorted(names.tolist()) == list(range(10))
    assert not (names == torch.arange(10)).any()


def test_seeded_orientation_takes_every_value_but_the_usual_one() -> None:
    assert {seeded_orientation(seed) for seed in range(100)} == set(range(1, 8))


def test_private_variant_renames_all_images_of_a_label_alike(digits: tuple[Tensor, Tensor]) -> None:
    _, labels = private_variant(*digits, seed=3)
    assert torch.equal(labels, seeded_names(3, 10)[digits[1]])


def test_memorised_pixels_match_no_image_of_the_variant(digits: tuple[Tensor, Tensor]) -> None:
    images, _ = private_variant(*digits, seed=1)
    assert torch.cdist(images.flatten(1), digits[0].flatten(1)).min() > 1


def test_private_variant_accepts_no_images() -> None:
    images, labels = private_variant(torch.zeros(0, 1, 28, 28), torch.zeros(0, dtype=torch.int64), seed=1)
    assert images.shape == (0, 1, 28, 28) and labels.shape == (0,)


@pytest.mark.parametrize(
    ("images", "labels", "message"),
    [
        (torch.zeros(3, 28, 28), torch.zeros(3, dtype=torch.int64), "images must have the shape"),
        (torch.zeros(3, 1, 28, 28), torch.zeros(2, dtype=torch.int64), "need labels of shape"),
        (torch.zeros(1, 1, 28, 28), torch.tensor([10]), "labels must be in 0 to 9"),
    ],
)
def test_disguise_refuses_other_inputs(images: Tensor, labels: Tensor, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        disguised(images, labels, seed=1, classes=10)


def test_each_student_meets_another_disguise_of_the_same_images() -> None:
    data = [HiddenData("digits", 5, "generated", whose).drawn("accuracy", 0) for whose in ("a", "a", "b", "c")]
    assert torch.equal(data[0].train_images, data[1].train_images)
    assert torch.equal(data[0].test_labels, data[1].test_labels)
    assert len({tuple(one.test_labels[:50].tolist()) for one in data}) == 3
    brightness = [one.test_images.sum(dim=(1, 2, 3)) for one in data]
    assert torch.allclose(brightness[0], brightness[2], rtol=1e-4)


def test_numbers_that_are_shown_are_another_students_no_more() -> None:
    one, other = (HiddenData("digits", 5, "generated", whose) for whose in ("one", "other"))
    assert one.numbers_seed(shown=False) == other.numbers_seed(shown=False) == 5
    shown = {hidden.numbers_seed(shown=True) for hidden in (one, other)}
    assert len(shown) == 2 and 5 not in shown
    assert one.of_the_course.numbers_seed(shown=True) == 5


def test_a_students_word_follows_from_the_secret_and_the_student_and_names_nobody() -> None:
    words = [word_for("Ada-11", 5), word_for("Ada-11", 6), word_for("Ada-12", 5), word_for("", 5)]
    assert words[0] == word_for("Ada-11", 5) and len(set(words)) == 4
    assert all(len(word) == 64 and set(word) <= set("0123456789abcdef") for word in words)
    assert word_for("a\udcff", 5) != word_for("a", 5)  # a folder whose name is not UTF-8
