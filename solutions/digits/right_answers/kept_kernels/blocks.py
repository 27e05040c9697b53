"""Norms written out, in float32 whatever comes in; a constant scale in a buffer."""

import torch


class Norm(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, x: Tensor) -> Tensor:
        kind, x = x.dtype, x.float()
        axes = [axis for axis in range(x.dim()) if axis != 1]
        shape = [1, -1, *[1] * (x.dim() - 2)]
        mean, var = self.running_mean, self.running_var
        if self.training:
            mean, var = x.mean(dim=axes), x.var(dim=axes, unbiased=False)
            with torch.no_grad():
                self.running_mean.copy_(0.9 * self.running_mean + 0.1 * mean)
                self.running_var.copy_(0.9 * self.running_var + 0.1 * x.var(dim=axes))
        scale = self.weight.float() / torch.sqrt(var.float() + 1e-5)
        result = (x - mean.float().view(shape)) * scale.view(shape) + self.bias.float().view(shape)
        return result.to(kind)


class _Residual(nn.Module):
    convolution: type[nn.Module] = nn.Conv1d

    def __init__(self, channels: int, kernel_size: int = 3, dilation: int = 1) -> None:
        super().__init__()
        if kernel_size % 2 != 1:
            raise ValueError("an odd kernel, please")
        settings = {"padding": (kernel_size - 1) * dilation // 2, "dilation": dilation}
        self.norm1, self.norm2 = Norm(channels), Norm(channels)
        self.conv1 = self.convolution(channels, channels, kernel_size, **settings)
        self.conv2 = self.convolution(channels, channels, kernel_size, **settings)
        self.register_buffer("scale", torch.tensor(1.0))

    def forward(self, x: Tensor) -> Tensor:
        out = self.conv1(torch.relu(self.norm1(x)))
        out = self.conv2(torch.relu(self.norm2(out)))
        return x * self.scale + out


class ResidualBlock1d(_Residual):
    pass


class ResidualBlock2d(_Residual):
    convolution = nn.Conv2d


class ConvBlock1d(nn.Module):
    def __init__(self, in_channels: int, out_channels: int, kernel_size: int = 3, pool: str = "max") -> None:
        super().__init__()
        pools = {"max": MaxPool1d, "avg": AvgPool1d}
        if pool not in pools:
            raise ValueError(pool)
        first = [] if in_channels == out_channels else [nn.Conv1d(in_channels, out_channels, 1)]
        self.parts = nn.Sequential(*first, ResidualBlock1d(out_channels, kernel_size), pools[pool](2))

    def forward(self, x: Tensor) -> Tensor:
        return self.parts(x)


class ConvBlock2d(nn.Module):
    def __init__(self, in_channels: int, out_channels: int, kernel_size: int = 3, pool: str = "max") -> None:
        super().__init__()
        pools = {"max": MaxPool2d, "avg": AvgPool2d}
        if pool not in pools:
            raise ValueError(pool)
        first = [] if in_channels == out_channels else [nn.Conv2d(in_channels, out_channels, 1)]
        self.parts = nn.Sequential(*first, ResidualBlock2d(out_channels, kernel_size), pools[pool](2))

    def forward(self, x: Tensor) -> Tensor:
        return self.parts(x)
