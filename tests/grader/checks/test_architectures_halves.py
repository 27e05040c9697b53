"""AlexNet's groups as two layers, and networks that somebody else built."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from exercises.architectures.checks.judging import READY, first_apart, joined
from exercises.architectures.known_weights import network, put_in
from exercises.checking.banned import banned_in

IMAGE = (4, 5, 5)


class Halves(nn.Module):
    """Two layers for two groups; the one that runs second was made first."""

    def __init__(self, crossed: bool = False) -> None:
        super().__init__()
        self.second, self.first, self.crossed = nn.Conv2d(2, 3, 3), nn.Conv2d(2, 3, 3), crossed

    def forward(self, x: Tensor) -> Tensor:
        """(batch, 4, …) -> (batch, 6, …)."""
        one, other = x.chunk(2, dim=1)
        if self.crossed:
            one, other = other, one
        return torch.cat([self.first(one), self.second(other)], dim=1)


def test_two_layers_give_what_one_of_two_groups_gives() -> None:
    x, whole = torch.randn(2, *IMAGE), nn.Conv2d(4, 6, 3, groups=2)
    put_in(whole, seed=3)
    for crossed in (False, True):
        halves = network(Halves, [crossed], {}, IMAGE, 3, halves=True)
        assert torch.allclose(halves(x), whole(x), atol=1e-5) is not crossed


CONV, DENSE = "convolution", "dense layer"


def test_halves_stand_as_one_layer_where_one_is_due() -> None:
    due = [(CONV, (8, 5, 5)), (CONV, (6, 5, 5)), (DENSE, (3,))]
    cards = [(CONV, (4, 5, 5)), (CONV, (3, 5, 5)), (CONV, (4, 5, 5)), (CONV, (3, 5, 5)), (DENSE, (3,))]
    assert joined(cards, due) == due
    assert joined(due, due) == due
    alone = [(CONV, (4, 5, 5)), (CONV, (6, 5, 5)), (DENSE, (3,))]
    assert joined(alone, due) == alone
    assert joined(alone[:1], due) == alone[:1]


def test_halves_have_one_mean_and_deviation() -> None:
    outputs = torch.randn(6, 400, dtype=torch.float64)
    way = [(CONV, (3, 400), float(part.mean()), float(part.std())) for part in (outputs[:3], outputs[3:])]
    due = [(CONV, (6, 400), float(outputs.mean()), float(outputs.std()))]
    assert first_apart(joined(way, due), due) == 1
    assert first_apart(joined([way[0], (CONV, (3, 400), 0.5, 1.0)], due), due) == 0


READY_NETWORKS = {
    "network": "from torchvision.models import vgg11",
    "block": "from torchvision.models.resnet import BasicBlock",
    "private": "from torchvision.models.vgg import make_layers as mine",
    "module": "import torchvision.models as nets\nnet = nets.alexnet()",
    "attribute": "import torchvision\nnet = torchvision.models.get_model('resnet18')",
    "by_name": "from torchvision import models\nnet = models.googlenet()",
    "imported_by_text": "import importlib\nnet = importlib.import_module('torchvision.models.vgg').vgg16()",
    "hub": "import torch\nnet = torch.hub.load('pytorch/vision', 'alexnet')",
    "hub_function": "from torch.hub import load",
    "getattr": "import torchvision\nnets = getattr(torchvision, 'models')",
}
OWN_NETWORKS = {
    "own_class": "from torch import nn\nclass AlexNet(nn.Module):\n    pass\nclass VGG(nn.Module):\n    models = 3",
    "own_attribute": "self.models = 3\nhub = self.models",
    "own_module": "from .models import alexnet\nfrom exercises.architectures import models\nmodels.alexnet()",
    "transforms": "from torchvision.transforms import functional",
    "for_oneself": "if __name__ == '__main__':\n    from torchvision.models import vgg11\n    print(vgg11())",
}


@pytest.mark.parametrize("text", READY_NETWORKS.values(), ids=list(READY_NETWORKS))
def test_ready_networks_are_found(text: str) -> None:
    assert banned_in({"vgg": text}, READY)


@pytest.mark.parametrize("text", OWN_NETWORKS.values(), ids=list(OWN_NETWORKS))
def test_own_networks_are_none(text: str) -> None:
    assert banned_in({"vgg": text}, READY) == []
