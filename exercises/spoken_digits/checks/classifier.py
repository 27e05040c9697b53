"""Public checks of task 4."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import Any

import torch

from exercises.checking import Expect, MismatchError, Reference, Student, StudentError, awkward, check, draw, randomise
from exercises.digits.checks.observe import numbers, require_gradients

from . import hints
from .inputs import LONG, batches, padded, require_inputs_kept
from .slips import about_logits, about_repeating


def network(student: Any, n_mels: int, **sizes: Any) -> Any:
    """A CNNClassifier1d in float32 and in evaluation mode; it has heard a blank clip, so that lazy layers are built."""
    net = student.classifier.CNNClassifier1d(n_mels, **sizes).float().eval()
    with suppress(StudentError):  # a mistake in forward is the business of the checks that call it
        net(torch.zeros(1, n_mels, 16), torch.tensor([16]))
    return net


@check("classifier.shape", points=0.25, hints=hints.CLASSIFIER, idea="Logits for every class, for clips of any length")
def logits_for_every_class(student: Student, solution: Reference | None, expect: Expect) -> None:
    hint = (
        "What is the length after each pooling, and what is left after global pooling? "
        "Is every mask as wide as its batch?"
    )
    for num_classes, num_blocks, n_mels, time, clips in (
        (12, 3, LONG + 3, LONG + 9, 3),
        (4, 1, 8, 17, 2),
        (10, 2, 1, 9, 2),
        (3, 1, 1, 4, 1),
    ):
        lengths = [draw(f"length {time} {clip}").randint(2**num_blocks, time) for clip in range(clips)]
        case = f"{num_blocks=}, clips of {lengths} frames and {n_mels} bands in a batch of {time} frames"
        with expect.case(case, hint=hint):
            net = network(student, n_mels, num_classes=num_classes, hidden=6, num_blocks=num_blocks)
            x = awkward(clips, n_mels, time, dtype=torch.float32)
            expect.shape(net(x, torch.tensor(lengths)), (clips, num_classes))


@check(
    "classifier.parts",
    points=0.25,
    hints=hints.CLASSIFIER,
    idea="An input layer, as many blocks as asked for, and an output layer",
)
def network_has_its_parts(student: Student, solution: Reference | None, expect: Expect) -> None:
    n_mels, hidden, classes = (draw(name).randint(4, 13) for name in ("n_mels", "hidden", "classes"))
    hint = "The docstring of the class has the names of its parts, and what they are."
    with expect.case(f"CNNClassifier1d({n_mels}, num_classes={classes}, hidden={hidden}, num_blocks=2)", hint=hint):
        net = network(student, n_mels, num_classes=classes, hidden=hidden, num_blocks=2)
        with expect.case("input: from mel bands to channels"):
            expect.shape(net.input(awkward(2, n_mels, 9, dtype=torch.float32)), (2, hidden, 9))
        with expect.case("output: from channels to classes"):
            expect.shape(net.output(awkward(2, hidden, dtype=torch.float32)), (2, classes))
        for index in range(2):
            with expect.case(f"blocks[{index}]"):
                block = student.training.part(net.blocks, index)
                found = block(awkward(2, hidden, 9, dtype=torch.float32), torch.tensor([9, 4]))
                expect.shape(found, (2, hidden, 9))


@check(
    "classifier.parameters",
    points=0.25,
    hints=hints.CLASSIFIER,
    idea="Every block is registered and has parameters of its own",
)
def blocks_have_their_own_parameters(student: Student, solution: Reference | None, expect: Expect) -> None:
    hint = "Are all blocks in an nn.ModuleList? Is any of them used twice? Has `input` 3 taps?"
    for num_blocks in (1, 3, 2):
        n_mels, hidden = (draw(f"{name} {num_blocks}").randint(4, 20) for name in ("n_mels", "hidden"))
        block = 2 * (hidden * hidden * 3 + hidden) + 2 * 2 * hidden
        due = (n_mels * hidden * 3 + hidden) + num_blocks * block + hidden * 10 + 10
        with expect.case(f"CNNClassifier1d({n_mels}, hidden={hidden}, num_blocks={num_blocks})", hint=hint):
            net = network(student, n_mels, num_classes=10, hidden=hidden, num_blocks=num_blocks)
            clips = awkward(2, n_mels, 2 ** (num_blocks + 1), dtype=torch.float32)
            total = numbers(student, student.training.FullLength(net), clips, expect=expect, unused=True)
            expect.that(total == due, expected=f"{due} numbers", got=f"{total}")


@check(
    "classifier.no_lengths",
    points=0.25,
    hints=hints.CLASSIFIER,
    idea="Without lengths, every clip is as long as the batch",
)
def lengths_may_be_left_out(student: Student, solution: Reference | None, expect: Expect) -> None:
    time = 2 * draw("time").randint(8, 12) + 1
    for clips in (3, 1):
        x = awkward(clips, 8, time, dtype=torch.float32)
        x[0, :, draw("silent frame").randrange(1, time - 1)] = 0.0  # a frame like the others
        hint = "What is `lengths` where nobody gives it, also where a frame is all zeros?"
        with expect.case(f"{clips} clips of {time} frames, without lengths", hint=hint):
            net, lengths = network(student, 8, hidden=6, num_blocks=2), torch.tensor([time] * clips)
            expect.close(
                net(x.clone()),
                expect.tensor(net(x.clone(), lengths.clone())).detach(),
                atol=1e-5,  # float32
                what=f"the logits for lengths {[time] * clips}",
                hint=partial(about_repeating, net, x, lengths, hint),
            )


@check(
    "classifier.logits",
    points=0.25,
    hints=hints.LOGITS,
    idea="The network gives logits: no softmax and no sigmoid at the end",
)
def output_layer_comes_last(student: Student, solution: Reference | None, expect: Expect) -> None:
    """Twice the weights of the output layer give twice the logits."""
    net = network(student, 8, hidden=6, num_blocks=1)
    x, lengths = awkward(2, 8, 12, dtype=torch.float32), torch.tensor([12, 9])
    hint = "cross_entropy wants logits, any real numbers. What comes after the output layer?"
    with expect.case("with twice the weights and biases of `output`", hint=hint):
        state = {name: value.clone() for name, value in net.output.state_dict().items()}
        found = []
        for factor in (1, 2):
            net.output.load_state_dict({name: factor * value for name, value in state.items()})
            expect.shape(logits := net(x.clone(), lengths.clone()), (2, 10))
            found.append(logits.detach())
        asked = partial(about_repeating, net, x, lengths, hint)
        expect.close(found[1], 2 * found[0], atol=1e-4, what="twice the logits", hint=asked)  # float32


@check("classifier.input_kept", points=0.25, hints=hints.INPUT_KEPT, idea="The batch and its lengths stay as they are")
def batch_is_left_alone(student: Student, solution: Reference | None, expect: Expect) -> None:
    net = network(student, 8, hidden=6, num_blocks=2)
    x = awkward(2, 8, 22, dtype=torch.float32)
    require_inputs_kept(student, expect, ("log_mel", "lengths"), net, x, torch.tensor([22, 9]))


@check(
    "classifier.alone",
    points=0.25,
    hints=hints.CLIP_ALONE,
    idea="The logits of a clip are those that it has alone, without padding",
)
def logits_are_those_of_the_clip_alone(student: Student, solution: Reference | None, expect: Expect) -> None:
    """In a tensor that is longer than all of its clips, with large values in the padding: silence would hide a leak."""
    for num_blocks in (1, 2):
        net = network(student, 4, num_classes=5, hidden=6, num_blocks=num_blocks)
        randomise(net, seed=num_blocks)
        for time, lengths in batches(2**num_blocks, seed=num_blocks)[:2]:
            x = awkward(len(lengths), 4, time, dtype=torch.float32)
            hint = "Is every mask as wide as its batch, which may be longer than the longest clip?"
            with expect.case(f"clips of {lengths} frames in a batch of {time}, {num_blocks=}", hint=hint):
                batch = padded(x, lengths)
                together = expect.tensor(student.training.of_view(net, batch, torch.tensor(lengths))).detach()
                expect.shape(together, (len(lengths), 5))
            usual = "Is the padding zero before `input` too? Which length has a clip of 7 frames after pooling?"
            for clip, length in enumerate(lengths):
                with expect.case(f"a clip of {length} frames in a batch of {time}, {num_blocks=}", hint=usual):
                    twice = expect.tensor(net(x[[clip, clip], :, :length], torch.tensor([length, length]))).detach()
                    own = torch.tensor(lengths)
                    expect.close(
                        together[[clip, clip]],
                        twice,
                        atol=1e-3,
                        rtol=1e-3,  # float32, of logits of the size of 1 to 10
                        what="the logits of two such clips without padding",
                        hint=partial(about_logits, student, net, batch, own, together, usual),
                    )


@check(
    "classifier.frames",
    points=0.25,
    hints=hints.CLASSIFIER,
    idea="Every frame counts, each block halves them, and a clip backwards is another clip",
)
def frames_count_and_so_does_their_order(student: Student, solution: Reference | None, expect: Expect) -> None:
    """Clips as long as their batch; what ReLU and pooling stop with some weights, they pass on with others."""
    time = 2 * draw("time").randint(5, 8)
    net = network(student, 6, hidden=8, num_blocks=1)
    backwards, ignored = True, torch.ones(time // 2, dtype=torch.bool)
    usual = "Over which frames does the average in the end go? What is the length after pooling?"
    with expect.case(f"one block, clips of {time} frames"):
        for seed in range(4):
            randomise(net, seed=seed, scale=0.3)  # logits so small that a softmax after them is not saturated
            x = awkward(1, 6, time, seed=seed, dtype=torch.float32)
            copies = torch.cat([x, x.flip(2), x.repeat(time // 2, 1, 1)])
            for pair in range(time // 2):
                copies[2 + pair, :, 2 * pair : 2 * pair + 2] += 4.0
            logits = expect.tensor(net(copies, torch.full((len(copies),), time))).detach()
            expect.shape(logits, (len(copies), 10))
            same = ((logits[1:] - logits[0]).abs() <= 1e-5 * (1 + logits[0].abs())).all(dim=1)
            backwards, ignored = backwards and bool(same[0]), ignored & same[1:]
        pairs = [f"{2 * pair} and {2 * pair + 1}" for pair in ignored.nonzero()[:, 0].tolist()]
        expect.that(
            not pairs,
            expected="logits that depend on every frame",
            got=f"the same logits whatever stands in the frames {pairs[0]}" if pairs else "",
            hint=partial(about_logits, student, net, copies, torch.full((len(copies),), time), logits, usual),
        )
        expect.that(
            not backwards,
            expected="other logits for a clip backwards",
            got="the same",
            hint="Do the convolutions go along time?",
        )
    _last_frames_count(student, net, expect)
    for rest in (3, 2, 1):
        _parts_follow_each_other(student, 4 * draw(f"quarter {rest}").randint(3, 8) + rest, expect)


def _parts_follow_each_other(student: Any, time: int, expect: Expect) -> None:
    """Two blocks leave n // 4 of n frames: no logits come out that the student's own parts give in two other ways.

    So a mistake in a part is none here, and parts that cannot be asked are left to the checks of theirs.
    """
    net = network(student, 6, hidden=5, num_blocks=2)
    randomise(net, seed=time, scale=0.3)
    x, halve = awkward(3, 6, time, seed=time, dtype=torch.float32), torch.nn.functional.max_pool1d

    def together(early: bool = False, once: bool = False) -> torch.Tensor:
        out, length = net.input(x.clone()), time
        for index in range(2):
            length = length // 2 if early else length
            out = student.training.part(net.blocks, index)(out, torch.full((3,), length))
            out, length = (out, length) if once else (halve(out, 2), length if early else length // 2)
        return expect.tensor(net.output((halve(out, 2) if once else out).mean(dim=2))).detach()

    once, early, left, hint = False, False, f"{time} frames, then {time // 2}, then {time // 4}", ""
    with suppress(StudentError, MismatchError, TypeError):
        found = expect.tensor(net(x.clone(), torch.full((3,), time))).detach()
        if _alike(found, together()):
            return
        once, early = _alike(found, together(once=True)), _alike(found, together(early=True))
        if once:
            hint = "Is anything halved after each block, or once in the end?"
        elif early:
            hint = "Which length has a clip when a block gets it: that before the pooling, or that after it?"
    with expect.case(f"two blocks, clips of {time} frames", hint=hint):
        got = (
            "logits of one pooling alone, behind both blocks" if once else "logits of blocks that get half the lengths"
        )
        expect.that(not once and not early, expected=f"logits of {left}", got=got)


def _alike(found: torch.Tensor, other: torch.Tensor) -> bool:
    """Whether logits are the same, but for rounding: float32, of the size of 1."""
    return found.shape == other.shape and torch.allclose(found, other, rtol=1e-4, atol=1e-4)


def _last_frames_count(student: Any, net: Any, expect: Expect) -> None:
    """Of clips with more than LONG frames."""
    time = 2 * draw("long").randint(LONG // 2 + 2, LONG // 2 + 8)
    heard = False
    with expect.case(f"one block, clips of {time} frames", hint="Is there a number of frames in your code?"):
        for seed in range(4):
            randomise(net, seed=seed, scale=0.3)
            clip = awkward(1, 6, time, seed=seed, dtype=torch.float32)
            clips = clip.repeat(2, 1, 1)
            clips[1, :, LONG:] += 4.0
            logits = expect.tensor(net(clips, torch.tensor([time, time]))).detach()
            heard = heard or bool(((logits[1] - logits[0]).abs() > 1e-5 * (1 + logits[0].abs())).any())
        expect.that(
            heard,
            expected="logits that depend on every frame",
            got=f"the same logits whatever stands in the frames from {LONG} on",
        )


@check(
    "classifier.gradient",
    points=0.25,
    hints=hints.REACHED,
    idea="The gradient reaches every parameter, and tells how the logits change",
)
def gradient_reaches_every_parameter(student: Student, solution: Reference | None, expect: Expect) -> None:
    net = student.training.FullLength(network(student, 4, num_classes=5, hidden=3, num_blocks=2))
    require_gradients(student, net, 0.5 * awkward(3, 4, 16, dtype=torch.float32), "CNNClassifier1d", expect)
