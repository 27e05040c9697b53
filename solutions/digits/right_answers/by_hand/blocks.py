"""Parameters and buffers by hand, for one axis and for two."""

import torch


class HandNorm(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, x: Tensor) -> Tensor:
        return F.batch_norm(x, self.running_mean, self.running_var, self.weight, self.bias, self.training, 0.1, 1e-5)


class HandConv(nn.Module):
    def __init__(self, axes: int, channels: int, kernel_size: int, dilation: int) -> None:
        super().__init__()
        fan_in = channels * kernel_size**axes
        bound = fan_in**-0.5
        self.bias = nn.Parameter(torch.empty(channels).uniform_(-bound, bound))
        self.weight = nn.Parameter(torch.empty(channels, channels, *[kernel_size] * axes).uniform_(-bound, bound))
        self.dilation, self.axes = dilation, axes

    def forward(self, x: Tensor) -> Tensor:
        side = self.dilation * (self.weight.shape[-1] - 1) // 2
        convolve = F.conv1d if self.axes == 1 else F.conv2d
        return convolve(F.pad(x, [side] * 2 * self.axes), self.weight, self.bias, dilation=self.dilation)


class _Residual(nn.Module):
    axes = 1

    def __init__(self, channels: int, kernel_size: int = 3, dilation: int = 1) -> None:
        super().__init__()
        if kernel_size not in range(1, 1000, 2):
            raise ValueError(f"kernel_size={kernel_size}")
        self.conv2, self.conv1 = (HandConv(self.axes, channels, kernel_size, dilation) for _ in range(2))
        self.norm2, self.norm1 = HandNorm(channels), HandNorm(channels)

    def forward(self, x: Tensor) -> Tensor:
        y = x
        for norm, conv in ((self.norm1, self.conv1), (self.norm2, self.conv2)):
            y = conv(norm(y).clamp(min=0))
        return x + y


class ResidualBlock1d(_Residual):
    axes = 1


class ResidualBlock2d(_Residual):
    axes = 2


class ConvBlock2d(nn.Module):
    def __init__(self, in_channels: int, out_channels: int, kernel_size: int = 3, pool: str = "max") -> None:
        super().__init__()
        if pool == "max":
            self.pool = MaxPool2d(2, 2)
        elif pool == "avg":
            self.pool = AvgPool2d(2, 2)
        else:
            raise ValueError(f"{pool} is not known")
        self.body = ResidualBlock2d(out_channels, kernel_size)
        if in_channels != out_channels:
            self.mix = nn.Conv2d(in_channels, out_channels, kernel_size=1)

    def forward(self, x: Tensor) -> Tensor:
        if hasattr(self, "mix"):
            x = self.mix(x)
        return self.pool(self.body(x))
