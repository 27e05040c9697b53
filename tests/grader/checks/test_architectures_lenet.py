"""The task `lenet` of `architectures`: weights that do not depend on the form of a layer, and what messages say."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from exercises.architectures.checks.judging import Network, first_apart, require_sizes
from exercises.architectures.checks.lenet import KNOWN, SIZES
from exercises.architectures.known_weights import ALIKE, put_in, values
from exercises.checking import Expect, MismatchError
from grader.checks.answer import Answer as Solution


def second(form: str) -> nn.Module:
    """Kernels of six maps and three, in several forms."""
    if form == "one":
        return nn.Conv2d(60, 60, 5, groups=60)
    if form == "many":
        return nn.ModuleList(nn.Conv2d(number, 1, 5) for number in (3, 4, 6))
    return nn.ParameterList([torch.zeros(6, 5, 5), torch.zeros(16), torch.zeros(())])


@pytest.mark.parametrize("form", ["one", "many", "own"])
def test_only_the_first_parameters_of_known_shapes_get_values(form: str) -> None:
    known = nn.Conv2d(1, 6, 5), nn.Linear(400, 120), nn.Linear(120, 84)
    other = second(form)
    put_in(nn.ModuleList([known[0], other, *known[1:]]), 3, KNOWN)
    for parameter in other.parameters():
        assert parameter.eq(ALIKE).all()
    for layer in known:
        assert torch.equal(layer.weight, values(layer.weight.shape, 3))
        assert layer.bias is not None and layer.bias.eq(ALIKE).all()


def test_without_a_choice_every_parameter_gets_its_values() -> None:
    model = nn.ParameterList([torch.zeros(4, 3), torch.zeros(4, 1, 1), torch.zeros(())])
    put_in(model, 5)
    assert [one.shape for one in model] == [(4, 3), (4, 1, 1), ()]
    assert all(torch.equal(one, values(one.shape, 5)) for one in model)


class Padded(nn.Module):
    """Its first convolution is padded, so that the dense layer meets more numbers than it takes."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = nn.Conv2d(1, 6, 5, padding=2), nn.Linear(6 * 14 * 14, 84)

    def forward(self, images: Tensor) -> Tensor:
        return torch.as_tensor(self.second(nn.functional.avg_pool2d(self.first(images), 2).flatten(1)))


def test_sizes_are_told_before_what_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    student = Solution("solutions.architectures", "architectures")
    monkeypatch.setattr("solutions.architectures.lenet.LeNet5", Padded)
    with pytest.raises(MismatchError, match=r"layer 1, a convolution, gives \(6, 28, 28\); .* gives \(6, 32, 32\)"):
        require_sizes(student, Expect(), Network("lenet", "LeNet5", image=(1, 32, 32)), SIZES)
    with pytest.raises(Exception, match="must have same reduction dim"):
        require_sizes(
            student, Expect(), Network("lenet", "LeNet5", image=(1, 32, 32)), [("convolution", (6, 32, 32)), *SIZES]
        )


def test_a_convolution_of_the_whole_map_is_a_dense_layer() -> None:
    as_convolution = [("convolution", (120, 1, 1), 0.5, 2.0), ("dense layer", (84,), 0.25, 1.0)]
    as_dense_layer = [("dense layer", (120,), 0.5, 2.0), ("dense layer", (84,), 0.75, 1.0)]
    assert first_apart(as_dense_layer, as_convolution) == 1
