"""Public checks of task 4."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import torch
from torch import Tensor

from exercises.checking import (
    Expect,
    Reference,
    Student,
    StudentError,
    check,
    draw,
    load_weights,
    random_state,
    randomise,
    weights,
)

from . import hints
from .alone import alone_too
from .observe import (
    RUNS,
    UNCHANGED,
    count,
    inputs,
    made,
    numbers,
    plain,
    repeatable,
    require_gradients,
    require_input_kept,
)
from .own import require_own_pooling

CLASSES = (2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 15, 17, 19)  # not the usual ten
GAPS = (
    "These pixels are seen by no kernel: does anything step over rows before `input`, are its taps apart (dilation), "
    "or is its kernel smaller than its stride?"
)
Patch = tuple[int, int, int, int]  # top, left, height, width
ENTERS = "How many numbers does global pooling leave for each image? A Linear takes them first, then what comes out."
KNOWN = "Does torch know your blocks (what is special about nn.Sequential and nn.ModuleList)?"
RANDOM = (
    "What is random in evaluation mode? Is noise added? F.dropout has to be told `training=self.training`; nn.Dropout "
    "knows it."
)


def network(student: Any, size: int = 28, channels: int = 1, **arguments: Any) -> Any:
    """A classifier of the student's, ready to be looked at."""
    return made(
        student, "classifier", "CNNClassifier2d", shape=(2, channels, size, size), in_channels=channels, **arguments
    )


@check(
    "classifier.shape",
    points=0.25,
    hints=hints.CLASSIFIER,
    idea="A classifier gives one row for each image and one column for each class",
)
@alone_too
def one_logit_for_each_class(student: Student, solution: Reference | None, expect: Expect) -> None:
    hint = (
        "Print the shape after each part: is the image halved by each block once, and each block called once? Which "
        "axes are left before `output`? An axis of size 1 stays too."
    )
    random = draw()
    drawn = {"num_classes": random.choice(CLASSES), "hidden": random.randint(2, 12)}
    with expect.case("3 images of 28 x 28", hint=hint):
        expect.shape(student.classifier.CNNClassifier2d().float()(inputs(3, 1, 28, 28)), (3, 10))
    batch, words = random.randint(2, 6), ", ".join(f"{name}={value}" for name, value in drawn.items())
    with expect.case(f"{batch} images, with {words}", hint=hint):
        net = student.classifier.CNNClassifier2d(**drawn).float()
        expect.shape(net(inputs(batch, 1, 28, 28)), (batch, drawn["num_classes"]))
    with expect.case("1 image of 28 x 28", hint=hint):
        # In evaluation: in training, a norm behind the last block has no other value to compare with.
        expect.shape(net.eval()(inputs(1, 1, 28, 28)), (1, drawn["num_classes"]))
    with expect.case("2 images, with hidden=1", hint=hint):
        net = student.classifier.CNNClassifier2d(hidden=1).float().eval()
        expect.shape(net(inputs(2, 1, 28, 28)), (2, 10))


@check(
    "classifier.parts",
    points=0.2,
    hints=hints.CLASSIFIER,
    idea="The parts are called input, blocks and output, and follow in_channels, hidden and num_classes",
)
@alone_too
def parts_have_their_names_and_sizes(student: Student, solution: Reference | None, expect: Expect) -> None:
    random = draw()
    channels, hidden, classes = random.randint(2, 4), random.randint(5, 12), random.choice(CLASSES)
    with expect.case(f"CNNClassifier2d(in_channels={channels}, num_classes={classes}, hidden={hidden})"):
        net = network(student, channels=channels, num_classes=classes, hidden=hidden)
        embedded = expect.tensor(net.input(inputs(2, channels, 28, 28)), case="input")
        expect.equal(
            embedded.shape[1] if embedded.dim() == 4 else 0,
            hidden,
            case="channels after `input`",
            hint="To how many channels does the input layer embed the image?",
        )
        expect.that(net.blocks is not None, expected="the blocks under the name `blocks`", got="None")
        with expect.case("output", hint=ENTERS):
            expect.shape(net.output(inputs(2, hidden)), (2, classes))


