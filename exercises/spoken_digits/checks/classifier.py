"""Public checks of task 4."""

from __future__ import annotations

from typing import Any

import torch

from exercises.checking import Expect, awkward, check


@check("classifier.shape", points=0.25, idea="Logits for every class, for clips of any length")
def logits_for_every_class(student: Any, solution: Any, expect: Expect) -> None:
    for num_classes, num_blocks, time in ((10, 3, 45), (4, 1, 17), (10, 2, 4)):
        net = student.classifier.CNNClassifier1d(8, num_classes, hidden=6, num_blocks=num_blocks).eval()
        lengths = torch.tensor([time, max(time // 2, 2**num_blocks)])
        expect.shape(
            net(awkward(2, 8, time, dtype=torch.float32), lengths),
            (2, num_classes),
            case=f"{num_blocks} blocks, {time} frames",
            hint="What is the length after each pooling, and what is left after global pooling?",
        )


@check("classifier.parts", points=0.25, idea="An input layer, as many blocks as asked for, and an output layer")
def network_has_its_parts(student: Any, solution: Any, expect: Expect) -> None:
    net = student.classifier.CNNClassifier1d(12, 10, hidden=5, num_blocks=2).eval()
    hint = "The docstring of the class has the names of its parts, and what they are."
    expect.shape(
        net.input(awkward(2, 12, 9, dtype=torch.float32)),
        (2, 5, 9),
        case="input: from mel bands to channels",
        hint=hint,
    )
    expect.shape(
        net.output(awkward(2, 5, dtype=torch.float32)), (2, 10), case="output: from channels to classes", hint=hint
    )
    for index in range(2):
        block = student.training.part(net.blocks, index)
        expect.shape(
            block(awkward(2, 5, 9, dtype=torch.float32), torch.tensor([9, 4])),
            (2, 5, 9),
            case=f"blocks[{index}]",
            hint=hint,
        )


@check("classifier.no_lengths", points=0.25, idea="Without lengths, every clip is as long as the batch")
def lengths_may_be_left_out(student: Any, solution: Any, expect: Expect) -> None:
    net = student.classifier.CNNClassifier1d(8, hidden=6, num_blocks=2).eval()
    x = awkward(3, 8, 21, dtype=torch.float32)
    expect.close(
        net(x.clone()),
        expect.tensor(net(x.clone(), torch.tensor([21, 21, 21]))).detach(),
        atol=1e-5,  # float32
        what="the logits for lengths [21, 21, 21]",
        case="three clips of 21 frames, without lengths",
        hint="What is `lengths` where nobody gives it?",
    )


@check("classifier.logits", points=0.25, idea="The network gives logits: no softmax and no sigmoid at the end")
def output_layer_comes_last(student: Any, solution: Any, expect: Expect) -> None:
    """Twice the weights of the output layer give twice the logits."""
    net = student.classifier.CNNClassifier1d(8, hidden=6, num_blocks=1).eval()
    x = awkward(2, 8, 12, dtype=torch.float32)
    state = {name: value.clone() for name, value in net.output.state_dict().items()}
    found = []
    for factor in (1, 2):
        net.output.load_state_dict({name: factor * value for name, value in state.items()})
        expect.shape(logits := net(x.clone(), torch.tensor([12, 9])), (2, 10))
        found.append(logits.detach())
    expect.close(
        found[1],
        2 * found[0],
        atol=1e-4,  # float32
        what="twice the logits",
        case="with twice the weights and biases of `output`",
        hint="cross_entropy wants logits, any real numbers. What comes after the output layer?",
    )
