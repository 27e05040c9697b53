"""Hidden checks of task 2: averages and sums over a clip's own frames, and the extra task."""

from __future__ import annotations

from functools import partial
from itertools import count

import torch
from torch import Tensor

from exercises.checking import Expect, Reference, Student, awkward, check, draw
from exercises.spoken_digits.checks import hints
from exercises.spoken_digits.checks.asked import about_classes
from exercises.spoken_digits.checks.baseline import segments
from exercises.spoken_digits.checks.inputs import LONG, VIEWS, batches, padded

CLASSES = 12  # more than ten, which might be written into the function


@check(
    "baseline.time_average",
    points=0.25,
    hints=hints.OWN_FRAMES,
    idea="Frames past a clip's length do not count, whatever finite values they hold",
    topic="averages over time",
)
def average_of_own_frames(student: Student, solution: Reference, expect: Expect) -> None:
    hint = "Do the frames of the padding get into the sum, or into the number that it is divided by?"
    for seed, (time, lengths) in enumerate(batches()):
        x = awkward(len(lengths), 5, time, seed=seed, dtype=torch.float32) + 1
        x[:, 0, 0] = 0.0  # a frame like the others
        with expect.case(f"lengths {lengths} of {time} frames", hint=hint):
            expect.close(
                student.training.of_view(
                    student.baseline.time_average, padded(x, lengths, seed), torch.tensor(lengths), view=VIEWS[seed]
                ),
                torch.stack([clip[:, :length].mean(dim=1) for clip, length in zip(x, lengths, strict=True)]),
                atol=1e-4,  # float32: sums of at most 50 values around 1; large values left out leave nothing
            )


@check(
    "baseline.sum_decision",
    points=0.5,
    hints=hints.DECISION,
    idea="The decision of a clip's own frames",
    topic="decisions",
)
def decision_of_own_frames(student: Student, solution: Reference, expect: Expect) -> None:
    hint = "Which frames are added? Log-probabilities are added, probabilities would be multiplied."
    for seed, (time, lengths) in enumerate(batches()):
        x, due = undisputed(time, lengths, seed)
        with expect.case(f"lengths {lengths} of {time} frames", hint=hint):
            decide, own = student.baseline.sum_decision, torch.tensor(lengths)
            found = expect.tensor(student.training.of_view(decide, x, own, view=VIEWS[seed]))
            expect.shape(found, due.shape)
            wrong = int((found.detach() != due).sum())
            expect.that(
                wrong == 0,
                expected="the class with the largest sum over each clip's own frames",
                got=f"another class for {wrong} of {len(lengths)} clips",
                hint=partial(about_classes, decide, hint),
            )


def undisputed(time: int, lengths: tuple[int, ...], seed: int) -> tuple[Tensor, Tensor]:
    """Log-probabilities with large values in the padding, and the classes of the largest sums.

    Each of these leads by more than float32 can lose.  Every wrong reading of `readings` decides otherwise for at least
    one clip, so it never passes; of those that look at the padding, for at least two.
    """
    for attempt in count():
        noise = 2 * awkward(len(lengths), CLASSES, time, seed=1000 * attempt + seed)
        x = padded(noise.float().log_softmax(dim=1), lengths, 1000 * attempt + seed)
        sums = torch.stack([clip[:, :length].sum(dim=1) for clip, length in zip(x, lengths, strict=True)])
        best, second = sums.topk(2, dim=1).values.T
        due = sums.argmax(dim=1)
        differ = {name: int((other != due).sum()) for name, other in readings(x, lengths).items()}
        enough = all(clips >= (2 if name.startswith("padding") else 1) for name, clips in differ.items())
        if bool((best - second > 0.05).all()) and enough:
            return x, due
    raise AssertionError("unreachable")


