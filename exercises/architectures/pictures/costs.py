"""What networks cost: where parameters and multiply-adds lie in one of them, and many compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure
from torch import nn

from ...showing.style import COLOURS, HATCHES, MARKERS, new_figure
from .layers import Ran, layers_of

Parameters = Callable[[nn.Module], int]
MultiplyAdds = Callable[[nn.Module, tuple[int, ...]], int]


@dataclass(frozen=True)
class Cost:
    """What a network costs.

    Attributes:
        parameters:    all of them.
        multiply_adds: for one image.
        depth:         layers with weights, one behind the other.
    """

    parameters: int
    multiply_adds: int
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
    names = [f"{one.name}\n{one.channels}" for one in layers]
    axis.set_xticks(range(len(costs)), names, fontsize=7, rotation=90 if len(costs) > 8 else 0)
    axis.set_yscale("log")
    axis.set_xlabel("layer, and how many maps or numbers come out")
    axis.set_ylabel("number (logarithmic)")
    axis.set_title(title, fontsize=9)
    axis.legend(fontsize=8)
    return figure


def dense_share(
    model: nn.Module, image_shape: tuple[int, ...], parameters: Parameters, multiply_adds: MultiplyAdds
) -> tuple[float, float]:
    """Which share of a network's parameters, and of its multiply-adds, lies in its dense layers."""
    layers = layers_of(model, image_shape)
    costs = layer_costs(layers, parameters, multiply_adds)
    dense = [cost for cost, one in zip(costs, layers, strict=True) if one.is_dense]
    return sum(one[1] for one in dense) / parameters(model), sum(one[2] for one in dense) / sum(one[2] for one in costs)


def cost_picture(costs: Mapping[str, Cost]) -> Figure:
    """Networks by their parameters and multiply-adds, both axes logarithmic.  costs: by the network's name."""
    figure, axis = new_figure(size=(7.4, 4.4))
    for k, (name, cost) in enumerate(costs.items()):
        look = {"color": COLOURS[k % len(COLOURS)], "marker": MARKERS[k % len(MARKERS)]}
        axis.plot(cost.parameters, cost.multiply_adds, markersize=7, linestyle="", **look)
        axis.annotate(
            name, (cost.parameters, cost.multiply_adds), (6, 4), textcoords="offset points", fontsize=8
        )
    axis.set_xscale("log")
    axis.set_yscale("log")
    axis.margins(0.15)
    axis.set_xlabel("parameters (logarithmic)")
    axis.set_ylabel("multiply-adds for one image (logarithmic)")
    axis.grid(alpha=0.3)
    return figure


def cost_table(costs: Mapping[str, Cost], errors: Mapping[str, str] | None = None) -> str:
    """The same as text: depth, parameters, megabytes of float32, multiply-adds, and a last column of one's own."""
    lines = [f"{'network':14}{'depth':>6}{'parameters':>13}{'MB':>7}{'multiply-adds':>17}  {'top-5 error' if errors else ''}"]
    for name, cost in costs.items():
        megabytes = 4 * cost.parameters / 1e6
        lines.append(
            f"{name:14}{cost.depth:>6}{cost.parameters:>13,}{megabytes:>7.1f}{cost.multiply_adds:>17,}"
            f"  {(errors or {}).get(name, '')}".rstrip()
        )
    return "\n".join(lines)
