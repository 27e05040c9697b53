"""The checks of `spoken_digits`: what they draw, what public ones prepare for, and hints that fit the mistake."""

from __future__ import annotations

import importlib
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from exercises.assignment import load_assignment
from exercises.checking import randomise
from exercises.checking.catalogue import public_checks
from exercises.spoken_digits import training
from grader.authoring.answers import laid_out
from grader.authoring.galleries import solution_files, wrong_answers
from grader.checks.spoken_digits.baseline import _undisputed
from grader.checks.spoken_digits.lengths import batches
from grader.measuring.validity.jobs import Job, run_jobs

WRONG = {answer.name: answer for answer in wrong_answers("spoken_digits")}
PUBLIC = {check.id for check in public_checks(load_assignment("spoken_digits"))}
TASKS = ("features", "baseline", "masking", "classifier", "augment")  # the tasks without training


def of_seed(seed: int) -> Any:
    """As much of a reference as the drawing of inputs needs."""
    return SimpleNamespace(hidden=SimpleNamespace(seed=seed))


@pytest.mark.parametrize("shortest", [1, 4, 8])
def test_lengths_are_unsorted_and_shorter_than_their_tensor(shortest: int) -> None:
    drawn = set()
    for seed in range(50):
        (odd, first), (even, second), (full, third) = batches(of_seed(seed), shortest)
        assert (odd % 2, even % 2) == (1, 0)
        assert max(first) <= odd - shortest
        assert max(second) <= even - shortest
        assert max(third) == full
        for lengths in (first, second, third):
            assert len(set(lengths)) == len(lengths)
            assert min(lengths) >= shortest
            assert max(lengths) not in (lengths[0], lengths[-1])
            assert {1, 3} <= {length % 4 for length in lengths}
        assert shortest in first
        assert shortest in second
        drawn |= {first, second, third}
    assert len(drawn) > 140


def test_decisions_differ_from_those_by_probabilities_and_by_votes() -> None:
    for seed in range(20):
        (time, lengths), *_ = batches(of_seed(seed), seed=1)
        x, due = _undisputed(of_seed(seed), time, lengths, 0)
        clips = [clip[:, :length] for clip, length in zip(x, lengths, strict=True)]
        assert due.tolist() == [int(clip.double().sum(dim=1).argmax()) for clip in clips]
        assert due.tolist() != [int(clip.exp().sum(dim=1).argmax()) for clip in clips]
        assert due.tolist() != [int(clip.argmax(dim=0).bincount(minlength=6).argmax()) for clip in clips]


@pytest.mark.parametrize(
    "name",
    [
        "input_not_masked",
        "mask_as_wide_as_longest",
        "lengths_relative",
        "padding_zeroed_in_place",
        "bands_centred_in_place",
        "lengths_in_place",
        "clips_squeezed",
        "blocks_in_a_list",
        "shared_block",
        "pool_mask_as_wide_as_longest",
        "pool_mask_as_wide_as_first",
        "pool_cut_to_longest",
        "pool_squeezed",
        "pool_in_place",
        "pool_as_strided",
        "block_not_masked",
        "block_mask_as_wide_as_longest",
        "block_in_place",
        "average_mask_as_wide_as_longest",
        "average_squeezed",
        "average_in_place",
        "decision_in_place",
        "decision_mask_as_wide_as_first",
        "shift_in_place",
        "spec_in_place",
        "spec_mean_of_batch",
        "shift_global_generator",
        "spec_mean_after_first_mask",
        "log_mel_squeezed",
        "waveform_scaled_in_place",
        "stamp_in_place",
    ],
)
def test_mistake_is_seen_before_it_is_handed_in(name: str) -> None:
    """That the checks that it names catch it is tested with the galleries."""
    assert any(WRONG[name].catches(check) for check in PUBLIC)


def test_mistake_in_log_mel_costs_no_points_of_the_stamp() -> None:
    for answer in WRONG.values():
        if answer.module == "features" and answer.catches("features.log_mel") and not answer.name.startswith("stamp"):
            shape_is_right = not answer.catches("features.stamp_shape")
            assert answer.catches("features.stamp") != shape_is_right, answer.name


def test_demonstration_of_padding_shows_a_leak_and_none_where_there_is_none() -> None:
    log_mel = torch.randn(1, 32, 40, generator=torch.Generator().manual_seed(0))
    changes = {}
    for name, files in (("right", solution_files("spoken_digits")), ("leaky", WRONG["input_not_masked"].files())):
        with laid_out("spoken_digits", files) as answer:
            module = importlib.import_module(f"{answer.package_of('classifier')}.classifier")
            network = module.CNNClassifier1d(32, hidden=8, num_blocks=2)
            randomise(network)
            changes[name] = [
                training.change_by_padding(training.Packed(network), log_mel, 23, value) for value in (-13.8, 10.0)
            ]
    assert max(changes["right"]) < 1e-5
    assert min(changes["leaky"]) > 1e-3


HINTS = [
    ("spec_zeros", "augment.spec_mean", "and not 0"),
    ("spec_mean_of_batch", "augment.spec_mean", "the batch's"),
    ("spec_mean_after_first_mask", "augment.spec_mean", "before anything of it was hidden"),
    ("spec_sticks_out", "augment.spec_uniform", "stick out"),
    ("spec_widest_left_out", "augment.spec_uniform", "upper end"),
    ("spec_rounded_places", "augment.spec_uniform", "rounding"),
    ("spec_one_number_for_both_places", "augment.spec_uniform", "one random number"),
    ("spec_one_number_for_both_widths", "augment.spec_uniform", "one random number"),
    ("shift_rounded", "augment.shift_uniform", "rounding"),
    ("shift_upper_end_left_out", "augment.shift_uniform", "upper end"),
    ("pool_detached", "masking.pool_gradient", "detach"),
    ("pool_everything", "masking.pool_gradient", "Which frames"),
    ("pool_sum", "masking.pool_gradient", "divided"),
    ("stamp_transposed", "features.stamp_silence", "which axis"),
    ("stamp_divided_by_zero", "features.stamp_silence", "0 divided by 0"),
]


@pytest.fixture(scope="module")
def hints() -> dict[tuple[str, str], str]:
    """By wrong answer and check."""
    jobs = [Job(answer, "spoken_digits", WRONG[answer].files(), (check,)) for answer, check, _ in HINTS]
    return {(outcome.name, verdict.check): verdict.hint for outcome in run_jobs(jobs) for verdict in outcome.verdicts}


@pytest.mark.parametrize(("answer", "check", "words"), HINTS)
def test_hint_fits_the_mistake(answer: str, check: str, words: str, hints: dict[tuple[str, str], str]) -> None:
    assert words in hints[answer, check]