@check(
    "classifier.parameters",
    points=0.75,
    hints=hints.OWN_BLOCKS,
    idea="Every block is registered and has parameters of its own",
)
@alone_too
def blocks_have_their_own_parameters(student: Student, solution: Reference | None, expect: Expect) -> None:
    random = draw()
    kernel_size, known = random.choice((5, 7)), {}
    drawn = (random.randint(3, 5), random.randint(3, 9))
    hint = f"{KNOWN} Is each one built anew, with the kernel size, and are there num_blocks of them?"
    for num_blocks, hidden in ((1, 6), (2, 6), (4, 6), drawn):
        block = 2 * (hidden * hidden * kernel_size**2 + hidden) + 4 * hidden
        with expect.case(f"num_blocks={num_blocks}, hidden={hidden}, kernel_size={kernel_size}", hint=hint):
            net = network(student, 16 * 2**num_blocks, hidden=hidden, num_blocks=num_blocks, kernel_size=kernel_size)
            blocks = net.blocks
            listed = isinstance(blocks, list | tuple | dict)
            found = 0 if listed else count(student.probe.parameter_shapes(blocks))
            due = num_blocks * block
            got = f"{found}, as `blocks` is a {type(blocks).__name__}" if listed else f"{found}"
            expect.that(found == due, expected=f"{due} numbers in `blocks` that torch trains", got=got)
            output = student.probe.parameter_shapes(net.output)
            expect.equal(
                count(output),
                hidden * 10 + 10,
                case="numbers in `output`",
                hint=plain(output, ENTERS),
            )
            size = 2**num_blocks * _stride(net)
            known[num_blocks, hidden] = numbers(student, net, inputs(1, 1, size, size), expect=expect)
    block = 2 * (6 * 6 * kernel_size**2 + 6) + 4 * 6
    for more in (2, 4):
        growth = known[more, 6] - known[1, 6]
        expect.that(
            growth == (more - 1) * block,
            expected=f"{(more - 1) * block} more numbers that forward uses with {more} blocks than with 1",
            got=f"{growth} more (hidden=6, kernel_size={kernel_size})",
            hint=hint,
        )


@check(
    "classifier.logits",
    points=0.4,
    hints=hints.LOGITS,
    idea="The model ends with its output layer: logits are any real numbers, without softmax or sigmoid",
)
@alone_too
def nothing_follows_the_output_layer(student: Student, solution: Reference | None, expect: Expect) -> None:
    """With the weights of the output layer at 0, the logits are its bias, whatever the image."""
    bias = torch.tensor([3.0, -7.0, 0.25, 11.0, -0.5, 0.0, 2.0, -1.0, 20.0, -30.0], dtype=torch.float32)
    bias = bias + inputs(10).clamp(min=-1, max=1)
    net = network(student).eval()
    usual = "What happens to the numbers after the output layer? Can a logit be negative, or larger than 1?"
    hint = plain(student.probe.parameter_shapes(net.output), usual)
    with expect.case("output layer with weight 0 and a bias from -30 to 20", hint=hint):
        state = weights(net.output)
        for name, value in state.items():
            if value.dim() == 1:
                expect.shape(value, (10,), case=f"{name} of `output`", hint=ENTERS)
        load_weights(net.output, {name: bias if v.dim() == 1 else torch.zeros_like(v) for name, v in state.items()})
        logits = expect.tensor(net(inputs(2, 1, 28, 28)))
        if tuple(logits.shape) == (2, 10):
            sums = logits.detach().sum(dim=1)
            expect.that(
                not bool(((sums - 1).abs() < 1e-4).all()),  # the bias itself sums to another number
                expected="logits",
                got="rows that sum to 1",
                hint="cross_entropy applies a softmax itself. What happens to the gradient when there are two?",
            )
        # nothing is rounded, and float32 shows whatever is done to these numbers
        expect.close(logits, bias.expand(2, 10), atol=1e-5, what="the bias itself")


def _stride(net: Any) -> int:
    """The stride of the input layer, as far as it can be told without judging it."""
    with suppress(StudentError):
        found = net.input(torch.zeros(1, 1, 64, 64, dtype=torch.float32))
        if isinstance(found, Tensor) and found.dim() == 4 and 4 <= found.shape[3] < 64:
            return round(64 / found.shape[3])
    return 16


def input_stride(net: Any, expect: Expect) -> int:
    """The stride of the input layer, measured: how many more pixels it takes for one more output."""
    small, large = (
        expect.tensor(net.input(torch.zeros(1, 1, size, size, dtype=torch.float32)), case="input") for size in (64, 128)
    )
    expect.that(
        small.dim() == 4 and large.shape[2] > small.shape[2],
        expected="a feature map after `input`",
        got=f"shape {tuple(small.shape)}",
        hint="The input layer is a convolution.",
    )
    return round(64 / (large.shape[2] - small.shape[2]))


