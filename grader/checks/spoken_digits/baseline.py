"""Hidden checks of task 2: averages and sums over a clip's own frames, and the extra task."""

from __future__ import annotations

from itertools import count
from typing import Any

import torch
from torch import Tensor

from exercises.checking import Expect, check
from exercises.spoken_digits.checks.baseline import segments
from exercises.spoken_digits.checks.inputs import padded
from grader.checks.private import private
from grader.checks.spoken_digits.lengths import batches


@check("baseline.time_average", points=0.5, idea="Frames past a clip's length do not count, whatever they hold")
def average_of_own_frames(student: Any, solution: Any, expect: Expect) -> None:
    for seed, (time, lengths) in enumerate(batches(solution)):
        x = (private(solution, len(lengths), 5, time, seed=seed) + 1).float()
        expect.close(
            student.training.of_view(student.baseline.time_average, padded(x, lengths, seed), torch.tensor(lengths)),
            torch.stack([clip[:, :length].mean(dim=1) for clip, length in zip(x, lengths, strict=True)]),
            atol=1e-4,  # float32: sums of at most 50 values around 1; large values that are left out leave nothing
            case=f"lengths {lengths} of {time} frames",
            hint="Do the frames of the padding get into the sum, or into the number that it is divided by?",
        )


@check("baseline.sum_decision", points=0.5, idea="The decision of a clip's own frames")
def decision_of_own_frames(student: Any, solution: Any, expect: Expect) -> None:
    for seed, (time, lengths) in enumerate(batches(solution, seed=1)):
        x, due = _undisputed(solution, time, lengths, seed)
        found = expect.tensor(
            student.training.of_view(student.baseline.sum_decision, padded(x, lengths, seed), torch.tensor(lengths))
        )
        expect.shape(found, due.shape)
        wrong = int((found.detach() != due).sum())
        expect.that(
            wrong == 0,
            expected="the class with the largest sum over each clip's own frames",
            got=f"lengths {lengths} of {time} frames: another class for {wrong} of {len(lengths)} clips",
            hint="Which frames are added? Log-probabilities are added, probabilities would be multiplied.",
        )


def _undisputed(solution: Any, time: int, lengths: tuple[int, ...], seed: int) -> tuple[Tensor, Tensor]:
    """Log-probabilities, and the classes of the largest sums.

    Each of these leads by more than float32 can lose, and the sum of the probabilities and the frames' votes would each
    decide otherwise for at least one clip.
    """
    for attempt in count():
        x = (2 * private(solution, len(lengths), 6, time, seed=1000 * attempt + seed)).float().log_softmax(dim=1)
        clips = [clip[:, :length] for clip, length in zip(x, lengths, strict=True)]
        sums = torch.stack([clip.sum(dim=1) for clip in clips])
        best, second = sums.topk(2, dim=1).values.T
        due = sums.argmax(dim=1)
        others = (
            torch.stack([clip.exp().sum(dim=1).argmax() for clip in clips]),
            torch.stack([clip.argmax(dim=0).bincount(minlength=6).argmax() for clip in clips]),
        )
        differ = all(bool((other != due).any()) for other in others)
        if bool((best - second > 0.05).all()) and differ:
            return x, due
    raise AssertionError("unreachable")


def path_score(log_probs: Tensor, path: list[int], switch_penalty: float) -> float:
    """The sum of the frames' log-probabilities, less the penalty for every change."""
    frames = sum(float(log_probs[label, t]) for t, label in enumerate(path))
    return frames - switch_penalty * (len(segments(path)) - 1)


@check(
    "baseline.viterbi",
    points=0.75,
    extra=True,
    idea="The best path of all that are allowed",
)
def best_path(student: Any, solution: Any, expect: Expect) -> None:
    """Judged by its score, so that of two equally good paths either is right.

    Log-probabilities are rounded to 1/64, and penalties are halves: then sums of them are exact in float32 as well.
    """
    settings = ((1, 0.0, 12), (2, 0.0, 9), (3, 0.5, 25), (1, 4.0, 30), (6, 0.0, 6), (2, 6.0, 40))
    for seed, (min_duration, switch_penalty, time) in enumerate(settings):
        x = 2 * private(solution, 5, time, seed=seed)
        x += 3 * torch.nn.functional.one_hot((torch.arange(time) * 3 // time), 5).T  # three words, one after the other
        log_probs = ((64 * x.log_softmax(dim=0)).round() / 64).float()
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
            score >= best - 1e-3,  # scores are multiples of 1/64
            expected="the path with the largest score",
            got=f"{case}: a path whose score is {best - score:.3g} below it",
            hint="Is the best way into each segment kept for every class, with what a change costs?",
        )
