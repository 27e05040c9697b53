"""A number written into an answer, where the size of its input belongs, is right for no draw of `spoken_digits`."""

from __future__ import annotations

import pytest

from exercises.checking import Check, Status
from exercises.checking.run import run_check
from grader.authoring.answers import laid_out
from grader.authoring.galleries import solution_files
from grader.grading.checked.reference import Reference
from grader.measuring.validity.jobs import checks_in

SEEDS = range(20)
FORWARD = """

class Cut({0}):
    def forward(self, x, lengths=None):
        lengths = torch.full((len(x),), x.shape[2]) if lengths is None else lengths
        {1}


{0} = Cut
"""


def cut(function: str, arguments: str, body: str) -> str:
    """The solution's function under its name, with something cut off before or behind it."""
    return f"\n\nright = {function}\n\n\ndef {function}({arguments}):\n    {body}\n"


STAMP, SUM = "waveform, sample_rate", "log_probs, lengths"
CONTEXT, LOG_MEL = ("features, width=15", "waveform, sample_rate, n_fft, hop_length, n_mels")
CROPS = [  # module, what stands behind the solution, a public check that fails, and a hidden one
    (
        "features",
        cut("context_windows", CONTEXT, "return right(features, width)[..., :15]"),
        "context_shape",
        "context",
    ),
    ("features", cut("context_windows", CONTEXT, "return right(features, width)[:80]"), "context_shape", "context"),
    ("features", cut("context_windows", CONTEXT, "return right(features, min(width, 17))"), "context_shape", "context"),
    (
        "features",
        cut("log_mel", LOG_MEL, "return right(waveform[:, :16000], sample_rate, n_fft, hop_length, n_mels)"),
        "log_mel_shape",
        "log_mel",
    ),
    (
        "features",
        cut("log_mel", LOG_MEL, "return right(waveform, sample_rate, n_fft, hop_length, n_mels)[:, :80]"),
        "log_mel_shape",
        "",
    ),
    (
        "features",
        cut("log_mel", LOG_MEL, "return right(waveform, sample_rate, n_fft, hop_length, n_mels)[:4]"),
        "log_mel_shape",
        "",
    ),
    (
        "features",
        cut("log_mel", LOG_MEL, "return right(waveform, sample_rate, 400, 160, n_mels)"),
        "log_mel_s",
        "log_mel",
    ),
    (
        "features",
        cut("log_mel", LOG_MEL, "return right(waveform, sample_rate, 400, hop_length, n_mels)"),
        "",
        "log_mel",
    ),
    (
        "features",
        cut("log_mel", LOG_MEL, "return right(waveform, 16000, n_fft, hop_length, n_mels)"),
        "log_mel",
        "log_mel",
    ),
    (
        "features",
        cut("log_mel", LOG_MEL, "return right(waveform, 8000, n_fft, hop_length, n_mels)"),
        "log_mel",
        "log_mel",
    ),
    (
        "features",
        cut("log_mel", LOG_MEL, "return right(waveform, sample_rate, n_fft, hop_length, 40)"),
        "log_mel",
        "log_mel",
    ),
    ("features", cut("stamp", STAMP, "return right(waveform[:16000], sample_rate)"), "stamp", "stamp"),
    ("features", cut("stamp", STAMP, "return right(waveform[:8000], sample_rate)"), "stamp", "stamp"),
    ("features", cut("stamp", STAMP, "return right(waveform, 8000)"), "stamp", "stamp"),
    (
        "baseline",
        cut("time_average", "features, lengths", "return right(features[:, :, :80], lengths.clamp(max=80))"),
        "average",
        "time_average",
    ),
    (
        "baseline",
        cut("sum_decision", SUM, "return right(log_probs[:, :, :80], lengths.clamp(max=80))"),
        "sum_example",
        "sum_decision",
    ),
    ("baseline", cut("sum_decision", SUM, "return right(log_probs[:, :10], lengths)"), "sum_e", "sum_d"),
    (
        "baseline",
        cut("viterbi", "log_probs, min_duration, switch_penalty=0.0", "return right(log_probs[:, :80], min_duration)"),
        "viterbi_durations",
        "viterbi",
    ),
    (
        "baseline",
        cut("viterbi", "log_probs, *rest", "return right(log_probs[:10], *rest)"),
        "viterbi_durations",
        "",
    ),
    (
        "baseline",
        cut("viterbi", "log_probs, *rest", "return log_probs.mean(dim=1).argmax().expand(log_probs.shape[1])"),
        "viterbi_durations",
        "viterbi",
    ),
    (
        "masking",
        FORWARD.format("MaskedGlobalAvgPool1d", "return super().forward(x[:, :, :80], lengths.clamp(max=80))"),
        "pool_gradient",
        "pool",
    ),
    (
        "masking",
        FORWARD.format("MaskedResidualBlock1d", "return super().forward(x, lengths.clamp(max=80))"),
        "block_example",
        "block",
    ),
    (
        "classifier",
        FORWARD.format("CNNClassifier1d", "return super().forward(x[:, :, :80], lengths.clamp(max=80))"),
        "frames",
        "values",
    ),
    ("classifier", FORWARD.format("CNNClassifier1d", "return super().forward(x, lengths)[:, :10]"), "shape", ""),
    ("augment", cut("time_shift", "waveform, *rest", "return right(waveform[:, :16000], *rest)"), "shift_shape", ""),
    ("augment", cut("spec_augment", "log_mel, *rest", "return right(log_mel[:, :80], *rest)"), "spec_mean", ""),
]


def passed(check: Check, student: Reference | object, reference: Reference) -> bool:
    return run_check(check, student, reference, reveal=check.public, earlier={}).status is Status.PASSED


@pytest.mark.parametrize(("module", "behind", "public", "hidden"), CROPS)
def test_a_fixed_size_passes_with_no_seed(module: str, behind: str, public: str, hidden: str) -> None:
    files = solution_files("spoken_digits")
    files[module] += behind
    checks = [check for check in checks_in("spoken_digits") if not check.trains and check.task == module]
    with laid_out("spoken_digits", files) as student:
        for beginning, shown in ((public, True), (hidden, False)):
            mine = [c for c in checks if c.public is shown and c.id.startswith(f"{module}.{beginning}")]
            for seed in SEEDS if beginning else ():
                reference = Reference("spoken_digits", seed)
                assert not all(passed(check, student, reference) for check in mine), (seed, beginning)
