"""Public checks of task 4."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import torch

from exercises.checking import Expect, StudentError, awkward, check, randomise
from exercises.digits.checks.observe import count

from .inputs import padded, require_inputs_kept


def network(student: Any, n_mels: int, **sizes: Any) -> Any:
    """A CNNClassifier1d in float32 and in evaluation mode; it has heard a blank clip, so that lazy layers are built."""
    net = student.classifier.CNNClassifier1d(n_mels, **sizes).float().eval()
    with suppress(StudentError):  # a mistake in forward is the business of the checks that call it
        net(torch.zeros(1, n_mels, 16), torch.tensor([16]))
    return net


@check("classifier.shape", points=0.25, idea="Logits for every class, for clips of any length")
def logits_for_every_class(student: Any, solution: Any, expect: Expect) -> None:
    for num_classes, num_blocks, n_mels, time, lengths in (
        (10, 3, 8, 45, (45, 30, 8)),
        (4, 1, 8, 17, (17, 9)),
        (10, 2, 1, 9, (9, 7)),
        (3, 1, 1, 4, (4,)),
    ):
        net = network(student, n_mels, num_classes=num_classes, hidden=6, num_blocks=num_blocks)
        expect.shape(
            net(awkward(len(lengths), n_mels, time, dtype=torch.float32), torch.tensor(lengths)),
            (len(lengths), num_classes),
            case=f"{num_blocks} blocks, {len(lengths)} clips of {n_mels} bands and {time} frames",
            hint="What is the length after each pooling, and what is left after global pooling?",
        )


@check("classifier.parts", points=0.25, idea="An input layer, as many blocks as asked for, and an output layer")
def network_has_its_parts(student: Any, solution: Any, expect: Expect) -> None:
    net = network(student, 12, num_classes=10, hidden=5, num_blocks=2)
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


@check("classifier.parameters", points=0.25, idea="Every block is registered and has parameters of its own")
def blocks_have_their_own_parameters(student: Any, solution: Any, expect: Expect) -> None:
    for n_mels, hidden, num_blocks in ((8, 6, 1), (8, 6, 3), (20, 4, 2)):
        net = network(student, n_mels, num_classes=10, hidden=hidden, num_blocks=num_blocks)
        block = 2 * (hidden * hidden * 3 + hidden) + 2 * 2 * hidden
        due = (n_mels * hidden * 3 + hidden) + num_blocks * block + hidden * 10 + 10
        total = count(student.probe.parameter_shapes(net))
        expect.that(
            total == due,
            expected=f"{due} numbers in CNNClassifier1d({n_mels}, hidden={hidden}, num_blocks={num_blocks})",
            got=f"{total}",
            hint="Are all blocks in an nn.ModuleList? Is any of them used twice? Has `input` 3 taps?",
        )


@check("classifier.no_lengths", points=0.25, idea="Without lengths, every clip is as long as the batch")
def lengths_may_be_left_out(student: Any, solution: Any, expect: Expect) -> None:
    net = network(student, 8, hidden=6, num_blocks=2)
    for clips in (3, 1):
        x = awkward(clips, 8, 21, dtype=torch.float32)
        expect.close(
            net(x.clone()),
            expect.tensor(net(x.clone(), torch.tensor([21] * clips))).detach(),
            atol=1e-5,  # float32
            what=f"the logits for lengths {[21] * clips}",
            case=f"{clips} clips of 21 frames, without lengths",
            hint="What is `lengths` where nobody gives it?",
        )


@check("classifier.logits", points=0.25, idea="The network gives logits: no softmax and no sigmoid at the end")
def output_layer_comes_last(student: Any, solution: Any, expect: Expect) -> None:
    """Twice the weights of the output layer give twice the logits."""
    net = network(student, 8, hidden=6, num_blocks=1)
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


@check("classifier.input_kept", points=0.25, idea="The batch and its lengths stay as they are")
def batch_is_left_alone(student: Any, solution: Any, expect: Expect) -> None:
    net = network(student, 8, hidden=6, num_blocks=2)
    x = awkward(2, 8, 22, dtype=torch.float32)
    require_inputs_kept(student, expect, ("log_mel", "lengths"), net, x, torch.tensor([22, 9]))


@check("classifier.alone", points=0.25, idea="The logits of a clip are those that it has alone, without padding")
def logits_are_those_of_the_clip_alone(student: Any, solution: Any, expect: Expect) -> None:
    """In a tensor that is longer than all of its clips, with large values in the padding: silence would hide a leak."""
    lengths, time = (9, 14, 4, 7), 16
    for num_blocks in (1, 2):
        net = network(student, 4, num_classes=5, hidden=6, num_blocks=num_blocks)
        randomise(net, seed=num_blocks)
        x = awkward(len(lengths), 4, time, dtype=torch.float32)
        together = expect.tensor(student.training.of_view(net, padded(x, lengths), torch.tensor(lengths))).detach()
        expect.shape(together, (len(lengths), 5))
        for clip, length in enumerate(lengths):
            twice = expect.tensor(net(x[[clip, clip], :, :length], torch.tensor([length, length]))).detach()
            expect.close(
                together[[clip, clip]],
                twice,
                atol=1e-3,
                rtol=1e-3,  # float32, of logits of the size of 1 to 10
                what="the logits of two such clips without padding",
                case=f"a clip of {length} frames in a batch of {time}, {num_blocks} blocks",
                hint="Is the padding zero before `input` too? Which length has a clip of 7 frames after pooling?",
            )
