"""Small networks to compare with (given)."""

from __future__ import annotations

from torch import Tensor, nn


def dense_network(hidden: int = 64) -> nn.Sequential:
    """Every pixel is connected to every hidden unit: (batch, 1, 28, 28) -> logits (batch, 10)."""
    return nn.Sequential(nn.Flatten(), nn.Linear(28 * 28, hidden), nn.ReLU(), nn.Linear(hidden, 10))


def convolutional_network(channels: int = 24) -> nn.Sequential:
    """Three convolutions, then each channel's largest answer: (batch, 1, height, width) -> logits (batch, 10)."""
    return nn.Sequential(
        nn.Conv2d(1, channels, kernel_size=5, stride=2, padding=2),
        nn.BatchNorm2d(channels),
        nn.ReLU(),
        nn.Conv2d(channels, channels, kernel_size=3, stride=2, padding=1),
        nn.BatchNorm2d(channels),
        nn.ReLU(),
        nn.Conv2d(channels, channels, kernel_size=3, padding=1),
        nn.BatchNorm2d(channels),
        nn.ReLU(),
        nn.AdaptiveMaxPool2d(1),  # of torch: these networks have to work before task 2 is written
        nn.Flatten(),
        nn.Linear(channels, 10),
    )


def sigmoid_layers(num_layers: int, channels: int) -> list[nn.Sequential]:
    """3x3 convolutions with a sigmoid each, without norm and without skip: as networks were before batch norm."""
    return [
        nn.Sequential(nn.Conv2d(channels, channels, kernel_size=3, padding=1), nn.Sigmoid()) for _ in range(num_layers)
    ]


class WithoutSkip(nn.Module):
    """A residual block whose skip path is taken away again: f(x) instead of x + f(x)."""

    def __init__(self, block: nn.Module) -> None:
        super().__init__()
        self.block = block

    def forward(self, x: Tensor) -> Tensor:
        """x: (batch, channels, height, width) -> the same shape."""
        return self.block(x) - x
