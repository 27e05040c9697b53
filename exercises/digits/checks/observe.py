"""Ways to look at a network from outside: what comes out when something that goes in is changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from math import prod
from typing import Any

import torch
from torch import Tensor

from exercises.checking import (
    Expect,
    MismatchError,
    StudentError,
    awkward,
    built,
    draw,
    load_weights,
    random_state,
    weights,
)

from .slopes import NEAR, closest_slope

# float32, as everywhere in the course.  What does not depend on a number that was changed is computed in the same way
# from the same numbers, and in another place of a batch in another order at most: that changes 1e-6 of the largest.
UNCHANGED = 1e-4

# What parameters are called from which torch computes a weight, in this and in the older way of torch.
COMPUTED = re.compile(r"(^|\.)(parametrizations\..*|weight_(g|v|orig))$")
RUNS = "Does it run on such an input, and give one tensor? The checks of its shape and values say more."
CUT_OFF = "Is a part built but never used, or cut off by detach, .data or no_grad?"
SUMS_TO_1 = (
    "The outputs of each example sum up to 1, as behind a softmax, which lets hardly a gradient through where it is "
    "sure: which numbers are due at the end?"
)
RANDOM = (
    "Twice the same input gave two results: what is random in evaluation mode? Is noise added? (F.dropout is told by "
    "`training`.)"
)


def inputs(*shape: int, seed: int = 0) -> Tensor:
    """`awkward` values in the type that the course computes with."""
    return awkward(*shape, seed=seed, dtype=torch.float32)


def shapes(axes: int, least: int, most: int) -> list[tuple[int, ...]]:
    """Drawn shapes (batch, channels, ...): several examples and channels; one example; one channel; one of each.

    All axes of the first one have different sizes, and no image is a square.
    """
    random = draw("shapes")
    some = [tuple(random.sample(range(2, 6), 2)), (1, random.randint(2, 5)), (random.randint(2, 5), 1), (1, 1)]
    return [(*one, *random.sample(range(least, most + 1), axes)) for one in some]


def made(student: Any, module: str, name: str, *arguments: Any, shape: Sequence[int], **named: Any) -> Any:
    """One of the student's networks in float32, ready to be looked at, lazy layers too.

    Args:
        shape: of an input that it is made for.
    """
    make = getattr(getattr(student, module), name)
    return built(student, make, *arguments, like=[torch.zeros(*shape, dtype=torch.float32)], **named)


def silence(module: Any) -> None:
    """Set every weight of a module to 0, so that its convolutions and norms give 0 whatever comes in."""
    load_weights(module, {name: torch.zeros_like(value) for name, value in weights(module).items()})


class LeftOutError(MismatchError):
    """This part cannot be judged here: what is wrong with it, other checks tell."""


def require_right_first(name: str, got: Any, due: Tensor, atol: float) -> None:
    """Go on with what gives these values alone.

    Raises:
        LeftOutError: it gives others.
    """
    right = isinstance(got, Tensor) and got.shape == due.shape
    if not (right and torch.allclose(got.detach().to(due.dtype), due, rtol=0, atol=atol)):
        raise LeftOutError(f"{name} with the right values", f"{name} with others", "Its other checks say more.")


def each_written(judgements: Iterable[Callable[[], None]]) -> None:
    """Judge one part after the other; what is not written yet, stops, or is left out, is left to its own checks.

    Raises:
        StudentError, LeftOutError: the first one, where all of them end so.
    """
    stopped: list[StudentError | LeftOutError] = []
    judged = 0
    for judge in judgements:
        try:
            judge()
            judged += 1
        except (StudentError, LeftOutError) as error:
            stopped.append(error)
    if stopped and not judged:
        raise stopped[0]


def require_input_kept(student: Any, name: str, module: Any, x: Tensor, expect: Expect) -> None:
    """Require that a module leaves its input as it is, in training and in evaluation."""
    for mode in ("train", "eval"):
        with expect.case(f"{name} of shape {tuple(x.shape)}, {mode} mode", hint=RUNS):
            after = student.probe.input_after(getattr(module, mode)(), x.clone())
        expect.that(
            torch.equal(after, x),
            expected="an input that is afterwards as it was before",
            got=f"{name} in {mode} mode: an input that has changed",
            hint="Which line writes into x (x += …, x[…] = …, relu_, mul_)? Somebody else may still need it.",
        )


def plain(names: Iterable[str], usual: str) -> str:
    """The usual hint, unless a weight is computed from parameters of these names, as weight_norm or orthogonal do."""
    computed = [name for name in names if COMPUTED.search(name)]
    if not computed:
        return usual
    names = " and ".join(computed[:2])
    return (
        f"Is the layer plain, or is its weight computed (weight_norm, …): what is {names}? What does its docstring say?"
    )


def numbers(student: Any, module: Any, *inputs: Tensor, expect: Expect, unused: bool = False) -> int:
    """How many numbers a module has in the parameters of which it makes use, in evaluation with inputs of these shapes.

    Args:
        unused: whether those of which it makes none count too.
    """
    network = student.probe.network(module, *inputs, modes=(False,))
    shapes = network.parameter_shapes()
    used = set(shapes) if unused else network.used()
    if network.attested and runs(
        module, *inputs
    ):  # what does not loses its points elsewhere, and is counted as it stands
        propose_attested(network, expect)
    return count({name: shape for name, shape in shapes.items() if name in used})


def runs(module: Any, *inputs: Tensor) -> bool:
    """Whether a module takes these inputs."""
    try:
        module(*inputs)
    except StudentError:
        return False
    return True


def propose_attested(network: Any, expect: Expect) -> None:
    """Let the points wait for a person where they rest on what the student's process says of itself."""
    if network.attested:
        expect.propose(network.attested)


