"""Ways to look at a network from outside: what comes out when something that goes in is changed."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import torch
from torch import Tensor

from exercises.checking import Expect, awkward, random_state


def silence(module: Any) -> None:
    """Set every number in a module's state to 0, so that its convolutions and norms give 0 whatever comes in."""
    module.load_state_dict({name: torch.zeros_like(value) for name, value in module.state_dict().items()})


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
    what each of them reaches is put together: two inputs, and up to four more until the goal is reached.  What reaches
    further than the goal shows in those two, as the goal itself does: in every answer of the galleries that does.

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
    state = module.state_dict()
    found: list[list[int]] = []
    for seed in range(6):
        module.load_state_dict(random_state(state, seed))
        x = awkward(*shape, seed=seed)
        changed = x.clone()
        everywhere = slice(None)
        index: tuple[slice | int, ...] = (everywhere, everywhere, *position)  # all examples, all channels
        changed[index] += 3.0
        outputs = []
        for images in (x, changed):
            output = module(images.clone())  # a copy: an answer may change its input in place
            expect.shape(output, out_shape, case=f"for an input of shape {tuple(shape)}")
            outputs.append(output.detach().to(torch.float64))
        # In float64 a value that depends on the same numbers can only change with the order of summation.
        differs = (outputs[1] - outputs[0]).abs() > 1e-9 * (1 + outputs[0].abs())
        touched |= differs.flatten(end_dim=1).any(dim=0)
        found = [sorted(set(axis.tolist())) for axis in touched.nonzero(as_tuple=True)]
        if seed >= 1 and found == [list(axis) for axis in goal]:
            break
    return found


def require_gradients(student: Any, module: Any, inputs: Tensor, name: str, expect: Expect) -> None:
    """Require that a gradient reaches every parameter of the module.

    In evaluation mode, since in training a norm takes the effect of the bias before it away.  With several weights,
    since some of them shut every ReLU on the way to a parameter.
    """
    reached: dict[str, bool] = {}
    module.eval()
    state = module.state_dict()
    for seed in range(4):
        module.load_state_dict(random_state(state, seed))
        gradients = student.probe.parameter_gradients(module, inputs)
        for parameter, gradient in gradients.items():
            arrived = bool((gradient.abs() > 0).any())  # NaN, where none arrived, is not
            reached[parameter] = reached.get(parameter, False) or arrived
        if reached and all(reached.values()):
            break
    without = [parameter for parameter, arrived in reached.items() if not arrived]
    expect.that(
        bool(reached) and not without,
        expected=f"a gradient for every parameter of {name}",
        got=f"none for {', '.join(without[:4]) or 'any'}",
        hint="Is a part built but never used, or cut off by detach, .data or no_grad?",
    )
    claimed, slope, size = _slopes(module, inputs, gradients)
    expect.that(
        abs(claimed - slope) <= 0.01 * abs(slope) + 0.001 * size,  # a kink within the step changes less than that
        expected=f"gradients of {name} that tell how its output changes with its parameters",
        got=f"{claimed:.4g} for a step in which the output changes by {slope:.4g}",
        hint="Is a part of the way cut off by detach, .data or no_grad?",
    )


def _slopes(module: Any, inputs: Tensor, gradients: dict[str, Tensor]) -> tuple[float, float, float]:
    """How sum(module(inputs)**2) changes along one direction in the space of the parameters.

    Returns:
        what the gradients say, what is seen when the parameters are moved (central difference), and the size (2-norm)
        of the gradients.
    """
    step = 1e-6  # in float64 the difference keeps eight digits
    state = {name: value.clone() for name, value in module.state_dict().items()}
    direction = {name: awkward(*value.shape, seed=len(name)) for name, value in gradients.items()}
    # A part that is used twice is in the state under both names, and has to be moved under both.
    names = {
        other: name
        for name in direction
        for other, value in state.items()
        if value.dtype == state[name].dtype and torch.equal(value, state[name])
    }
    found = []
    for sign in (1, -1):
        moved = {other: state[name] + sign * step * direction[name] for other, name in names.items()}
        module.load_state_dict({**state, **moved})
        found.append(float(module(inputs.clone()).detach().square().sum()))
    arrived = {name: gradient.nan_to_num() for name, gradient in gradients.items()}
    claimed = sum(float((arrived[name] * change).sum()) for name, change in direction.items())
    size = sum(float(gradient.square().sum()) for gradient in arrived.values()) ** 0.5
    return claimed, (found[0] - found[1]) / (2 * step), size
