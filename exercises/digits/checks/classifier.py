"""Public checks of task 4."""

from __future__ import annotations

from typing import Any

import torch

from exercises.checking import Expect, check

from .observe import inputs, require_input_kept
from .own import require_own_pooling


@check("classifier.shape", points=0.25, idea="A classifier gives one row for each image and one column for each class")
def one_logit_for_each_class(student: Any, solution: Any, expect: Expect) -> None:
    hint = "Print the shape after each part: which axes are left before `output`? An axis of size 1 stays too."
    net = student.classifier.CNNClassifier2d().float()
    expect.shape(net(inputs(3, 1, 28, 28)), (3, 10), case="3 images of 28 x 28", hint=hint)
    # In evaluation: in training, a norm behind the last block has no other value to compare with.
    expect.shape(net.eval()(inputs(1, 1, 28, 28)), (1, 10), case="1 image of 28 x 28", hint=hint)
    net = student.classifier.CNNClassifier2d(in_channels=3, num_classes=1, hidden=1).float().eval()
    expect.shape(net(inputs(2, 3, 28, 28)), (2, 1), case="2 images, with num_classes=1 and hidden=1", hint=hint)
    expect.shape(net(inputs(1, 3, 28, 28)), (1, 1), case="1 image, with num_classes=1 and hidden=1", hint=hint)


@check(
    "classifier.parts",
    points=0.2,
    idea="The parts are called input, blocks and output, and follow in_channels, hidden and num_classes",
)
def parts_have_their_names_and_sizes(student: Any, solution: Any, expect: Expect) -> None:
    net = student.classifier.CNNClassifier2d(in_channels=3, num_classes=7, hidden=6).float()
    embedded = expect.tensor(net.input(inputs(2, 3, 28, 28)), case="input")
    expect.equal(
        embedded.shape[1] if embedded.dim() == 4 else 0,
        6,
        case="channels after `input`, with hidden=6",
        hint="To how many channels does the input layer embed the image?",
    )
    blocks = net.blocks
    expect.that(
        blocks is not None and not isinstance(blocks, list | tuple | dict),
        expected="blocks as a module of torch, which knows their parameters",
        got=f"a {type(blocks).__name__}",
        hint="What is special about nn.Sequential and nn.ModuleList?",
    )
    expect.shape(
        net.output(inputs(2, 6)),
        (2, 7),
        case="output of 2 x 6 numbers, with num_classes=7",
        hint="How many numbers for each image are left after global pooling?",
    )


@check(
    "classifier.logits",
    points=0.4,
    idea="The model ends with its output layer: logits are any real numbers, without softmax or sigmoid",
)
def nothing_follows_the_output_layer(student: Any, solution: Any, expect: Expect) -> None:
    """With the weights of the output layer at 0, the logits are its bias, whatever the image."""
    net = student.classifier.CNNClassifier2d().float().eval()
    bias = torch.tensor([3.0, -7.0, 0.25, 11.0, -0.5, 0.0, 2.0, -1.0, 20.0, -30.0], dtype=torch.float32)
    state = net.output.state_dict()
    net.output.load_state_dict({name: bias if v.dim() == 1 else torch.zeros_like(v) for name, v in state.items()})
    logits = expect.tensor(net(inputs(2, 1, 28, 28)), case="the output")
    if tuple(logits.shape) == (2, 10):
        sums = logits.detach().sum(dim=1)
        expect.that(
            not bool(((sums - 1).abs() < 1e-4).all()),  # the bias itself sums to -2.25
            expected="logits",
            got="rows that sum to 1",
            hint="cross_entropy applies a softmax itself. What happens to the gradient when there are two?",
        )
    expect.close(
        logits,
        bias.expand(2, 10),
        atol=1e-6,  # nothing is rounded, and float32 shows whatever is done to these numbers
        what="the bias itself",
        case="output layer with weight 0 and a bias from -30 to 20",
        hint="What happens to the numbers after the output layer? Can a logit be negative, or larger than 1?",
    )


@check(
    "classifier.image_size",
    points=0.15,
    idea="Global pooling takes whatever size remains, so images may be larger",
)
def larger_images_are_accepted(student: Any, solution: Any, expect: Expect) -> None:
    net = student.classifier.CNNClassifier2d().float().eval()
    for height, width in ((32, 32), (40, 28), (57, 64)):
        expect.shape(
            net(inputs(2, 1, height, width)),
            (2, 10),
            case=f"images of {height} x {width}",
            hint="Which part of your model depends on the size of the image?",
        )


@check("classifier.input_kept", points=0.1, idea="The classifier leaves its images as they are")
def images_stay_as_they_are(student: Any, solution: Any, expect: Expect) -> None:
    net = student.classifier.CNNClassifier2d(hidden=6).float()
    require_input_kept(student, "CNNClassifier2d", net, inputs(3, 1, 28, 28), expect)


@check(
    "classifier.no_torch_pooling",
    points=0.15,
    idea="The classifier uses your own pooling: no pooling function or module of torch",
)
def classifier_uses_own_pooling(student: Any, solution: Any, expect: Expect) -> None:
    require_own_pooling(student, "classifier", expect)
