"""The branch as one nn.Sequential."""

from __future__ import annotations

from torch import Tensor, nn

from .pooling import AvgPool1d, AvgPool2d, MaxPool1d, MaxPool2d


class _Residual(nn.Module):
    branch: nn.Sequential

    @property
    def norm1(self) -> nn.Module:
        return self.branch[0]

    @property
    def conv1(self) -> nn.Module:
        return self.branch[2]

    @property
    def norm2(self) -> nn.Module:
        return self.branch[3]

    @property
    def conv2(self) -> nn.Module:
        return self.branch[5]

    def forward(self, x: Tensor) -> Tensor:
        return self.branch(x) + x


class ResidualBlock1d(_Residual):
    def __init__(self, channels: int, kernel_size: int = 3, dilation: int = 1) -> None:
        super().__init__()
        if not kernel_size % 2:
            raise ValueError("even kernel")
        layers: list[nn.Module] = []
        for _ in range(2):
            conv = nn.Conv1d(channels, channels, kernel_size, padding="same", dilation=dilation)
            layers += [nn.BatchNorm1d(channels), nn.ReLU(inplace=True), conv]
        self.branch = nn.Sequential(*layers)


class ResidualBlock2d(_Residual):
    def __init__(self, channels: int, kernel_size: int = 3, dilation: int = 1) -> None:
        super().__init__()
        if not kernel_size % 2:
            raise ValueError("even kernel")
        layers: list[nn.Module] = []
        for _ in range(2):
            conv = nn.Conv2d(channels, channels, kernel_size, padding="same", dilation=dilation)
            layers += [nn.BatchNorm2d(channels), nn.ReLU(inplace=True), conv]
        self.branch = nn.Sequential(*layers)


class ConvBlock1d(nn.Module):
    """Convolution block along time (given): 1-tap convolution where the channels change, residual block, pooling by 2.

    Args:
        in_channels, out_channels: channels of the input and of the output.
        kernel_size: taps of the residual block's convolutions, odd.
        pool:        "max" or "avg".

    Raises:
        ValueError: `pool` is something else.
    """

    def __init__(self, in_channels: int, out_channels: int, kernel_size: int = 3, pool: str = "max") -> None:
        super().__init__()
        if pool not in ("max", "avg"):
            raise ValueError(f'pool has to be "max" or "avg", not {pool!r}')
        self.project = nn.Identity() if in_channels == out_channels else nn.Conv1d(in_channels, out_channels, 1)
        self.residual = ResidualBlock1d(out_channels, kernel_size)
        self.pool = MaxPool1d(2) if pool == "max" else AvgPool1d(2)

    def forward(self, x: Tensor) -> Tensor:
        """x: (batch, in_channels, time) -> (batch, out_channels, floor(time / 2))."""
        return self.pool(self.residual(self.project(x)))


class ConvBlock2d(nn.Sequential):
    def __init__(self, in_channels: int, out_channels: int, kernel_size: int = 3, pool: str = "max") -> None:
        pools = {"max": MaxPool2d, "avg": AvgPool2d}
        if pool not in pools:
            raise ValueError(pool)
        first = [] if in_channels == out_channels else [nn.Conv2d(in_channels, out_channels, 1)]
        super().__init__(*first, ResidualBlock2d(out_channels, kernel_size), pools[pool](2))
