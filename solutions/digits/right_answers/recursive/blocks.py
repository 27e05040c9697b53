"""One class for any number of axes, put together from a table; the layers are registered in a loop."""

from functools import partial, reduce

from . import pooling

CONV = {1: nn.Conv1d, 2: nn.Conv2d}
NORM = {1: nn.BatchNorm1d, 2: nn.BatchNorm2d}
POOL = {(axes, pool): getattr(pooling, f"{pool.title()}Pool{axes}d") for axes in (1, 2) for pool in ("max", "avg")}


class _Residual(nn.Module):
    axes: int

    def __init__(self, channels: int, kernel_size: int = 3, dilation: int = 1) -> None:
        super().__init__()
        reach, rest = divmod(dilation * (kernel_size - 1), 2)
        if rest or kernel_size % 2 == 0:
            raise ValueError("an odd kernel, please")
        for number in (2, 1):
            conv = CONV[self.axes](channels, channels, kernel_size, dilation=dilation, padding=reach)
            nn.init.xavier_normal_(conv.weight, gain=1 / number)
            nn.init.zeros_(conv.bias)
            self.register_module(f"conv{number}", conv)
            self.register_module(f"norm{number}", NORM[self.axes](channels))

    def forward(self, x: Tensor) -> Tensor:
        layers = self.norm1, nn.ReLU(), self.conv1, self.norm2, nn.ReLU(), self.conv2
        return x.add(reduce(lambda value, layer: layer(value), layers, x))


class ResidualBlock1d(_Residual):
    axes = 1


class ResidualBlock2d(_Residual):
    axes = 2


class _ConvBlock(nn.ModuleList):
    axes: int

    def __init__(self, in_channels: int, out_channels: int, kernel_size: int = 3, pool: str = "max") -> None:
        super().__init__()
        make_pool = POOL.get((self.axes, pool))
        if make_pool is None:
            raise ValueError(f"no pooling is called {pool}")
        if in_channels != out_channels:
            self.append(CONV[self.axes](in_channels, out_channels, 1))
        residual = {1: ResidualBlock1d, 2: ResidualBlock2d}[self.axes]
        self.extend([residual(out_channels, kernel_size), make_pool(2)])

    def forward(self, x: Tensor) -> Tensor:
        return reduce(lambda value, layer: layer(value), self, x)


class ConvBlock1d(_ConvBlock):
    axes = 1


class ConvBlock2d(_ConvBlock):
    axes = 2


make_block = partial(ConvBlock2d, pool="max")