@check(
    "classifier.image_size",
    points=0.15,
    hints=hints.CLASSIFIER,
    idea="Global pooling takes whatever size remains, so images may be larger, and oblong",
)
@alone_too
def larger_images_are_accepted(student: Student, solution: Reference | None, expect: Expect) -> None:
    net = student.classifier.CNNClassifier2d().float().eval()
    random = draw()
    drawn = (random.randint(29, 90), random.randint(29, 90))
    for height, width in ((32, 32), (48, 48), (40, 28), drawn):
        with expect.case(
            f"images of {height} x {width}",
            hint="Which part of your model depends on the size of the image?"
            if height == width
            else "Larger square images are read: which part takes one side of the image for both?",
        ):
            expect.shape(net(inputs(2, 1, height, width)), (2, 10))
    with expect.case(
        "num_blocks=1, the smallest images that are allowed: 2 times the stride of `input`",
        hint="How large is the image after the input layer, with its padding, and after the block?",
    ):
        net = student.classifier.CNNClassifier2d(num_blocks=1).float().eval()
        smallest = 2 * input_stride(net, expect)
        expect.shape(net(inputs(2, 1, smallest, smallest)), (2, 10))


@check(
    "classifier.coverage",
    points=0.5,
    hints=hints.EVERYWHERE,
    idea="Every part of the image counts: global pooling looks at all positions",
)
@alone_too
def every_part_of_the_image_counts(student: Student, solution: Reference | None, expect: Expect) -> None:
    """Change one patch of an image at a time, each in a copy of its own: some logit has to change.

    One image is laid out in patches.  A tall and a wide one have bands across, and strips along their borders, so that
    whatever a crop leaves out holds one of them.
    """
    net = network(student, hidden=8, num_blocks=1).eval()
    unit = 2 * input_stride(net, expect)  # pixels for one position after the block
    side = unit * -(-16 // unit)
    rows, columns, short = (draw(name).randint(3, 6) for name in ("rows", "columns", "short"))
    long = -(-draw("long").randint(272, 304) // side)  # patches: more pixels than the usual crop of 256
    grid = [(row * side, column * side, side, side) for row in range(rows) for column in range(columns)]
    _require_all_counted(net, rows * side, columns * side, grid, expect)
    _require_no_gaps(net, unit // 2, expect)
    for height, width in ((long * side, short * side), (short * side, long * side)):
        bands = [(top, 0, side, width) for top in range(0, height, side)]
        bands += [(0, left, height, side) for left in range(0, width, side)]
        strips = [(0, 0, unit, width), (height - unit, 0, unit, width)]
        strips += [(0, 0, height, unit), (0, width - unit, height, unit)]
        _require_all_counted(net, height, width, [*strips, *bands], expect)


def _require_no_gaps(net: Any, stride: int, expect: Expect) -> None:
    """Require that rows and columns of pixels count wherever they lie between two steps of `input`."""
    size = 8 * stride
    lines = [(axis, start) for axis in (2, 3) for start in range(stride)]
    ignored = torch.ones(len(lines), dtype=torch.bool)
    state = weights(net)
    for seed in range(6):
        load_weights(net, random_state(state, seed))
        x = inputs(1, 1, size, size, seed=seed)
        copies = x.repeat(len(lines) + 1, 1, 1, 1)  # the last one stays as it is
        for index, (axis, start) in enumerate(lines):
            every = slice(start, None, stride)
            copies[(index, 0, every) if axis == 2 else (index, 0, slice(None), every)] += 4.0
        with expect.case(f"{len(copies)} images of {size} x {size}, num_blocks=1", hint=GAPS):
            expect.shape(logits := net(copies), (len(lines) + 1, 10))
        logits = logits.detach().to(torch.float64)
        ignored &= ((logits[:-1] - logits[-1]).abs() <= UNCHANGED * (1 + logits[-1].abs())).all(dim=1)
        if not bool(ignored.any()):
            break
    load_weights(net, state)
    left_out = [
        f"{'rows' if axis == 2 else 'columns'} {start}, {start + stride}, {start + 2 * stride} …"
        for (axis, start), alike in zip(lines, ignored.tolist(), strict=True)
        if alike
    ]
    with expect.case(f"images of {size} x {size}", hint=GAPS):
        expect.that(
            not left_out,
            expected="logits that depend on every row and every column of pixels",
            got=f"the same logits whatever stands in {', '.join(left_out)}",
        )


def _require_all_counted(net: Any, height: int, width: int, patches: list[Patch], expect: Expect) -> None:
    """Require that some logit of an image changes with each of these patches, with some of several weights."""
    ignored = torch.ones(len(patches), dtype=torch.bool)
    state = weights(net)
    hint = "Over which positions does your global pooling go, and does the whole image come that far?"
    for seed in range(6):
        load_weights(net, random_state(state, seed))
        x = inputs(1, 1, height, width, seed=seed)
        copies = x.repeat(len(patches) + 1, 1, 1, 1)  # the last one stays as it is
        noise = 4 * inputs(height, width, seed=seed + 10)
        for index, (top, left, high, wide) in enumerate(patches):
            copies[index, 0, top : top + high, left : left + wide] = noise[:high, :wide]
        with expect.case(f"{len(copies)} images of {height} x {width}, num_blocks=1", hint=hint):
            expect.shape(logits := net(copies), (len(patches) + 1, 10))
        logits = logits.detach().to(torch.float64)
        same = (logits[:-1] - logits[-1]).abs() <= UNCHANGED * (1 + logits[-1].abs())
        ignored &= same.all(dim=1)
        if not bool(ignored.any()):
            break
    load_weights(net, state)
    if bool(ignored.any()):
        top, left, high, wide = patches[int(ignored.nonzero()[0])]
        expect.that(
            False,
            expected="logits that depend on every part of the image",
            got=f"the same logits whatever lies in rows {top} to {top + high - 1}, columns {left} to "
            f"{left + wide - 1} of {height} x {width} pixels",
            hint=hint,
        )


@check(
    "classifier.one_image",
    points=0.25,
    hints=hints.ALONE,
    idea="In evaluation, the logits of an image do not depend on the other images of the batch",
)
@alone_too
def images_do_not_mix(student: Student, solution: Reference | None, expect: Expect) -> None:
    count = draw().randint(3, 5)
    with expect.case(f"{count} images of 28 x 28, in evaluation", hint=RUNS):
        net = network(student, hidden=6)
        randomise(net)
        net.eval()
        x = inputs(count, 1, 28, 28)
        expect.shape(together := net(x.clone()), (count, 10))
        expect.that(
            repeatable(net, x), expected="the same logits each time", got="others for the same images", hint=RANDOM
        )
        for index in range(count):
            expect.close(
                net(x[index : index + 1]),
                together.detach()[index : index + 1],
                atol=1e-4,  # another batch size changes the order of summation, by less than 1e-5 of the largest logit
                rtol=1e-4,
                what="the same logits alone and in a batch",
                case=f"image {index} alone",
                hint=f"Which axis holds the images of a batch? And are all norms told of evaluation mode? {KNOWN}",
            )


@check("classifier.gradient", points=0.25, hints=hints.REACHED, idea="The gradient reaches every parameter")
@alone_too
def gradient_reaches_every_parameter(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_gradients(student, network(student, hidden=8), inputs(3, 1, 28, 28), "CNNClassifier2d", expect)
    num_blocks = draw().randint(3, 4)
    size = 16 * 2**num_blocks  # enough for strides of up to 16
    deeper = network(student, size, hidden=6, num_blocks=num_blocks)
    require_gradients(student, deeper, inputs(2, 1, size, size), f"CNNClassifier2d(num_blocks={num_blocks})", expect)


@check(
    "classifier.images_kept", points=0.1, hints=hints.INPUT_KEPT, idea="The classifier leaves its images as they are"
)
@alone_too
def images_stay_as_they_are(student: Student, solution: Reference | None, expect: Expect) -> None:
    net = student.classifier.CNNClassifier2d(hidden=6).float()
    require_input_kept(student, "CNNClassifier2d", net, inputs(draw().randint(2, 4), 1, 28, 28), expect)


@check(
    "classifier.no_torch_pooling",
    points=0.15,
    hints=hints.OWN_POOLING,
    idea="The classifier uses your own pooling: no pooling function or module of torch",
)
@alone_too
def classifier_uses_own_pooling(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_own_pooling(student, "classifier", expect)
