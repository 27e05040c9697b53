"""Convolutions and norms that find the number of channels by themselves."""


class ResidualBlock1d(nn.Module):
    def __init__(self, channels: int, kernel_size: int = 3, dilation: int = 1) -> None:
        super().__init__()
        if kernel_size % 2 == 0:
            raise ValueError("an odd kernel, please")
        self.norm1, self.norm2 = nn.LazyBatchNorm1d(), nn.LazyBatchNorm1d()
        self.conv1, self.conv2 = (
            nn.LazyConv1d(channels, kernel_size, padding="same", dilation=dilation) for _ in range(2)
        )


class ResidualBlock2d(nn.Module):
    def __init__(self, channels: int, kernel_size: int = 3, dilation: int = 1) -> None:
        super().__init__()
        if kernel_size % 2 == 0:
            raise ValueError("an odd kernel, please")
        self.norm1, self.norm2 = nn.LazyBatchNorm2d(), nn.LazyBatchNorm2d()
        self.conv1, self.conv2 = (
            nn.LazyConv2d(channels, kernel_size, padding="same", dilation=dilation) for _ in range(2)
        )


class ConvBlock2d(nn.Module):
    def __init__(self, in_channels: int, out_channels: int, kernel_size: int = 3, pool: str = "max") -> None:
        super().__init__()
        if pool not in ("avg", "max"):
            raise ValueError(f"no {pool} here")
        self.project = nn.LazyConv2d(out_channels, kernel_size=1) if in_channels != out_channels else nn.Identity()
        self.residual, self.pool = (
            ResidualBlock2d(out_channels, kernel_size),
            {"max": MaxPool2d, "avg": AvgPool2d}[pool](2),
        )
