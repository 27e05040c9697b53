"""Whatever torch offers to write a network with: its record does the same, bit for bit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils import checkpoint

from exercises.recording import Recording, Replayed, behaviour, differences

from .helpers import recorded, through_text, unlike

Forward = Callable[[nn.Module, Tensor], Any]
IMAGES, LINES, TOKENS, FLAT = (4, 3, 8, 8), (4, 6, 8), (4, 7), (4, 8)


class Written(nn.Module):
    """Some layers, and a forward of its own."""

    def __init__(self, forward: Forward, **parts: Any) -> None:
        super().__init__()
        self._written = forward
        for name, part in parts.items():
            if isinstance(part, Tensor) and not isinstance(part, nn.Parameter):
                self.register_buffer(name, part)
            else:
                setattr(self, name, part)

    def forward(self, x: Tensor) -> Any:
        return self._written(self, x)


def _layers(**layers: Callable[[], Any]) -> Callable[[Forward], Callable[[], nn.Module]]:
    """A function of a zoo: from a forward to what builds its network."""

    def of(forward: Forward) -> Callable[[], nn.Module]:
        return lambda: Written(forward, **{name: make() for name, make in layers.items()})

    return of


def linear() -> nn.Module:
    return nn.Linear(8, 8)


def conv() -> nn.Module:
    return nn.Conv2d(3, 4, 3, padding=1)


@_layers(a=linear)
def in_place(net: Any, x: Tensor) -> Tensor:
    y = net.a(x)
    y += x
    y.mul_(2).clamp_(-3, 3)
    y[:, 0] = 1.0
    y[y > 0.5] *= 0.5
    return F.relu_(y)


@_layers(a=linear)
def view_written_in_place(net: Any, x: Tensor) -> Tensor:
    out = torch.zeros(len(x), 4, 2)
    for place in range(4):
        out[:, place].copy_(net.a(x)[:, 2 * place : 2 * place + 2])
    flat = out.view(-1)
    flat[::2] *= 3
    return out.flatten(1)


@_layers(a=linear, seen=lambda: torch.zeros(8), count=lambda: torch.zeros((), dtype=torch.int64))
def buffers_assigned(net: Any, x: Tensor) -> Tensor:
    if net.training:
        net.seen = 0.9 * net.seen + 0.1 * x.detach().mean(0)
        net.count += 1
    return net.a(x - net.seen) / (1 + net.count)


@_layers(a=linear, seen=lambda: torch.ones(8))
def buffers_in_place(net: Any, x: Tensor) -> Tensor:
    with torch.no_grad():
        net.seen.mul_(0.9).add_(x.mean(0), alpha=0.1)
    return net.a(x) * net.seen


@_layers(a=linear, b=linear)
def no_grad_in_the_middle(net: Any, x: Tensor) -> Tensor:
    with torch.no_grad():
        y = net.a(x)
    return net.b(y) + net.a(x).detach()


@_layers(a=linear, b=linear)
def grad_again(net: Any, x: Tensor) -> Tensor:
    with torch.no_grad():
        y = net.a(x)
        with torch.enable_grad():
            z = net.b(x)
    return y + z


@_layers(a=linear)
def data_of_a_result(net: Any, x: Tensor) -> Tensor:
    return net.a(x) * 2 + net.a(x).data


@_layers(a=linear)
def weights_through_data(net: Any, x: Tensor) -> Tensor:
    if net.training:
        net.a.weight.data.mul_(0.99)
    return net.a(x)


@_layers(a=linear, b=linear)
def checkpointed(net: Any, x: Tensor) -> Tensor:
    return net.b(checkpoint.checkpoint(lambda y: net.a(y).relu(), x, use_reentrant=False))


@_layers(a=conv)
def channels_last(net: Any, x: Tensor) -> Tensor:
    y = net.a(x.to(memory_format=torch.channels_last))
    return y.contiguous(memory_format=torch.channels_last).flatten(1).relu()


@_layers(a=linear)
def complex_numbers(net: Any, x: Tensor) -> Tensor:
    spectrum = torch.fft.rfft(net.a(x), dim=-1)
    spectrum = spectrum * torch.complex(torch.ones(5), torch.arange(5.0)) * (1 + 2j)
    return torch.cat([torch.fft.irfft(spectrum, n=8), spectrum.real, spectrum.imag, spectrum.abs() + 1], dim=1)


@_layers(a=linear)
def random_of_its_own(net: Any, x: Tensor) -> Tensor:
    y = net.a(x)
    if net.training:
        y = y * torch.rand_like(y) + 0.1 * torch.randn(y.shape) + torch.empty(8).uniform_(-1, 1)
        y = y[torch.randperm(len(y))] * torch.bernoulli(torch.full((8,), 0.5))
    return y


@_layers(a=linear)
def masks(net: Any, x: Tensor) -> Tensor:
    y = net.a(x)
    keep = (torch.arange(8) < 5) & (y > 0)
    return torch.where(keep, y, y.new_tensor(-1.0)).masked_fill(~keep & (y < -2), 0.0)


@_layers(a=linear, mask=lambda: torch.arange(8) % 2 == 0)
def mask_in_a_buffer(net: Any, x: Tensor) -> Tensor:
    return net.a(x).masked_fill(net.mask, 0) * net.mask


@_layers(a=linear)
def einsums(net: Any, x: Tensor) -> Tensor:
    y = net.a(x)
    pairs = torch.einsum("bi,bj->bij", y, y)
    return torch.einsum("bij,jk,bk->bi", pairs, net.a.weight, x) + torch.tensordot(x, net.a.weight, dims=([1], [0]))


@_layers(a=linear)
def python_numbers(net: Any, x: Tensor) -> Tensor:
    size = x.shape[1]
    y = 2 - net.a(x) / size**0.5
    return (1 / (1 + y.abs()) ** 2 + y @ net.a.weight.T)[..., : size - 1]


@_layers(a=linear)
def list_of_numbers(net: Any, x: Tensor) -> Tensor:
    return net.a(x) * torch.tensor([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]) + torch.linspace(0, 1, 8)


@_layers(a=linear)
def several_outputs(net: Any, x: Tensor) -> Tensor:
    values, places = net.a(x).topk(3, dim=1)
    first, second = net.a(x).chunk(2, dim=1)
    mean, largest = first.mean(1, keepdim=True), second.max(dim=1)
    return torch.cat([values, places.float(), mean, largest.values[:, None], largest[1][:, None]], dim=1)


@_layers(a=linear)
def strided(net: Any, x: Tensor) -> Tensor:
    y = net.a(x)
    windows = y.as_strided((len(x), 6, 3), (8, 1, 1)) + y.unfold(1, 3, 1)
    return torch.cat([windows.sum(2), y.t().T[:, ::2], y.reshape(-1, 2, 4).permute(0, 2, 1).flatten(1)], dim=1)


@_layers(a=conv, norm=lambda: nn.BatchNorm2d(4))
def pooled(net: Any, x: Tensor) -> Tensor:
    y = F.max_pool2d(net.norm(net.a(x)).relu(), 2, return_indices=False)
    z = F.adaptive_avg_pool2d(y, 2) + F.interpolate(y, size=(2, 2), mode="nearest")
    return F.pad(z, (1, 1), value=0.5).flatten(1)


@_layers(a=linear)
def hooked(net: Any, x: Tensor) -> Tensor:
    return net.a(x)


def _hooked() -> nn.Module:
    net = hooked()
    net.a.register_forward_hook(lambda module, inputs, output: output * 2)
    net.a.register_forward_pre_hook(lambda module, inputs: (inputs[0] + 1,))
    return net


class Attention(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.attention = nn.MultiheadAttention(8, 2, dropout=0.2, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        hidden = torch.arange(6) > 3
        return self.attention(x, x, x, key_padding_mask=hidden.expand(len(x), -1))[0]


class First(nn.Module):
    """The first of several results."""

    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        self.layer = layer

    def forward(self, x: Tensor) -> Any:
        return self.layer(x)[0]


ZOO: dict[str, tuple[Callable[[], nn.Module], tuple[int, ...]]] = {
    **{
        name: (build, IMAGES if build in (channels_last, pooled) else FLAT)
        for name, build in list(globals().items())
        if callable(build) and getattr(build, "__qualname__", "").startswith("_layers.")
    },
    "hooks": (_hooked, FLAT),
    "lstm": (lambda: First(nn.LSTM(8, 5, num_layers=2, bidirectional=True, dropout=0.3, batch_first=True)), LINES),
    "gru": (lambda: First(nn.GRU(8, 5, batch_first=True)), LINES),
    "rnn": (lambda: First(nn.RNN(8, 5)), LINES),
    "attention": (Attention, LINES),
    "transformer": (lambda: nn.TransformerEncoderLayer(8, 2, 16, batch_first=True), LINES),
    "embedding": (lambda: nn.Sequential(nn.Embedding(9, 4, padding_idx=0), nn.Flatten(), nn.Linear(28, 3)), TOKENS),
    "norms": (
        lambda: nn.Sequential(
            conv(), nn.GroupNorm(2, 4), nn.InstanceNorm2d(4, affine=True), nn.LayerNorm([8, 8]), nn.BatchNorm2d(4)
        ),
        IMAGES,
    ),
    "dropouts": (lambda: nn.Sequential(conv(), nn.Dropout2d(0.4), nn.AlphaDropout(0.2), nn.Dropout(0.5)), IMAGES),
    "transposed": (
        lambda: nn.Sequential(nn.ConvTranspose2d(3, 4, 3, stride=2), nn.PReLU(), nn.AvgPool2d(3), nn.ELU(inplace=True)),
        IMAGES,
    ),
    "others": (
        lambda: nn.Sequential(
            nn.Conv2d(3, 4, 3, groups=1, padding="same", padding_mode="reflect"),
            nn.SiLU(),
            nn.PixelShuffle(2),
            nn.Hardswish(),
            nn.LPPool2d(2, 2),
            nn.LocalResponseNorm(2),
            nn.Softmax(dim=1),
            nn.RReLU(),
        ),
        IMAGES,
    ),
    "lazy": (lambda: nn.Sequential(nn.LazyConv2d(4, 3), nn.LazyBatchNorm2d(), nn.Flatten(), nn.LazyLinear(3)), IMAGES),
    "weight norm": (lambda: nn.Sequential(nn.utils.parametrizations.weight_norm(linear()), nn.Tanh()), FLAT),
    "old weight norm": (lambda: nn.utils.weight_norm(linear()), FLAT),
    "spectral norm": (lambda: nn.utils.parametrizations.spectral_norm(linear()), FLAT),
    "shared": (lambda: (lambda layer: nn.Sequential(layer, nn.ReLU(), layer))(linear()), FLAT),
    "double": (lambda: linear().double(), FLAT),
    "bilinear": (lambda: Written(lambda net, x: net.b(x, x.flip(0)), b=nn.Bilinear(8, 8, 3)), FLAT),
}


def _inputs(shape: tuple[int, ...], seed: int, dtype: torch.dtype = torch.float32) -> Tensor:
    random = torch.Generator().manual_seed(seed)
    if shape == TOKENS:
        return torch.randint(0, 9, shape, generator=random)
    return torch.randn(shape, generator=random, dtype=dtype)


@pytest.fixture
def no_fastpath() -> Iterator[None]:
    """No single operation for a whole layer, which rounds in another order."""
    before = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    yield
    torch.backends.mha.set_fastpath_enabled(before)


@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::UserWarning")
@pytest.mark.parametrize("name", ZOO)
def test_record_does_the_same_bit_for_bit(name: str, no_fastpath: None) -> None:
    build, shape = ZOO[name]
    dtype = torch.float64 if name == "double" else torch.float32
    recording = Recording(build, seed=3, first=(shape,) if name == "lazy" else ())
    for training in (True, False):
        recording.add_pass([_inputs(shape, 0, dtype)], training)
    notes = recording.notes()
    assert not notes["refused"] and not notes["by_structure"], notes
    assert unlike(recording, _inputs(shape, 1, dtype)) == []
    assert unlike(recording, _inputs(shape, 1, dtype), shaken=None) == []


def test_an_operation_for_a_whole_layer_differs_in_rounding_alone() -> None:
    x = _inputs(LINES, 1)
    recording = recorded(Attention, x)
    net = Replayed(through_text(recording), 3)
    mine, theirs = (behaviour(one, [x], False, 29, 5) for one in (recording.module, net))
    assert differences(mine, theirs) == []
