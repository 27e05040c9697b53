"""Public checks of task 2."""

from __future__ import annotations

from functools import partial
from itertools import groupby
from typing import Any

import torch
from torch import Tensor

from exercises.checking import Expect, Reference, Student, awkward, check, draw

from . import hints
from .asked import about_average, about_classes
from .inputs import LONG, require_inputs_kept


@check(
    "baseline.average_constant",
    points=0.25,
    hints=hints.OWN_FRAMES,
    idea="The average of equal frames is the frame, however long the clip",
)
def constant_clip_is_its_own_average(student: Student, solution: Reference | None, expect: Expect) -> None:
    """The numbers have short binary fractions, so that sums of them are exact in any type."""
    random = draw("frames")
    hint = "By which number is each clip's sum divided? Is the mask as wide as the features?"
    for bands, lengths in ((3, (12, 12)), (3, (5, 9)), (1, (7, 1)), (3, (11,)), (1, (12,))):
        frame = torch.tensor([[random.randint(1, 16) / 4 for _ in range(bands)] for _ in lengths])
        with expect.case(f"lengths {lengths} of 12 frames, {bands} bands", hint=hint):
            features = frame[:, :, None].repeat(1, 1, 12)
            found = student.training.of_view(student.baseline.time_average, features, torch.tensor(lengths))
            # float32: a mean of up to 12 equal values, at most 4
            expect.close(found, frame, atol=1e-5, hint=about_average(found, hint))


@check(
    "baseline.average_example",
    points=0.25,
    hints=hints.OWN_FRAMES,
    idea="Frames past a clip's length do not count, and all before it do",
)
def average_of_an_example(student: Student, solution: Reference | None, expect: Expect) -> None:
    """Whole numbers with a 0; no clip fills the tensor, the longest, at last longer than LONG, is not the first."""
    random = draw("frames")
    long = random.randint(LONG + 1, LONG + 12)
    hint = "Which frames get into the sum, and is each clip's sum divided by its own number of frames?"
    for time, lengths in ((6, random.choice(((2, 5, 4), (4, 5, 1), (1, 4, 2)))), (long + 3, (7, long, 30))):
        x = torch.full((3, 2, time), -500.0)
        for clip, length in enumerate(lengths):
            x[clip, :, :length] = torch.tensor([[random.randint(-20, 20) for _ in range(length)] for _ in range(2)])
            x[clip, 0, 0] = 0.0
            x[clip, :, length - 1] += 100  # so that the last frame cannot be left out
        with expect.case(f"clips of {lengths} frames, with -500 behind them up to {time} frames", hint=hint):
            found = student.baseline.time_average(x, torch.tensor(lengths))
            own = [clip[:, :length] for clip, length in zip(x, lengths, strict=True)]
            due = torch.stack([frames.mean(dim=1) for frames in own])
            # float32: means of up to 92 values of at most 20, and one of 120
            expect.close(found, due, atol=1e-4, hint=about_average(found, hint, own))


@check(
    "baseline.average_kept",
    points=0.25,
    hints=hints.INPUT_KEPT,
    idea="The average leaves the features and their lengths as they are",
)
def average_leaves_its_inputs(student: Student, solution: Reference | None, expect: Expect) -> None:
    x = awkward(2, 3, 9, dtype=torch.float32)
    average = student.baseline.time_average
    require_inputs_kept(student, expect, ("features", "lengths"), average, x, torch.tensor([9, 4]))


@check(
    "baseline.sum_example",
    points=0.25,
    hints=hints.DECISION,
    idea="The frames' log-probabilities are added, and the largest sum decides",
)
def sums_decide(student: Student, solution: Reference | None, expect: Expect) -> None:
    """Over three and four frames it would be another class by votes, and by the sum of the probabilities.

    The logarithms do not forgive the 0.001.  Which class is which is drawn.
    """
    probabilities = torch.tensor(
        [[0.8, 0.8, 0.001, 0.9, 0.9], [0.19, 0.19, 0.99, 0.09, 0.09], [0.01, 0.01, 0.009, 0.01, 0.01]]
    )
    hint = "Over which axis is the sum, and over which the maximum? Which frames count?"
    for clips in ((2, 3), (3, 2), (3,), (4, 2)):
        order = draw(f"classes {clips}").sample(range(3), 3)  # the class of each row
        log_probs = probabilities[[order.index(label) for label in range(3)]].log()[None].repeat(len(clips), 1, 1)
        with expect.case(f"clips of {clips} of 5 frames", hint=hint):
            decide = student.baseline.sum_decision
            found = student.training.of_view(decide, log_probs, torch.tensor(clips))
            expect.shape(found, (len(clips),), hint="One class number for each clip.")
            due = [order[0 if length == 2 else 1] for length in clips]
            asked = partial(about_classes, decide, hint)
            for clip, length in enumerate(clips):
                case = f"five frames, of which {length} are the clip's own"
                expect.equal(found[clip], due[clip], case=case, hint=asked)
    _long_clips_are_read_to_their_end(student, expect, hint)