def readings(x: Tensor, lengths: tuple[int, ...]) -> dict[str, Tensor]:
    """What other ways to decide would say: (batch,) classes by the name of the way."""
    own = [clip[:, :length] for clip, length in zip(x, lengths, strict=True)]
    ways = {
        "sum of probabilities": [clip.exp().sum(dim=1) for clip in own],
        "votes": [clip.argmax(dim=0).bincount(minlength=CLASSES) for clip in own],
        "best frame": [clip.amax(dim=1) for clip in own],
        "worst frame": [clip.amin(dim=1) for clip in own],
        "median": [clip.median(dim=1).values for clip in own],
        "last frame": [clip[:, -1] for clip in own],
        "first frame": [clip[:, 0] for clip in own],
        "without the last frame": [clip[:, :-1].sum(dim=1) for clip in own],
        "without the first frame": [clip[:, 1:].sum(dim=1) for clip in own],
        "padding: one frame more": [clip[:, : n + 1].sum(dim=1) for clip, n in zip(x, lengths, strict=True)],
        "padding: everything": [clip.sum(dim=1) for clip in x],
        "padding: up to the longest": [clip[:, : max(lengths)].sum(dim=1) for clip in x],
        "ten classes": [clip[:10].sum(dim=1) for clip in own],
        "shortest": [clip[:, : min(lengths)].sum(dim=1) for clip in x],
    }
    if max(lengths) > LONG:
        ways["fixed number of frames"] = [clip[:, :LONG].sum(dim=1) for clip in own]
    return {name: torch.stack(list(scores)).argmax(dim=1) for name, scores in ways.items()}


def path_score(log_probs: Tensor, path: list[int], switch_penalty: float) -> float:
    """The sum of the frames' log-probabilities, less the penalty for every change."""
    frames = sum(float(log_probs[label, t]) for t, label in enumerate(path))
    return frames - switch_penalty * (len(segments(path)) - 1)


@check(
    "baseline.viterbi",
    points=0.5,
    extra=True,
    hints=hints.BEST_PATH,
    idea="The best path of all that are allowed",
    topic="best paths",
)
def best_path(student: Student, solution: Reference, expect: Expect) -> None:
    """Judged by its score, so that of two equally good paths either is right.

    Log-probabilities are rounded to 1/64, and penalties are halves: then sums of them are exact in float32 as well.
    """
    random = draw("settings")
    settings = (
        (1, 0.0, 12),
        (2, 0.0, random.randint(9, 15)),
        (3, 0.5, 25),
        (random.randint(1, 2), 4.0, random.randint(28, 34)),
        (6, 0.0, 6),
        (2, random.choice((5.0, 6.0)), 40),
        (random.randint(4, 5), 1.0, random.randint(LONG + 1, LONG + 12)),
    )
    for seed, (min_duration, switch_penalty, time) in enumerate(settings):
        x = 2 * awkward(5, time, seed=seed)
        x += 3 * torch.nn.functional.one_hot((torch.arange(time) * 3 // time), 5).T  # three words, one after the other
        if (min_duration, switch_penalty) == (1, 0.0):  # the first and the last frame are segments of their own
            for label, place in ((4, 0), (3, 1), (3, -2), (4, -1)):
                x[label, place] += 20
        log_probs = ((64 * x.log_softmax(dim=0)).round() / 64).float()
        case = f"min_duration={min_duration}, switch_penalty={switch_penalty}, {time} frames"
        with expect.case(case, hint="When may the path change to another class?"):
            found = expect.tensor(student.baseline.viterbi(log_probs.clone(), min_duration, switch_penalty))
            expect.shape(found, (time,))
            path = [int(label) for label in found.tolist()]
            expect.that(
                all(0 <= label < 5 for label in path) and min(n for _, n in segments(path)) >= min_duration,
                expected=f"classes from 0 to 4, in segments of at least {min_duration} frames",
                got=f"{segments(path)}"[:200],
            )
            best = path_score(
                log_probs, solution.baseline.viterbi(log_probs, min_duration, switch_penalty).tolist(), switch_penalty
            )
            score = path_score(log_probs, path, switch_penalty)
            expect.that(
                score >= best - 1e-3,  # scores are multiples of 1/64
                expected="the path with the largest score",
                got=f"a path whose score is {best - score:.3g} below it",
                hint="Is the best way into each segment kept for every class, with what a change costs?",
            )
