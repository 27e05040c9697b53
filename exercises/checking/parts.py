"""Setting the weights of a student's module from outside, by names that the task fixes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor

from .expect import Expect


def give_parts(student: Any, module: Any, values: Mapping[str, Mapping[str, Tensor]], expect: Expect) -> None:
    """Set layers of a student's module to these values, found by the last word of their names in the state_dict.

    Args:
        values: by the layer's name, then by the name of the weight in torch's layer of its kind.
    """
    states = student.probe.states(module, list(values))
    for part, ours in values.items():
        state = states[part]
        theirs = {name.rsplit(".", 1)[-1]: name for name in state}
        missing = [name for name in ours if name not in theirs and name != "num_batches_tracked"]
        expect.that(
            not missing,
            expected=f"{part} with torch's {', '.join(ours)}",
            got=f"{part} without {', '.join(missing)}",
            hint="A batch norm gathers running averages: is it one, and does it keep them (track_running_stats)?"
            if {"running_mean", "running_var"} == set(missing)
            else "Which layer of torch is it, and with which of its defaults?",
        )
        for name, value in ours.items():
            if name in theirs:
                expect.shape(
                    state[theirs[name]],
                    value.shape,
                    case=f"{part}.{name}",
                    hint="Both convolutions go from `channels` to `channels`; 1d and 2d kernels differ.",
                )
                state[theirs[name]] = value
    student.probe.load_states(module, states)
