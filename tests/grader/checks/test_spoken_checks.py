"""The checks of `spoken_digits`: what they draw, what public ones prepare for, and hints that fit the mistake."""

from __future__ import annotations

import importlib

import pytest
import torch

from exercises.assignment import load_assignment
from exercises.checking import randomise
from exercises.checking.catalogue import public_checks
from exercises.checking.draw import drawing
from exercises.spoken_digits import training
from exercises.spoken_digits.checks.inputs import batches
from exercises.spoken_digits.checks.sounds import FAR_RATES, STAMP_RATES, mel, settings
from grader.authoring.answers import laid_out
from grader.authoring.galleries import solution_files, wrong_answers
from grader.checks.spoken_digits.baseline import readings, undisputed
from grader.measuring.validity.jobs import Job, checks_in, run_jobs

WRONG = {answer.name: answer for answer in wrong_answers("spoken_digits")}
PUBLIC = {check.id for check in public_checks(load_assignment("spoken_digits"))}
CHECKS = [check.id for check in checks_in("spoken_digits")]
TASKS = ("features", "baseline", "masking", "classifier", "augment")  # the tasks without training


@pytest.mark.parametrize("shortest", [1, 4, 8])
def test_lengths_are_unsorted_and_shorter_than_their_tensor(shortest: int) -> None:
    drawn = set()
    for seed in range(50):
        with drawing("masking.pool", seed):
            (odd, first), (even, second), (full, third) = batches(shortest)
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


@pytest.mark.parametrize("seed", range(12))
def test_every_other_way_to_decide_decides_otherwise(seed: int) -> None:
    with drawing("baseline.sum_decision", seed):
        for number, (time, lengths) in enumerate(batches()):
            x, due = undisputed(time, lengths, number)
            clips = [clip[:, :length].double() for clip, length in zip(x, lengths, strict=True)]
            assert due.tolist() == [int(clip.sum(dim=1).argmax()) for clip in clips]
            assert due.tolist() != [int(clip.exp().sum(dim=1).argmax()) for clip in clips]
            assert due.tolist() != [int(clip.argmax(dim=0).bincount(minlength=6).argmax()) for clip in clips]
            assert all(other.tolist() != due.tolist() for other in readings(x, lengths).values())


def test_settings_are_no_defaults_and_no_powers_of_two() -> None:
    drawn = set()
    for seed in range(50):
        with drawing("features.log_mel", seed):
            sample_rate, n_fft, hop_length, n_mels = settings("one")
        drawn.add((sample_rate, n_fft, hop_length, n_mels))
        assert sample_rate != 16000
        assert n_fft.bit_count() > 1
        assert hop_length.bit_count() > 1
        assert 1 + 600 // hop_length > 1 + 600 // (n_fft // 2)
    assert len(drawn) > 40


def test_25_and_10_ms_are_whole_numbers_of_samples() -> None:
    assert {8000, 16000, 24000} <= set(STAMP_RATES)
    assert all(int(0.025 * rate) * 40 == rate == int(0.01 * rate) * 100 for rate in STAMP_RATES)


def test_tone_lies_in_another_band_where_the_rate_is_not_handed_on() -> None:
    for rate in FAR_RATES:
        for share in (0.06, 0.08, 0.1, 0.12):
            right, wrong = (mel(share * one) / mel(one / 2) * 55 for one in (rate, 16000))
            assert abs(right - wrong) > 1.5 + 0.5, (rate, share)  # as much as is allowed, and a half for rounding


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
        "sample_rate_left_out",
        "amplitude",
        "floor_clamped",
        "stamp_global_minimum",
        "stamp_window_of_10_ms",
        "stamp_cut",
        "stamp_nearest",
        "waveform_scaled_in_place",
        "block_no_skip",
        "block_no_relu",
        "block_kernel_ignored",
        "one_block",
        "skip_path_detached",
        "last_frame_only",
        "average_of_everything",
        "average_over_longest",
        "decision_by_probabilities",
        "decision_one_frame_less",
        "shift_upper_end_left_out",
        "shift_not_random",
        "spec_widest_left_out",
        "spec_crossing_alone",
        "stamp_in_place",
    ],
)
def test_mistake_is_seen_before_it_is_handed_in(name: str) -> None:
    """That the checks that it names catch it is tested with the galleries."""
    assert any(WRONG[name].catches(check) for check in PUBLIC)


