"""The branch as one nn.Sequential."""


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


class ConvBlock2d(nn.Sequential):
    def __init__(self, in_channels: int, out_channels: int, kernel_size: int = 3, pool: str = "max") -> None:
        pools = {"max": MaxPool2d, "avg": AvgPool2d}
        if pool not in pools:
            raise ValueError(pool)
        first = [] if in_channels == out_channels else [nn.Conv2d(in_channels, out_channels, 1)]
        super().__init__(*first, ResidualBlock2d(out_channels, kernel_size), pools[pool](2))