def _long_clips_are_read_to_their_end(student: Any, expect: Expect, hint: str) -> None:
    """A clip in which the second of twelve classes leads by a little, and one whose last frames prefer the last."""
    long = draw("long").randint(LONG + 1, LONG + 12)
    log_probs = torch.full((2, 12, long + 6), -8.0)
    log_probs[:, 1], log_probs[:, 11] = -0.8, -0.9
    log_probs[:, 1, long:] = -7.0  # 4 frames weigh more than at most 92 with 0.1 each
    lengths = (long, long + 4)
    with expect.case(f"clips of {lengths} of {long + 6} frames, 12 classes", hint=hint):
        found = student.baseline.sum_decision(log_probs, torch.tensor(lengths))
        expect.shape(found, (2,), hint="One class number for each clip.")
        expect.close(found, torch.tensor([1, 11]), atol=0.0)


@check(
    "baseline.decision_kept",
    points=0.25,
    hints=hints.INPUT_KEPT,
    idea="The decision leaves the log-probabilities and lengths as they are",
)
def decision_leaves_its_inputs(student: Student, solution: Reference | None, expect: Expect) -> None:
    x = awkward(2, 3, 9, dtype=torch.float32).log_softmax(dim=1)
    decide = student.baseline.sum_decision
    require_inputs_kept(student, expect, ("log_probs", "lengths"), decide, x, torch.tensor([9, 4]))


def segments(path: list[int]) -> list[tuple[int, int]]:
    """The stretches of one class, as (class, frames)."""
    return [(label, len(list(run))) for label, run in groupby(path)]


@check(
    "baseline.viterbi_durations",
    points=0.25,
    extra=True,
    hints=hints.BEST_PATH,
    idea="No segment of the path is shorter than allowed",
)
def segments_last_long_enough(student: Student, solution: Reference | None, expect: Expect) -> None:
    hint = "When may the path change to another class? And the first and the last segment?"
    for num_classes, min_duration, time in ((4, 1, 9), (4, 3, 20), (4, 5, 5), (4, 4, 11), (1, 2, 6), (3, 1, 1)):
        log_probs = awkward(num_classes, time, seed=min_duration, dtype=torch.float32).log_softmax(dim=0)
        with expect.case(f"{num_classes} classes, min_duration={min_duration}, {time} frames", hint=hint):
            path = student.baseline.viterbi(log_probs.clone(), min_duration)
            expect.shape(path, (time,), hint="One class for each frame.")
            found = segments(expect.tensor(path).tolist())
            shortest = min(frames for _, frames in found)
            expect.that(
                shortest >= min_duration,
                expected=f"segments of at least {min_duration} frames",
                got=f"one of {shortest}",
            )
            strange = sorted({label for label, _ in found} - set(range(num_classes)))
            expect.that(not strange, expected=f"classes from 0 to {num_classes - 1}", got=f"{strange}"[:200])
            require_inputs_kept(student, expect, ("log_probs",), student.baseline.viterbi, log_probs, min_duration)
    _plain_words_are_heard(student, expect)