def test_mistake_in_log_mel_costs_no_points_of_the_stamp() -> None:
    """Neither a wrong value nor a wrong shape, nor nothing at all."""
    stamps = [check for check in CHECKS if check.startswith("features.stamp")]
    mistakes = [one for one in WRONG.values() if one.module == "features" and one.catches("features.log_mel")]
    assert {"time_first", "bands_left_out", "log_mel_unwritten"} <= {answer.name for answer in mistakes}
    for answer in mistakes:
        assert not any(answer.catches(check) for check in stamps), answer.name


@pytest.mark.parametrize(
    ("name", "spared"),
    [
        ("log_mel_unwritten", "features.stamp"),
        ("stamp_unwritten", "features.log_mel"),
        ("context_unwritten", "features.log_mel"),
        ("average_unwritten", "baseline.sum_decision"),
        ("decision_unwritten", "baseline.time_average"),
        ("pool_unwritten", "masking.block"),
        ("block_unwritten", "masking.pool"),
        ("shift_unwritten", "augment.spec_augment"),
        ("spec_unwritten", "augment.time_shift"),
    ],
)
def test_what_is_not_written_costs_its_own_checks(name: str, spared: str) -> None:
    """The galleries say which checks each mistake fails, and that these are all."""
    assert not WRONG[name].catches(spared)


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


