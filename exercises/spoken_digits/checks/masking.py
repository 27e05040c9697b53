"""Public checks of task 3."""

from __future__ import annotations

from functools import partial

import torch

from exercises.checking import Expect, Reference, Student, awkward, check, draw, randomise
from exercises.checking.parts import give_parts
from exercises.digits.checks.slips import same

from . import hints
from .asked import about_average, about_branch
from .inputs import LONG, batches, padded, require_inputs_kept
from .slips import about_block


@check(
    "masking.pool_shape",
    points=0.25,
    hints=hints.OWN_FRAMES,
    idea="Masked global pooling leaves one number for each channel",
)
def pooling_leaves_one_number_a_channel(student: Student, solution: Reference | None, expect: Expect) -> None:
    pool = student.masking.MaskedGlobalAvgPool1d()
    for batch, channels, time in ((2, 3, 17), (4, 1, 5), (1, 4, 9), (1, 1, 6)):
        lengths = torch.tensor([draw(f"length {batch} {clip}").randint(1, time) for clip in range(batch)])
        one = channels == 1 or batch == 1
        hint = "Which axis disappears" + (", and which one stays though it is 1?" if one else "?")
        with expect.case(f"input ({batch}, {channels}, {time})", hint=hint):
            found = pool(awkward(batch, channels, time, dtype=torch.float32), lengths)
            expect.shape(found, (batch, channels), hint=about_average(found, hint))


@check(
    "masking.pool_full",
    points=0.25,
    hints=hints.OWN_FRAMES,
    idea="Of clips as long as the batch, it is the plain average",
)
def pooling_of_full_clips_is_the_mean(student: Student, solution: Reference | None, expect: Expect) -> None:
    time = draw("time").randint(9, 14)
    x = awkward(3, 4, time, dtype=torch.float32) + 1
    hint = "Over which axis is the sum, and by which number is it divided?"
    with expect.case(f"three clips of {time} frames", hint=hint):
        found = student.training.of_view(student.masking.MaskedGlobalAvgPool1d(), x, torch.tensor([time] * 3))
        # float32: sums of at most 14 values around 1
        expect.close(found, x.mean(dim=2), atol=1e-5, hint=about_average(found, hint))


@check("masking.pool_example", points=0.25, hints=hints.OWN_FRAMES, idea="Frames past a clip's length do not count")
def pooling_of_an_example(student: Student, solution: Reference | None, expect: Expect) -> None:
    """Whole numbers with a 0, averages of short binary fractions; no clip is as long as the tensor."""
    random = draw("frames")
    x = torch.full((2, 2, 7), 900.0)
    x[0, :, :2] = torch.tensor([[random.choice((-1, 1)) * random.randint(1, 9) for _ in range(2)] for _ in range(2)])
    x[0, random.randrange(2), random.randrange(2)] = 0.0
    x[1, :, :1] = torch.tensor([[random.randint(1, 9)], [random.randint(-9, -1)]])
    lengths, means = torch.tensor([2, 1]), torch.stack([x[0, :, :2].mean(dim=1), x[1, :, 0]])
    hint = "Which frames get into the sum? Is the mask as wide as x, which may be longer than the longest clip?"
    for order in ([0, 1], [1, 0]):
        case = f"clips of {lengths[order].tolist()} frames, with 900 behind them up to 7 frames"
        with expect.case(case, hint=hint):
            found = student.masking.MaskedGlobalAvgPool1d()(x[order], lengths[order])
            own = [x[clip, :, : int(lengths[clip])] for clip in order]
            expect.close(
                found, means[order], atol=1e-5, hint=about_average(found, hint, own)
            )  # float32, of values up to 9


@check(
    "masking.pool_input_kept",
    points=0.25,
    hints=hints.INPUT_KEPT,
    idea="Pooling leaves the batch and its lengths as they are",
)
def pooling_leaves_its_inputs(student: Student, solution: Reference | None, expect: Expect) -> None:
    pool = student.masking.MaskedGlobalAvgPool1d()
    x = awkward(2, 3, 9, dtype=torch.float32)
    require_inputs_kept(student, expect, ("x", "lengths"), pool, x, torch.tensor([9, 4]))


@check(
    "masking.pool_gradient",
    points=0.25,
    hints=hints.POOL_GRADIENT,
    idea="No gradient reaches the padding, and the same each of the own frames",
)
def gradient_stays_inside(student: Student, solution: Reference | None, expect: Expect) -> None:
    pool = student.masking.MaskedGlobalAvgPool1d()
    time, lengths = batches()[0]
    x = padded(awkward(len(lengths), 4, time, dtype=torch.float32), lengths)
    own = torch.tensor(lengths)
    inside = (torch.arange(time) < own[:, None])[:, None].expand(x.shape)
    with expect.case(f"lengths {lengths} of {time} frames"):
        gradient = expect.tensor(student.training.input_gradient(pool, x, own.clone()))
        expect.shape(gradient, x.shape)
        hint = "By which number is each clip's sum divided?"
        if not bool(gradient.any()):
            hint = "Is a part cut off by detach, .data or no_grad?"
        elif bool(gradient[~inside].any()):
            hint = "Which frames get into the sum?"
        elif not bool(gradient[inside].all()):
            hint = "Does every one of a clip's own frames count?"
        expect.close(
            gradient,
            inside / own[:, None, None],
            atol=1e-6,  # float32, at most 1
            what="1 / length on a clip's own frames, and 0 beyond",
            hint=hint,
        )