def count(shapes: dict[str, tuple[int, ...]]) -> int:
    """How many numbers parameters of these shapes hold."""
    return sum(prod(shape) for shape in shapes.values())


def reached(
    module: Any,
    shape: Sequence[int],
    position: Sequence[int],
    out_shape: Sequence[int],
    goal: Sequence[Sequence[int]],
    expect: Expect,
) -> list[list[int]]:
    """The output positions that depend on one input position in evaluation mode, along each spatial axis.

    Max pooling and ReLU pass on some values and stop others, so several inputs are tried, each with other weights, and
    what each of them reaches is put together: two inputs, and up to six more until the goal is reached.

    Args:
        shape:     (batch, channels, ...) of the input.
        position:  the input position that is changed, one index for each spatial axis.
        out_shape: (batch, channels, ...) that the output should have.
        goal:      what should be found.

    Returns:
        For each spatial axis, the sorted indices at which some output value changed.
    """
    touched = torch.zeros(tuple(out_shape[2:]), dtype=torch.bool)
    module.eval()
    state = weights(module)
    found: list[list[int]] = []
    for seed in range(8):
        load_weights(module, random_state(state, seed))
        x = inputs(*shape, seed=seed)
        changed = x.clone()
        everywhere = slice(None)
        index: tuple[slice | int, ...] = (everywhere, everywhere, *position)  # all examples, all channels
        changed[index] += 3.0
        outputs = []
        for images in (x, changed):
            output = module(images.clone())  # a copy: an answer may change its input in place
            expect.shape(output, out_shape, case=f"for an input of shape {tuple(shape)}")
            outputs.append(output.detach().to(torch.float64))
        differs = (outputs[1] - outputs[0]).abs() > UNCHANGED * (1 + outputs[0].abs())
        touched |= differs.flatten(end_dim=1).any(dim=0)
        found = [sorted(set(axis.tolist())) for axis in touched.nonzero(as_tuple=True)]
        if seed >= 1 and found == [list(axis) for axis in goal]:
            break
    return found