HINTS = [  # words of what came or of the hint
    ("pool_half", "masking.pool_full", "your result is float16"),
    ("pool_half", "masking.pool_full", "which line makes another type"),
    ("spec_sticks_out", "augment.spec_uniform", "stick out"),
    ("spec_width_decides_place", "augment.spec_uniform", "whatever the mask's width is"),
    ("spec_width_decides_other_place", "augment.spec_uniform", "one random number"),
    ("spec_places_mirrored", "augment.spec_uniform", "one random number"),
    ("spec_of_pairs", "augment.spec_uniform", "for each clip"),
    ("spec_last_place_left_out", "augment.spec_uniform", "Where does the last one end"),
    ("spec_last_place_left_out", "augment.spec_parts", "does it depend on the width"),
    ("spec_narrow_masks_never_at_the_end", "augment.spec_parts", "none that ends with the last"),
    ("viterbi_impossible_paths_cost_nothing", "baseline.viterbi_example", "a path that cannot be"),
    ("viterbi_all_ways_together", "baseline.viterbi_example", "or by all ways together"),
    ("silent_frames_not_counted", "classifier.no_lengths", "where a frame is all zeros"),
    ("stamp_of_a_soft_clip", "features.stamp_shape", "whose largest value is below 1"),
    ("bands_begin_at_20_hz", "features.log_mel", "bands that begin above 0 Hz"),
    ("decision_by_probabilities", "baseline.sum_example", "the classes of the largest sums of probabilities"),
    ("spec_widest_left_out", "augment.spec_parts", "upper end"),
    ("shift_not_random", "augment.shift_kept", "another seed"),
    ("shift_of_pairs", "augment.shift_uniform", "for each clip"),
    ("shift_upper_end_left_out", "augment.shift_moves", "upper end"),
    ("shift_rolls", "augment.shift_moves", "come back at the other"),
    ("pool_one_frame_less", "masking.pool_gradient", "own frames count"),
    ("pool_mask_as_wide_as_longest", "masking.pool_example", "clips of [2, 1] frames"),  # it crashes there
    ("pool_mask_as_wide_as_longest", "masking.pool_example", "Is the mask as wide as x"),
    ("block_mask_as_wide_as_longest", "masking.block_alone", "as wide as its batch"),
    ("mask_as_wide_as_longest", "classifier.alone", "as wide as its batch"),
    ("average_mask_as_wide_as_longest", "baseline.average_example", "-500 behind them"),
    ("lengths_demanded", "classifier.no_lengths", "without lengths: no exception"),
    ("stamp_window_of_10_ms", "features.stamp_click", "which of the two is the window"),
    ("stamp_fixed_window", "features.stamp_click", "as at 8000 Hz: how many are due"),
    ("stamp_cut", "features.stamp_stretched", "however long it is"),
    ("stamp_nearest", "features.stamp_stretched", "is one of them repeated"),
    ("stamp_global_minimum", "features.stamp_frames", "Over which axis is the minimum"),
    ("stamp_each_frame_divided", "features.stamp_frames", "of the whole stamp, or of each frame"),
    ("amplitude", "features.log_mel_power", "has three times the energy"),
    ("power_squared", "features.log_mel_power", "has 81 times the energy"),
    ("log10", "features.log_mel_power", "how does it grow with the loudness"),
    ("shift_by_half", "augment.shift_moves", "max_shift or half of it"),
    ("blocks_take_clips_to_be_full", "classifier.alone", "take each clip to be as long as the batch"),
    ("lengths_end_in_a_half", "classifier.alone", "rounded up, or that end in a half"),
    ("sample_rate_left_out", "features.log_mel_tone", "know the sample rate"),
    ("viterbi_no_penalty", "baseline.viterbi_example", "taken off for every change"),
    ("block_no_skip", "masking.block_example", "What is added to what"),
    ("spec_zeros", "augment.spec_mean", "and not 0"),
    ("spec_mean_of_batch", "augment.spec_mean", "the batch's"),
    ("spec_mean_after_first_mask", "augment.spec_mean", "before anything of it was hidden"),
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
    ("lengths_halved_before_the_block", "classifier.frames", "when a block gets it"),
    ("pooled_once_in_the_end", "classifier.frames", "or once in the end"),
    ("pool_divided_by_what_is_not_zero", "masking.pool_example", "is a frame with a 0 no frame"),
    ("average_divided_by_what_is_not_zero", "baseline.average_example", "is a frame with a 0 no frame"),
    ("block_in_the_older_order", "masking.block_example", "of convolution, norm, ReLU, twice"),
    ("block_masked_afterwards", "masking.block_alone", "of a mask after each convolution"),
    ("relu_behind_the_input", "classifier.values", "of a ReLU between `input` and the first block"),
    ("lengths_of_the_beginning", "classifier.alone", "the clips' lengths from before the poolings"),
    ("batch_normalised", "classifier.alone", "less its mean, divided by its spread"),
    ("stamp_of_a_louder_clip", "features.stamp_silence", "made louder before log_mel"),
    ("shift_repeats_the_last_sample", "augment.shift_moves", "the outermost sample comes again"),
    ("log_mel_other_floor", "features.log_mel_silence", "is the natural logarithm of 1e-08"),
]
EDITS = [  # module, old and new text, check, words of the case or of the hint
    ("masking", ">= lengths", "< lengths", "masking.block_example", "f adds nothing to the clip's own frames"),
    ("masking", ">= lengths", "< lengths", "masking.block_alone", "f adds nothing to the clip's own frames"),
    ("masking", "/ lengths[:, None]", "/ lengths[:, None, None]", "masking.pool_shape", "which two shapes meet"),
    ("masking", "/ lengths[:, None]", "/ lengths[:, None, None]", "masking.pool_example", "which two shapes meet"),
    (
        "masking",
        "(torch.arange(x.shape[2]) >= lengths[:, None])[:, None]",
        "torch.arange(x.shape[2]) >= lengths[:, None]",
        "masking.input_kept",
        "x of shape (2, 3, 9), lengths of shape (2,): no exception",
    ),
    (
        "baseline",
        "sum(dim=2) / lengths[:, None]",
        "sum(dim=2) / lengths",
        "baseline.average_kept",
        "run on such inputs",
    ),
    (
        "baseline",
        "sum(dim=2) / lengths[:, None]",
        "sum(dim=2) / lengths[:, None, None]",
        "baseline.average_constant",
        "which two shapes meet",
    ),
    (
        "baseline",
        "log_probs.masked_fill(~inside[:, None], 0)",
        'log_probs.masked_fill(~inside[:, None], float("-inf"))',
        "baseline.sum_example",
        "where all sums are equal or NaN",
    ),
    (
        "classifier",
        "outside = torch.arange(log_mel.shape[2]) >=",
        "log_mel, lengths = log_mel.flip(0), lengths.flip(0)\n        outside = torch.arange(log_mel.shape[2]) >=",
        "classifier.alone",
        "the right logits in another order",
    ),
    ("baseline", "0).sum(dim=2).argmax(", "0).sum(dim=2).argmin(", "baseline.sum_example", "of the smallest sums"),
    (  # a clip alone then gives no batch, and what is asked all the same is the check's own question
        "baseline",
        "log_probs.masked_fill(~inside[:, None], 0).sum(dim=2).argmax(dim=1)",
        'log_probs.masked_fill(~inside[:, None], float("-inf")).sum(dim=2).argmax(dim=1).squeeze()',
        "baseline.sum_example",
        "Over which axis is the sum",
    ),
    (
        "baseline",
        "log_probs.masked_fill(~inside[:, None], 0).sum(dim=2).argmax(dim=1)",
        "(nn.functional.one_hot(log_probs.argmax(dim=1)) * inside[..., None]).sum(dim=1).argmax(dim=1)",
        "baseline.sum_example",
        "the classes of a vote of the frames",
    ),
    (
        "features",
        "n_mels=n_mels)\n    return torch",
        "n_mels=n_mels, norm='slaney')\n    return torch",
        "features.log_mel",
        "Slaney's norm",
    ),
    ("features", "return torch.log(mel", "return torch.log10(mel", "features.log_mel", "logarithms to base 10"),
    ("classifier", "lengths // 2", "(lengths + 1) // 2", "classifier.alone", "rounded up, or that end in a half"),
    ("augment", "place < first + width", "place <= first + width", "augment.spec_zero", "one wider than allowed"),
    ("augment", "place < first + width", "place <= first + width", "augment.spec_parts", "one wider than allowed"),
    ("augment", "mean, log_mel)", "log_mel, mean)", "augment.spec_zero", "The masks alone are left"),
    ("augment", "mean, log_mel)", "log_mel, mean)", "augment.spec_parts", "The masks alone are left"),
    (
        "augment",
        "((n_mels, freq_mask), (time, time_mask))",
        "((n_mels, time_mask), (time, freq_mask))",
        "augment.spec_parts",
        "Which of the two widths belongs",
    ),
    ("augment", "(batch, 1), generator", "(batch, time), generator", "augment.shift_moves", "by different numbers"),
    (
        "augment",
        "torch.randint(-max_shift, max_shift + 1, (batch, 1), generator=generator)",
        "((2 * max_shift + 1) * torch.rand(batch, 1, generator=generator) - max_shift).long()",
        "augment.shift_moves",
        "a number below 0",
    ),
    ("features", "[0].T", "[0].reshape(STAMP_FRAMES, STAMP_MELS)", "features.stamp_click", "exchange the two axes"),
    ("features", "[0].T", "[0].reshape(STAMP_FRAMES, STAMP_MELS)", "features.stamp_frames", "exchange the two axes"),
    ("features", "[0].T", "[0].reshape(STAMP_FRAMES, STAMP_MELS)", "features.stamp_stretched", "exchange the two axes"),
    (
        "features",
        "F.interpolate(features, size",
        "F.interpolate(features.transpose(1, 2), size",
        "features.stamp_shape",
        "which of the two axes was stretched",
    ),
    (
        "features",
        "(waveform) + 1e-6)\n    ### END",
        "(waveform / waveform.abs().max().clamp(min=1e-9)) + 1e-6)\n    ### END",
        "features.log_mel_power",
        "comes out as the soft one",
    ),
]