@check("masking.block_shape", points=0.25, hints=hints.BLOCK, idea="A masked block keeps the shape")
def block_keeps_the_shape(student: Student, solution: Reference | None, expect: Expect) -> None:
    for channels, kernel_size, time, batch in ((4, 3, 17, 2), (3, 5, 6, 1), (1, 1, 8, 2), (1, 3, 4, 1)):
        shape = (batch, channels, time)
        lengths = torch.tensor([draw(f"length {time} {clip}").randint(1, time) for clip in range(batch)])
        case = f"MaskedResidualBlock1d({channels}, {kernel_size}) on {shape}"
        with expect.case(case, hint="Does each convolution keep the number of frames? Is the mask as wide as x?"):
            block = student.masking.MaskedResidualBlock1d(channels, kernel_size).float()
            expect.shape(block(awkward(*shape, dtype=torch.float32), lengths), shape)


@check(
    "masking.input_kept",
    points=0.25,
    hints=hints.INPUT_KEPT,
    idea="The block leaves the batch and its lengths as they are",
)
def block_leaves_its_inputs(student: Student, solution: Reference | None, expect: Expect) -> None:
    block = student.masking.MaskedResidualBlock1d(3).float().eval()
    x = awkward(2, 3, 9, dtype=torch.float32)
    require_inputs_kept(student, expect, ("x", "lengths"), block, x, torch.tensor([9, 4]))


@check(
    "masking.block_example",
    points=0.25,
    hints=hints.BLOCK,
    idea="Where its convolutions hand on what they get, a block is x + relu(x); the order of its parts",
)
def block_with_simple_convolutions(student: Student, solution: Reference | None, expect: Expect) -> None:
    """Convolutions with a 1 in the middle and norms that change nothing; then -1, and a second norm that adds 1."""
    hint = "What is added to what in the end? Where are the two ReLUs, and how many taps have the convolutions?"
    for kernel_size in (3, 2 * draw("kernel").randint(2, 3) + 1):
        channels, time = 3, draw("time").randint(12, 16) + (0 if kernel_size == 3 else LONG)
        kernel = torch.zeros(channels, channels, kernel_size)
        kernel[range(channels), range(channels), kernel_size // 2] = 1.0
        zeros, ones = torch.zeros(channels), torch.ones(channels)
        conv = {"weight": kernel, "bias": zeros}
        norm = {"weight": ones, "bias": zeros, "running_mean": zeros, "running_var": ones}
        with expect.case(f"MaskedResidualBlock1d({channels}, {kernel_size})", hint=hint):
            block = student.masking.MaskedResidualBlock1d(channels, kernel_size).float().eval()
            give_parts(student, block, {"norm1": norm, "conv1": conv, "norm2": norm, "conv2": conv}, expect)
            x = awkward(2, channels, time, dtype=torch.float32)
            own = torch.tensor([time, time])
            found = student.training.of_view(block, x, own)
            # a norm divides by sqrt(1.00001)
            due = x + x.clamp(min=0)
            expect.close(found, due, atol=1e-3, what="x + relu(x)", hint=partial(about_branch, found, x, hint))
        turned = conv | {"weight": -kernel}
        with expect.case(
            f"MaskedResidualBlock1d({channels}, {kernel_size}), whose convolutions turn the sign", hint=hint
        ):
            one_more = norm | {"bias": ones}
            give_parts(student, block, {"norm1": norm, "conv1": turned, "norm2": one_more, "conv2": turned}, expect)
            found = student.training.of_view(block, x, own)
            due = x - (1 - x.clamp(min=0)).clamp(min=0)
            expect.close(
                found,
                due,
                atol=1e-3,
                what="x - relu(1 - relu(x))",
                hint=partial(about_block, student, block, x, own, found, hint),
            )


@check(
    "masking.block_alone", points=0.25, hints=hints.BLOCK_ALONE, idea="A clip comes out of the block as it would alone"
)
def block_hears_each_clip_alone(student: Student, solution: Reference | None, expect: Expect) -> None:
    """With large values in the padding, which one convolution after the other would carry into the clips."""
    channels = 8  # of a few, all may be negative in the padding, where ReLU then hides what a mask forgot
    block = student.masking.MaskedResidualBlock1d(channels).float()
    randomise(block, seed=1)
    block.eval()
    time, lengths = batches()[0]
    x = awkward(len(lengths), channels, time, dtype=torch.float32)
    hint = "Is every mask as wide as its batch, which may be longer than the longest clip?"
    with expect.case(f"clips of {lengths} frames in a batch of {time}", hint=hint):
        together = expect.tensor(student.training.of_view(block, padded(x, lengths), torch.tensor(lengths))).detach()
        expect.shape(together, x.shape)
    longest = max(range(len(lengths)), key=lengths.__getitem__)
    own = (slice(longest, longest + 1), slice(None), slice(lengths[longest]))
    hint = "Is the padding zero before each of the two convolutions? What does a norm make of a zero?"
    hint = about_branch(together[own], x[own], hint)
    for clip, length in enumerate(lengths):
        with expect.case(f"a clip of {length} frames in a batch of {time}", hint=hint):
            alone = expect.tensor(block(x[clip : clip + 1, :, :length], torch.tensor([length]))).detach()
            found, own_lengths = together[clip : clip + 1, :, :length], torch.tensor(lengths)
            expect.close(
                found,
                alone,
                atol=1e-3,
                rtol=1e-4,  # float32: sums of 24 products, twice
                what="what the clip alone gives",
                hint=partial(about_block, student, block, padded(x, lengths), own_lengths, together, hint),
            )
