"""What networks cost: where parameters and multiply-adds lie in one of them, and many compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure
from torch import nn

from ...showing.style import COLOURS, HATCHES, MARKERS, Picture, new_figure
from ...showing.telling import each
from .layers import Ran, layers_of

NEAR = 1.8  # ratio of costs from which on names do not overlap
Parameters = Callable[[nn.Module], int]
MultiplyAdds = Callable[[nn.Module, tuple[int, ...]], int]


@dataclass(frozen=True)
class Cost:
    """What a network costs.

    Attributes:
        multiply_adds: for one image.
        parameters:    all of them; asked for last, since lazy layers have theirs after the first image.
        depth:         layers with weights, one behind the other.
    """

    multiply_adds: int
    parameters: int
    depth: int


def layer_costs(
    layers: Sequence[Ran], parameters: Parameters, multiply_adds: MultiplyAdds
) -> list[tuple[str, int, int]]:
    """Name, parameters and multiply-adds of each layer, by your own two functions."""
    return [(one.name, parameters(one.layer), multiply_adds(one.layer, one.seen)) for one in layers]


def where_they_lie(
    model: nn.Module, image_shape: tuple[int, ...], parameters: Parameters, multiply_adds: MultiplyAdds, title: str
) -> Figure:
    """Parameters and multiply-adds of each layer of a network, as bars on a logarithmic axis.

    Args:
        model:         on any device, "meta" too.
        image_shape:   (channels, height, width).
        parameters, multiply_adds: yours.
    """
    layers = layers_of(model, image_shape)
    costs = layer_costs(layers, parameters, multiply_adds)
    figure, axis = new_figure(size=(max(6.4, 1.2 + 0.5 * len(costs)), 3.6))
    for k, (name, numbers) in enumerate(
        {"parameters": [one[1] for one in costs], "multiply-adds": [one[2] for one in costs]}.items()
    ):
        places = [place + 0.4 * (k - 0.5) for place in range(len(costs))]
        axis.bar(places, numbers, width=0.4, color=COLOURS[k], hatch=HATCHES[k], edgecolor="white", label=name)
    names = [f"{one.name}\n{one.channels}".replace(", ", "\n") for one in layers]
    axis.set_xticks(range(len(costs)), names, fontsize=7, rotation=90 if len(costs) > 8 else 0)
    axis.set_yscale("log")
    axis.set_ylim(bottom=min(one[1] for one in costs) / 3)
    axis.set_xlabel("layer, and how many maps or numbers come out")
    axis.set_ylabel("number (logarithmic)")
    axis.set_title(title, fontsize=9)
    axis.legend(fontsize=8)
    told = [
        f"{one.name} to {one.channels} {held:,} and {work:,}"
        for one, (_, held, work) in zip(layers, costs, strict=True)
    ]
    figure.alt = (
        f"{title}, parameters and multiply-adds of each layer, as bars on a logarithmic axis: {'; '.join(told)}."
    )
    return figure


def dense_share(
    model: nn.Module, image_shape: tuple[int, ...], parameters: Parameters, multiply_adds: MultiplyAdds
) -> tuple[float, float]:
    """Which share of a network's parameters, and of its multiply-adds, lies in its dense layers."""
    layers = layers_of(model, image_shape)
    costs = layer_costs(layers, parameters, multiply_adds)
    dense = [cost for cost, one in zip(costs, layers, strict=True) if one.is_dense]
    return sum(one[1] for one in dense) / parameters(model), sum(one[2] for one in dense) / sum(one[2] for one in costs)


def cost_picture(costs: Mapping[str, Cost]) -> Picture:
    """Networks by their parameters and multiply-adds, both axes logarithmic.  costs: by the network's name."""
    figure, axis = new_figure(size=(7.4, 4.4))
    for k, (name, cost) in enumerate(costs.items()):
        look = {"color": COLOURS[k % len(COLOURS)], "marker": MARKERS[k % len(MARKERS)]}
        place = (cost.parameters, cost.multiply_adds)
        axis.plot(*place, markersize=7, linestyle="", **look)
        crowded = any(_is_close_above(cost, other) for other in costs.values())
        axis.annotate(name, place, (6, -11 if crowded else 4), textcoords="offset points", fontsize=8)
    axis.set_xscale("log")
    axis.set_yscale("log")
    axis.margins(0.15)
    axis.set_xlabel("parameters (logarithmic)")
    axis.set_ylabel("multiply-adds for one image (logarithmic)")
    axis.grid(alpha=0.3)
    told = {name: f"{one.parameters:,} parameters, {one.multiply_adds:,} multiply-adds" for name, one in costs.items()}
    figure.alt = f"Networks by what they cost for one image, both axes logarithmic: {each(told)}."
    return figure


def _is_close_above(cost: Cost, other: Cost) -> bool:
    """Whether another network's mark would lie in the way of a name to the upper right."""
    ratios = other.parameters / cost.parameters, other.multiply_adds / cost.multiply_adds
    return other != cost and all(1 <= ratio < NEAR for ratio in ratios)


def cost_table(costs: Mapping[str, Cost], errors: Mapping[str, float] | None = None) -> str:
    """The same as text: depth, parameters, megabytes of them in float32, multiply-adds, and a published error.

    Args:
        errors: top-5 errors in percent, of those that have one.
    """
    lines = [f"{'network':14}{'depth':>6}{'parameters':>13}{'MB':>7}{'multiply-adds':>16}{'top-5 error':>13}"]
    for name, cost in costs.items():
        error = f"{errors[name]:g} %" if errors and name in errors else ""
        numbers = f"{cost.depth:>6}{cost.parameters:>13,}{4e-6 * cost.parameters:>7.1f}{cost.multiply_adds:>16,}"
        lines.append(f"{name:14}{numbers}{error:>13}".rstrip())
    return "\n".join(lines)
