"""Public checks of task 2."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import torch

from exercises.checking import Expect, awkward, check


@check("baseline.average_constant", points=0.25, idea="The average of equal frames is the frame, however long the clip")
def constant_clip_is_its_own_average(student: Any, solution: Any, expect: Expect) -> None:
    frame = torch.tensor([[1.0, -2.0, 0.5], [4.0, 0.0, 3.0]], dtype=torch.float64)
    features = frame[:, :, None].repeat(1, 1, 12)
    for lengths in ((12, 12), (12, 5), (1, 7)):
        expect.close(
            student.baseline.time_average(features.clone(), torch.tensor(lengths)),
            frame,
            atol=1e-12,  # a mean of up to 12 equal values in float64
            case=f"lengths {lengths} of 12 frames",
            hint="By which number is each clip's sum divided?",
        )


@check("baseline.sum_example", points=0.25, idea="The frames' log-probabilities are added, and the largest sum decides")
def sums_decide(student: Any, solution: Any, expect: Expect) -> None:
    probabilities = torch.tensor([[0.8, 0.8, 0.001], [0.19, 0.19, 0.99], [0.01, 0.01, 0.009]], dtype=torch.float64)
    # By votes it would be class 0, by the sum of the probabilities too; the logarithms do not forgive the 0.001.
    log_probs = probabilities.log()[None].repeat(2, 1, 1)
    found = student.baseline.sum_decision(log_probs, torch.tensor([3, 2]))
    expect.shape(found, (2,), hint="One class number for each clip.")
    for clip, (length, due) in enumerate(((3, 1), (2, 0))):
        expect.equal(
            expect.tensor(found)[clip],
            due,
            case=f"three frames, of which {length} are the clip's own",
            hint="Over which axis is the sum, and over which the maximum? Which frames count?",
        )


def segments(path: list[int]) -> list[tuple[int, int]]:
    """The stretches of one class, as (class, frames)."""
    return [(label, len(list(run))) for label, run in groupby(path)]


@check("baseline.viterbi_durations", points=0.25, extra=True, idea="No segment of the path is shorter than allowed")
def segments_last_long_enough(student: Any, solution: Any, expect: Expect) -> None:
    for min_duration, time in ((1, 9), (3, 20), (5, 5), (4, 11)):
        log_probs = awkward(4, time, seed=min_duration).log_softmax(dim=0)
        case = f"min_duration={min_duration}, {time} frames"
        path = student.baseline.viterbi(log_probs, min_duration)
        expect.shape(path, (time,), case=case, hint="One class for each frame.")
        found = segments(expect.tensor(path).tolist())
        expect.that(
            min(frames for _, frames in found) >= min_duration,
            expected=f"segments of at least {min_duration} frames",
            got=f"{case}: one of {min(frames for _, frames in found)}",
            hint="When may the path change to another class? And the first and the last segment?",
        )