def require_gradients(student: Any, module: Any, inputs: Tensor, name: str, expect: Expect) -> None:
    """Require that a gradient reaches every parameter of the module, and that it tells how the output changes.

    In evaluation mode, since in training a norm takes the effect of the bias before it away.  With several weights,
    since some of them shut every ReLU on the way to a parameter, and others lie next to a kink.
    """
    reached: dict[str, bool] = {}
    told: list[bool] = []
    words = ""
    network = student.probe.network(module, inputs, modes=(False,))
    state = network.weights()
    for seed in range(4):
        with expect.case(f"gradients of {name} for an input of shape {tuple(inputs.shape)}", hint=RUNS):
            network.load(random_state(state, seed))
            gradients = network.parameter_gradients(inputs)
        for parameter, gradient in gradients.items():
            arrived = bool((gradient.abs() > 0).any())  # NaN, where none arrived, is not
            reached[parameter] = reached.get(parameter, False) or arrived
        if reached and max(told.count(True), told.count(False)) < 2:
            claimed, slope, size = _slopes(network, inputs, gradients)
            told.append(abs(claimed - slope) <= NEAR * size)
            words = words if told[-1] else f"{claimed:.4g} for a step in which the output changes by {slope:.4g}"
        if reached and all(reached.values()) and max(told.count(True), told.count(False)) == 2:
            break
    without = [parameter for parameter, arrived in reached.items() if not arrived]
    more = f" and {len(without) - 4} more of {len(reached)}" if len(without) > 4 else ""
    expect.that(
        bool(reached) and not without,
        expected=f"a gradient for every parameter of {name}",
        got=f"none for {', '.join(without[:4]) or 'any'}{more}",
        hint=partial(_about_gradients, network, inputs, reached),
    )
    right = told.count(True) >= told.count(False)
    random = not right and not repeatable(network, inputs)
    expect.that(
        right,
        expected=f"gradients of {name} that tell how its output changes with its parameters",
        got="another output each time, for the same input" if random else words,
        hint=RANDOM if random else partial(_about_gradients, network, inputs, reached),
    )
    propose_attested(network, expect)


def _about_gradients(network: Any, inputs: Tensor, names: Iterable[str]) -> str:
    """What to ask where gradients are missing or wrong."""
    output = network(inputs.clone())
    probable = isinstance(output, Tensor) and output.dim() == 2 and bool((output >= 0).all())
    sums_to_1 = probable and bool(((output.detach().sum(dim=1) - 1).abs() < 1e-4).all())
    return SUMS_TO_1 if sums_to_1 else plain(names, CUT_OFF)


def repeatable(module: Any, inputs: Tensor) -> bool:
    """Whether the same inputs give the same output again."""
    outputs = [module(inputs.clone()) for _ in range(2)]
    return all(isinstance(one, Tensor) for one in outputs) and torch.equal(*outputs)


def _slopes(network: Any, inputs: Tensor, gradients: dict[str, Tensor]) -> tuple[float, float, float]:
    """How sum(network(inputs)**2) changes along one direction in the space of the parameters.

    Returns:
        what the gradients say, what is seen when the parameters are moved, and the size (2-norm) of the gradients.
    """
    state = network.weights()
    direction = {name: awkward(*value.shape, seed=len(name), dtype=inputs.dtype) for name, value in gradients.items()}
    arrived = {name: gradient.nan_to_num() for name, gradient in gradients.items()}
    claimed = sum(float((arrived[name] * change).sum()) for name, change in direction.items())
    size = sum(float(gradient.square().sum()) for gradient in arrived.values()) ** 0.5

    def moved(step: float) -> float:
        network.load({name: state[name] + step * change for name, change in direction.items()})
        return float(network(inputs.clone()).detach().to(torch.float64).square().sum())

    slope = closest_slope(moved, claimed, NEAR * size, inputs.dtype)
    network.load(state)
    return claimed, slope, size
