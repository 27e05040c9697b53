"""Public checks of task 2: nothing is ever filled, so that 138 million parameters cost nothing."""

from __future__ import annotations

from exercises.checking import Expect, Reference, Student, check


@check("networks.parameters", points=0.5, idea="The small column has the parameters that its table says")
def small_column(student: Student, solution: Reference | None, expect: Expect) -> None:
    net = student.probe.on_meta(student.networks.network, ("small",), {"image_size": 16, "hidden": 20, "num_classes": 7})
    layers = (3 * 8 * 9 + 8, 8 * 12 * 9 + 12, 12 * 12 * 9 + 12, 12 * 4 * 4 * 20 + 20, 20 * 20 + 20, 20 * 7 + 7)
    expect.equal(
        student.probe.parameter_count(net),
        sum(layers),
        case="parameters of network('small', image_size=16, hidden=20, num_classes=7)",
        hint=f"By hand, layer by layer: {', '.join(map(str, layers))}.",
    )
