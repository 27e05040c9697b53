"""F.unfold (im2col) puts every window into a column."""

from torch.nn import functional


class MaxPool1d(nn.Module):
    def __init__(self, kernel_size: int, stride: int | None = None) -> None:
        super().__init__()
        self.kernel_size, self.stride = kernel_size, kernel_size if stride is None else stride

    def forward(self, x: Tensor) -> Tensor:
        starts = torch.arange(0, x.shape[-1] - self.kernel_size + 1, self.stride)
        return x[..., starts[:, None] + torch.arange(self.kernel_size)].max(-1).values


class MaxPool2d(MaxPool1d):
    def columns(self, x: Tensor) -> Tensor:
        b, c, h, w = x.shape
        height, width = ((n - self.kernel_size) // self.stride + 1 for n in (h, w))
        columns = functional.unfold(x.reshape(b * c, 1, h, w), self.kernel_size, stride=self.stride)
        return columns.reshape(b, c, -1, height, width)

    def forward(self, x: Tensor) -> Tensor:
        return self.columns(x).amax(2)


class AvgPool1d(MaxPool1d):
    def forward(self, x: Tensor) -> Tensor:
        return x.unfold(-1, self.kernel_size, self.stride).mean(-1)


class AvgPool2d(MaxPool2d):
    def forward(self, x: Tensor) -> Tensor:
        return self.columns(x).mean(2)


class GlobalAvgPool1d(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x.mean(2)


class GlobalAvgPool2d(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x.mean(3).mean(2)


class StochasticPool2d(MaxPool2d):
    def forward(self, x: Tensor) -> Tensor:
        windows = self.columns(x).movedim(2, -1)
        weights = torch.where(windows.sum(-1, keepdim=True) == 0, torch.ones_like(windows), windows)
        if self.training:
            index = torch.distributions.Categorical(weights.detach()).sample()
            return windows.gather(-1, index[..., None])[..., 0]
        return (windows * weights).sum(-1) / weights.sum(-1)
