"""Every block starts as the identity."""


def _convolutions(conv: type[nn.Module], channels: int, kernel_size: int, dilation: int) -> list[nn.Module]:
    if kernel_size % 2 != 1:
        raise ValueError(f"{kernel_size} is even")
    pad = (kernel_size // 2) * dilation
    first, second = (conv(channels, channels, kernel_size, 1, pad, dilation) for _ in range(2))
    nn.init.zeros_(second.weight)
    nn.init.zeros_(second.bias)
    return [first, second]


class ResidualBlock1d(nn.Module):
    def __init__(self, channels: int, kernel_size: int = 3, dilation: int = 1) -> None:
        super().__init__()
        self.conv1, self.conv2 = _convolutions(nn.Conv1d, channels, kernel_size, dilation)
        self.norm1, self.norm2 = nn.BatchNorm1d(channels), nn.BatchNorm1d(channels)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.conv2(F.relu(self.norm2(self.conv1(F.relu(self.norm1(x))))))


class ResidualBlock2d(nn.Module):
    def __init__(self, channels: int, kernel_size: int = 3, dilation: int = 1) -> None:
        super().__init__()
        self.conv1, self.conv2 = _convolutions(nn.Conv2d, channels, kernel_size, dilation)
        self.norm1, self.norm2 = nn.BatchNorm2d(channels), nn.BatchNorm2d(channels)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.conv2(F.relu(self.norm2(self.conv1(F.relu(self.norm1(x))))))


class ConvBlock2d(nn.Module):
    def __init__(self, in_channels: int, out_channels: int, kernel_size: int = 3, pool: str = "max") -> None:
        super().__init__()
        try:
            self.pool = {"max": MaxPool2d, "avg": AvgPool2d}[pool](2)
        except KeyError:
            raise ValueError(f"unknown pool {pool}") from None
        self.mix = nn.Linear(in_channels, out_channels) if in_channels != out_channels else None
        self.block = ResidualBlock2d(out_channels, kernel_size)

    def forward(self, x: Tensor) -> Tensor:
        if self.mix is not None:
            x = self.mix(x.movedim(1, -1)).movedim(-1, 1)
        return self.pool(self.block(x))