@pytest.fixture(scope="module")
def hints() -> dict[tuple[str, str], str]:
    """All that is told, by wrong answer and check."""
    asked = dict.fromkeys((answer, check) for answer, check, _ in HINTS)
    jobs = [Job(answer, "spoken_digits", WRONG[answer].files(), (check,)) for answer, check in asked]
    return {
        (outcome.name, verdict.check): f"{verdict.expected}\n{verdict.got}\n{verdict.hint}"
        for outcome in run_jobs(jobs)
        for verdict in outcome.verdicts
    }


@pytest.mark.parametrize(("answer", "check", "words"), HINTS)
def test_hint_fits_the_mistake(answer: str, check: str, words: str, hints: dict[tuple[str, str], str]) -> None:
    assert words in hints[answer, check]


@pytest.fixture(scope="module")
def edited() -> dict[str, str]:
    """All that is told, by the place among the edits."""
    jobs = []
    for place, (module, old, new, check, _) in enumerate(EDITS):
        files = solution_files("spoken_digits")
        assert old in files[module], old
        jobs.append(Job(str(place), "spoken_digits", files | {module: files[module].replace(old, new)}, (check,)))
    return {
        outcome.name: f"{verdict.expected}\n{verdict.got}\n{verdict.hint}"
        for outcome in run_jobs(jobs)
        for verdict in outcome.verdicts
        if verdict.check == EDITS[int(outcome.name)][3]
    }


@pytest.mark.parametrize("place", range(len(EDITS)))
def test_the_difference_itself_tells_what_to_ask(place: int, edited: dict[str, str]) -> None:
    assert EDITS[place][-1] in edited[str(place)]
