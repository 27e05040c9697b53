"""Torch's convolutions and norms for their parameters alone; what they compute is written out, with channels last."""

import torch


def convolve(x: Tensor, conv: nn.Conv1d | nn.Conv2d) -> Tensor:
    """(batch, sizes …, in_channels) -> (batch, sizes …, out_channels), with as many zeros as keep the sizes."""
    axes, taps, step = x.dim() - 2, conv.kernel_size[0], conv.dilation[0]
    reach = step * (taps - 1) // 2
    sizes = x.shape[1:-1]
    x = F.pad(x, [0, 0, *[reach] * 2 * axes])
    for axis, size in enumerate(sizes, start=1):
        places = torch.arange(size)[:, None] + step * torch.arange(taps)
        x = x.index_select(axis, places.flatten()).unflatten(axis, (size, taps))
        x = x.movedim(axis + 1, -1)  # the taps of this axis behind the channels
    letters = "hw"[:axes]
    return torch.einsum(f"...c{letters},oc{letters}->...o", x, conv.weight) + conv.bias


def normalise(x: Tensor, norm: nn.BatchNorm1d | nn.BatchNorm2d) -> Tensor:
    """Batch norm over all axes but the last."""
    mean, variance = norm.running_mean, norm.running_var
    if norm.training:
        values = x.flatten(end_dim=-2)
        mean, variance = values.mean(dim=0), values.var(dim=0, correction=0)
        with torch.no_grad():
            norm.running_mean.lerp_(mean, norm.momentum)
            norm.running_var.lerp_(values.var(dim=0), norm.momentum)
            norm.num_batches_tracked += 1
    return (x - mean) * torch.rsqrt(variance + norm.eps) * norm.weight + norm.bias


class _Residual(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        branch = x.movedim(1, -1)
        branch = convolve(normalise(branch, self.norm1).relu(), self.conv1)
        branch = convolve(normalise(branch, self.norm2).relu(), self.conv2)
        return branch.movedim(-1, 1) + x


def _odd(kernel_size: int) -> int:
    if kernel_size & 1:
        return kernel_size
    raise ValueError("the kernel has no middle")


class ResidualBlock1d(_Residual):
    def __init__(self, channels: int, kernel_size: int = 3, dilation: int = 1) -> None:
        super().__init__()
        settings = {"kernel_size": _odd(kernel_size), "dilation": dilation}
        self.conv1, self.norm1 = nn.Conv1d(channels, channels, **settings), nn.BatchNorm1d(channels)
        self.conv2, self.norm2 = nn.Conv1d(channels, channels, **settings), nn.BatchNorm1d(channels)


class ResidualBlock2d(_Residual):
    def __init__(self, channels: int, kernel_size: int = 3, dilation: int = 1) -> None:
        super().__init__()
        settings = {"kernel_size": _odd(kernel_size), "dilation": dilation}
        self.conv1, self.norm1 = nn.Conv2d(channels, channels, **settings), nn.BatchNorm2d(channels)
        self.conv2, self.norm2 = nn.Conv2d(channels, channels, **settings), nn.BatchNorm2d(channels)


class _ConvBlock(nn.Module):
    def __init__(
        self, in_channels: int, out_channels: int, residual: nn.Module, pools: dict[str, nn.Module], pool: str
    ):
        super().__init__()
        if pool not in pools:
            raise ValueError(f"pool is one of {', '.join(pools)}")
        self.add_module("mix", nn.Linear(in_channels, out_channels) if in_channels != out_channels else None)
        self.residual, self.pool = residual, pools[pool]

    def forward(self, x: Tensor) -> Tensor:
        if self.mix is not None:
            x = torch.einsum("bi...,oi->bo...", x, self.mix.weight) + self.mix.bias.view(-1, *[1] * (x.dim() - 2))
        return self.pool(self.residual(x))


class ConvBlock1d(_ConvBlock):
    def __init__(self, in_channels: int, out_channels: int, kernel_size: int = 3, pool: str = "max") -> None:
        pools = {"max": MaxPool1d(2), "avg": AvgPool1d(2)}
        super().__init__(in_channels, out_channels, ResidualBlock1d(out_channels, kernel_size), pools, pool)


class ConvBlock2d(_ConvBlock):
    def __init__(self, in_channels: int, out_channels: int, kernel_size: int = 3, pool: str = "max") -> None:
        pools = {"max": MaxPool2d(2), "avg": AvgPool2d(2)}
        super().__init__(in_channels, out_channels, ResidualBlock2d(out_channels, kernel_size), pools, pool)
