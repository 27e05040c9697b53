"""Public checks of task 2."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import torch

from exercises.checking import Expect, awkward, check

from .inputs import require_inputs_kept


@check("baseline.average_constant", points=0.25, idea="The average of equal frames is the frame, however long the clip")
def constant_clip_is_its_own_average(student: Any, solution: Any, expect: Expect) -> None:
    """The numbers have short binary fractions, so that sums of them are exact in any type."""
    frames = torch.tensor([[1.0, -2.0, 0.5], [4.0, 0.0, 3.0]])
    for bands, lengths in ((3, (12, 12)), (3, (5, 9)), (1, (7, 1)), (3, (11,)), (1, (12,))):
        frame = frames[: len(lengths), :bands]
        expect.close(
            student.training.of_view(
                student.baseline.time_average, frame[:, :, None].repeat(1, 1, 12), torch.tensor(lengths)
            ),
            frame,
            atol=1e-5,  # float32: a mean of up to 12 equal values, at most 4
            case=f"lengths {lengths} of 12 frames, {bands} bands",
            hint="By which number is each clip's sum divided? Is the mask as wide as the features?",
        )


@check("baseline.average_kept", points=0.25, idea="The average leaves the features and their lengths as they are")
def average_leaves_its_inputs(student: Any, solution: Any, expect: Expect) -> None:
    x = awkward(2, 3, 9, dtype=torch.float32)
    average = student.baseline.time_average
    require_inputs_kept(student, expect, ("features", "lengths"), average, x, torch.tensor([9, 4]))


@check("baseline.sum_example", points=0.25, idea="The frames' log-probabilities are added, and the largest sum decides")
def sums_decide(student: Any, solution: Any, expect: Expect) -> None:
    probabilities = torch.tensor(
        [[0.8, 0.8, 0.001, 0.9, 0.9], [0.19, 0.19, 0.99, 0.09, 0.09], [0.01, 0.01, 0.009, 0.01, 0.01]]
    )
    # By votes it would be class 0, by the sum of the probabilities too; the logarithms do not forgive the 0.001.
    log_probs = probabilities.log()[None]
    for lengths, due in (((2, 3), (0, 1)), ((3, 2), (1, 0)), ((3,), (1,))):
        found = student.training.of_view(
            student.baseline.sum_decision, log_probs.repeat(len(lengths), 1, 1), torch.tensor(lengths)
        )
        expect.shape(found, (len(lengths),), hint="One class number for each clip.")
        for clip, length in enumerate(lengths):
            expect.equal(
                expect.tensor(found)[clip],
                due[clip],
                case=f"five frames, of which {length} are the clip's own",
                hint="Over which axis is the sum, and over which the maximum? Which frames count?",
            )


@check("baseline.decision_kept", points=0.25, idea="The decision leaves the log-probabilities and lengths as they are")
def decision_leaves_its_inputs(student: Any, solution: Any, expect: Expect) -> None:
    x = awkward(2, 3, 9, dtype=torch.float32).log_softmax(dim=1)
    decide = student.baseline.sum_decision
    require_inputs_kept(student, expect, ("log_probs", "lengths"), decide, x, torch.tensor([9, 4]))


def segments(path: list[int]) -> list[tuple[int, int]]:
    """The stretches of one class, as (class, frames)."""
    return [(label, len(list(run))) for label, run in groupby(path)]


@check("baseline.viterbi_durations", points=0.25, extra=True, idea="No segment of the path is shorter than allowed")
def segments_last_long_enough(student: Any, solution: Any, expect: Expect) -> None:
    for num_classes, min_duration, time in ((4, 1, 9), (4, 3, 20), (4, 5, 5), (4, 4, 11), (1, 2, 6), (3, 1, 1)):
        log_probs = awkward(num_classes, time, seed=min_duration, dtype=torch.float32).log_softmax(dim=0)
        case = f"{num_classes} classes, min_duration={min_duration}, {time} frames"
        path = student.baseline.viterbi(log_probs.clone(), min_duration)
        expect.shape(path, (time,), case=case, hint="One class for each frame.")
        found = segments(expect.tensor(path).tolist())
        expect.that(
            min(frames for _, frames in found) >= min_duration,
            expected=f"segments of at least {min_duration} frames",
            got=f"{case}: one of {min(frames for _, frames in found)}",
            hint="When may the path change to another class? And the first and the last segment?",
        )
        require_inputs_kept(student, expect, ("log_probs",), student.baseline.viterbi, log_probs, min_duration)
