"""Hidden checks of task 2: averages and sums over a clip's own frames, and the extra task."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from exercises.checking import Expect, check
from exercises.spoken_digits.checks.baseline import segments
from grader.checks.private import private

LENGTHS = (23, 7, 1, 15)


def padded(x: Tensor, lengths: tuple[int, ...], seed: int = 0) -> Tensor:
    """The same clips, with large values of either sign where padding is."""
    outside = torch.arange(x.shape[2]) >= torch.tensor(lengths)[:, None]
    noise = torch.randn(x.shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    return x.masked_fill(outside[:, None], 0) + (1e4 * noise).to(x.dtype) * outside[:, None]


@check("baseline.time_average", points=0.75, idea="Frames past a clip's length do not count, whatever they hold")
def average_of_own_frames(student: Any, solution: Any, expect: Expect) -> None:
    for seed in range(3):
        x = private(solution, 4, 5, 23, seed=seed) + 1
        expected = torch.stack([clip[:, :length].mean(dim=1) for clip, length in zip(x, LENGTHS, strict=True)])
        expect.close(
            student.baseline.time_average(padded(x, LENGTHS, seed), torch.tensor(LENGTHS)),
            expected,
            atol=1e-9,  # float64; large values that are left out leave nothing behind
            case=f"lengths {LENGTHS} of 23 frames",
            hint="Do the frames of the padding get into the sum, or into the number that it is divided by?",
        )


@check("baseline.sum_decision", points=0.75, idea="The decision of a clip's own frames")
def decision_of_own_frames(student: Any, solution: Any, expect: Expect) -> None:
    for seed in range(4):
        x = private(solution, 4, 6, 23, seed=seed).log_softmax(dim=1)
        due = torch.stack([clip[:, :length].sum(dim=1).argmax() for clip, length in zip(x, LENGTHS, strict=True)])
        found = expect.tensor(student.baseline.sum_decision(padded(x, LENGTHS, seed), torch.tensor(LENGTHS)))
        expect.shape(found, (4,))
        wrong = int((found.detach() != due).sum())
        expect.that(
            wrong == 0,
            expected="the class with the largest sum over each clip's own frames",
            got=f"another class for {wrong} of 4 clips",
            hint="Which frames are added? Log-probabilities are added, probabilities would be multiplied.",
        )


def path_score(log_probs: Tensor, path: list[int], switch_penalty: float) -> float:
    """The sum of the frames' log-probabilities, less the penalty for every change."""
    frames = sum(float(log_probs[label, t]) for t, label in enumerate(path))
    return frames - switch_penalty * (len(segments(path)) - 1)


@check(
    "baseline.viterbi",
    points=0.75,
    extra=True,
    idea="The best path of all that are allowed",
    needs=["baseline.viterbi_durations"],
)
def best_path(student: Any, solution: Any, expect: Expect) -> None:
    """Judged by its score, so that of two equally good paths either is right."""
    settings = ((1, 0.0, 12), (2, 0.0, 9), (3, 0.5, 25), (1, 4.0, 30), (6, 0.0, 6), (2, 6.0, 40))
    for seed, (min_duration, switch_penalty, time) in enumerate(settings):
        x = 2 * private(solution, 5, time, seed=seed)
        x += 3 * torch.nn.functional.one_hot((torch.arange(time) * 3 // time), 5).T  # three words, one after the other
        log_probs = x.log_softmax(dim=0)
        case = f"min_duration={min_duration}, switch_penalty={switch_penalty}, {time} frames"
        found = expect.tensor(student.baseline.viterbi(log_probs.clone(), min_duration, switch_penalty), case=case)
        expect.shape(found, (time,), case=case)
        path = [int(label) for label in found.tolist()]
        expect.that(
            all(0 <= label < 5 for label in path) and min(n for _, n in segments(path)) >= min_duration,
            expected=f"classes from 0 to 4, in segments of at least {min_duration} frames",
            got=f"{case}: {segments(path)}"[:200],
            hint="When may the path change to another class?",
        )
        best = path_score(
            log_probs, solution.baseline.viterbi(log_probs, min_duration, switch_penalty).tolist(), switch_penalty
        )
        score = path_score(log_probs, path, switch_penalty)
        expect.that(
            score >= best - 1e-6,
            expected="the path with the largest score",
            got=f"{case}: a path whose score is {best - score:.3g} below it",
            hint="Is the best way into each segment kept for every class, with what a change costs?",
        )
