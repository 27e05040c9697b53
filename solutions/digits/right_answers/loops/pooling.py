"""One loop over the positions of the output, which begins as zeros of torch's default type."""


class MaxPool1d(nn.Module):
    def __init__(self, kernel_size: int, stride: int | None = None) -> None:
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = stride if stride is not None else kernel_size

    def forward(self, x: Tensor) -> Tensor:
        x = x.float()
        batch, channels, time = x.shape
        out_time = (time - self.kernel_size) // self.stride + 1
        out = torch.zeros(batch, channels, out_time)
        for i in range(out_time):
            start = i * self.stride
            out[:, :, i] = torch.max(x[:, :, start : start + self.kernel_size], dim=2)[0]
        return out


class MaxPool2d(nn.Module):
    def __init__(self, kernel_size: int, stride: int | None = None) -> None:
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = stride if stride is not None else kernel_size

    def forward(self, x: Tensor) -> Tensor:
        batch, channels, height, width = x.shape
        out_height = (height - self.kernel_size) // self.stride + 1
        out_width = (width - self.kernel_size) // self.stride + 1
        out = torch.zeros(batch, channels, out_height, out_width)
        for i in range(out_height):
            for j in range(out_width):
                top, left = i * self.stride, j * self.stride
                window = x[:, :, top : top + self.kernel_size, left : left + self.kernel_size]
                out[:, :, i, j] = window.amax(dim=(2, 3))
        return out


class AvgPool1d(nn.Module):
    def __init__(self, kernel_size: int, stride: int | None = None) -> None:
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = stride if stride is not None else kernel_size

    def forward(self, x: Tensor) -> Tensor:
        return x.unfold(-1, self.kernel_size, self.stride).mean(dim=-1)


class AvgPool2d(AvgPool1d):
    def forward(self, x: Tensor) -> Tensor:
        return x.unfold(2, self.kernel_size, self.stride).unfold(3, self.kernel_size, self.stride).mean(dim=(-2, -1))


class GlobalAvgPool1d(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        out = torch.zeros(x.shape[0], x.shape[1])
        for t in range(x.shape[2]):
            out = out + x[:, :, t]
        return out / x.shape[2]


class GlobalAvgPool2d(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return torch.mean(x.float().flatten(2), dim=2)


class StochasticPool2d(nn.Module):
    def __init__(self, kernel_size: int, stride: int | None = None) -> None:
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = stride if stride is not None else kernel_size

    def forward(self, x: Tensor) -> Tensor:
        x = x.float()
        height, width = ((n - self.kernel_size) // self.stride + 1 for n in x.shape[2:])
        out = torch.zeros(x.shape[0], x.shape[1], height, width)
        windows = x.unfold(2, self.kernel_size, self.stride).unfold(3, self.kernel_size, self.stride).flatten(4)
        total = windows.sum(dim=4, keepdim=True)
        shares = windows / total.clamp(min=1e-12)
        if not self.training:
            out[:] = (shares * windows).sum(dim=4)
            return out
        uniform = torch.rand(total.shape)
        index = (shares.cumsum(dim=4) <= uniform).sum(dim=4, keepdim=True).clamp(max=windows.shape[4] - 1)
        out[:] = windows.gather(4, index)[..., 0]
        return out


def compare_with_torch(x: Tensor) -> None:
    for kernel_size, stride in ((2, 2), (3, 1)):
        assert torch.equal(MaxPool2d(kernel_size, stride)(x), F.max_pool2d(x, kernel_size, stride))
    assert torch.allclose(GlobalAvgPool2d()(x), nn.AdaptiveAvgPool2d(1)(x).flatten(1))


if __name__ == "__main__":
    compare_with_torch(torch.randn(2, 3, 9, 8))
    print(nn.MaxPool2d(2)(torch.randn(1, 1, 4, 4)))
