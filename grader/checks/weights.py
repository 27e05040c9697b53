"""Setting the weights of a student's block from outside, by the names that the task fixes."""

from __future__ import annotations

from typing import Any

from exercises.checking import Expect

PARTS = ("norm1", "conv1", "norm2", "conv2")


def give_weights_of(reference: Any, student: Any, block: Any, expect: Expect) -> None:
    """Set the four parts of a student's block to the weights of the reference's, by the last word of their names."""
    states = student.probe.states(block, list(PARTS))
    for part in PARTS:
        state, ours = states[part], getattr(reference, part).state_dict()
        theirs = {name.rsplit(".", 1)[-1]: name for name in state}
        missing = [name for name in ours if name not in theirs and name != "num_batches_tracked"]
        expect.that(
            not missing,
            expected=f"{part} with torch's {', '.join(ours)}",
            got=f"{part} without {', '.join(missing)}",
            hint="Which layer of torch is it, and with which of its defaults?",
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
    student.probe.load_states(block, states)