def _plain_words_are_heard(student: Any, expect: Expect) -> None:
    """Three words that lead by far in each frame, of three of at least four classes: so no path of one class passes."""
    random = draw("words")
    for num_classes, time in ((random.randint(4, 6), 15), (12, random.randint(LONG + 1, LONG + 12))):
        words = random.sample(range(num_classes - 1), 2)
        words.insert(1, num_classes - 1)
        begins = (0, time // 4, time - 4)  # the last word is short, so that nothing is left out at the end
        path = [words[sum(t >= begin for begin in begins) - 1] for t in range(time)]
        log_probs = awkward(num_classes, time, dtype=torch.float32)
        log_probs[path, range(time)] += 20.0
        hint = "What is left of the best path where each frame says clearly which class it is?"
        with expect.case(f"{num_classes} classes, min_duration=3, {time} frames in three words", hint=hint):
            found = student.baseline.viterbi(log_probs.log_softmax(dim=0), 3)
            expect.shape(found, (time,), hint="One class for each frame.")
            expect.that(
                bool((expect.tensor(found).detach() == torch.tensor(path)).all()),
                expected=f"{segments(path)}, each as (class, frames)",
                got=f"{segments(found.tolist())}"[:200],
            )


@check(
    "baseline.viterbi_example",
    points=0.25,
    extra=True,
    hints=hints.BEST_PATH,
    idea="A change of the class pays if it gains more than it costs",
)
def a_change_has_to_pay(student: Student, solution: Reference | None, expect: Expect) -> None:
    """Two words, 4 frames each, and between them a frame in which a third class leads by 3.

    To follow that frame gains 3 and takes a change more, and staying with the first word loses 2 for each frame of the
    second, so 8 in all and no change.  Then a first segment as short as allowed, which its first frames decide.
    """
    for min_duration, penalty, due in (
        (1, 0.0, (0, 2, 1)),
        (1, 4.0, (0, 0, 1)),
        (2, 0.0, (0, 0, 1)),
        (1, 9.0, (0, 0, 0)),
    ):
        names = draw(f"classes {min_duration} {penalty}").sample(range(3), 3)
        rows = torch.full((3, 9), -9.0)
        rows[0] = torch.tensor([-1.0] * 4 + [-4.0] + [-3.0] * 4)
        rows[1] = torch.tensor([-5.0] * 4 + [-6.0] + [-1.0] * 4)
        rows[2, 4] = -1.0
        log_probs = rows[[names.index(label) for label in range(3)]]
        path = [names[due[0]]] * 4 + [names[due[1]]] + [names[due[2]]] * 4
        hint = (
            "Is the penalty taken off for every change, and for nothing else? Is the best way into each segment kept?"
        )
        with expect.case(f"min_duration={min_duration}, switch_penalty={penalty}", hint=hint):
            found = student.baseline.viterbi(log_probs, min_duration, penalty)
            expect.shape(found, (9,), hint="One class for each frame.")
            expect.close(found, torch.tensor(path), atol=0.0)
    names = draw("classes at the beginning").sample(range(3), 3)
    rows = torch.full((3, 9), -9.0)
    rows[0, :4] = torch.tensor([-1.0, -1.0, -1.0, -4.0])
    rows[1, :4] = -3.0
    rows[2, 4:] = -1.0
    hint = "Which frames does the sum of the first segment hold? What is the score of a path that cannot be?"
    with expect.case("min_duration=4, a first word of four frames, the last of which speaks for another", hint=hint):
        found = student.baseline.viterbi(rows[[names.index(label) for label in range(3)]], 4)
        expect.shape(found, (9,), hint="One class for each frame.")
        expect.close(found, torch.tensor([names[0]] * 4 + [names[2]] * 5), atol=0.0)
    _best_and_not_all_together(student, expect)


def _best_and_not_all_together(student: Any, expect: Expect) -> None:
    """Eleven words that begin alike, of which one goes on a little worse than the twelfth: by less than a change costs.

    All eleven together would be better by log(11), which is no path's score.
    """
    first, last, *others = draw("classes that begin alike").sample(range(12), 12)
    log_probs = torch.full((12, 6), -9.0)
    log_probs[others, :3], log_probs[first, :3] = -2.0, -1.9
    log_probs[first, 3:], log_probs[last, 3:] = -2.0, -5 / 3
    hint = "Is a segment continued by the best way that leads to it, or by all ways together?"
    with expect.case("12 classes, switch_penalty=2, eleven of which begin alike", hint=hint):
        found = student.baseline.viterbi(log_probs, 1, 2.0)
        expect.shape(found, (6,), hint="One class for each frame.")
        expect.close(found, torch.tensor([first] * 6), atol=0.0)
