"""Windows are cut out by a convolution with constant one-hot kernels, which a module keeps in a buffer."""


class _Pool(nn.Module):
    axes = 1

    def __init__(self, kernel_size: int, stride: int | None = None) -> None:
        super().__init__()
        places = kernel_size**self.axes
        self.stride = stride or kernel_size
        self.register_buffer("one_hot", torch.eye(places).reshape(places, 1, *[kernel_size] * self.axes))

    def windows(self, x: Tensor) -> Tensor:
        convolve = F.conv1d if self.axes == 1 else F.conv2d
        cut = convolve(x.flatten(end_dim=1).unsqueeze(1), self.one_hot.to(x.dtype), stride=self.stride)
        return cut.unflatten(0, x.shape[:2])


class MaxPool1d(_Pool):
    def forward(self, x: Tensor) -> Tensor:
        return self.windows(x).amax(dim=2)


class MaxPool2d(MaxPool1d):
    axes = 2


class AvgPool1d(_Pool):
    def forward(self, x: Tensor) -> Tensor:
        return self.windows(x).mean(dim=2)


class AvgPool2d(AvgPool1d):
    axes = 2


class GlobalAvgPool1d(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("one", torch.ones(1))

    def forward(self, x: Tensor) -> Tensor:
        return (x.flatten(2) * self.one).mean(dim=2)


class GlobalAvgPool2d(GlobalAvgPool1d):
    pass


class StochasticPool2d(_Pool):
    axes = 2

    def forward(self, x: Tensor) -> Tensor:
        windows = self.windows(x).movedim(2, -1)
        weights = torch.where(windows.sum(-1, keepdim=True) == 0, torch.ones_like(windows), windows)
        if self.training:
            index = torch.distributions.Categorical(weights.detach()).sample()
            return windows.gather(-1, index[..., None])[..., 0]
        return (windows * weights).sum(-1) / weights.sum(-1)
