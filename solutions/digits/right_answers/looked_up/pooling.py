"""The reduction is looked up by its name, once for maxima and once for averages."""


class _Pool(nn.Module):
    reduction, axes = "amax", 1

    def __init__(self, kernel_size: int, stride: int | None = None) -> None:
        super().__init__()
        self.kernel_size, self.stride = kernel_size, stride or kernel_size

    def forward(self, x: Tensor) -> Tensor:
        for axis in range(2, 2 + self.axes):
            x = x.unfold(axis, self.kernel_size, self.stride)
        return getattr(torch, self.reduction)(x, dim=tuple(range(-self.axes, 0)))


class MaxPool1d(_Pool):
    pass


class MaxPool2d(_Pool):
    axes = 2


class AvgPool1d(_Pool):
    reduction = "mean"


class AvgPool2d(_Pool):
    reduction, axes = "mean", 2


class _Global(nn.Module):
    reduction = "mean"

    def forward(self, x: Tensor) -> Tensor:
        return getattr(x.flatten(start_dim=2), self.reduction)(dim=2)


class GlobalAvgPool1d(_Global):
    pass


class GlobalAvgPool2d(_Global):
    pass


class GlobalMaxPool1d(_Global):
    reduction = "amax"


class GlobalMaxPool2d(_Global):
    reduction = "amax"


class StochasticPool2d(_Pool):
    def forward(self, x: Tensor) -> Tensor:
        windows = x.unfold(2, self.kernel_size, self.stride).unfold(3, self.kernel_size, self.stride).flatten(-2)
        total = windows.sum(dim=-1, keepdim=True)
        shares = torch.where(total > 0, windows / total, 1 / windows.shape[-1])
        if not self.training:
            return (shares * windows).sum(dim=-1)
        index = torch.multinomial(shares.detach().flatten(end_dim=-2), 1).reshape(total.shape)
        return windows.gather(-1, index)[..., 0]


# What torch calls these, for whoever looks for them under those names.
NAMES = {"max_pool1d": MaxPool1d, "max_pool2d": MaxPool2d, "avg_pool1d": AvgPool1d, "avg_pool2d": AvgPool2d}
