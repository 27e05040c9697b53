"""Pooling with slices: one strided slice for each position inside a window."""


def _slices(x: Tensor, axis: int, kernel_size: int, stride: int) -> list[Tensor]:
    count = (x.shape[axis] - kernel_size) // stride + 1
    last = (count - 1) * stride + 1
    return [
        x.narrow(axis, start, last).index_select(axis, torch.arange(0, last, stride)) for start in range(kernel_size)
    ]


def _maximum(tensors: list[Tensor]) -> Tensor:
    result = tensors[0]
    for tensor in tensors[1:]:
        result = torch.maximum(result, tensor)
    return result


class _Pool(nn.Module):
    def __init__(self, kernel_size: int, stride: int | None = None) -> None:
        super().__init__()
        self.k = kernel_size
        self.s = stride or kernel_size


class MaxPool1d(_Pool):
    def forward(self, x: Tensor) -> Tensor:
        return _maximum(_slices(x, 2, self.k, self.s))


class MaxPool2d(_Pool):
    def forward(self, x: Tensor) -> Tensor:
        rows = _maximum(_slices(x, 2, self.k, self.s))
        return _maximum(_slices(rows, 3, self.k, self.s))


class AvgPool1d(_Pool):
    def forward(self, x: Tensor) -> Tensor:
        return sum(_slices(x, 2, self.k, self.s)) / self.k


class AvgPool2d(_Pool):
    def forward(self, x: Tensor) -> Tensor:
        weight = x.new_full((x.shape[1], 1, self.k, self.k), 1 / self.k**2)
        return F.conv2d(x, weight, stride=self.s, groups=x.shape[1])


class GlobalAvgPool1d(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x.sum(2) / x.size(2)


class GlobalAvgPool2d(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        batch, channels, height, width = x.shape
        return x.reshape(batch, channels, height * width).sum(2) / (height * width)


class StochasticPool2d(_Pool):
    def forward(self, x: Tensor) -> Tensor:
        rows = _slices(x, 2, self.k, self.s)
        windows = torch.stack([piece for row in rows for piece in _slices(row, 3, self.k, self.s)])
        total = windows.sum(0) + 1e-20
        if not self.training:
            return (windows * windows).sum(0) / total
        # Inverse transform sampling: the first value whose cumulated share exceeds a uniform number.
        cumulated = windows.cumsum(0)
        threshold = torch.rand_like(total) * cumulated[-1]
        choice = (cumulated <= threshold).sum(0).clamp(max=len(windows) - 1)
        return windows.gather(0, choice.unsqueeze(0)).squeeze(0)
