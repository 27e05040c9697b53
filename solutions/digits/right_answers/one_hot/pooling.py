"""Windows as the channels of a convolution whose kernels are 1 at one place and 0 elsewhere."""


def windows(x: Tensor, kernel_size: int, stride: int) -> Tensor:
    """(batch, channels, sizes …) -> (batch, channels, values of a window, sizes out …)."""
    axes = x.dim() - 2
    places = kernel_size**axes
    kernels = torch.eye(places, dtype=x.dtype).reshape(places, 1, *[kernel_size] * axes)
    convolve = (F.conv1d, F.conv2d)[axes - 1]
    cut = convolve(x.flatten(end_dim=1).unsqueeze(1), kernels, stride=stride)
    return cut.unflatten(0, x.shape[:2])


class _Pool(nn.Module):
    def __init__(self, kernel_size: int, stride: int | None = None) -> None:
        super().__init__()
        self.settings = {"kernel_size": kernel_size, "stride": kernel_size if stride is None else stride}

    def forward(self, x: Tensor) -> Tensor:
        return self.reduce(windows(x, **self.settings))

    def reduce(self, values: Tensor) -> Tensor:
        raise NotImplementedError


class _Max(_Pool):
    def reduce(self, values: Tensor) -> Tensor:
        return values.topk(1, dim=2).values.squeeze(2)


class _Avg(_Pool):
    def reduce(self, values: Tensor) -> Tensor:
        return values.mean(dim=2)


class MaxPool1d(_Max):
    pass


class MaxPool2d(_Max):
    pass


class AvgPool1d(_Avg):
    pass


class AvgPool2d(_Avg):
    pass


class GlobalAvgPool1d(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        values = x.flatten(start_dim=2)
        return values @ values.new_full((values.shape[-1],), 1 / values.shape[-1])


class GlobalAvgPool2d(GlobalAvgPool1d):
    pass


class GlobalMaxPool1d(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x.flatten(start_dim=2).topk(1).values[..., 0]


class GlobalMaxPool2d(GlobalMaxPool1d):
    pass


class StochasticPool2d(_Pool):
    def reduce(self, values: Tensor) -> Tensor:
        total = values.sum(dim=2)
        if not self.training:
            return values.square().sum(dim=2) / total.masked_fill(total == 0, 1)
        # One value after the other: take it, or go on to those that are left.
        result, left, open_yet = values[:, :, -1], total, torch.ones_like(total, dtype=torch.bool)
        for value in values.unbind(dim=2):
            taken = open_yet & (torch.rand_like(total) * left < value)
            result = torch.where(taken, value, result)
            open_yet, left = open_yet & ~taken, left - value
        return result
