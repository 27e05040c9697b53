"""Layers for one axis and for two by the number in their names; the parts of a block in a dictionary."""

from . import pooling


class _Residual(nn.Module):
    n = 1

    def __init__(self, channels: int, kernel_size: int = 3, dilation: int = 1, activation: str = "relu") -> None:
        super().__init__()
        if not kernel_size % 2:
            raise ValueError(f"kernel_size={kernel_size} is even")
        self.activation = activation
        convolution, norm = getattr(nn, f"Conv{self.n}d"), getattr(nn, "BatchNorm" + str(self.n) + "d")
        for number in (1, 2):
            layer = convolution(channels, channels, kernel_size, padding="same", dilation=dilation)
            setattr(self, f"norm{number}", norm(channels))
            setattr(self, f"conv{number}", layer)

    def forward(self, x: Tensor) -> Tensor:
        activate = getattr(F, self.activation)
        y = x
        for number in (1, 2):
            y = getattr(self, f"conv{number}")(activate(getattr(self, f"norm{number}")(y)))
        return x + y


class ResidualBlock1d(_Residual):
    pass


class ResidualBlock2d(_Residual):
    n = 2


class _ConvBlock(nn.Module):
    n = 1

    def __init__(self, in_channels: int, out_channels: int, kernel_size: int = 3, pool: str = "max") -> None:
        super().__init__()
        if pool not in ("max", "avg"):
            raise ValueError(f"pool={pool}")
        self.layers = nn.ModuleDict()
        if in_channels != out_channels:
            self.layers["conv"] = getattr(nn, f"Conv{self.n}d")(in_channels, out_channels, 1)
        self.layers["residual"] = (ResidualBlock1d, ResidualBlock2d)[self.n - 1](out_channels, kernel_size)
        self.layers[f"{pool}_pool"] = pooling.NAMES[f"{pool}_pool{self.n}d"](2)

    def forward(self, x: Tensor) -> Tensor:
        if "conv" in self.layers:
            x = self.layers["conv"](x)
        x = self.layers["residual"](x)
        return self.layers["max_pool" if "max_pool" in self.layers else "avg_pool"](x)


class ConvBlock1d(_ConvBlock):
    pass


class ConvBlock2d(_ConvBlock):
    n = 2
