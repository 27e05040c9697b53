"""Hidden checks of task 2: the paper's own numbers, and what the network computes."""

from __future__ import annotations

from typing import Any

import torch

from exercises.checking import Expect, check, random_state, weights
from grader.checks.private import private

PARAMETERS = 138_357_544  # of column D for 1000 classes: Simonyan and Zisserman 2015, table 2, says 138 million
MULTIPLY_ADDS = 15_470_264_320  # of column D for one image of 224x224, worked out by hand


@check("networks.column_d", points=1, idea="Column D has 138,357,544 parameters and ends with 7x7 positions")
def column_d(student: Any, solution: Any, expect: Expect) -> None:
    net = student.probe.on_meta(student.networks.network, ("D",))
    expect.equal(student.probe.parameter_count(net), PARAMETERS, case="parameters of column D")
    sizes = [tuple(shape)[1:] for _, shape in student.probe.shapes(net, (1, 3, 224, 224))]
    expect.that(
        (512, 7, 7) in sizes and sizes[-1] == (1000,),
        expected="512 channels of 7x7 positions before the linear layers, 1000 numbers at the end",
        got=f"the last sizes are {sizes[-6:]}",
        hint="Which layers halve the image, and which leave it as it is?",
    )


@check("networks.multiply_adds", points=0.5, idea="An image costs column D 15.5 billion multiply-adds")
def cost(student: Any, solution: Any, expect: Expect) -> None:
    net = student.probe.on_meta(student.networks.network, ("D",))
    expect.equal(student.probe.multiply_adds(net, (3, 224, 224)), MULTIPLY_ADDS, case="multiply-adds of column D")


@check("networks.values", points=1, idea="With the same weights a small network computes the same")
def values(student: Any, solution: Any, expect: Expect) -> None:
    arguments = {"image_size": 8, "hidden": 9, "num_classes": 5}
    reference, net = (who.networks.network("small", **arguments) for who in (solution, student))
    given = random_state(weights(reference), scale=0.3)
    own = weights(net)
    expect.equal([tuple(one.shape) for one in own.values()], [tuple(one.shape) for one in given.values()], case="shapes")
    net.load_state_dict(dict(zip(own, given.values(), strict=True)))
    reference.load_state_dict(given)
    x = private(solution, 2, 3, 8, 8, dtype=torch.float32)
    expect.close(net(x), reference(x), atol=1e-4, hint="What stands between two layers?")
